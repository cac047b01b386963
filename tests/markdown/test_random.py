"""Mixtures of Markdown, cut at random: as streamed, so as a whole."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfstream.markdown.stream import LONG
from tests.markdown.growing import streamed, whole

# fmt: off
FRAGMENTS = [
    "- ", "* ", "+ ", "1. ", "2) ", "a", "b c", "**x**", "**", "*", "_", "`", "``", "```\n", "```py\n", "~~~\n",
    "    ", "  ", "\t", " ", "\n", "\n\n", "> ", "# h", "---", "===", "| a | b |\n", "|---|---|\n", "| 1 | 2 |\n",
    "|", "- [ ] t", "$x^2$", "$$", "\\[", "\\]", "\\(y\\)", "\\begin{a}", "\\end{a}", "[l](http://x.y)", "![i](u)",
    "<http://z>", "&amp;", "\\", "\r\n", "\r", "\0", "\u2028", "\f", "中文，", "“强”", "~~d~~", "[l]", "1", "- - n",
   "\n- i\n",
    "\n  - j\n", "\n    - k\n", "\n1. o\n", "\n   p\n", "\n  q\n", "\n```\ncode\n\nmore\n```\n", "<div>",
    "def f():\n", "'''\n", "```md\n", "[^1]", "[^a]: ", "\n[^1]: n\n", "##标", "> [!NOTE]\n", "https://a.b/c", "是",
]
LINES = [
    "- a", "- b", "1. c", "2. d", "d", "- ```", "```", "e", "* f", "- - g", "-", "1.", "> q", "    h", "| a | b |",
    "|---|---|", "# h", "- # k", "---", "- | a |", "  |---|", "***", "\tt", "-\tu", "+   v", "-     w", "\\[", "\\]",
    "[l]", "```md", "```py", "[^1]: a", "[^2]:", "##标", "> [!TIP]", "[!TIP]",
]
# fmt: on

fragments = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)
line = st.tuples(st.sampled_from([0, 0, 1, 2, 2, 3, 4, 6]), st.sampled_from(LINES), st.integers(1, 3))
lines = st.lists(line.map(lambda of: " " * of[0] + of[1] + "\n" * of[2]), max_size=14).map("".join)
DEFINITIONS = [
    "",
    "[l]: http://a.example\n\n",
    "[l]: <http://a.example>\n",
    "[l]: http://a.example\n'title\n",
    "- [l]: /u\n",
]
definition = st.sampled_from(DEFINITIONS)
texts = st.tuples(definition, fragments | lines).map("".join)
"""Definitions stand first: those that come after their use are what the whole alone can know."""
cuts = st.sets(st.integers(0, 200), max_size=12).map(sorted) | st.just(list(range(200)))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(texts, cuts, st.sampled_from([0, 0, 30, LONG]))
def test_any_mixture_in_any_pieces_is_what_it_is_as_a_whole(text: str, places: list[int], long: int) -> None:
    """Lists in every indentation, code, tables, quotes, formulas, odd line ends, whole or half."""
    assert whole(text) == streamed(text, places, long)

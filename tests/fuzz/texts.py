"""Texts for the fuzzing of the Markdown stream: signs thrown together, blocks within blocks, answers with changes."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.markdown.answers import ANSWERS

# fmt: off
_SIGNS = [
    "# ", "- ", "1. ", "10) ", "> ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "```", "~~~", "```python\n", "***",
    "---", "===", "| a | b |\n|---|---|\n", "|", "*", "**", "_", "`", "``", "~~", "[", "](", ")", "![", "<", ">", "<b>",
    "</b>", "<script>alert(1)</script>", "<!--", "&amp;", "&#0;", "&#x3c;", "\\", "$", "$$", r"\(", r"\)", r"\[", r"\]",
    r"\frac{a}{b}", r"\begin{align}", r"\end{align}", r"\text{a $x$ b}", r"\ce{H2O}", "^{", "_2", "}", "&", "%",
    "http://a.b/c", "www.a.b", "a@b.c", "javascript:x", '[z]: /y "z"\n', "[l]", "[^1]",
    "你好", "，", "。", "“强调”", "！", "（", "）", "、", "한국어", "ひらがな", "😀", "👩‍👧", "é", "\u2028", "\u202e",
    "\0", "\ufeff", "\u200b", "\ud83d", "\ude00",
    "\U0001d465", "\x0c", "\x85", "\u3000", " ", "a", "word ", "5", "[ ] ",
    "[x] ", "onerror=", '"',
]
_LINES = [
    "word **bold** `code`", "中文**强调：**内容", "$x^2$ 与 \\(y\\)", "costs $5 and $6", "- item", "* item", "1. item",
    "2) item", "", "", "", "| a | b |", "|---|:-:|", "| $|x|$ | `b` |", "|", "```", "```py", "x = 1  # c", "'''", "$$",
    "\\[", "\\]", "+ y", "\\begin{cases}", "a &= b \\\\", "\\end{cases}", "# head", "===", "---", "    code", "> quote",
    "[l]", "text  ", "text\\", "<div>", "&lt;", "\x0c", "\t- tab",
]
# fmt: on
_BEFORE = ["", "", "", "> ", "- ", "  ", "    ", "1. ", "   ", "\t", ">", "- - "]
_REPEATED = [
    "- item **{}**\n",
    "{}. 第 $x_{}$ 项\n",
    "| {} | `b` |\n",
    "x_{} = '''{}\n",
    "  - item {}\n\n",
    "行 {}，**强**\n",
]

_signs = st.lists(st.sampled_from(_SIGNS) | st.text(max_size=3), max_size=40).map("".join)
_lines = st.lists(st.tuples(st.sampled_from(_BEFORE), st.sampled_from(_LINES)).map("".join), max_size=20).map("\n".join)


def _within(text: str, first: str, rest: str) -> str:
    """The text within a quote or an item."""
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(text.split("\n")))


_nested = st.builds(_within, _lines, st.sampled_from(_BEFORE), st.sampled_from(_BEFORE))
_NESTED = st.builds(_within, _nested | _signs, st.sampled_from(_BEFORE), st.sampled_from(_BEFORE))


@st.composite
def _long(draw: st.DrawFn) -> str:
    """A block that is so long that it is sent in units, with something else in it."""
    line, count = draw(st.sampled_from(_REPEATED)), draw(st.integers(5, 60))
    parts = [line.format(number, number) for number in range(count)]
    at = draw(st.integers(0, count))
    head = draw(st.sampled_from(["", "| a | b |\n|---|---|\n", "```py\n", "> ", "- top\n"]))
    return head + "".join([*parts[:at], draw(_lines | _signs), *parts[at:]])


@st.composite
def _changed(draw: st.DrawFn) -> str:
    """A part of an answer, with up to six changes."""
    whole = draw(st.sampled_from(list(ANSWERS.values()))).replace("]: ", "] ")
    begin = draw(st.integers(0, len(whole)))
    text = whole[begin : begin + draw(st.integers(0, 1200))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(_SIGNS)) + text[at + draw(st.integers(0, 10)) :]
    return text


_ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
_DEFINITIONS = st.sampled_from(["", "", "[l]: http://a.example\n\n", "- [l]: <http://a.example>\n  'title'\n\n"])
TEXTS = st.builds(
    lambda first, text, end: (first + text).replace("\n", end),
    _DEFINITIONS,
    _signs | _lines | _NESTED | _long() | _changed(),
    _ENDS,
)
"""Definitions of what is referred to stand first: those that come after their use are what the whole alone can know."""

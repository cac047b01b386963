"""The Markdown stream: any text, in any pieces, ends as what is rendered at once, and is harmless at every stage."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sfstream.display.markdown import Markdown
from sfstream.display.markup.parser import rendered

_TOKENS = (
    *(
        "# ",
        "- ",
        "1. ",
        "10) ",
        "> ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "```",
        "~~~",
        "```python\n",
        "***",
        "---",
        "===",
        "| a | b |\n|---|---|\n",
        "|",
    ),
    *(
        "*",
        "**",
        "_",
        "`",
        "``",
        "~~",
        "[",
        "](",
        ")",
        "![",
        "<",
        ">",
        "<b>",
        "</b>",
        "<script>alert(1)</script>",
        "<!--",
        "&amp;",
        "&#0;",
        "\\",
    ),
    *(
        "$",
        "$$",
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        r"\frac{a}{b}",
        r"\begin{align}",
        "^{",
        "}",
        "http://a.b/c",
        "javascript:x",
        '[x]: /y "z"\n',
        "[x]",
    ),
    *(
        "你好",
        "，",
        "。",
        "“强调”",
        "😀",
        "\u2028",
        "\u202e",
        "\0",
        "\ufeff",
        " ",
        "a",
        "word ",
        "5",
        "[ ] ",
        "[x] ",
        "onerror=",
        '"',
    ),
)
_TEXTS = st.lists(st.sampled_from(_TOKENS) | st.text(max_size=3), max_size=40).map("".join)


class _Harmless(HTMLParser):
    """Raises at what may run."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe", "object", "embed", "form", "base", "link", "meta", "svg"), tag
        for name, value in attrs:
            assert not name.startswith(("on", "data-")), name
            if name in ("href", "src"):
                assert not (value or "").lower().lstrip().startswith(("javascript:", "vbscript:", "data:text")), value


def target(count: Callable[[], None]) -> Callable[[], None]:
    """The property, which calls ``count`` for each example."""

    @given(_TEXTS, st.lists(st.integers(0, 200), max_size=12), st.sampled_from([10, 60, 1500]))
    def holds(text: str, places: list[int], long: int) -> None:
        count()
        markdown = Markdown("mathml", long)
        edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
        for start, end in pairwise(edges):
            markdown.feed(text[start:end])
            markdown.change()
            _look_at(markdown.html)
        markdown.finish()
        _look_at(markdown.html)
        assert _normal("".join(rendered(text, "mathml"))) == _normal(markdown.html)

    return holds


def _look_at(html: str) -> None:
    reader = _Harmless()
    reader.feed(html)
    reader.close()


def _normal(html: str) -> str:
    """Without the line ends beside elements, which say nothing."""
    return re.sub(r"\n*(<[^>]*>)\n*", r"\1", html)

"""The Markdown stream: any text, in any pieces, ends as what is rendered at once, and is harmless at every stage.

Live and saved, the same formulas are typeset; and what is saved as Markdown has nothing in it that could run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from sfstream.markdown.export import as_markdown
from sfstream.markdown.export_check import is_plain
from sfstream.markdown.renderer import rendered
from sfstream.markdown.stream import Markdown
from tests.fuzz.texts import TEXTS

_PLACE = st.integers(0, 1 << 14)


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

    @given(TEXTS, st.lists(_PLACE, max_size=12), st.sampled_from([0, 10, 60, 300, 1500]))
    def holds(text: str, places: list[int], long: int) -> None:
        count()
        markdown, begin = Markdown("mathml", long), 0
        for end in [*sorted(place % (len(text) + 1) for place in places), len(text)]:
            markdown.feed(text[begin:end])
            markdown.change()
            _look_at(markdown.html)
            begin = end
        markdown.finish()
        _look_at(markdown.html)
        live, saved = "".join(rendered(text, "mathml")), "".join(rendered(text, "tex"))
        assert _normal(live) == _normal(markdown.html), ascii(text)
        assert live.count("<math") == saved.count("mathjax_process"), ascii(text)
        assert is_plain(as_markdown(text)), ascii(text)

    return holds


def _look_at(html: str) -> None:
    reader = _Harmless()
    reader.feed(html)
    reader.close()


def _normal(html: str) -> str:
    """Without the line ends beside elements, which say nothing."""
    return re.sub(r"\n*(<[^>]*>)\n*", r"\1", html)

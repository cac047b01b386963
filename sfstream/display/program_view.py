"""A program as the value of a cell: a text that a notebook shows as code in colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sfstream.display.mimebundle import without_empty_lines
from sfstream.markdown.highlight import highlighted
from sfstream.markdown.page_styles import RESET

# Lines wrap, so that a projector shows the end of each; the program can be selected and copied as it is.
_WRAP = "white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal"
_FRAME = "margin:.5em 0;padding:.5em .75em;border:1px solid #80808040;border-radius:.25em"
_SCRIPT = re.compile(r"(?P<head>.*?python3 -c '\n)(?P<python>.*?\n)(?P<command>'\n.*?<<'JSON'.*?\n)(?P<json>.*)", re.S)
"""The parts of the program for curl. All but the JSON are ours, so no prompt comes before the borders."""


class Program(str):
    """The text of a program. In a notebook it is shown highlighted, in a terminal as it is.

    Example:
        >>> Path("ask.sh").write_text(reply.program("curl"))
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        code = "".join(highlighted(text, language) for text, language in self._parts())
        inner = f'<pre style="{_WRAP};{_FRAME}"><code style="{_WRAP};{RESET}">{code}</code></pre>'
        return without_empty_lines(f'<div class="sfstream tex2jax_ignore mathjax_ignore">{inner}</div>')

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _parts(self) -> Iterator[tuple[str, str]]:
        """Yield the program in pieces of one language each: in one lexer's eyes the others are strings."""
        script = _SCRIPT.fullmatch(self)
        if script is None:
            yield str(self), "python"
            return
        yield script["head"], "bash"
        yield script["python"], "python"
        # The quote ends what the head has opened; alone, it would begin a text.
        yield "'", ""
        yield script["command"][1:], "bash"
        yield script["json"].removesuffix("JSON\n"), "json"
        yield "JSON\n", ""

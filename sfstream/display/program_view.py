"""A program as the value of a cell: a text that a notebook shows as code in colours."""

from __future__ import annotations

from typing import Any

from sfstream.display.mimebundle import answer, without_empty_lines
from sfstream.markdown.export import as_code
from sfstream.markdown.renderer import rendered


class Program(str):
    """The text of a program. In a notebook it is shown highlighted, in a terminal as it is.

    Example:
        >>> Path("ask.sh").write_text(reply.program("curl"))
    """

    __slots__ = ()

    @property
    def language(self) -> str:
        """``bash`` or ``python``."""
        return "bash" if self.startswith("#!") else "python"

    def _repr_html_(self) -> str:
        code = "".join(rendered(as_code(self, self.language), "tex"))
        return without_empty_lines(answer(code))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

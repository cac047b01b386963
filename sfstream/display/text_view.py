"""Plain text as it comes: IPython in a terminal, a script, or a notebook that asks for text."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import ClassVar

from sfstream.core.reply import Reply
from sfstream.core.text import cut_to_width, harmless, is_terminal
from sfstream.display.frontend import in_kernel
from sfstream.display.status import calls_of, notes, status_line, thought, waiting
from sfstream.display.translations import translated

_DIM, _PLAIN, _ERASE_LINE = "\x1b[2m", "\x1b[0m", "\r\x1b[K"
_QUIET = ("", "connecting", "waiting for the first token")
"""What a terminal shows in a line that it erases again, and anything else leaves out."""


class TextView:
    """Prints what is new; reasoning dim, with a line after it that says so; last a line that says how it went.

    Args:
        closing: whether that line is printed.
        remark: a line to print first, once in this process.
        raises: whether what ended the reply is raised after it, and so says what the reply's repr would.
    """

    _remarked: ClassVar[set[str]] = set()

    def __init__(self, *, closing: bool = True, remark: str = "", raises: bool = True) -> None:
        self._closing = closing
        self._raises = raises
        self._remark = remark
        self._is_terminal = is_terminal() and os.environ.get("TERM") != "dumb"
        self._colours = (self._is_terminal or in_kernel()) and "NO_COLOR" not in os.environ
        self._shown = {"reasoning": 0, "content": 0}
        self._last = ""  # which of the two was printed last
        self._at_line_start = True
        self._doing = ""
        self._since = time.monotonic()
        self._status_is_up = False

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`: the interrupt is the only stop here."""
        if self._remark and self._remark not in self._remarked:
            self._remarked.add(self._remark)
            self._write(self._dim(self._remark) + "\n")

    def paint(self, reply: Reply, doing: str) -> None:
        """See `View.paint`."""
        for name, text in (("reasoning", reply.reasoning), ("content", reply.content)):
            if reply.status == "streaming":
                text = text.removesuffix("\r")  # which may be the first half of the end of a line
            if len(text) > self._shown[name] and text.strip():  # white space is no thought
                self._turn_to(name, reply)
                self._print(name, text[self._shown[name] :])
                self._shown[name] = len(text)
        if doing != self._doing:
            self._doing, self._since = doing, time.monotonic()
            if doing not in _QUIET and not self._is_terminal:
                self._write(self._dim(harmless(translated(doing))) + "\n")
        if doing and self._is_terminal:
            self._put_status(waiting(doing, time.monotonic() - self._since))
        sys.stdout.flush()

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        self.paint(reply, "")
        self._erase_status()
        if self._is_terminal and self._at_line_start:
            self._write(_ERASE_LINE)  # where Ctrl-C was pressed, the terminal itself has written ^C
        lines = calls_of(reply)
        is_raised = self._raises and reply.error is not None
        if self._last or not is_raised:  # an error that came instead of an answer speaks for itself
            lines += [status_line(reply)] if self._closing or is_raised else []
            lines += notes(reply)
        if not self._at_line_start:
            self._write("\n")
        for line in lines:
            self._write(self._dim(harmless(line)) + "\n")
        sys.stdout.flush()

    def _turn_to(self, name: str, reply: Reply) -> None:
        self._erase_status()
        if self._last and name != self._last:
            self._write("\n" if self._at_line_start else "\n\n")
            if name == "content":  # what is dim here may be told apart by nothing elsewhere
                self._write(self._dim(f"({harmless(thought(reply))})") + "\n\n")
        self._last = name

    def _print(self, name: str, text: str) -> None:
        text = harmless(text)
        self._write(self._dim(text) if name == "reasoning" else text)

    def _dim(self, text: str) -> str:
        return f"{_DIM}{text}{_PLAIN}" if self._colours else text

    def _write(self, text: str) -> None:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # of a pipe, perhaps one without Chinese
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        self._at_line_start = text.removesuffix(_PLAIN).endswith(("\n", _ERASE_LINE))

    def _put_status(self, text: str) -> None:
        if self._last and not self._status_is_up and not self._at_line_start:
            return  # never over a line of the answer
        width = shutil.get_terminal_size().columns
        self._write(_ERASE_LINE + self._dim(cut_to_width(harmless(text), width - 1)))
        self._status_is_up = True

    def _erase_status(self) -> None:
        if self._status_is_up:
            self._write(_ERASE_LINE)
            self._status_is_up = False

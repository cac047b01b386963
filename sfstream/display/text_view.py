"""The display of an answer as plain text, in a terminal, a script, or a notebook that asks for text."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import ClassVar

from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.core.text import columns, cut_to_width, harmless
from sfstream.display.captions import (
    CONNECTING,
    LOADING,
    Clock,
    no_data,
    notes,
    status_line,
    thought,
    tool_calls,
    waiting,
)
from sfstream.display.ending import ending
from sfstream.display.frontend import in_kernel
from sfstream.display.gallery import image_lines
from sfstream.display.translations import translate

_DIM, _PLAIN, _ERASE_LINE = "\x1b[2m", "\x1b[0m", "\r\x1b[K"
_ROOM_BELOW, _BELOW, _BACK = "\x1bD\x1b[A", "\x1b7\x1b[B\r\x1b[K", "\x1b8"
"""Make sure that there is a line below the cursor; go to it and erase it; return."""
_QUIET = (str(LOADING), str(CONNECTING), "waiting for the first token")
"""States that are shown in a terminal, whose line can be erased again, and nowhere else."""


class TextView:
    """Prints the reply as it grows: reasoning dim and followed by a line about it, then content and the status line.

    Args:
        closing: whether the status line is printed.
        remark: a line to print first, once in this process.
        raises: whether the reply's error is raised afterwards, so that its repr, the status line, is not shown.
    """

    _remarked: ClassVar[set[str]] = set()

    def __init__(self, *, closing: bool = True, remark: str = "", raises: bool = True) -> None:
        self._closing = closing
        self._raises = raises
        self._remark = remark
        self._is_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colours = (self._is_terminal or in_kernel()) and "NO_COLOR" not in os.environ
        self._shown = {"reasoning": "", "content": ""}
        self._last = ""  # which of the two was printed last
        self._was_content = False  # whether the reasoning was printed as content
        self._at_line_start = True
        self._doing: Message | None = None
        self._clock = Clock()
        self._line = ""  # what stands on the last line of the answer
        self._status = ""  # the line about the run, which a terminal can erase again
        self._is_below = False  # whether it stands below the answer's last line

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`. The answer can be stopped by an interrupt only."""
        if self._remark and self._remark not in self._remarked:
            self._remarked.add(self._remark)
            self._write(self._dim(self._remark) + "\n")

    def paint(self, reply: Reply, doing: Message) -> None:
        """See `View.paint`."""
        if not reply.content.startswith(self._shown["content"]):
            self._begin_again(reply)
        for name, text in (("reasoning", reply.reasoning), ("content", reply.content)):
            if reply.status == "streaming":
                text = text.removesuffix("\r")  # it may be the first half of a line end
            if len(text) > len(self._shown[name]) and text.strip():  # white space alone is not worth a heading
                self._turn_to(name, reply)
                self._print(name, text[len(self._shown[name]) :])
                self._shown[name] = text
        seconds, silence = self._clock.read(reply, doing)
        if self._is_terminal:
            self._show_status(waiting(doing, seconds) if doing else no_data(silence))
        elif doing != self._doing and doing and str(doing) not in _QUIET:
            self._write(self._dim(harmless(translate(doing))) + "\n")
        self._doing = doing
        sys.stdout.flush()

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        self.paint(reply, Message(""))
        self._erase_status()
        if self._is_terminal and self._at_line_start:
            self._write(_ERASE_LINE)  # the terminal itself writes ^C where Ctrl-C is pressed
        is_raised = self._raises and reply.error is not None
        end = ending(reply)
        if not self._at_line_start:
            self._write("\n")
        self._write_dim(tool_calls(reply))
        if self._last or not is_raised:  # an error without an answer needs no status line
            if end:
                self._write(f"{end.coloured() if self._colours else end}\n")
            self._write_dim([status_line(reply, is_apart=end is not None)] if self._closing or is_raised else [])
            self._write_dim(notes(reply))
        sys.stdout.flush()

    def _turn_to(self, name: str, reply: Reply) -> None:
        self._erase_status()
        if not self._last:
            self._write("".join(self._dim(harmless(line)) + "\n" for line in image_lines(reply)))
        if self._last and name != self._last:
            self._write("\n" if self._at_line_start else "\n\n")
            if name == "content":  # where there are no colours, nothing else separates the two
                line = thought(reply)
                if self._was_content:
                    line = translate("The text above was reasoning. {thought}", thought=line)
                self._write(self._dim(f"({harmless(line)})") + "\n\n")
        self._last = name

    def _begin_again(self, reply: Reply) -> None:
        """Go on where what was printed as content was reasoning, or where another choice is the first now."""
        shown = self._shown["reasoning"] + self._shown["content"].lstrip()
        shown = shown if reply.reasoning.startswith(shown) else shown.rstrip()
        self._was_content = reply.reasoning.startswith(shown)  # what is printed cannot be taken back
        self._shown = {"reasoning": shown if self._was_content else "", "content": ""}
        self._last = "reasoning" if self._was_content else self._last

    def _print(self, name: str, text: str) -> None:
        text = harmless(text)
        self._write(self._dim(text) if name == "reasoning" else text)
        self._line = (self._line + text).rpartition("\n")[2]

    def _write_dim(self, lines: list[str]) -> None:
        for line in lines:
            self._write(self._dim(harmless(line)) + "\n")

    def _dim(self, text: str) -> str:
        return f"{_DIM}{text}{_PLAIN}" if self._colours else text

    def _write(self, text: str) -> None:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # the encoding of a pipe may lack Chinese
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        self._at_line_start = text.removesuffix(_PLAIN).endswith(("\n", _ERASE_LINE))

    def _show_status(self, text: str) -> None:
        """Show a line about the run instead of the one before; an empty one only erases that."""
        if text != self._status:
            self._erase_status()
            if text:
                self._put_status(text)

    def _put_status(self, text: str) -> None:
        width = shutil.get_terminal_size().columns
        self._is_below = not self._at_line_start
        if self._is_below and columns(self._line) % width == 0:
            return  # the cursor hangs behind the last column, and would not return to there
        line = self._dim(cut_to_width(harmless(text), width - 1))
        self._write(f"{_ROOM_BELOW}{_BELOW}{line}{_BACK}" if self._is_below else _ERASE_LINE + line)
        self._status = text

    def _erase_status(self) -> None:
        if self._status:
            self._write(_BELOW + _BACK if self._is_below else _ERASE_LINE)
            self._status = ""

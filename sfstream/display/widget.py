"""StreamView, the widget: it shows a reply as it grows, rendered, at a cost that does not grow with its length."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from sfstream.core.reply import Reply
from sfstream.display import layout
from sfstream.display.captions import Clock, Said, said, said_last, words
from sfstream.display.hello import Heard
from sfstream.display.routing import reach_a_busy_kernel
from sfstream.errors import ConfigurationError
from sfstream.markdown.patch import Growth

_PAGE = Path(__file__).parent / "page"
_SCRIPTS = ("memory.js", "selection.js", "rows.js", "growing.js", "scroll.js", "swap.js", "buttons.js", "view.js")
_CONTENT = '<div class="sfstream-text"></div><div class="sfstream-called"></div>'
_SKELETON = layout.answer(layout.reasoning("", ""), layout.content(_CONTENT), layout.about([""]))
COST = 1.0
"""How long after a frame no other is sent, in times of what it cost: at most half of the time goes into frames."""


def one_module(*scripts: Path) -> str:
    """Plain modules as a single one, since a widget's script is one text: what they import of each other is in it."""
    source = "".join(script.read_text("utf-8") for script in scripts)
    return re.sub(r"^import .*\n|^export (?!default)", "", source, flags=re.MULTILINE)


class StreamView(anywidget.AnyWidget):
    """A widget that an answer streams into: ``sfstream.chat(..., into=view)``; it can be used again.

    The text goes to the page by messages alone, so that no notebook ever saves it as the state of a widget.
    """

    _esm = one_module(*(_PAGE / name for name in _SCRIPTS))
    _css = (_PAGE / "view.css").read_text("utf-8")
    _skeleton = traitlets.Unicode(_SKELETON).tag(sync=True)
    _words = traitlets.Dict().tag(sync=True)
    _passing = traitlets.Bool(False).tag(sync=True)  # whether a static answer takes its place at the end

    def __init__(self, **traits: Any) -> None:
        super().__init__(_words=words(), **traits)
        self.drawn: set[str] = set()  # names of the views that pages show of this
        self._lock = threading.RLock()  # messages of the page are handled in another thread
        self.is_open = False  # whether a reader has opened the reasoning
        self._run = 0  # how many replies it has been begun for
        self._thread = threading.get_ident()  # where the last of them was begun
        self._foreground = False
        self._stop: Callable[[], None] | None = None
        self._source = ""
        self._clock = Clock()
        self._growth = Growth()
        self._said: Said | None = None
        self._due = 0.0  # when the next frame may be sent
        reach_a_busy_kernel(self.comm)
        self.on_msg(self._heed)

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`. What was shown before is forgotten."""
        with self._lock:
            self._run += 1
            self._thread = threading.get_ident()
            self._stop, self._source, self.is_open = stop, "", False
            self._foreground = threading.current_thread() is threading.main_thread()
            self._clock = Clock()
            self._start()

    def paint(self, reply: Reply, doing: str) -> None:
        """See `View.paint`."""
        started = time.monotonic()
        if started < self._due:
            return
        with self._lock:
            self._check_mine()
            self._source = reply.content
            self._send_frame(reply, said(reply, doing, self._clock.seconds(doing)))
        now = time.monotonic()
        self._due = now + COST * (now - started)

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        with self._lock:
            self._check_mine()
            self._source = reply.content
            self._stop = None
            self._send_frame(reply, said_last(reply), last=True)

    def _check_mine(self) -> None:
        if self._thread != threading.get_ident():
            raise ConfigurationError("another answer has been given this view meanwhile; give each a view of its own")

    def _start(self) -> None:
        self._growth, self._said, self._due = Growth(), None, 0.0
        self.send({"kind": "begin", "run": self._run, "foreground": self._foreground})

    def _send_frame(self, reply: Reply, now_said: Said, *, last: bool = False) -> None:
        texts = {"reasoning": reply.reasoning, "content": self._source}
        if not self._growth.is_start_of(texts):
            self._start()  # of several answers, the first has come after another
        parts = self._growth.frame(texts, last=last)
        if not parts and now_said == self._said:
            return
        self._growth.number += 1
        message: dict[str, Any] = {"kind": "frame", "run": self._run, "n": self._growth.number, "parts": parts}
        if now_said != self._said:
            self._said = message["said"] = now_said
        self.send(message)

    def _heed(self, _: object, content: Any, buffers: object) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "hello":
            self._greet(content)
        elif kind == "stop" and content.get("run") == self._run:
            self.send({"kind": "ack", "run": self._run})
            if stop := self._stop:
                stop()
        elif kind == "source":
            self.send({"kind": "source", "to": content.get("from"), "text": self._source})
        elif kind == "open":
            self.is_open = content.get("open") is True
        elif kind == "gone":
            self.drawn.discard(str(content.get("view")))
            self.on_gone()

    def on_gone(self) -> None:
        """Called when a page has taken a view of this away. May come from any thread."""

    def _greet(self, hello: dict[str, Any]) -> None:
        """Answer a view that has been drawn, or that has missed something."""
        Heard.take(hello)
        with self._lock:
            self._words = words()  # the page may speak another language than the one before
            self.drawn.add(str(hello["view"])) if hello.get("view") else None
            answer = {"kind": "welcome", "to": hello.get("from"), "run": self._run, "foreground": self._foreground}
            if hello.get("whole"):
                answer |= {"kind": "whole", "n": self._growth.number, "parts": self._growth.whole(), "said": self._said}
            self.send(answer)

"""StreamView, the widget that shows a growing reply. What an update costs does not depend on the length of the reply.

It sends HTML to the page as messages; ``page/view.js`` draws them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import anywidget
import traitlets

from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.display.captions import Captions, Clock, captions, final_captions
from sfstream.display.frontend import allow_messages_while_busy, note_hello, page_can_interrupt, session
from sfstream.display.gallery import gallery
from sfstream.display.mimebundle import (
    about,
    answer,
    calls_block,
    content_box,
    ending_box,
    images_box,
    reasoning_box,
)
from sfstream.display.scripts import PAGE, one_module
from sfstream.display.translations import translate
from sfstream.errors import ConfigurationError
from sfstream.markdown.patch import Growth

_SCRIPTS = (
    *("growth.js", "state.js", "text.js", "scroll.js", "swap.js", "clipboard.js", "buttons.js"),
    *("placeholder.js", "view.js"),
)
_CONTENT = '<div class="sfstream-text"></div><div class="sfstream-calls"></div>'
_SKELETON = answer(images_box(""), reasoning_box("", ""), content_box(_CONTENT), ending_box(None), about([""]))
SHARE = 1.0
"""Wait at least SHARE times the duration of the last update before sending the next: half of the time at most."""


class StreamView(anywidget.AnyWidget):
    """Widget that shows a streaming reply wherever it is displayed.

    The text reaches the page in messages only, so that no notebook saves it as the state of a widget. A view can be
    used for several replies, one after the other.

    Example:
        >>> view = sfstream.StreamView()  # doctest: +SKIP
        >>> display(view)  # doctest: +SKIP
        >>> reply = sfstream.chat("What is streaming?", into=view)  # doctest: +SKIP
    """

    _esm = one_module(*_SCRIPTS)
    _css = (PAGE / "view.css").read_text("utf-8")
    _skeleton = traitlets.Unicode(_SKELETON).tag(sync=True)
    _labels = traitlets.Dict().tag(sync=True)
    _replaced = traitlets.Unicode().tag(sync=True)  # its model_id if a static answer replaces it at the end

    def __init__(self, **traits: Any) -> None:
        super().__init__(_labels=page_labels(), **traits)
        self.drawn: set[str] = set()  # names of the views of this widget that pages show
        self.sessions: set[str] = set()  # front-ends that have loaded this widget
        self.is_open = False  # whether a reader has opened the reasoning
        self._lock = threading.RLock()  # messages of the page are handled in another thread
        self._run = 0  # number of replies begun
        self._thread = threading.get_ident()  # the thread of the last of them
        self._foreground = False
        self._stop: Callable[[], None] | None = None
        self._source = ""
        self._clock = Clock()
        self._growth = Growth()
        self._captions: dict[str, Any] | None = None
        self._images = ""
        self._due = 0.0  # when the next update may be sent
        allow_messages_while_busy(self.comm)
        self.on_msg(self._receive)

    def begin(self, stop: Callable[[], None]) -> None:
        """See `View.begin`. What was shown before is removed."""
        with self._lock:
            self._run += 1
            self._thread = threading.get_ident()
            self._stop, self._source, self.is_open = stop, "", False
            self._foreground = threading.current_thread() is threading.main_thread() and page_can_interrupt()
            self._clock = Clock()
            self._restart()

    def paint(self, reply: Reply, doing: Message) -> None:
        """See `View.paint`."""
        started = time.monotonic()
        if started < self._due:
            return
        with self._lock:
            self._check_thread()
            self._source = reply.content
            self._update(reply, captions(reply, doing, *self._clock.read(reply, doing)))
        now = time.monotonic()
        self._due = now + SHARE * (now - started)

    def finish(self, reply: Reply) -> None:
        """See `View.finish`."""
        with self._lock:
            self._check_thread()
            self._source = reply.content
            self._stop = None
            self._update(reply, final_captions(reply), last=True)

    def on_gone(self) -> None:
        """Called when a page has removed a view of this widget. Can be called from any thread."""

    def _check_thread(self) -> None:
        if self._thread != threading.get_ident():
            raise ConfigurationError(
                message("This view already shows another answer. Create a StreamView for each answer.")
            )

    def _restart(self) -> None:
        self._growth, self._captions, self._images, self._due = Growth(), None, "", 0.0
        self.send({"kind": "begin", "run": self._run, "foreground": self._foreground})

    def _update(self, reply: Reply, now: Captions, *, last: bool = False) -> None:
        texts = {"reasoning": reply.reasoning, "content": self._source}
        if not self._growth.is_start_of(texts):
            self._restart()  # what was content is reasoning, or the first of several choices has begun after another
        if not self._growth.number:
            self._growth = Growth(reply.format)
        parts = self._growth.frame(texts, last=last)
        around = asdict(now) | {"calls": calls_block(now.calls), "ending": now.ending.html() if now.ending else ""}
        if not parts and around == self._captions:
            return
        self._growth.number += 1
        message: dict[str, Any] = {"kind": "update", "run": self._run, "n": self._growth.number, "parts": parts}
        if self._captions is None and (images := gallery(reply)):
            self._images = message["images"] = images
        if around != self._captions:
            self._captions = message["captions"] = around
        self.send(message)

    def _receive(self, _: object, content: Any, buffers: object) -> None:
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

    def _greet(self, hello: dict[str, Any]) -> None:
        """Answer a page that has loaded the widget or drawn a view of it, or that has missed an update."""
        note_hello(hello)
        with self._lock:
            self.sessions.add(session())
            self._labels = page_labels()  # the page may have another language than the one before
            if hello.get("view"):
                self.drawn.add(str(hello["view"]))
            reply = {"kind": "welcome", "to": hello.get("from"), "run": self._run, "foreground": self._foreground}
            if hello.get("whole"):
                whole = {"n": self._growth.number, "parts": self._growth.whole(), "captions": self._captions}
                whole["images"] = self._images
                reply |= {"kind": "whole"} | whole
            self.send(reply)


def page_labels() -> dict[str, str]:
    """Return the texts of the page's own controls, by their keys in the scripts."""
    return {
        "stop": translate("Stop"),
        "stop the answer": translate("Stop the answer"),
        "stopping": translate("stopping…"),
        "copy": translate("Copy"),
        "copy the answer": translate("Copy the answer as Markdown"),
        "copy the code": translate("Copy the code"),
        "copied": translate("Copied"),
        "copied as text": translate("Copied as text"),
        "not copied": translate("Not copied"),
        "loading": translate("Loading. The answer appears when the kernel is idle; without its kernel it is lost."),
        "lost": translate(
            "The kernel stopped, so the answer ends here. To show what was received, run %load_ext sfstream and "
            "%sflog last in a cell."
        ),
        "lost view": translate(
            "This answer was streaming when the notebook was saved, and its kernel has ended since. To show what was "
            "received, run %load_ext sfstream and %sflog last in a cell; %sflog lists earlier answers."
        ),
        "reference": translate(
            "This page was loaded, or this cell was moved, while the answer was streaming. A notebook saved from this "
            "page holds only a reference to the answer. To show it again, run %sflog last or sf_reply in a cell."
        ),
    }

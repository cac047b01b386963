"""Whether the front-end of this kernel runs widgets: it says hello when it has loaded one."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget

from sfstream.display import frontend as front_end
from sfstream.display import translations as words
from sfstream.display.routing import reach_a_busy_kernel

_PROBE = """
export default {
  initialize({ model }) {
    model.send({ kind: "hello", language: document.documentElement.lang || navigator.language });
  },
};
"""


class Heard:
    """What front-ends have said so far in this kernel.

    Attributes:
        hello: whether one has loaded a widget of ours.
    """

    hello: ClassVar[bool] = False

    @classmethod
    def take(cls, message: dict[str, Any]) -> None:
        """Remember a hello, and the language of its page."""
        cls.hello = True
        front_end.no_widget = False
        words.page_language = str(message.get("language") or words.page_language)


class Probe(anywidget.AnyWidget):
    """A widget that is never drawn."""

    _esm = _PROBE

    def __init__(self) -> None:
        super().__init__()
        reach_a_busy_kernel(self.comm)
        self.on_msg(self._heed)

    def _heed(self, _: object, content: Any, buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "hello":
            Heard.take(content)


_probe: list[Probe] = []


def open_probe() -> None:
    """Ask the front-end whether it is there. It answers when the kernel is idle; a second call does nothing."""
    if not _probe:
        _probe.append(Probe())

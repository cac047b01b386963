"""``%sfdemo``: the demo server in this kernel, and the settings pointed at it."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError

from sfstream.demo import running
from sfstream.demo.bundle import PROMPTS
from sfstream.demo.models import CHAT, MODELS
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table

_former: dict[str, Any] = {}
"""The settings as they were before."""


def sfdemo(line: str, settings: SfChat) -> Table | str:
    """Do what the line of ``%sfdemo`` says: nothing, ``stop`` or ``list``."""
    words = line.split()
    if words == ["list"]:
        return _list()
    if words == ["stop"]:
        return _stop(settings)
    if words:
        raise UsageError(f"%sfdemo takes stop or list, got {line.strip()!r:.60}.")
    server = running.start()
    if not _former:
        _former.update(base_url=settings.base_url, model=settings.model)
    settings.base_url, settings.model = server.base_url, CHAT
    return (
        f"The demo server answers at {server.base_url}.\n"
        "Its answers were written for the demo: there is no model behind it, and no key is used.\n"
        "%sfdemo list shows what it can play, %sfdemo stop ends it."
    )


def _stop(settings: SfChat) -> str:
    if not running.stop():
        return "The demo server does not run."
    for name, value in _former.items():
        setattr(settings, name, value)
    _former.clear()
    return "The demo server has stopped; the settings are as they were."


def _list() -> Table:
    prompts = [(CHAT, f"the prompt “{prompt}”") for prompt in PROMPTS.values()]
    models = [(model.pattern, model.says) for model in MODELS]
    return Table([*prompts, *models], ("-m", "plays"), note="N is a number, as in demo/cut-after-20.")

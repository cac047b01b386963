"""``%sfdemo``: the demo server in this kernel, and the settings pointed at it."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError

from sfstream.demo import running
from sfstream.demo.bundle import PROMPTS
from sfstream.demo.models import CHAT, MODELS
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table
from sfstream.notebook.typed_key import quoted

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
        raise UsageError(f"%sfdemo takes stop or list, got {quoted(line.strip())}.")
    server = running.start()
    if settings.base_url != server.base_url:
        _former.update(base_url=settings.base_url, model=settings.model)
    settings.base_url, settings.model = server.base_url, CHAT
    return (
        f"The demo server answers at {server.base_url}.\n"
        "Its answers were written for the demo: there is no model behind it, and no key is used.\n"
        "%sfdemo list shows what it can play, %sfdemo stop ends it."
    )


def _stop(settings: SfChat) -> str:
    # What has been set since %sfdemo stays: it was meant.
    if running.is_at(settings.base_url):
        settings.base_url = _former["base_url"]
    if settings.model == CHAT:
        settings.model = _former.get("model")
    if not running.stop():
        return "The demo server does not run."
    return "The demo server has stopped; base URL and model are as they were."


def _list() -> Table:
    prompts = [(CHAT, f"the prompt “{prompt}”") for prompt in PROMPTS.values()]
    models = [(model.pattern, model.says) for model in MODELS]
    return Table([*prompts, *models], ("-m", "plays"), note="N is a number, as in demo/cut-after-20.")

"""``%sfdemo``: start the demo server in this kernel, and direct the settings to it."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError

from sfstream.demo.models import CHAT, MODELS
from sfstream.demo.prepared import LISTS, PROMPTS
from sfstream.demo.server import is_demo, start_demo, stop_demo
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table
from sfstream.wire import credentials as keys

FORMER: dict[str, Any] = {}
"""``base_url`` and ``model`` of the settings before the demo; empty while they are not directed to it."""


def sfdemo(line: str, settings: SfChat) -> Table | str:
    """Carry out a line of ``%sfdemo``.

    Returns:
        the list of what the demo can play, or a message for the user.

    Raises:
        UsageError: the line is not one of the commands.
    """
    words = line.split()
    if words == ["list"]:
        return _list()
    if words == ["stop"]:
        return _stop(settings)
    if words == ["--if-no-key"] and not keys.needs_key():
        return (
            "The demo server was not started: an API key is set, or the server needs none. %sfchat says which server."
        )
    if words not in ([], ["--if-no-key"]):
        raise UsageError(f"%sfdemo takes stop, list or --if-no-key, got {quoted(line.strip())}.")
    return _start(settings)


def _start(settings: SfChat) -> str:
    server = start_demo()
    if settings.base_url != server.base_url:
        FORMER["base_url"] = settings.base_url
    if not _is_of_demo(settings.model):  # else it is left from an earlier %sfdemo
        FORMER["model"] = settings.model
    settings.base_url, settings.model = server.base_url, CHAT
    return (
        f"The demo server answers at {server.base_url}.\n"
        "Its answers were written for the demo: there is no model behind it, and no key is used.\n"
        "%sfdemo list shows what it can play, %sfdemo stop ends it."
    )


def _stop(settings: SfChat) -> str:
    # A base URL or a model that was set after %sfdemo stays.
    if is_demo(settings.base_url):
        settings.base_url = FORMER.get("base_url")
    if _is_of_demo(settings.model):
        settings.model = FORMER.get("model")
    FORMER.clear()
    if not stop_demo():
        return "The demo server is not running."
    return "The demo server has stopped. Base URL and model are as they were before it."


def _is_of_demo(model: str | None) -> bool:
    return bool(model) and str(model).startswith("demo/")


def _list() -> Table:
    prompts = [(CHAT, f"the prompt “{prompt}”") for prompt in PROMPTS.values()]
    prompts += [(CHAT, f"as JSON, with -f json or --schema: “{prompt}”") for prompt in LISTS]
    models = [(model.pattern, model.description) for model in MODELS]
    return Table([*prompts, *models], ("-m", "plays"), note="N is a number, as in demo/cut-after-20.")

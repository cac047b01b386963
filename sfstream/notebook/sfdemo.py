"""``%sfdemo``: start the demo server in this kernel, and direct the settings to it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from sfstream.core.message import Message, joined, message
from sfstream.core.reasons import reason
from sfstream.demo.models import CHAT
from sfstream.demo.overview import LINES, NOTE, PHYSICS, Line
from sfstream.demo.physics import QUANTITIES, with_physics
from sfstream.demo.prepared import PROMPTS
from sfstream.demo.server import is_demo, start_demo, stop_demo
from sfstream.display.translations import language, translate
from sfstream.notebook.commands import command_hint
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table
from sfstream.notebook.usage import usage_error
from sfstream.wire import credentials as keys

FORMER: dict[str, tuple[Any, Message | str]] = {}
"""``base_url`` and ``model`` before the demo, and where they came from; empty while they are not directed to it."""
_BY_FLAG = {quantity.flag: quantity for quantity in QUANTITIES}


def sfdemo(line: str, settings: SfChat) -> Table | str:
    """Carry out a line of ``%sfdemo``.

    Returns:
        the list of what the demo can play, or a message for the user.

    Raises:
        UsageError: the line is not one of the commands.
    """
    words = line.replace("=", " ").split()
    if words == ["list"]:
        return _list()
    if words == ["stop"]:
        return _stop(settings)
    only_without_key = "--if-no-key" in words
    if only_without_key:
        words.remove("--if-no-key")
    model = with_physics(CHAT, _physics(words))
    if only_without_key and not keys.needs_key():
        return translate(
            "The demo server was not started: an API key is set, or the server needs none. %sfchat says which server."
        )
    return _start(settings, model)


def _physics(words: list[str]) -> dict[str, float]:
    """Return the values of the options for the physics, by their names in a model's name."""
    found: dict[str, float] = {}
    for flag, text in zip_longest(words[::2], words[1::2], fillvalue=""):
        quantity = _BY_FLAG.get(flag)
        if quantity is None or quantity.name in found:
            options, got = ", ".join(_BY_FLAG), quoted(flag)
            raise usage_error(
                "%sfdemo takes list, stop or --if-no-key, and once each {options}; got {text}.",
                None if quantity else command_hint("sfdemo", flag),
                options=options,
                text=got,
            )
        try:
            found[quantity.name] = quantity.read(text)
        except ValueError as error:
            expected = reason(error)
            raise usage_error(
                "{flag} expects {expected}, got {text}.", flag=flag, expected=expected, text=quoted(text)
            ) from None
    return found


def _start(settings: SfChat, model: str) -> str:
    server = start_demo()
    if settings.base_url != server.base_url:
        FORMER["base_url"] = settings.base_url, settings.sources.get("base_url", "")
    if not _is_of_demo(settings.model):  # else it is left from an earlier %sfdemo
        FORMER["model"] = settings.model, settings.sources.get("model", "")
    settings.assign("base_url", server.base_url, "%sfdemo")
    settings.assign("model", model, "%sfdemo")
    asked = message("Cells ask {model}. The parts after + can follow any other name in %sfdemo list.", model=model)
    lines = (
        message("The demo server answers at {url}.", url=server.base_url),
        message("Its answers were written for the demo: there is no model behind it, and no key is used."),
        asked if model != CHAT else "",
        message("Try: %sfchat {prompt}", prompt=PROMPTS["chinese" if language() == "zh" else "english"]),
        message("%sfdemo list shows what it can play, %sfdemo stop ends it."),
    )
    return translate(joined(*lines, by="\n"))


def _stop(settings: SfChat) -> str:
    # A base URL or a model that was set after %sfdemo stays.
    if is_demo(settings.base_url):
        settings.assign("base_url", *FORMER.get("base_url", (None, "")))
    if _is_of_demo(settings.model):
        settings.assign("model", *FORMER.get("model", (None, "")))
    FORMER.clear()
    if not stop_demo():
        return translate("The demo server is not running.")
    return translate("The demo server has stopped. Base URL and model are as they were before it.")


def _is_of_demo(model: str | None) -> bool:
    return bool(model) and str(model).startswith("demo/")


def _list() -> Table:
    is_chinese = language() == "zh"

    def said(line: Line) -> str:
        return line.chinese if is_chinese else line.english

    rows = [(line.names, said(line)) for line in (*LINES, PHYSICS)]
    return Table(rows, ("-m", translate("plays")), note=said(NOTE), yielding=(1,))

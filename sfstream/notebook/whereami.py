"""``%sfchat`` without a prompt: show which model, server and settings are in force, and where they come from."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from sfstream import log
from sfstream.core import config
from sfstream.core.message import Message, message
from sfstream.core.parameters import PARAMETERS
from sfstream.display.frontend import choose
from sfstream.display.translations import translate
from sfstream.errors import ConfigurationError
from sfstream.notebook.key_warning import masked
from sfstream.notebook.settings import SfChat
from sfstream.notebook.table import Table
from sfstream.wire import credentials as keys
from sfstream.wire.base_url import BASE_URL

_PACKAGES = ("sfstream", "openai", "requests", "ipython", "ipykernel", "anywidget")
_OWN_ROW = ("model", "base_url", "via", "display", "log")
_LONGEST = 100
"""Maximum number of characters of a value that is shown."""
_MODEL_VARIABLE = "SILICONFLOW_MODEL"


def where(settings: SfChat) -> Table:
    """Return the table of model, server, display, log, settings and versions.

    Of a key it shows only where it comes from. A setting has a row if it is not at its default.
    """
    base_url, key = _endpoint(settings)
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    rows = [
        (translate("model"), _with_source(config.model(), _source(settings, "model", _MODEL_VARIABLE))),
        (translate("base URL"), base_url),
        (translate("API key"), key),
        ("via", _with_source(str(config.settings.get("via", "openai")), _source(settings, "via"))),
        (translate("display"), _display(settings)),
        (translate("log"), _log(settings)),
        *_others(settings),
        (translate("versions"), ", ".join([f"Python {platform.python_version()}", *versions])),
    ]
    unset = translate("%config SfChat.NAME = None unsets a setting.") if settings.sources else ""
    note = translate("%%sfchat? lists the options, %sfmodels the models.")
    return Table(rows, note="\n".join(filter(None, (unset, note))))


def _others(settings: SfChat) -> Iterator[tuple[str, str]]:
    """Yield the rows of the settings that are not at their defaults and have no row of their own."""
    for row in PARAMETERS:
        if row.name in settings.sources and row.name not in _OWN_ROW:
            yield row.name, _with_source(_shown(getattr(settings, row.name)), settings.sources[row.name])


def _shown(value: Any) -> str:
    """Return a value as it would be typed, without a key."""
    text = masked(repr(value))
    with contextlib.suppress(ConfigurationError):  # then no key is in use
        text = keys.configured_endpoint().redact(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _source(settings: SfChat, name: str, variable: str = "") -> Message | str:
    """Return where a value comes from: a setting, an environment variable, or empty for the default."""
    return settings.sources.get(name) or (variable if os.environ.get(variable, "").strip() else "")


def _with_source(value: str, source: Message | str) -> str:
    if not source:
        return translate("{value}, the default", value=value)
    return translate("{value}, from {source}", value=value, source=source)


def _endpoint(settings: SfChat) -> tuple[str, str]:
    """Return the base URL and where its key comes from, or what is wrong with either."""
    source = _source(settings, "base_url", keys.URL_VARIABLE)
    try:
        address = keys.configured_address()
    except ConfigurationError as error:
        return translate("cannot be used. {error}", error=error.text), translate("none")
    try:
        endpoint = keys.configured_endpoint()
    except ConfigurationError as error:
        return _with_source(address.base_url, source), translate("cannot be used. {error}", error=error.text)
    if not source and endpoint.base_url != BASE_URL:
        source = message("the region of the API key")
    missing = message("none; %sfkey asks for one") if endpoint.is_siliconflow else message("none")
    return _with_source(endpoint.base_url, source), translate(keys.source(endpoint) or missing)


def _log(settings: SfChat) -> str:
    count, folder = log.count(), log.folder()
    state = message("{count} answers in {folder}", count=f"{count:,}", folder=folder)
    if count == 1:
        state = message("1 answer in {folder}", folder=folder)
    if config.settings.get("log", True):
        return translate("{state}; %sflog lists them", state=state)
    return translate("off, from {source}; {state}", source=_source(settings, "log"), state=state)


def _display(settings: SfChat) -> str:
    mode = str(config.settings.get("display", "auto"))
    choice = choose(mode)
    kind = translate("the static answer at the end") if choice.kind == "static" else choice.kind
    if choice.is_set:
        return _with_source(kind, _source(settings, "display"))
    shown = f"auto: {kind}" if mode == "auto" else kind
    return translate("{kind}, since {why}", kind=shown, why=translate(choice.why))

"""``%sfchat`` without a prompt: show which model, server and settings are in force."""

from __future__ import annotations

import platform
from importlib.metadata import version

from sfstream import log
from sfstream.core import config
from sfstream.display.frontend import choose
from sfstream.errors import ConfigurationError
from sfstream.notebook.table import Table
from sfstream.wire import credentials as keys

_PACKAGES = ("sfstream", "openai", "requests", "ipython", "ipykernel", "anywidget")


def where() -> Table:
    """Return the table of model, server, display, log and versions. Of the key it shows only where it comes from."""
    base_url, key = _endpoint()
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    return Table(
        [
            ("model", config.model()),
            ("base URL", base_url),
            ("API key", key),
            ("via", str(config.settings.get("via", "openai"))),
            ("display", _display()),
            ("log", _log()),
            ("versions", ", ".join([f"Python {platform.python_version()}", *versions])),
        ],
        note="%%sfchat? lists the options, %sfmodels the models.",
    )


def _endpoint() -> tuple[str, str]:
    """Return the base URL and where its key comes from, or what is wrong with either."""
    try:
        address = keys.configured_address()
    except ConfigurationError as error:
        return f"cannot be used. {error}", "none"
    try:
        endpoint = keys.configured_endpoint()
    except ConfigurationError as error:
        return address.base_url, f"cannot be used. {error}"
    missing = "none; %sfkey asks for one" if endpoint.is_siliconflow else "none"
    return endpoint.base_url, keys.source(endpoint) or missing


def _log() -> str:
    state = f"{log.count():,} answers in {log.folder()}"
    return f"{state}; %sflog lists them" if config.settings.get("log", True) else f"off (set); {state}"


def _display() -> str:
    mode = str(config.settings.get("display", "auto"))
    choice = choose(mode)
    shown = "the static answer at the end" if choice.kind == "static" else choice.kind
    why = "set" if choice.is_set else f"since {choice.why}"
    return f"{'auto: ' if mode == 'auto' else ''}{shown}, {why}"

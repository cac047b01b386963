"""Bare ``%sfchat``: where am I."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from sfstream import log
from sfstream.core import config
from sfstream.display.frontend import SET, choose
from sfstream.errors import ConfigurationError
from sfstream.notebook.table import Table
from sfstream.wire import credentials as keys

_SHOWN = {
    "live": "live",
    "html": "html",
    "once": "the static answer at the end",
    "text": "text",
    "off": "off",
}
_PACKAGES = ("sfstream", "openai", "requests", "ipython", "ipykernel", "anywidget")


def where() -> Table:
    """Model, server, key (whether and from where, never the key itself), display and versions."""
    base_url, key = _server()
    return Table(
        [
            ("model", config.model()),
            ("base URL", base_url),
            ("API key", key),
            ("via", str(config.settings.get("via", "openai"))),
            ("display", _display()),
            ("log", _log()),
            ("versions", ", ".join(_versions())),
        ],
        note="%%sfchat? lists the options, %sfmodels the models.",
    )


def _server() -> tuple[str, str]:
    """The base URL, and where its key is from; or what is wrong with either."""
    try:
        address = keys.configured_address()
    except ConfigurationError as error:
        return f"cannot be used. {error}", "none"
    try:
        asked = keys.configured_endpoint()
    except ConfigurationError as error:
        return address.base_url, f"cannot be used. {error}"
    return asked.base_url, keys.source(asked) or ("none; %sfkey asks for one" if asked.is_siliconflow else "none")


def _log() -> str:
    holds = f"{log.count():,} answers in {log.folder()}"
    return f"{holds}; %sflog lists them" if config.settings.get("log", True) else f"off (set); {holds}"


def _display() -> str:
    mode = str(config.settings.get("display", "auto"))
    choice = choose(mode)
    why = "set" if choice.why == SET else f"since {choice.why}"
    return f"{'auto: ' if mode == 'auto' else ''}{_SHOWN[choice.kind]}, {why}"


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found

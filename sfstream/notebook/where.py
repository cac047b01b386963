"""Bare ``%sfchat``: where am I."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from sfstream import api, keys, log
from sfstream.defaults import defaults
from sfstream.display import in_kernel
from sfstream.errors import ConfigurationError
from sfstream.notebook.table import Table

_PACKAGES = ("sfstream", "openai", "requests", "ipython", "ipykernel")


def where() -> Table:
    """Model, server, key (whether and from where, never the key itself), display and versions."""
    base_url, key = _server()
    return Table(
        [
            ("model", api.model()),
            ("base URL", base_url),
            ("API key", key),
            ("via", str(defaults.get("via", "openai"))),
            ("display", _display()),
            ("log", _log()),
            ("versions", ", ".join(_versions())),
        ],
        note="%%sfchat? lists the options, %sfmodels the models.",
    )


def _server() -> tuple[str, str]:
    """The base URL, and where its key is from; or what is wrong with either."""
    try:
        address = keys.address(defaults.get("base_url"))
    except ConfigurationError as error:
        return f"cannot be used. {error}", "none"
    try:
        asked = keys.server(defaults.get("base_url"))
    except ConfigurationError as error:
        return address.base_url, f"cannot be used. {error}"
    return asked.base_url, keys.source(asked) or ("none; %sfkey asks for one" if asked.is_siliconflow else "none")


def _log() -> str:
    holds = f"{log.count():,} answers in {log.folder()}"
    return f"{holds}; %sflog lists them" if defaults.get("log", True) else f"off (set); {holds}"


def _display() -> str:
    mode = str(defaults.get("display", "auto"))
    if mode != "auto":
        return f"{mode} (set)"
    return "auto: HTML, since this is a kernel" if in_kernel() else "auto: text, since this is a terminal"


def _versions() -> list[str]:
    found = [f"Python {platform.python_version()}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found

"""``%sfkey``: ask for an API key, check it, and say which region it belongs to."""

from __future__ import annotations

import getpass
from dataclasses import replace

from IPython.core.error import StdinNotImplementedError, UsageError

from sfstream import keys
from sfstream.defaults import defaults
from sfstream.errors import ConfigurationError, KeyRefused, SfStreamError
from sfstream.notebook.settings import SfChat
from sfstream.wire.models import list_models
from sfstream.wire.server import KEY_VARIABLE, Server, checked_key


def sfkey(line: str, settings: SfChat) -> str:
    """Do what the line of ``%sfkey`` says.

    Returns:
        what happened, in a sentence or two.
    """
    words = line.split()
    if words == ["--forget"]:
        return _forget()
    if words not in ([], ["--save"]):
        raise UsageError("%sfkey takes --save or --forget, and no key: it asks for it, so that no notebook holds it.")
    asked = keys.server(defaults.get("base_url"))
    found, said = _checked(replace(asked, key=_ask(asked)), settings)
    assert found.key
    keys.remember(found, found.key)
    return (
        f"{said} Saved in {keys.save(found)}."
        if words
        else f"{said} It is kept until this kernel ends; --save keeps it."
    )


def _ask(asked: Server) -> str:
    try:
        return checked_key(getpass.getpass(f"API key of {asked.host}: "))
    except (StdinNotImplementedError, EOFError):
        raise ConfigurationError(
            f"No input is possible here: set {KEY_VARIABLE} in the environment before the kernel starts."
        ) from None


def _checked(asked: Server, settings: SfChat) -> tuple[Server, str]:
    """Try the key where requests go, and in SiliconFlow's other region."""
    try:
        return asked, _welcome(asked)
    except KeyRefused as refused:
        other = asked.other_region()
        if other is None:
            raise
        try:
            said = _welcome(other)
        except SfStreamError:
            raise refused from None
    except SfStreamError as error:
        return asked, f"The key could not be checked: {error}"
    settings.base_url = other.base_url
    return other, f"{said} {asked.host} does not know it, so SfChat.base_url is {other.base_url} now."


def _welcome(asked: Server) -> str:
    return f"{asked.host} accepts the key: {len(list_models(asked)):,} chat models."


def _forget() -> str:
    asked = keys.server(defaults.get("base_url"))
    if not keys.forget(asked):
        return f"There was no key of {asked.host} to forget."
    left = " The environment still holds one." if keys.server(asked.base_url).key else ""
    return f"The key of {asked.host} is forgotten.{left}"

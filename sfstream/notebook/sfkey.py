"""``%sfkey``: ask for an API key, check it, and say which region it belongs to."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace

from IPython.core.error import StdinNotImplementedError, UsageError

from sfstream.api import listed
from sfstream.core import config
from sfstream.demo.server import is_demo
from sfstream.errors import ConfigurationError, KeyRefused, SfStreamError
from sfstream.notebook.settings import SfChat
from sfstream.wire import credentials as keys
from sfstream.wire.credentials import KEY_VARIABLE
from sfstream.wire.endpoint import Endpoint, checked_key


def sfkey(line: str, settings: SfChat) -> str:
    """Do what the line of ``%sfkey`` says.

    Returns:
        what happened, in a sentence or two.
    """
    words = line.split()
    if is_demo(settings.base_url):
        raise UsageError("The demo needs no key, and gets none. Type %sfdemo stop first.")
    if words == ["--forget"]:
        return _forget()
    if words not in ([], ["--save"]):
        raise UsageError("%sfkey takes --save or --forget, and no key: it asks for it, so that no notebook holds it.")
    asked = keys.configured_address()
    found, said = _checked(_asked(asked), settings)
    assert found.key
    keys.remember(found, found.key)
    kept = f"Saved in {keys.save(found)}." if words else "It is kept until this kernel ends; --save keeps it."
    return f"{said}\n{kept}"


@keys.without_frames
def _asked(asked: Endpoint) -> Endpoint:
    """The server with the key that is typed."""
    try:
        typed = getpass.getpass(f"API key of {asked.host}: ")
    except KeyboardInterrupt:
        typed = ""
    except (StdinNotImplementedError, EOFError):
        raise ConfigurationError(
            f"No input is possible here: set {KEY_VARIABLE} in the environment before the kernel starts."
        ) from None
    if not typed.strip():
        raise ConfigurationError("Nothing was entered; there is no new key.")
    return replace(asked, key=checked_key(typed))


def _checked(asked: Endpoint, settings: SfChat) -> tuple[Endpoint, str]:
    """Try the key where requests go, and in SiliconFlow's other region."""
    try:
        return asked, _welcome(asked)
    except KeyRefused as refused:
        other = asked.other_region()
        if other is None:
            raise
        said = _welcome_elsewhere(asked, other, refused)
    except SfStreamError as error:
        return asked, f"The key could not be checked: {error}"
    settings.base_url = other.base_url
    return other, f"{said} {asked.host} does not know it, so SfChat.base_url is {other.base_url} now."


def _welcome(asked: Endpoint) -> str:
    return f"{asked.host} accepts the key, and lists {len(listed(asked)):,} of its chat models."


def _welcome_elsewhere(asked: Endpoint, other: Endpoint, refused: KeyRefused) -> str:
    try:
        return _welcome(other)
    except KeyRefused:
        why = f"{asked.host} and {other.host} both refuse this key. Check that it is copied whole."
    except SfStreamError as error:
        why = f"{asked.host} refuses this key, and {other.host} could not be asked: {error}"
    refused.args = (why,)
    raise refused from None


def _forget() -> str:
    asked = keys.configured_address()
    other = None if config.settings.get("base_url") else asked.other_region()
    forgotten = [each.host for each in (asked, other) if each and keys.forget(each)]
    if not forgotten:
        return f"There was no key of {asked.host} to forget."
    left = f" {KEY_VARIABLE} still holds one." if os.environ.get(KEY_VARIABLE) else ""
    return f"The key of {' and '.join(forgotten)} is forgotten.{left}"

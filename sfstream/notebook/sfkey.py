"""``%sfkey``: ask for an API key, check it at the server, and find out which region it belongs to."""

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
    """Carry out a line of ``%sfkey``.

    Returns:
        a message for the user.

    Raises:
        UsageError: the line is not one of the commands.
        ConfigurationError: no key was entered, or it cannot be used or saved.
        KeyRefused: the server refuses the key.
    """
    words = line.split()
    if is_demo(settings.base_url):
        raise UsageError("The demo needs no key. Type %sfdemo stop first.")
    if words == ["--forget"]:
        return _forget()
    if words not in ([], ["--save"]):
        raise UsageError("%sfkey takes --save or --forget. It asks for the key, so that no notebook contains it.")
    endpoint, report = _checked(_typed(keys.configured_address()), settings)
    keys.remember(endpoint)
    if words:
        return f"{report}\nSaved in {keys.save(endpoint)}."
    return f"{report}\nIt is used until this kernel ends. %sfkey --save also saves it."


@keys.without_frames
def _typed(endpoint: Endpoint) -> Endpoint:
    """Ask for a key, and return the endpoint with it."""
    try:
        typed = getpass.getpass(f"API key of {endpoint.place}: ")
    except KeyboardInterrupt:
        typed = ""
    except (StdinNotImplementedError, EOFError):
        raise ConfigurationError(
            f"This front-end allows no input. Set {KEY_VARIABLE} in the environment before the kernel starts."
        ) from None
    if not typed.strip():
        raise ConfigurationError("No key was entered.")
    return replace(endpoint, key=checked_key(typed))


def _checked(endpoint: Endpoint, settings: SfChat) -> tuple[Endpoint, str]:
    """Try the key at the configured server, and then in SiliconFlow's other region."""
    try:
        return endpoint, _welcome(endpoint)
    except KeyRefused as refused:
        other = endpoint.other_region()
        if other is None:
            raise
        report = _welcome_elsewhere(endpoint, other, refused)
    except SfStreamError as error:
        return endpoint, f"The key could not be checked: {error}"
    settings.base_url = other.base_url
    return other, f"{report} {endpoint.place} refuses it, so SfChat.base_url is now {other.base_url}."


def _welcome(endpoint: Endpoint) -> str:
    return f"{endpoint.place} accepts the key and offers {len(listed(endpoint)):,} chat models."


def _welcome_elsewhere(endpoint: Endpoint, other: Endpoint, refused: KeyRefused) -> str:
    try:
        return _welcome(other)
    except KeyRefused:
        why = f"{endpoint.place} and {other.place} both refuse this key. Check that it was copied completely."
    except SfStreamError as error:
        why = f"{endpoint.place} refuses this key, and {other.place} could not be asked: {error}"
    refused.args = (why,)
    raise refused from None


def _forget() -> str:
    endpoint = keys.configured_address()
    other = None if config.settings.get("base_url") else endpoint.other_region()
    forgotten = [each.place for each in (endpoint, other) if each and keys.forget(each)]
    if not forgotten:
        return f"There is no key of {endpoint.place} to forget."
    left = f" {KEY_VARIABLE} still contains one." if os.environ.get(KEY_VARIABLE) else ""
    return f"The key of {' and '.join(forgotten)} has been forgotten.{left}"

"""``%sfkey``: ask for an API key, check it at the server, and find out which region it belongs to."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace

from IPython.core.error import StdinNotImplementedError

from sfstream.api import listed
from sfstream.core import config
from sfstream.core.message import Message, joined, message, reword
from sfstream.demo.server import is_demo
from sfstream.display.translations import translate
from sfstream.errors import ConfigurationError, KeyRefused, SfStreamError
from sfstream.notebook.commands import command_hint
from sfstream.notebook.settings import SfChat
from sfstream.notebook.usage import usage_error
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
        raise usage_error("The demo needs no key. Type %sfdemo stop first.")
    if words == ["--forget"]:
        return translate(_forget())
    if words not in ([], ["--save"]):
        raise usage_error(
            "%sfkey takes --save or --forget. It asks for the key, so that no notebook contains it.",
            command_hint("sfkey", words[0]),
        )
    endpoint, report = _checked(_typed(keys.configured_address()), settings)
    keys.remember(endpoint)
    kept = message("It is used until this kernel ends. %sfkey --save also saves it.")
    if words:
        kept = message("Saved in {path}.", path=keys.save(endpoint))
    return translate(joined(report, kept, by="\n"))


@keys.without_frames
def _typed(endpoint: Endpoint) -> Endpoint:
    """Ask for a key, and return the endpoint with it."""
    try:
        typed = getpass.getpass(translate("API key of {place}: ", place=endpoint.place))
    except KeyboardInterrupt:
        typed = ""
    except (StdinNotImplementedError, EOFError):
        raise ConfigurationError(
            message(
                "This front-end allows no input. Set {variable} in the environment before the kernel starts.",
                variable=KEY_VARIABLE,
            )
        ) from None
    if not typed.strip():
        raise ConfigurationError(message("No key was entered."))
    return replace(endpoint, key=checked_key(typed))


def _checked(endpoint: Endpoint, settings: SfChat) -> tuple[Endpoint, Message]:
    """Try the key at the configured server, and then in SiliconFlow's other region."""
    try:
        return endpoint, _welcome(endpoint)
    except KeyRefused as refused:
        other = endpoint.other_region()
        if other is None:
            raise
        report = _welcome_elsewhere(endpoint, other, refused)
    except SfStreamError as error:
        return endpoint, message("The key could not be checked: {error}", error=joined(error.text))
    settings.assign("base_url", other.base_url, "%sfkey")
    moved = message("{place} refuses it, so SfChat.base_url is now {url}.", place=endpoint.place, url=other.base_url)
    return other, joined(report, moved)


def _welcome(endpoint: Endpoint) -> Message:
    count = f"{len(listed(endpoint)):,}"
    return message("{place} accepts the key and offers {count} chat models.", place=endpoint.place, count=count)


def _welcome_elsewhere(endpoint: Endpoint, other: Endpoint, refused: KeyRefused) -> Message:
    places = {"place": endpoint.place, "other": other.place}
    try:
        return _welcome(other)
    except KeyRefused:
        why = message("{place} and {other} both refuse this key. Check that it was copied completely.", **places)
    except SfStreamError as error:
        said = joined(error.text)
        why = message("{place} refuses this key, and {other} could not be asked: {error}", **places, error=said)
    reword(refused, why)
    raise refused from None


def _forget() -> Message:
    endpoint = keys.configured_address()
    other = None if config.settings.get("base_url") else endpoint.other_region()
    forgotten = [each.place for each in (endpoint, other) if each and keys.forget(each)]
    if not forgotten:
        return message("There is no key of {place} to forget.", place=endpoint.place)
    left = message("{variable} still contains one.", variable=KEY_VARIABLE)
    done = joined(*(message("The key of {place} has been forgotten.", place=place) for place in forgotten))
    return joined(done, left if os.environ.get(KEY_VARIABLE) else "")

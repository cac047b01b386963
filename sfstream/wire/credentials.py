"""Which endpoint requests go to, and which API key belongs to it: typed in this session, in the environment, or saved.

A key belongs to one host. ``SILICONFLOW_API_KEY`` belongs to SiliconFlow's hosts and to the host that
``SILICONFLOW_BASE_URL`` names; any other endpoint has a key of its own, by ``%sfkey``, or none. A key is written to
a file only by `save`.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from sfstream.core import config
from sfstream.core.hints import either
from sfstream.core.message import Message, message, reword
from sfstream.core.reasons import reason
from sfstream.errors import ConfigurationError
from sfstream.wire.base_url import BASE_URL
from sfstream.wire.endpoint import Endpoint

KEY_VARIABLE = "SILICONFLOW_API_KEY"
URL_VARIABLE = "SILICONFLOW_BASE_URL"
OTHER_KEY_VARIABLE = "API_KEY"
"""Environment variable for the key of another server, in programs (`variable`). sfstream itself does not read it."""

_log = logging.getLogger("sfstream")

_Call = TypeVar("_Call", bound=Callable[..., Any])

_typed: dict[str, str] = {}
"""Keys of this session, by origin."""


def without_frames(function: _Call) -> _Call:
    """Drop the traceback of a ConfigurationError that leaves ``function``: variables in its frames hold the key, and
    some tools print them."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except ConfigurationError as error:
            error.redact()
            raise

    return cast("_Call", call)


@without_frames
def configured_endpoint() -> Endpoint:
    """Return the endpoint that requests go to now, with the key that belongs to it.

    Its base URL is the setting ``base_url``, else ``SILICONFLOW_BASE_URL``, else SiliconFlow's. If neither names a
    region and only the other region has a key, it is that one.

    Raises:
        ConfigurationError: the base URL or the key cannot be used.
    """
    plain = configured_address()
    if (keyed := with_key(plain)).key:
        return keyed
    is_named = config.settings.get("base_url") or os.environ.get(URL_VARIABLE, "").strip()
    other = None if is_named else plain.other_region()
    return other_keyed if other and (other_keyed := with_key(other)).key else plain


@without_frames
def configured_address() -> Endpoint:
    """Return the configured endpoint without a key. It works whatever is wrong with the key.

    Raises:
        ConfigurationError: the base URL cannot be used.
    """
    if base_url := config.settings.get("base_url"):
        return Endpoint(base_url)
    with _naming(URL_VARIABLE):
        return Endpoint(os.environ.get(URL_VARIABLE, "").strip() or BASE_URL)


@without_frames
def with_key(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with the key that belongs to it, or with none.

    Raises:
        ConfigurationError: the key cannot be used, or SiliconFlow's saved keys cannot be read.
    """
    if typed := _typed.get(endpoint.origin):
        return Endpoint(endpoint.base_url, typed)
    if key := _environment_key(endpoint):
        with _naming(KEY_VARIABLE):
            return Endpoint(endpoint.base_url, key)
    with _naming(str(path())):
        saved = _saved() if endpoint.is_siliconflow else _saved_if_readable()  # another server may need no key
        return Endpoint(endpoint.base_url, saved.get(endpoint.origin) or None)


def needs_key() -> bool:
    """Return whether an answer would fail because SiliconFlow is asked without a key."""
    endpoint = configured_endpoint()
    return endpoint.is_siliconflow and endpoint.key is None


@without_frames
def source(endpoint: Endpoint) -> Message | str:
    """Return where the key of an endpoint comes from, in a few words; empty if it has none."""
    if endpoint.origin in _typed:
        return message("typed with %sfkey")
    if _environment_key(endpoint):
        return KEY_VARIABLE
    return message("saved in {path}", path=path()) if endpoint.origin in _saved() else ""


def variable(endpoint: Endpoint) -> str:
    """Return the environment variable that a program takes the key of an endpoint from; empty if it sends none."""
    if endpoint.is_siliconflow or _environment_key(endpoint):
        return KEY_VARIABLE
    is_public = endpoint.parts.scheme == "https" and not endpoint.is_loopback
    return OTHER_KEY_VARIABLE if is_public or with_key(endpoint).key else ""


def remember(endpoint: Endpoint) -> None:
    """Use the key of an endpoint until this process ends."""
    assert endpoint.key, "only an endpoint with a key is remembered"
    _typed[endpoint.origin] = endpoint.key


@without_frames
def save(endpoint: Endpoint) -> Path:
    """Write the key of an endpoint into the user's configuration folder, readable by the user alone.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    assert endpoint.key, "only an endpoint with a key is saved"
    _write(_saved_if_readable() | {endpoint.origin: endpoint.key})
    return path()


@without_frames
def forget(endpoint: Endpoint) -> bool:
    """Forget the key of an endpoint, typed and saved.

    Returns:
        whether there was one.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    typed = _typed.pop(endpoint.origin, None)
    saved = _saved_if_readable()
    if saved.pop(endpoint.origin, None) is None:
        return typed is not None
    _write(saved)
    return True


def path() -> Path:
    """Return the path of the file of saved keys."""
    return config.config_folder() / "keys.json"


def _environment_key(endpoint: Endpoint) -> str:
    """Return the key of the environment if it belongs to this endpoint; empty otherwise."""
    key, url = (os.environ.get(name, "").strip() for name in (KEY_VARIABLE, URL_VARIABLE))
    if endpoint.is_siliconflow or not key:
        return key
    with contextlib.suppress(ConfigurationError):  # that address is not the one that is asked
        return key if url and endpoint.origin == Endpoint(url).origin else ""
    return ""


@contextlib.contextmanager
def _naming(place: str) -> Iterator[None]:
    """Name in a ConfigurationError the place that the unusable value comes from."""
    try:
        yield
    except ConfigurationError as error:
        reword(error, message("{place}: {error}", place=place, error=error.text))
        raise


def _saved_if_readable() -> dict[str, str]:
    try:
        return _saved()
    except ConfigurationError as error:
        _log.debug("Continuing without the saved keys: %s", error)
        return {}


def _saved() -> dict[str, str]:
    try:
        keys = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else message("it is not JSON")
        raise ConfigurationError(
            either(
                message("The saved keys cannot be read: {reason}. %sfkey --save writes them anew.", reason=why),
                message("The saved keys cannot be read: {reason}. Delete the file.", reason=why),
            )
        ) from None
    return {origin: key for origin, key in keys.items() if isinstance(key, str)} if isinstance(keys, dict) else {}


def _write(keys: dict[str, str]) -> None:
    target = path()
    new = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(keys, file)
        new.replace(target)
    except OSError as error:
        raise ConfigurationError(
            message(
                "The key cannot be saved in {target}: {reason}. Set {variable}.",
                target=str(target),
                reason=reason(error),
                variable=KEY_VARIABLE,
            )
        ) from error

"""Which API key belongs to which server: typed in this session, in the environment, or saved.

A key belongs to one host. It is never written anywhere but where `save` is asked to.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from sfstream.core import config
from sfstream.core.config import settings
from sfstream.errors import ConfigurationError
from sfstream.wire.endpoint import KEY_VARIABLE, URL_VARIABLE, Endpoint, checked_key

_Call = TypeVar("_Call", bound=Callable[..., Any])

_typed: dict[str, str] = {}
"""Keys of this session, by origin."""


def without_frames(function: _Call) -> _Call:
    """Errors leave it without the frames below, whose variables hold a key: some tools print these."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except ConfigurationError as error:
            error.redact()
            raise

    return cast("_Call", call)


@without_frames
def server(base_url: str | None = None) -> Endpoint:
    """The server at ``base_url`` with the key that belongs to it, or with none.

    Args:
        base_url: None for ``SILICONFLOW_BASE_URL``, else SiliconFlow's.

    Raises:
        ConfigurationError: the base URL or the key cannot be used.
    """
    plain = address(base_url)
    other = plain.other_region()
    for asked in (plain, other):
        if asked and (keyed := _keyed(asked)).key:
            return keyed
        if base_url or os.environ.get(URL_VARIABLE, "").strip():
            break  # a region that somebody has named is the only one
    return plain


@without_frames
def address(base_url: str | None = None) -> Endpoint:
    """The same server without any key: nothing is looked up, so that it works whatever is wrong with a key.

    Raises:
        ConfigurationError: the base URL cannot be used.
    """
    without = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    return Endpoint.from_environment(base_url, without)


def needs_key() -> bool:
    """Whether an answer would fail for want of a key: SiliconFlow is asked, and there is none."""
    asked = server(settings.get("base_url"))
    return asked.is_siliconflow and asked.key is None


@without_frames
def source(asked: Endpoint) -> str:
    """Where the key of a server comes from, in a few words; empty where it has none."""
    if asked.origin in _typed:
        return "typed with %sfkey"
    if Endpoint.from_environment(asked.base_url).key:
        return KEY_VARIABLE
    return f"saved in {path()}" if asked.origin in _saved() else ""


def remember(asked: Endpoint, key: str) -> Endpoint:
    """Use a key for a server until this process ends; give the server with it.

    Raises:
        ConfigurationError: the key holds what no key holds.
    """
    keyed = Endpoint(asked.base_url, checked_key(key))
    _typed[asked.origin] = checked_key(key)
    return keyed


@without_frames
def save(asked: Endpoint) -> Path:
    """Write the key of a server into the user's configuration folder, readable by the user alone.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    assert asked.key, "only a server with a key is saved"
    _write(_saved_if_readable() | {asked.origin: asked.key})
    return path()


@without_frames
def forget(asked: Endpoint) -> bool:
    """Forget the key of a server, typed and saved; whether there was one.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    typed = _typed.pop(asked.origin, None)
    saved = _saved_if_readable()
    if saved.pop(asked.origin, None) is None:
        return typed is not None
    _write(saved)
    return True


def path() -> Path:
    """The file of saved keys."""
    return config.config_folder() / "keys.json"


def _keyed(asked: Endpoint) -> Endpoint:
    if key := _typed.get(asked.origin) or Endpoint.from_environment(asked.base_url).key:
        return Endpoint(asked.base_url, key)
    if not asked.is_siliconflow:
        return Endpoint(asked.base_url, _saved_if_readable().get(asked.origin) or None)
    try:
        return Endpoint(asked.base_url, _saved().get(asked.origin) or None)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path()}: {error}") from None


def _saved_if_readable() -> dict[str, str]:
    try:
        return _saved()
    except ConfigurationError:
        return {}


def _saved() -> dict[str, str]:
    try:
        keys = json.loads(path().read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise ConfigurationError(f"The saved keys cannot be read: {reason}. %sfkey --save writes them anew.") from None
    return {origin: key for origin, key in keys.items() if isinstance(key, str)} if isinstance(keys, dict) else {}


def _write(keys: dict[str, str]) -> None:
    target = path()
    new = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(keys, file)
        new.replace(target)
    except OSError as error:
        raise ConfigurationError(
            f"The key cannot be saved in {target}: {error.strerror}. Set {KEY_VARIABLE}."
        ) from None

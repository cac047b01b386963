"""Read the images that a call attaches: files, and the objects that stand for images."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sfstream.core.attachments import (
    EXPECTED,
    Attachment,
    attachment_of_bytes,
    attachment_of_object,
    attachment_of_url,
)
from sfstream.core.message import message
from sfstream.core.reasons import reason
from sfstream.errors import ConfigurationError
from sfstream.log.format import expand_path

MAX_FILE = 100_000_000
"""Maximum size of a file that is read, in bytes."""


def attachments(sources: Any) -> list[Attachment]:
    """Return the images for the keyword ``attach``: one source, or a list of them; none for None.

    Raises:
        ConfigurationError: a source is missing, too large, or not an image. The message names it.
    """
    if sources is None:
        return []
    listed = (
        sources if isinstance(sources, Sequence) and not isinstance(sources, str | bytes | bytearray) else [sources]
    )
    return [attachment(source) for source in listed]


def attachment(source: Any, name: str = "") -> Attachment:
    """Return the image of one source.

    Args:
        source: path, URL, bytes, PIL image or figure; or an `Attachment`, which is returned.
        name: the name of the variable that holds it.

    Raises:
        ConfigurationError: it is missing, too large, or not an image.
    """
    if isinstance(source, Attachment):
        return source
    if isinstance(source, str) and (found := attachment_of_url(source)):
        return found
    if isinstance(source, str | os.PathLike) and isinstance(os.fspath(source), str):
        return _attachment_of_file(os.fspath(source))
    return attachment_of_object(source, name)


def _attachment_of_file(path: str) -> Attachment:
    if not path.strip():
        raise ConfigurationError(message("attach is {path}; expected {expected}.", path=repr(path), expected=EXPECTED))
    try:
        file = expand_path(path)
        if (size := file.stat().st_size) > MAX_FILE:
            raise ConfigurationError(
                message(
                    "{path} has {size} bytes; images up to {limit} bytes are read.",
                    path=repr(path),
                    size=f"{size:,}",
                    limit=f"{MAX_FILE:,}",
                )
            )
        return attachment_of_bytes(file.read_bytes(), Path(path).name)
    except FileNotFoundError:
        raise ConfigurationError(
            message(
                "There is no image {path} in {folder}; expected {expected}.",
                path=repr(path),
                folder=repr(os.getcwd()),
                expected=EXPECTED,
            )
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte
        if isinstance(error, ConfigurationError):
            raise
        raise ConfigurationError(
            message("The image {path} cannot be read: {reason}.", path=repr(path), reason=reason(error))
        ) from None

"""Images that are sent with a prompt: from objects to the parts of a message, and back from a message to its images.

The parts are those of SiliconFlow's vision guide (``text`` and ``image_url``). Files are read in `sfstream.run.attach`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sfstream.core.images import MAX_BYTES, MAX_SIDE, data_of, data_url, encoded, fitted, read_header
from sfstream.core.message import Message, message
from sfstream.core.text import excerpt
from sfstream.errors import ConfigurationError

EXPECTED = message("a path, a URL, bytes, a PIL image, or a figure of matplotlib")
"""The kinds of sources, for errors."""
_DATA_URL = "data:image/TYPE;base64,…"
_WEB = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_NAME = 120
"""Maximum number of characters of a source that messages quote."""


@dataclass(frozen=True)
class Attachment:
    """An image that is sent with a prompt.

    Attributes:
        name: what the display calls it: the name of its file or variable; empty for a URL.
        url: the ``data:`` URL that holds it, or the URL from which the server fetches it.
        note: how it was changed, for the user; None if it was not.
    """

    name: str
    url: str
    note: Message | None = None


def attachment_of_bytes(data: bytes, name: str) -> Attachment:
    """Return the attachment of an image in a file or a variable.

    Raises:
        ConfigurationError: it is not an image, or cannot be scaled down.
    """
    return _attachment(name, data, fitted(data, repr(name)))


def attachment_of_object(source: object, name: str = "") -> Attachment:
    """Return the attachment of bytes, a PIL image, or a figure (anything with ``savefig``).

    Args:
        source: the object.
        name: the name of its variable. Default: its type.

    Raises:
        ConfigurationError: it is none of these, or cannot be scaled down.
    """
    name = name or type(source).__name__
    if isinstance(source, bytes | bytearray):
        return attachment_of_bytes(bytes(source), name)
    pillow = sys.modules.get("PIL.Image")
    if pillow and isinstance(source, pillow.Image):
        data = encoded(source)
        return Attachment(name, _url(data), _note(name, data, max(source.size) > MAX_SIDE))
    if callable(save := getattr(source, "savefig", None)):
        file = io.BytesIO()
        save(file, format="png")
        return attachment_of_bytes(file.getvalue(), name)
    raise ConfigurationError(
        message(
            "attach expects {expected}; {name} is of type {type}.",
            expected=EXPECTED,
            name=repr(name),
            type=type(source).__name__,
        )
    )


def attachment_of_url(url: str) -> Attachment | None:
    """Return the attachment of a URL: one of the web is sent as it is. None if the text is not a URL.

    Raises:
        ConfigurationError: it is a ``data:`` URL without an image.
    """
    if _WEB.fullmatch(url):
        return Attachment("", url)
    if url[:5].lower() != "data:":
        return None
    if (data := data_of(url)) is None:
        raise ConfigurationError(
            message("{url} cannot be attached; expected {form}.", url=repr(excerpt(url, 40)), form=_DATA_URL)
        )
    return attachment_of_bytes(data, "image")


def with_images(
    messages: Sequence[Mapping[str, Any]], images: Sequence[Attachment], detail: str | None
) -> list[Mapping[str, Any]]:
    """Return the messages with images in the last one.

    The images stand before the text, so that a server can reuse its prefix cache when the same images are asked about
    again.

    Raises:
        ConfigurationError: the last message is not the user's.
    """
    if not messages or messages[-1].get("role") != "user":
        raise ConfigurationError(message("attach needs a prompt: the last of the messages is not the user's."))
    content = messages[-1].get("content")
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    chosen = {"detail": detail} if detail else {}
    shown = [{"type": "image_url", "image_url": {"url": image.url, **chosen}} for image in images]
    return [*messages[:-1], {**messages[-1], "content": [*shown, *parts]}]


def image_urls(messages: object) -> list[str]:
    """Return the URLs of the images in the last user message. The messages may be somebody else's: any JSON."""
    listed = messages if isinstance(messages, list) else []
    by_user = [each for each in listed if isinstance(each, Mapping) and each.get("role") == "user"]
    parts = by_user[-1].get("content") if by_user else None
    images = [part.get("image_url") for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    urls = [image.get("url") if isinstance(image, Mapping) else image for image in images]
    return [url for url in urls if isinstance(url, str)]


def _attachment(name: str, before: bytes, after: bytes) -> Attachment:
    old = read_header(before)
    is_smaller = old is not None and (max(old.width, old.height) > MAX_SIDE or len(before) > MAX_BYTES)
    return Attachment(name, _url(after), _note(name, after, is_smaller))


def _url(data: bytes) -> str:
    header = read_header(data)
    assert header  # it has been read before, or encoded here
    return data_url(data, header.kind)


def _note(name: str, data: bytes, is_smaller: bool) -> Message | None:
    if not is_smaller:
        return None
    return message(
        "{name} was scaled down to {size} pixels, {kilobytes} kB (limits: {side} pixels, {megabytes} MB).",
        name=excerpt(name, _NAME),
        size=_size(data),
        kilobytes=f"{len(data) / 1000:,.0f}",
        side=f"{MAX_SIDE:,}",
        megabytes=f"{MAX_BYTES / 1e6:g}",
    )


def _size(data: bytes) -> str:
    return str(read_header(data))

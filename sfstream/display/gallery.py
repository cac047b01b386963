"""The images that were sent with a prompt: small pictures above the answer, or a line of text for each."""

from __future__ import annotations

import html
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sfstream.core.attachments import image_urls
from sfstream.core.images import ImageHeader, data_of, data_url, read_header, thumbnail
from sfstream.core.reply import Reply
from sfstream.core.text import excerpt
from sfstream.core.turns import prompt_of
from sfstream.display.translations import translate
from sfstream.markdown.inline_rules import host, is_raster, is_web

WIDTH, HEIGHT = 240, 120
"""Largest size of a picture on the page, in CSS pixels. It has twice as many pixels, for screens that show them."""
ICON = 60, 30
"""Largest size of a picture in a list."""
_NAME = 60
"""Maximum number of characters of a name."""
_ROW = "margin:0 0 .4em"
_CAPTION = "opacity:.75;font-size:.9em;overflow-wrap:break-word"
_PICTURE = "display:inline-block;vertical-align:top;margin:0 1em .4em 0;max-width:100%"
_NARROWEST = 120
"""Smallest width of a picture with its caption, so that an icon's caption does not break at every word."""

_made: WeakKeyDictionary[Reply, str] = WeakKeyDictionary()
"""The HTML of replies that are shown: a growing answer is drawn many times, and its images stay the same."""


class _Image(NamedTuple):
    """An image as it was sent: its name or host, its bytes if they were sent, and what these say."""

    name: str
    url: str
    data: bytes | None
    header: ImageHeader | None


def gallery(reply: Reply) -> str:
    """Return the images of a reply's prompt as HTML; empty if there are none.

    The pictures are scaled down here, from the bytes that were sent. Nothing is loaded from the web: an image that the
    server has fetched is a link that names its host.
    """
    if reply not in _made:
        _made[reply] = _row("".join(map(_figure, _images(reply))))
    return _made[reply]


def image_lines(reply: Reply) -> list[str]:
    """Return a line for each image of a reply's prompt, such as ``[image: cat.png, 640×480]``."""
    return [_line(image) for image in _images(reply)]


def images_counted(count: int) -> str:
    """Return how many images there are, in words."""
    return translate("1 image") if count == 1 else translate("{count} images", count=f"{count:,}")


def pictures(messages: object) -> str:
    """Return the images of the last user message as very small pictures in one line, such as for a list."""
    images = [_image("", url) for url in image_urls(messages)]
    return " ".join(filter(None, (_picture(image, *ICON)[0] for image in images)))


def _images(reply: Reply) -> list[_Image]:
    urls = image_urls(prompt_of(reply))
    # A recording may hold other images than those that were attached.
    names = reply.attached if len(reply.attached) == len(urls) else [""] * len(urls)
    return [_image(name, url) for name, url in zip(names, urls, strict=True)]


def _image(name: str, url: str) -> _Image:
    data = data_of(url)
    header = read_header(data) if data else None
    name = name or (header.kind if header else host(url))
    return _Image(excerpt(name, _NAME), url, data, header)


def _line(image: _Image) -> str:
    if image.header:
        return translate("[image: {name}, {size}]", name=image.name, size=image.header)
    return f"[{_place(image)}]"


def _place(image: _Image) -> str:
    return translate("image at {host}", host=image.name) if image.name else translate("image")


def _row(inner: str) -> str:
    return f'<div style="{_ROW}">{inner}</div>' if inner else ""


def _figure(image: _Image) -> str:
    """Return the element of one image. It has its size from the beginning, so that nothing moves when it is decoded."""
    if image.header:
        caption = html.escape(f"{image.name}, {image.header}")
        picture, width = _picture(image, WIDTH, HEIGHT)
        style = f"{_PICTURE};width:{max(width, _NARROWEST)}px"
        return f'<div style="{style}">{picture}<div style="{_CAPTION}">{caption}</div></div>'
    caption = html.escape(_place(image))
    if is_web(image.url):
        caption = f'<a href="{html.escape(image.url)}" target="_blank" rel="noopener noreferrer">{caption}</a>'
    return f'<div style="{_CAPTION}">{caption}</div>'


def _picture(image: _Image, most_wide: int, most_high: int) -> tuple[str, int]:
    """Return the element of a picture that fits into a size, and its width; empty where none can be made."""
    if not (image.data and image.header and all(image.header[1:])):
        return "", 0
    scale = min(1, most_wide / image.header.width, most_high / image.header.height)
    width, height = (max(1, round(scale * side)) for side in (image.header.width, image.header.height))
    if not (source := _source(image.url, image.data, 2 * max(width, height))):
        return "", 0
    size = f'width="{width}" height="{height}" style="max-width:100%;height:auto"'
    return f'<img src="{source}" alt="" {size}>', width


def _source(url: str, data: bytes, side: int) -> str:
    """Return the ``data:`` URL of a picture of at most `side` pixels; without pillow, that of a small image."""
    small = thumbnail(data, side)
    header = read_header(small) if small else None
    made = data_url(small, header.kind) if small and header else ""
    return next((each for each in (made, url) if each and is_raster(each)), "")

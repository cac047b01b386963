"""Images as bytes: their kind and size, and smaller copies of them. pillow is imported only where pixels are needed."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from sfstream.core.message import Message, message
from sfstream.errors import ConfigurationError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE = 2048
"""Longest side of an image that is sent, in pixels; a longer one is scaled down."""
MAX_BYTES = 5_000_000
"""Maximum size of an image that is sent; a larger one is encoded again, as JPEG."""
MAX_PIXELS = 80_000_000
"""Maximum number of pixels that are decoded. Decoding more takes much memory, and pillow warns from 89 million on."""
_MAX_PNG = 1_000_000
"""Maximum size of an encoded image without transparency for which PNG is kept: a larger one is a photo."""
_QUALITY, _THUMBNAIL_QUALITY = 90, 80
_JPEG = b"\xff\xd8\xff"
_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)


class ImageHeader(NamedTuple):
    """What the first bytes of an image say.

    Attributes:
        kind: ``PNG``, ``JPEG``, ``GIF`` or ``WebP``.
        width, height: in pixels.
    """

    kind: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width:,}×{self.height:,}"


def read_header(data: bytes) -> ImageHeader | None:
    """Return the kind and size of a PNG, JPEG, GIF or WebP image; None for anything else."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return ImageHeader("PNG", *struct.unpack(">II", data[16:24]))
        if data.startswith((b"GIF87a", b"GIF89a")):
            return ImageHeader("GIF", *struct.unpack("<HH", data[6:10]))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return ImageHeader("WebP", *_webp_size(data))
        return ImageHeader("JPEG", *_jpeg_size(data)) if data.startswith(_JPEG) else None
    except (struct.error, IndexError):  # it is cut off
        return None


def data_url(data: bytes, kind: str) -> str:
    """Return an image as a ``data:`` URL. The same bytes give the same URL."""
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data).decode()}"


def data_of(url: str) -> bytes | None:
    """Return the bytes of an image that is a ``data:`` URL; None for another URL."""
    if not (begin := _DATA_URL.match(url)):
        return None
    try:
        return base64.b64decode(url[begin.end() :], validate=True)
    except binascii.Error:
        return None


def fitted(data: bytes, name: str) -> bytes:
    """Return an image as it is sent: the same bytes, unless it is too large, lies on its side, or is of another kind.

    Args:
        data: the image.
        name: what errors call it.

    Raises:
        ConfigurationError: it is not an image or has too many pixels, or changing it takes pillow, which is missing.
    """
    header = read_header(data)
    if header and header.width * header.height > MAX_PIXELS:
        raise ConfigurationError(
            message(
                "{name} has {size} pixels; more than {limit} are not read. Scale it down.",
                name=name,
                size=str(header),
                limit=f"{MAX_PIXELS:,}",
            )
        )
    is_small = header and max(header.width, header.height) <= MAX_SIDE and len(data) <= MAX_BYTES
    if is_small and not (data.startswith(_JPEG) and _is_turned(data)):
        return data
    return encoded(_opened(data, name, header), is_photo=header is not None and header.kind in ("JPEG", "WebP"))


def encoded(image: Image, *, is_photo: bool = False) -> bytes:
    """Return a pillow image as PNG or JPEG, upright and scaled down to `MAX_SIDE`. The image itself is not changed.

    PNG is kept for what is transparent or small, such as a diagram.

    Args:
        is_photo: whether PNG is out of the question without transparency.
    """
    small = _shrunk(image, MAX_SIDE)
    if small.mode == "RGBA" or not is_photo:
        data = _saved(small, "PNG")
        if len(data) <= (MAX_BYTES if small.mode == "RGBA" else _MAX_PNG):
            return data
    return _saved(_on_white(small), "JPEG", quality=_QUALITY)


def thumbnail(data: bytes, side: int) -> bytes | None:
    """Return a small copy of an image, at most `side` pixels long; None without pillow, or if it cannot be read."""
    header = read_header(data)
    if header is None or header.width * header.height > MAX_PIXELS:
        return None
    try:
        small = _shrunk(_opened(data, "", header, side), side)
    except ConfigurationError:
        return None
    if small.mode == "RGBA":
        return _saved(small, "PNG")
    return _saved(small, "JPEG", quality=_THUMBNAIL_QUALITY)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the size that the first chunk tells: https://developers.google.com/speed/webp/docs/riff_container."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return the size in the frame header, which follows segments that give their own length."""
    at = 2
    while True:
        marker, length = struct.unpack(">xBH", data[at : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length


def _is_turned(data: bytes) -> bool:
    """Return whether the camera was held on its side, so that the pixels have to be turned; False without pillow."""
    if b"Exif\0\0" not in data[: 1 << 16]:
        return False
    try:
        from PIL import Image

        with Image.open(io.BytesIO(data)) as image:
            return bool(image.getexif().get(0x0112, 1) != 1)
    except (ImportError, OSError):
        return False


def _opened(data: bytes, name: str, header: ImageHeader | None, side: int = MAX_SIDE) -> Image:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise ConfigurationError(_needs_pillow(name, header, len(data))) from None
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise ConfigurationError(
                message(
                    "{name} is an image that cannot be read: {size} pixels; more than {limit} are not read.",
                    name=name,
                    size=f"{image.width:,}×{image.height:,}",
                    limit=f"{MAX_PIXELS:,}",
                )
            )
        image.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size
        image.load()
    except UnidentifiedImageError:
        raise ConfigurationError(message("{name} is not an image that can be read.", name=name)) from None
    except Exception as error:  # pillow's decoders raise errors of many types for damaged files
        if isinstance(error, ConfigurationError):
            raise
        raise ConfigurationError(
            message("{name} is an image that cannot be read: {reason}.", name=name, reason=str(error))
        ) from None
    return image


def _needs_pillow(name: str, header: ImageHeader | None, size: int) -> Message:
    if header is None:
        return message(
            "{name} is no PNG, JPEG, GIF or WebP image. Others need pillow, which is not installed: "
            "pip install 'sfstream[images]'",
            name=name,
        )
    return message(
        "{name} has {pixels} pixels and {bytes} bytes. Images of more than {side} pixels or {limit} bytes need pillow, "
        "which is not installed: pip install 'sfstream[images]'",
        name=name,
        pixels=str(header),
        bytes=f"{size:,}",
        side=f"{MAX_SIDE:,}",
        limit=f"{MAX_BYTES:,}",
    )


def _shrunk(image: Image, side: int) -> Image:
    """Return an upright copy in RGB, or RGBA if anything in it is transparent, at most `side` pixels long."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image)
    is_transparent = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    small = upright.convert("RGBA" if is_transparent else "RGB")
    small.thumbnail((side, side))
    if is_transparent and small.getchannel("A").getextrema() == (255, 255):
        return small.convert("RGB")
    return small


def _on_white(image: Image) -> Image:
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _saved(image: Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.info.clear()  # neither a comment nor the place where a photo was taken goes along
    image.save(buffer, kind, **options)
    return buffer.getvalue()

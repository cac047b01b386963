"""Images: what is recognised, what is scaled down, and which bytes are sent."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from PIL import Image

from sfstream.core import images
from sfstream.core.attachments import attachment_of_bytes, attachment_of_object, attachment_of_url, image_urls
from sfstream.core.images import MAX_BYTES, MAX_SIDE, data_of, fitted, read_header, thumbnail
from sfstream.errors import ConfigurationError


def saved(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", colour: Any = None, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    bands = [Image.effect_noise((width, height), 90) for _ in mode]
    return Image.merge(mode, bands)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "comment": b"\xff\xc0 is no frame header" * 9}),
        ("GIF", {}),
        ("WebP", {}),
        ("WebP", {"lossless": True}),
        ("WebP", {"exif": b"Exif\0\0"}),  # the extended form
    ],
)
def test_the_kind_is_read_from_the_bytes(kind: str, options: dict[str, Any]) -> None:
    """With the size, from the first bytes; and an image within the limits is sent as it is."""
    data = saved(kind, **options)
    header = read_header(data)
    assert header is not None
    assert (kind, 64, 48) == header
    assert data == data_of(attachment_of_bytes(data, "cat.txt").url)
    assert attachment_of_bytes(data, "").url.startswith(f"data:image/{kind.lower()};base64,")


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBPVP8 ", b"GIF89a", b"<svg/>"]
)
def test_what_is_no_image_is_refused(data: bytes) -> None:
    """Also a file that ends in its header."""
    assert read_header(data) is None
    with pytest.raises(ConfigurationError, match=r"^'cat.png' is (not an image|an image that cannot)"):
        attachment_of_bytes(data, "cat.png")


def test_a_long_image_is_scaled_down() -> None:
    """To the longest side that is stated, and a note says so; the same image gives the same bytes."""
    data = saved("JPEG", (3000, 1500))
    found = attachment_of_bytes(data, "photo.jpg")
    sent = data_of(found.url)
    assert sent
    assert ("JPEG", MAX_SIDE, MAX_SIDE // 2) == read_header(sent)
    assert "photo.jpg was scaled down to 2,048×1,024 pixels" in str(found.note)
    assert found == attachment_of_bytes(data, "photo.jpg")


def test_an_image_of_many_bytes_is_encoded_again() -> None:
    """A photo as PNG becomes a JPEG, with what is transparent in it white."""
    file = io.BytesIO()
    noise(1400, 1400, "RGBA").save(file, "PNG")
    assert len(file.getvalue()) > MAX_BYTES
    sent = fitted(file.getvalue(), "noise")
    assert ("JPEG", 1400, 1400) == read_header(sent)
    assert len(sent) < MAX_BYTES


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (Image.new("RGBA", (30, 20), (255, 0, 0, 128)), "PNG"),
        (Image.new("RGBA", (30, 20), (255, 0, 0, 255)), "PNG"),
        (Image.new("P", (3000, 20)), "PNG"),
        (Image.new("1", (30, 20)), "PNG"),
        (Image.new("CMYK", (30, 20)), "PNG"),
        (noise(1000, 1000), "JPEG"),
    ],
)
def test_a_pillow_image_is_png_unless_it_is_a_photo(image: Image.Image, kind: str) -> None:
    """In any mode; the image itself stays as it is."""
    size, pixels = image.size, image.tobytes()
    data = data_of(attachment_of_object(image, "cat").url)
    assert data
    assert kind == (read_header(data) or [""])[0]
    assert (size, pixels) == (image.size, image.tobytes())


def test_a_photo_stands_upright_and_tells_no_place() -> None:
    """The orientation of the camera is applied; what else the camera has written is left out."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home"
    sent = fitted(saved("JPEG", (60, 40), exif=exif, comment=b"at home"), "photo")
    assert (40, 60) == opened(sent).size
    assert b"at home" not in sent


def test_a_bomb_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The header alone tells that it is too large; of other kinds pillow reads the header."""
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    for kind in ("PNG", "BMP"):
        with pytest.raises(ConfigurationError, match=r"64×48 pixels; more than 1,000 are not read"):
            attachment_of_bytes(saved(kind), "bomb")


def test_other_kinds_become_png() -> None:
    """Where pillow can read them."""
    assert ("PNG", 64, 48) == read_header(fitted(saved("BMP"), "old"))


def test_without_pillow_small_images_are_sent_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """For larger ones and other kinds the error names the extra."""
    large, other, small = saved("PNG", (3000, 20)), saved("BMP"), saved("PNG")
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert small == fitted(small, "small")
    assert thumbnail(small, 20) is None
    with pytest.raises(ConfigurationError, match=r"'large' has 3,000×20 pixels .* need pillow.*sfstream\[images\]"):
        attachment_of_bytes(large, "large")
    with pytest.raises(ConfigurationError, match=r"'other' is no PNG, JPEG, GIF or WebP image.*sfstream\[images\]"):
        attachment_of_bytes(other, "other")


def test_a_figure_is_saved_as_png() -> None:
    """The same figure gives the same bytes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 3), dpi=100)
    figure.subplots().plot([1, 3, 2])
    found = attachment_of_object(figure, "figure")
    assert ("PNG", 400, 300) == read_header(data_of(found.url) or b"")
    assert found == attachment_of_object(figure, "figure")


@pytest.mark.parametrize("url", ["https://example.org/cat.png?a=1", "HTTP://localhost:1/x"])
def test_a_web_address_is_sent_as_it_is(url: str) -> None:
    """It has no name: the display names its host."""
    found = attachment_of_url(url)
    assert found is not None
    assert ("", url) == (found.name, found.url)


def test_a_data_url_is_looked_into() -> None:
    """As a file would be; one without an image is refused."""
    url = attachment_of_bytes(saved("GIF"), "").url
    assert url == getattr(attachment_of_url(url), "url", None)
    assert attachment_of_url("cat.png") is None
    for wrong in ("data:text/plain,x", "data:image/png;base64,%%%"):
        with pytest.raises(ConfigurationError, match="expected data:image/TYPE;base64"):
            attachment_of_url(wrong)


@pytest.mark.parametrize("source", [5, None, [1]])
def test_other_objects_are_refused(source: object) -> None:
    """The error says what can be attached."""
    with pytest.raises(ConfigurationError, match=r"^attach expects a path, .*; 'mine' is of type"):
        attachment_of_object(source, "mine")


def test_images_are_found_in_messages_of_any_shape() -> None:
    """Those of the last user message, and nothing is raised for what somebody else has written."""
    part = {"type": "image_url", "image_url": {"url": "https://a.b/c"}}
    mine, other = {"role": "user", "content": [part, {"text": "x"}, 5]}, {"role": "assistant", "content": "y"}
    assert ["https://a.b/c"] == image_urls([{"role": "user", "content": "x"}, mine, other])
    assert [] == image_urls([mine, {"role": "user", "content": "x"}])
    for odd in (None, "x", [5], [{"role": "user"}], [{"role": "user", "content": [{"image_url": {"url": 5}}]}]):
        assert [] == image_urls(odd)

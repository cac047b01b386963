"""An API key as a server may send it back: as it is, or with any of its characters as JSON, a URL or a page of HTML
writes them. No I/O."""

from __future__ import annotations

import functools
import html
import re
from urllib.parse import quote

MASK = "[the API key]"
SECRET = 12
"""Characters from which on a key is taken for a secret, which is to appear nowhere; one with sk- always is."""


class Echo:
    """Finds a key in what a server sends.

    Which characters a server escapes is its library's own matter: some write only ``+`` as a number, some all.
    """

    def __init__(self, key: str) -> None:
        each = [sorted(_forms(character), key=len, reverse=True) for character in key]
        whole = "".join(f"(?:{'|'.join(map(re.escape, forms))})" for forms in each)
        self._in_text, self._in_bytes = re.compile(whole), re.compile(whole.encode())
        self._each = [[form.encode() for form in forms] for forms in each]
        self._longest = sum(len(forms[0]) for forms in self._each)
        self._inside = set(b"".join(form for forms in self._each for form in forms))

    def masked(self, text: str) -> str:
        """The text without the key."""
        return self._in_text.sub(MASK, text)

    def masked_bytes(self, data: bytes) -> bytes:
        """The bytes without the key."""
        return self._in_bytes.sub(MASK.encode(), data)

    def begun(self, data: bytes) -> int:
        """How many bytes at the end of the data may be the beginning of the key."""
        if not data or data[-1] not in self._inside:
            return 0
        starts = range(max(0, len(data) - self._longest), len(data))
        return next((len(data) - start for start in starts if self._begins(data, start)), 0)

    def _begins(self, data: bytes, start: int) -> bool:
        """Whether the key may begin there, and go on after the end of the data."""
        ends = {start}
        for forms in self._each:
            if any(form.startswith(data[end:]) for form in forms for end in ends):
                return True
            ends = {end + len(form) for form in forms for end in ends if data.startswith(form, end)}
        return False


@functools.lru_cache(maxsize=32)
def echo_of(key: str | None) -> Echo | None:
    """How to find the key; None where it is no secret, as the word "ollama" that local servers take."""
    return Echo(key) if key and (len(key) >= SECRET or key.startswith("sk-")) else None


def _forms(character: str) -> set[str]:
    """The ways to write an ASCII character."""
    number = f"{ord(character):02x}"
    escaped = {rf"\{character}"} if character in '"\\/' else set()
    by_number = {form % digits for form in (r"\u00%s", "%%%s") for digits in (number, number.upper())}
    return {character, quote(character, safe=""), html.escape(character)} | escaped | by_number

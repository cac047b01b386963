"""Takes an API key out of bytes that a server sends back, wherever they are cut. No I/O."""

from __future__ import annotations

from sfstream.wire.server import MASK


class KeyFilter:
    """Feed it chunks; it gives them with the key masked.

    A chunk that ends in the beginning of the key is held back by so many bytes, until the next one shows
    what they are.
    """

    def __init__(self, secret: bytes) -> None:
        """
        Args:
            secret: the key; empty to let everything through.
        """
        self._secret = secret
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """The bytes that can be shown."""
        if not self._secret:
            return data
        data = (self._held + data).replace(self._secret, MASK.encode())
        longest = min(len(self._secret) - 1, len(data)) if data[-1:] in self._characters else 0
        held = next((n for n in range(longest, 0, -1) if data.endswith(self._secret[:n])), 0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held]

    def flush(self) -> bytes:
        """The end: what was held back was not the key."""
        held, self._held = self._held, b""
        return held

    @property
    def _characters(self) -> set[bytes]:
        return {self._secret[n : n + 1] for n in range(len(self._secret))}

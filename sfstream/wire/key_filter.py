"""Takes an API key out of bytes that a server sends back, wherever they are cut. No I/O."""

from __future__ import annotations

from sfstream.wire.echo import Echo


class KeyFilter:
    """Feed it chunks; it gives them with the key masked.

    A chunk that ends in the beginning of the key is held back by so many bytes, until the next one shows
    what they are.
    """

    def __init__(self, echo: Echo | None) -> None:
        """
        Args:
            echo: how to find the key; None to let everything through.
        """
        self._echo = echo
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """The bytes that can be shown."""
        if self._echo is None:
            return data
        data = self._echo.masked_bytes(self._held + data)
        shown = len(data) - self._echo.begun(data)
        self._held = data[shown:]
        return data[:shown]

    def flush(self) -> bytes:
        """The end: what was held back was not the key."""
        held, self._held = self._held, b""
        return held

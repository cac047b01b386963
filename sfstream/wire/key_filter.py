"""Takes an API key out of bytes that a server sends back, wherever they are cut. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

from sfstream.wire.server import MASK


class KeyFilter:
    """Feed it chunks; it gives them with the key masked.

    A chunk that ends in the beginning of the key is held back by so many bytes, until the next one shows
    what they are.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """
        Args:
            secrets: the key, in each form in which it may come; none to let everything through.
        """
        self._secrets = [secret.encode() for secret in secrets]
        self._inside = {secret[n : n + 1] for secret in self._secrets for n in range(len(secret))}
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """The bytes that can be shown."""
        if not self._secrets:
            return data
        data = self._held + data
        for secret in self._secrets:
            data = data.replace(secret, MASK.encode())
        held = max(_begun(data, secret) for secret in self._secrets) if data[-1:] in self._inside else 0
        self._held = data[len(data) - held :]
        return data[: len(data) - held]

    def flush(self) -> bytes:
        """The end: what was held back was not the key."""
        held, self._held = self._held, b""
        return held


def _begun(data: bytes, secret: bytes) -> int:
    """How many bytes at the end of the data are the beginning of the secret."""
    longest = min(len(secret) - 1, len(data))
    return next((n for n in range(longest, 0, -1) if data.endswith(secret[:n])), 0)

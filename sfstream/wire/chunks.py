"""Many chunks in little memory: their bytes end to end, their times in an array.

An object, a float and a bytes header for each chunk would add a third to the bytes of a token's frame
(measured: 1.35 times the raw bytes were held, and 1.05 to 1.15 are now).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import overload

from sfstream.core.events import Chunk


class Chunks(Sequence[Chunk]):
    """Appended to by one thread while others read; a chunk is there once the length counts it."""

    def __init__(self, chunks: Iterable[Chunk] = ()) -> None:
        self.data = bytearray()
        self._ends = array("Q")
        self._times = array("d")
        for chunk in chunks:
            self.append(chunk)

    def append(self, chunk: Chunk) -> None:
        self.data += chunk.data
        self._ends.append(len(self.data))
        self._times.append(chunk.t)  # last, since it is the length

    def __len__(self) -> int:
        return len(self._times)

    @overload
    def __getitem__(self, index: int) -> Chunk: ...
    @overload
    def __getitem__(self, index: slice) -> list[Chunk]: ...
    def __getitem__(self, index: int | slice) -> Chunk | list[Chunk]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        start = self._ends[index - 1] if index else 0
        return Chunk(self._times[index], bytes(self.data[start : self._ends[index]]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"<{len(self):,} chunks, {len(self.data):,} bytes>"

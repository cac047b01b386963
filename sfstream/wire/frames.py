"""The pieces of somebody's iterator as the bytes that a server would send: chunks of the openai library, dicts, texts.

So all that is shown goes through the one decoder. No I/O.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sfstream.errors import MalformedStream

_MODEL = re.compile(rb'"model"\s*:\s*("[^"\\\x00-\x1f]*")')
_DONE = b"data: [DONE]\n\n"


def frames(pieces: Iterable[object], on_model: Callable[[str], None]) -> Iterator[bytes]:
    """The bytes of the pieces.

    Args:
        pieces: chunks, dicts like them, texts; or bytes or lines of an event stream, as they are.
        on_model: called with the model that a chunk names.

    Raises:
        MalformedStream: a piece is nothing of the kind.
    """
    writer = _Writer(on_model)
    for piece in pieces:
        if piece is not None:  # the content of a delta is None where there is none, first and last
            yield writer.bytes_of(piece)
    if writer.is_whole:
        yield _DONE


class _Writer:
    """Makes bytes of one piece after the other."""

    def __init__(self, on_model: Callable[[str], None]) -> None:
        self._on_model = on_model
        self._is_event_stream = self._is_chunks = self._is_finished = self._has_model = False
        self._in_lines: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the end of the pieces is the end of the answer: of texts it is, and chunks and servers say it."""
        return not self._is_event_stream and (self._is_finished or not self._is_chunks)

    def bytes_of(self, piece: object) -> bytes:
        """The bytes of the next piece."""
        if isinstance(piece, str | bytes | bytearray):
            return self._text(piece)
        if isinstance(piece, Mapping):
            return self._chunk(piece, json.dumps(piece, default=str))
        if hasattr(piece, "choices") and hasattr(piece, "model_dump"):
            return self._chunk(vars(piece), _json(piece))
        raise MalformedStream(
            f"Expected chunks of a chat completion, or texts, got: {type(piece).__name__}\nWhat had come is kept."
        )

    def _text(self, piece: str | bytes | bytearray) -> bytes:
        data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else bytes(piece)
        if self._in_lines is None and data.strip():
            self._in_lines = _is_line(data)
        if self._in_lines or not isinstance(piece, str):
            self._is_event_stream = True
            self._look_for_model(data)
            return data + b"\n" if self._in_lines else data
        return _frame(json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]})) if piece else b""

    def _look_for_model(self, data: bytes) -> None:
        if not self._has_model and (found := _MODEL.search(data)):
            self._has_model = True
            self._on_model(str(json.loads(found[1])))

    def _chunk(self, fields: Mapping[str, Any], text: str) -> bytes:
        if not self._is_chunks and isinstance(model := fields.get("model"), str):
            self._on_model(model)
        self._is_chunks = True
        self._is_finished |= any(_field(choice, "finish_reason") for choice in fields.get("choices") or ())
        return _frame(text)


def _json(chunk: Any) -> str:
    try:
        return str(chunk.model_dump_json(exclude_unset=True))
    except ValueError:  # half of a UTF-16 pair, which pydantic does not write
        return json.dumps(chunk.model_dump(exclude_unset=True), default=str)


def _frame(text: str) -> bytes:
    return f"data: {text}\n\n".encode("utf-8", "surrogatepass")


def _is_line(data: bytes) -> bool:
    """Whether this is a line of an event stream without its end, as ``iter_lines`` gives it."""
    name, _, value = data.partition(b":")
    if name != b"data" or b"\n" in data:
        return name in (b"event", b"id", b"retry") and b"\n" not in data
    try:
        return value.strip() == b"[DONE]" or isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)

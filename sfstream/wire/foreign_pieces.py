"""Turn an iterator of chunks, texts, bytes or lines into the bytes of an event stream, for the one decoder.

It recognises by the first pieces which of these they are. The transport is `sfstream.wire.foreign`.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from sfstream.core.message import message
from sfstream.errors import MalformedStream

_MODEL = re.compile(rb'"model"\s*:\s*("[^"\\\x00-\x1f]*")')
_DONE = b"data: [DONE]\n\n"

_Form: TypeAlias = Literal["lines", "raw", "texts"]
"""Lines of an event stream without their ends, its bytes cut anywhere, or the texts of an answer."""
_NO_DATA = (b"", b"event", b"id", b"retry")
"""Names of the fields of an event stream that carry no data; a comment has an empty name."""


def event_stream(pieces: Iterable[object], on_model: Callable[[str], object]) -> Iterator[bytes]:
    """Yield the bytes of an event stream with the same answer as the pieces.

    Args:
        pieces: chunks of the openai library, dicts with the same fields, texts of an answer, or the bytes or the lines
            of an event stream. None is ignored: it is the content of a delta without content.
        on_model: called once with the first model that a piece names.

    Raises:
        MalformedStream: a piece is none of these.
    """
    encoder = _Encoder(on_model)
    for piece in pieces:
        if isinstance(piece, str | bytes | bytearray):
            yield encoder.text(piece)
        elif isinstance(piece, Mapping):
            yield encoder.chunk(piece.get("model"), json.dumps(piece, default=str))
        elif hasattr(piece, "choices") and hasattr(piece, "model_dump"):
            yield encoder.chunk(getattr(piece, "model", None), _json(piece))
        elif piece is not None:
            raise MalformedStream(
                message("Expected chunks of a chat completion, or texts, got: {type}", type=type(piece).__name__)
            )
    yield encoder.rest()


class _Encoder:
    """Encodes one piece after the other; withholds texts until their form is clear."""

    def __init__(self, on_model: Callable[[str], object]) -> None:
        self._on_model = on_model
        self._form: _Form | None = None
        self._withheld: list[bytes] = []
        self._is_bytes = self._is_chunks = self._has_model = False

    def chunk(self, model: object, text: str) -> bytes:
        self._is_chunks = True
        self._set_model(model)
        return _frame(text)

    def text(self, piece: str | bytes | bytearray) -> bytes:
        is_text = isinstance(piece, str)
        data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else bytes(piece)
        self._is_bytes |= not is_text
        self._withheld.append(data)
        self._form = self._form or _form_of(data, is_text=is_text)
        return self._release() if self._form else b""

    def rest(self) -> bytes:
        """Return what is withheld at the end. The end of texts is the end of the answer; other forms state theirs."""
        is_texts = not (self._is_event_stream or self._is_chunks)
        return self._release() + (_DONE if is_texts else b"")

    @property
    def _is_event_stream(self) -> bool:
        return self._is_bytes or self._form in ("lines", "raw")

    def _release(self) -> bytes:
        pieces, self._withheld = self._withheld, []
        return b"".join(map(self._encoded, pieces))

    def _encoded(self, data: bytes) -> bytes:
        if not self._is_event_stream:
            text = data.decode("utf-8", "surrogatepass")
            return _frame(json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]})) if text else b""
        if not self._has_model and (found := _MODEL.search(data)):
            self._set_model(json.loads(found[1]))
        if self._form == "lines":  # the blank lines between the events may be missing
            return data + (b"\n\n" if _is_event(data) else b"\n")
        return data

    def _set_model(self, model: object) -> None:
        if isinstance(model, str) and model and not self._has_model:  # Azure's first chunk has an empty name
            self._has_model = True
            self._on_model(model)


def _json(chunk: Any) -> str:
    try:
        return str(chunk.model_dump_json(exclude_unset=True, warnings=False))
    except ValueError:  # half of a UTF-16 pair, which pydantic does not write
        return json.dumps(chunk.model_dump(exclude_unset=True, warnings=False), default=str)


def _frame(text: str) -> bytes:
    return f"data: {text}\n\n".encode("utf-8", "surrogatepass")


def _form_of(data: bytes, *, is_text: bool) -> _Form | None:
    """Return the form that a piece shows; None for a blank line, a comment and the like, which can be part of any."""
    lines = data.removeprefix(codecs.BOM_UTF8).splitlines()
    first = next((line for line in lines if line.strip() and line.partition(b":")[0] not in _NO_DATA), None)
    if first is None:
        return None
    if _is_event(first):
        return "raw" if b"\n" in data else "lines"
    return "texts" if is_text else "raw"


def _is_event(line: bytes) -> bool:
    """Return whether a line is a complete event, as ``iter_lines`` yields them."""
    name, _, value = line.removeprefix(codecs.BOM_UTF8).partition(b":")
    if name != b"data":
        return False
    try:
        return value.strip() == b"[DONE]" or isinstance(json.loads(value), dict)
    except ValueError:
        return False

"""The transport for a stream that the user has opened: its pieces become the bytes that a server would send.

So everything that is shown goes through the one decoder. Whether a waiting iterator can be interrupted is unknown.
Therefore it waits in a thread of its own: a stop does not wait for that thread, which ends, and closes the iterator,
with the next piece.
"""

from __future__ import annotations

import codecs
import contextvars
import json
import queue
import re
import socket
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from sfstream.core.events import Chunk
from sfstream.core.request import ChatRequest
from sfstream.errors import MalformedStream, SfStreamError, StreamCut
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import Response, clock

_LOST = {"OSError", "TransportError", "APIConnectionError", "HTTPError"}
"""Names of the exceptions of the usual libraries, or of their bases, that mean a lost connection."""
_MODEL = re.compile(rb'"model"\s*:\s*("[^"\\\x00-\x1f]*")')
_DONE = b"data: [DONE]\n\n"

_Form: TypeAlias = Literal["lines", "raw", "texts"]
"""Lines of an event stream without their ends, its bytes cut anywhere, or an answer's texts."""
_ASIDE = (b"", b"event", b"id", b"retry")
"""What a line of an event stream begins with that is no data."""


@dataclass
class ForeignTransport:
    """Gives the bytes of a stream that is open already. Asked once.

    Attributes:
        name: of what opened it.
        body: its bytes, as they come.
        holder: what is to be closed at the end.
        status_code: of HTTP.
        headers: with names in lower case.
        socket: of its connection, where it is known: shutting it wakes a thread that reads from it.
        failure: what the body raised.
    """

    name: str
    body: Iterator[bytes]
    holder: object
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    socket: socket.socket | None = None
    failure: BaseException | None = None

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `sfstream.wire.transport.Transport.open`."""
        if self.socket is not None:
            handle.track(self.socket)
        return Response(self.status_code, self.headers, self._chunks(handle))

    def _chunks(self, handle: AbortHandle) -> Generator[Chunk, None, None]:
        start = clock()
        pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        leaving = threading.Event()
        context = contextvars.copy_context()  # what the iterator prints belongs to the cell that shows it
        threading.Thread(
            target=context.run, args=(self._fetch, pieces, leaving), name="sfstream given stream", daemon=True
        ).start()
        handle.on_abort(lambda: pieces.put(None))
        try:
            while (piece := pieces.get()) is not None:
                yield Chunk(clock() - start, piece)
        finally:
            leaving.set()
        if self.failure:
            raise _named(self.failure)

    def _fetch(self, pieces: queue.SimpleQueue[bytes | None], leaving: threading.Event) -> None:
        try:
            for piece in self.body:
                if leaving.is_set():
                    break
                if piece:
                    pieces.put(piece)
        except BaseException as error:  # a thread must not die in silence
            self.failure = None if leaving.is_set() else error
        finally:
            pieces.put(None)
            _close(self.holder)


def _close(holder: Any) -> None:
    try:
        holder.close()
    except Exception:  # it may have no such thing, or be closed already: nothing more is wanted of it
        return


def _named(error: BaseException) -> SfStreamError:
    if isinstance(error, SfStreamError):
        return error
    what = f"The stream raised {type(error).__name__}{f': {error}' if str(error) else ''}"
    if _LOST & {kind.__name__ for kind in type(error).__mro__}:
        return StreamCut(f"The stream was cut off. {what}\nThe partial answer is kept.")
    return SfStreamError(f"{what}\nThe partial answer is kept.")


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
    yield writer.held()
    if writer.is_whole:
        yield _DONE


class _Writer:
    """Makes bytes of one piece after the other."""

    def __init__(self, on_model: Callable[[str], None]) -> None:
        self._on_model = on_model
        self._form: _Form | None = None
        self._held: list[bytes] = []
        self._is_bytes = self._is_chunks = self._has_model = False
        self._begun, self._finished = set[object](), set[object]()  # choices

    @property
    def is_whole(self) -> bool:
        """Whether the end of the pieces is the end of the answer: of texts it is, and chunks and servers say it."""
        is_finished = bool(self._finished) and self._begun <= self._finished
        return not self._is_event_stream and (is_finished or not self._is_chunks)

    @property
    def _is_event_stream(self) -> bool:
        return self._is_bytes or self._form in ("lines", "raw")

    def bytes_of(self, piece: object) -> bytes:
        """The bytes of the next piece; none while it is not clear what it is."""
        if isinstance(piece, str | bytes | bytearray):
            return self._text(piece)
        if isinstance(piece, Mapping):
            return self._chunk(piece, json.dumps(piece, default=str))
        if hasattr(piece, "choices") and hasattr(piece, "model_dump"):
            return self._chunk(vars(piece), _json(piece))
        raise MalformedStream(
            f"Expected chunks of a chat completion, or texts, got: {type(piece).__name__}\nThe partial answer is kept."
        )

    def held(self) -> bytes:
        """What was not clear, as what it then is."""
        held, self._held = self._held, []
        return b"".join(map(self._made, held))

    def _text(self, piece: str | bytes | bytearray) -> bytes:
        is_text = isinstance(piece, str)
        data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else bytes(piece)
        self._is_bytes |= not is_text
        self._held.append(data)
        self._form = self._form or _form_of(data, is_text=is_text)
        return self.held() if self._form else b""

    def _made(self, data: bytes) -> bytes:
        if not self._is_event_stream:
            return _delta(data.decode("utf-8", "surrogatepass"))
        self._look_for_model(data)
        if self._form == "lines":  # a line that is a whole event ends it: the blank lines may have been left out
            return data + (b"\n\n" if _is_event(data) else b"\n")
        return data

    def _look_for_model(self, data: bytes) -> None:
        if not self._has_model and (found := _MODEL.search(data)):
            self._name(json.loads(found[1]))

    def _name(self, model: object) -> None:
        if isinstance(model, str) and model and not self._has_model:  # Azure's first chunk has an empty one
            self._has_model = True
            self._on_model(model)

    def _chunk(self, fields: Mapping[str, Any], text: str) -> bytes:
        self._name(fields.get("model"))
        self._is_chunks = True
        for choice in fields.get("choices") or ():
            index = _field(choice, "index")
            self._begun.add(index)
            if _field(choice, "finish_reason"):
                self._finished.add(index)
        return _frame(text)


def _json(chunk: Any) -> str:
    try:
        return str(chunk.model_dump_json(exclude_unset=True, warnings=False))
    except ValueError:  # half of a UTF-16 pair, which pydantic does not write
        return json.dumps(chunk.model_dump(exclude_unset=True, warnings=False), default=str)


def _frame(text: str) -> bytes:
    return f"data: {text}\n\n".encode("utf-8", "surrogatepass")


def _delta(text: str) -> bytes:
    return _frame(json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]})) if text else b""


def _form_of(data: bytes, *, is_text: bool) -> _Form | None:
    """What the pieces are of which this is one; None where it may be any: a blank, a comment, the name of an event."""
    lines = data.removeprefix(codecs.BOM_UTF8).splitlines()
    said = next((line for line in lines if line.strip() and line.partition(b":")[0] not in _ASIDE), None)
    if said and _is_event(said):
        return "raw" if b"\n" in data else "lines"
    if said:
        return "texts" if is_text else "raw"
    return None


def _is_event(line: bytes) -> bool:
    """Whether this line of an event stream is an event by itself, as ``iter_lines`` gives it."""
    name, _, value = line.removeprefix(codecs.BOM_UTF8).partition(b":")
    if name != b"data":
        return False
    try:
        return value.strip() == b"[DONE]" or isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)

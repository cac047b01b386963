"""Answers that are shown again instead of being asked, and paid, twice: from the log, or from a folder.

Which answer belongs to a request is decided by its key alone (`sfstream.core.request.request_key`): the base URL and
path, the JSON body whatever the order of its fields, and the repeat index. So a changed prompt, system prompt, value in
``{{ }}``, model, sampling option, schema, image or earlier turn of the conversation asks again. Not in the key is all
that does not reach the model: the API key, the transport, timeouts and retries, the display, the formats ``text`` and
``code``, ``record``, ``log``, and the names of variables and conversations.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sfstream.core.events import Chunk
from sfstream.core.hints import either
from sfstream.core.message import Message, message
from sfstream.core.parameters import BY_NAME
from sfstream.core.reasons import reason
from sfstream.core.recording import End, Head, Recording
from sfstream.core.request import ChatRequest
from sfstream.core.text import excerpt
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import prompt_of
from sfstream.log.format import expand_path, open_recording
from sfstream.log.store import folder as log_folder
from sfstream.log.store import scan
from sfstream.log.writer import PART, dump_recording
from sfstream.wire.connect import AbortHandle
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.replay import ReplayTransport
from sfstream.wire.transport import Response

REUSABLE = ("complete", "length", "filtered")
"""Statuses of answers that are shown again. Stopped, cut and failed ones never are."""

_FILE = re.compile(r"[0-9a-f]{16}\.jsonl")
_PROMPT = 80
"""Maximum number of characters of a prompt that an error quotes."""
_shown_again: set[Path] = set()
"""Files whose answers this process has shown again."""
_asked_for: set[Path] = set()
"""Files in folders that a request of this process had the key of, whether they were read or written."""


@dataclass(frozen=True)
class Place:
    """Where kept answers are looked for.

    Attributes:
        folder: the folder of the user; None for the log.
        name: the folder as the user wrote it.
    """

    folder: Path | None = None
    name: str = ""

    def files(self, keys: Sequence[str]) -> Iterator[Path]:
        """Yield the files of the requests with these keys: by the order of the keys, and the newest first."""
        if self.folder:
            yield from (self.folder / f"{key}.jsonl" for key in keys)
            return
        with contextlib.suppress(RecordingError):  # a log that cannot be read holds nothing
            names = scan(keys).values()
            yield from (log_folder() / name for key in keys for name in names if key in name)

    def holds_none(self, request: ChatRequest) -> Message:
        """Return the sentence that no answer to the request is kept here."""
        prompt = excerpt(prompt_of(request.body()), _PROMPT)
        if self.folder:
            return message(
                "The folder {folder!r} holds no answer to the prompt {prompt!r}.", folder=self.name, prompt=prompt
            )
        return message("The log holds no answer to the prompt {prompt!r}.", prompt=prompt)

    def check_writable(self) -> None:
        """Check before anything is sent that an answer can be kept here.

        Raises:
            ConfigurationError: the folder cannot be written or made.
        """
        if not self.folder:
            return
        try:
            there = next(each for each in (self.folder, *self.folder.parents) if each.exists())
            with tempfile.TemporaryFile(dir=there):  # permissions alone do not tell, least of all to root
                pass
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                message(
                    "The folder {folder!r} cannot be written: {reason}. Name another folder as reuse, or set it to "
                    "True, which takes answers from the log. Nothing was sent.",
                    folder=self.name,
                    reason=reason(error),
                )
            ) from None


class KeptAnswer(ReplayTransport):
    """Transport that gives an answer which was kept, at once."""

    name = "reuse"

    def __init__(self, recording: Recording, place: Place, path: Path) -> None:
        super().__init__(recording, "max")
        self.path = path
        self._place = place
        self._time = recording.head.local_time

    @property
    def key(self) -> str:
        """Key of the request that it answers."""
        return self.path.name.removesuffix(".gz").removesuffix(".jsonl")[-16:]

    @property
    def note(self) -> Message:
        """What the cell says of it."""
        date = f"{self._time:%Y-%m-%d}" if self._time else "?"
        values = {"date": date, "fresh": either("--fresh", "reuse=False")}
        if self._place.folder:
            return message("answered from {folder}, {date}; {fresh} asks again", folder=self._place.name, **values)
        return message("answered from the log, {date}; {fresh} asks again", **values)

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        _shown_again.add(self.path)
        _asked_for.add(self.path)
        return super().open(request, endpoint, handle)


class KeepInFolder:
    """Sink that keeps an answer in a folder once it has ended well; it replaces the one that was kept before.

    Nothing is written earlier, so that a killed kernel leaves nothing in a folder that is committed. The file is plain
    text, for the sake of ``git diff``, and holds no API key.

    Attributes:
        warning: what went wrong; None if all is well.
    """

    def __init__(self, place: Place, key: str) -> None:
        self.warning: Message | None = None
        self._name = place.name
        (self._path,) = place.files([key])
        self._recording: Recording | None = None

    def begin(self, head: Head) -> None:
        """See `Sink.begin`."""
        _asked_for.add(self._path)
        self._recording = Recording(head)

    def add(self, chunk: Chunk) -> None:
        """See `Sink.add`."""
        if self._recording:
            self._recording.chunks.append(chunk)

    def end(self, end: End) -> None:
        """See `Sink.end`."""
        recording, self._recording = self._recording, None
        if recording and end.status in REUSABLE:
            recording.end = end
            try:
                self._write(dump_recording(recording))
            except (OSError, ValueError) as error:
                values = {"folder": self._name, "reason": reason(error)}
                self.warning = message("The answer was not kept in {folder}: {reason}.", **values)

    def _write(self, data: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.name}.{uuid.uuid4().hex}{PART}")  # another kernel may write it too
        try:
            part.write_bytes(data)
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)


def place_of(reuse: object) -> Place | None:
    """Return where kept answers are looked for by the option `reuse`; None if they are not.

    Raises:
        ConfigurationError: it is neither True, False nor the name of a folder.
    """
    if isinstance(reuse, bool):
        return Place() if reuse else None
    name = os.fspath(reuse) if isinstance(reuse, str | os.PathLike) else None
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        expected = BY_NAME["reuse"].expected
        raise ConfigurationError(
            message("{name} is {value}; expected {expected}.", name="reuse", value=f"{reuse!r:.60}", expected=expected)
        )
    return Place(Path(os.path.abspath(expand_path(name))), name)


def find(keys: Sequence[str], place: Place) -> KeptAnswer | None:
    """Return the kept answer to a request; None if there is none that ended well.

    Args:
        keys: of the request in each form in which it may have been sent, preferred ones first.
        place: where to look.
    """
    for path in place.files(keys):
        with contextlib.suppress(RecordingError):  # it cannot be read: an older one will do
            recording = open_recording(path)
            if recording.end and recording.end.status in REUSABLE:
                return KeptAnswer(recording, place, path)
    return None


def was_shown_again(path: Path) -> bool:
    """Return whether this process has shown the answer in that file again."""
    return path in _shown_again


def unused(place: Place) -> list[Path]:
    """Return the answers in a folder that no request of this process has asked for, sorted by name.

    Raises:
        RecordingError: the folder does not exist, or cannot be read.
    """
    assert place.folder
    try:
        paths = sorted(path for path in place.folder.iterdir() if _FILE.fullmatch(path.name))
    except OSError as error:
        raise RecordingError(
            message("The folder {folder!r} cannot be read: {reason}.", folder=place.name, reason=reason(error))
        ) from None
    return [path for path in paths if path not in _asked_for]

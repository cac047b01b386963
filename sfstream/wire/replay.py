"""Transport that replays a recording, at its own speed or another. It needs no key and no network."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator
from math import inf

from sfstream.core.events import Chunk
from sfstream.core.message import message
from sfstream.core.parameters import BY_NAME
from sfstream.core.recording import Recording
from sfstream.core.request import ChatRequest
from sfstream.errors import ConfigurationError, Stopped, StreamCut, StreamInterrupted
from sfstream.wire.connect import AbortHandle, clock
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import TRACE_HEADER, Response

NO_END = message("The recording of this answer has no end: its process ended first.")
WAS_CUT = message("This answer was cut off when it was recorded.")
WAS_STOPPED = message("This answer was stopped when it was recorded.")


class ReplayTransport:
    """Transport that answers every request with the same recording.

    Attributes:
        recording: the recording.
    """

    name = "replay"

    def __init__(self, recording: Recording, speed: float | str = 1) -> None:
        """
        Args:
            recording: the recording to replay.
            speed: factor of the original speed; ``max`` to replay without waiting.

        Raises:
            ConfigurationError: ``speed`` is neither ``max`` nor a number in the range of the option.
        """
        self.recording = recording
        self._speed = checked_speed(speed)

    def open(self, request: ChatRequest, endpoint: Endpoint, handle: AbortHandle) -> Response:
        """See `Transport.open`."""
        head = self.recording.head
        headers = {TRACE_HEADER: head.trace_id} if head.trace_id else {}
        return Response(200, headers, self._chunks(handle), recorded=head)

    def _chunks(self, handle: AbortHandle) -> Generator[Chunk, None, None]:
        aborted = threading.Event()
        handle.on_abort(aborted.set)
        start = clock()
        for chunk in self.recording.chunks:
            wait = start + chunk.t / self._speed - clock()
            if aborted.wait(min(max(0.0, wait), threading.TIMEOUT_MAX)):
                return
            yield chunk
        if (end := self.recording.end) and end.status == "stopped":
            raise Stopped(WAS_STOPPED)
        if end and end.status == "cut" and not self.recording.chunks:
            raise StreamCut(WAS_CUT)
        if end is None:  # has no effect if the answer itself is complete
            raise StreamInterrupted(NO_END)


def checked_speed(speed: float | str) -> float:
    """Return the speed as a factor, which is infinite for ``max``.

    Raises:
        ConfigurationError: ``speed`` is neither ``max`` nor a number in the range of the option.
    """
    if speed == "max":
        return inf
    row = BY_NAME["speed"]
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if row.low <= (factor := float(speed)) <= row.high:  # this refuses NaN too
            return factor
    raise ConfigurationError(
        message(
            "speed is {speed}; expected a number from {range}, or max.",
            speed=f"{speed!r:.60}",
            range=row.bounds,
        )
    )

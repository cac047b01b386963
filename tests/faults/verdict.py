"""One run through a fault, and all that does not hold of it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from sfstream import errors
from sfstream.core.config import Timeouts
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.run.loop import Run
from sfstream.wire.endpoint import Endpoint
from sfstream.wire.transport import transport
from tests.faults.schedule import Schedule
from tests.faults.server import FaultServer
from tests.faults.truth import REQUEST, Truth, truth

KEY = "sk-of-the-fault-server"
"""With one, what looks like its beginning is held back on its way, and must come all the same."""
LONGEST = 3.0
"""Seconds that a run may take: those of its limits, and some for a busy machine."""
SETTLE = 2.0
"""Seconds in which all that a run used is gone."""
MOST_KEPT = 1
"""Connections that a library keeps for the next request, although the server has closed them: it sees that then."""
_PATIENT = Timeouts(retries=0, first_byte=10, between=10, after_finish=10)
_HASTY = Timeouts(retries=0, first_byte=0.5, between=0.5, after_finish=0.5)
_UNNAMED = re.compile(r"The connection failed: \w+\.$")
"""What the reader says of an exception that no transport knows."""


@dataclass(frozen=True)
class Verdict:
    """How a run went.

    Attributes:
        reply: what came of it.
        complaints: what does not hold.
        seconds: how long it took.
    """

    reply: Reply
    complaints: tuple[str, ...]
    seconds: float


def tried(via: str, server: FaultServer, schedule: Schedule) -> Verdict:
    """Ask once through a transport, and look at everything."""
    server.schedule = schedule
    run = Run(
        REQUEST, transport(via), Endpoint(server.base_url, KEY), _HASTY if schedule.end == "silence" else _PATIENT
    )
    started = time.monotonic()
    for _ in run.batches(0):
        pass
    seconds = time.monotonic() - started
    found = [*_of_time(seconds), *_of_the_end(run.reply), *_of_the_text(run.reply, schedule)]
    return Verdict(run.reply, (*found, *_left_behind(server, via, schedule)), seconds)


def _of_time(seconds: float) -> Iterator[str]:
    if seconds > LONGEST:
        yield f"it took {seconds:.1f} s"


def _of_the_end(reply: Reply) -> Iterator[str]:
    """Status and error belong together, and the error is one of ours, with a meaning."""
    error = reply.error
    kinds = {
        "complete": type(None),
        "cut": errors.StreamCut | errors.StreamStalled,
        "failed": errors.ConnectionFailed | errors.ServerRefusal | errors.MalformedStream,
    }
    if reply.status not in kinds or not isinstance(error, kinds[reply.status]):
        yield f"{reply.status} with {error!r}"
    if error and (_UNNAMED.search(str(error)) or error.__context__ or error.reply is not reply):
        yield f"an error that nobody has looked at: {error!r}"


def _of_the_text(reply: Reply, schedule: Schedule) -> Iterator[str]:
    """What came before a fault is kept, and without damage nothing else is there."""
    whole = truth(schedule.framing)
    least = whole.least(0 if schedule.end == "reset" else schedule.sound)
    for name in ("content", "reasoning"):
        text, wanted = getattr(reply, name), getattr(least, name)
        if not text.startswith(wanted):
            yield f"{name} is {text!r}, and {wanted!r} had come"
    if not schedule.damage:
        yield from _of_the_prefix(reply, whole, schedule)


def _of_the_prefix(reply: Reply, whole: Truth, schedule: Schedule) -> Iterator[str]:
    size, is_reset = len(schedule.data), schedule.end == "reset"
    most = whole.most(size)
    for name in ("content", "reasoning"):
        if not getattr(most, name).startswith(getattr(reply, name)):
            yield f"{name} is {getattr(reply, name)!r}, and no more than {getattr(most, name)!r} had come"
    recording = reply.recording
    assert isinstance(recording, Recording)
    if not whole.body.startswith(recording.data):
        yield f"the recording is no beginning of the body: {recording.data[-80:]!r}"
    allowed = {_meant(whole, schedule, len(whole.data) if whole.least(size).finished else size)}
    if most.finished:
        allowed |= {errors.StreamCut, type(None)} if schedule.end != "silence" else {errors.StreamStalled, type(None)}
    if whole.least(size).finished and not is_reset:
        allowed = {type(None)}
    if is_reset:  # some of what was sent is lost with it, the head too
        allowed |= {errors.ConnectionFailed, errors.StreamCut}
    if size < whole.head_size and reply.via == "requests":  # http.client takes the end of a connection for its end
        allowed |= {errors.MalformedStream, errors.StreamCut}
    if type(reply.error) not in allowed:
        names = " or ".join(sorted(kind.__name__ for kind in allowed))
        yield f"it ended with {reply.error!r}; expected {names}"


def _meant(whole: Truth, schedule: Schedule, size: int) -> type[object]:
    """The error that an end after so many bytes means."""
    if schedule.end == "silence":
        return errors.StreamStalled
    if size < whole.head_size:
        return errors.ConnectionFailed
    if size == whole.head_size and schedule.framing == "until-close":
        return errors.MalformedStream  # an empty body, and nobody can tell that it should have been longer
    return errors.StreamCut


def _left_behind(server: FaultServer, via: str, schedule: Schedule) -> Iterator[str]:
    """Threads, children and sockets that are still there a while after the end."""
    deadline = time.monotonic() + SETTLE
    while (left := _remains(server, via, schedule)) and time.monotonic() < deadline:
        time.sleep(0.001)
    yield from left


def _remains(server: FaultServer, via: str, schedule: Schedule) -> list[str]:
    readers = [thread.name for thread in threading.enumerate() if thread.name == "sfstream reader"]
    children = [str(child) for child in psutil.Process().children()] if via == "curl" else []
    may_be_kept = via != "curl" and (schedule.is_kept or schedule.end == "silence")
    # A connection that is open has both its ends in this process.
    more = psutil.Process().num_fds() - 2 * server.open - server.handles
    return [
        *readers,
        *children,
        *([f"{more} more handles"] if more > MOST_KEPT else []),
        *([f"{server.open} connections"] if server.open > may_be_kept else []),
    ]

"""After a stop the reply holds what the recording holds: all that had arrived."""

from __future__ import annotations

import threading
import time

from sfstream.log.entries import reply_of
from sfstream.run.loop import Run
from tests.fake_transport import run_of, silent, word
from tests.waiting import until

WORDS = 30_000


def stop_when(run: Run, at: threading.Event) -> float:
    """Run to the end, stop when the event is set, and return the seconds from the stop to the end."""
    stopped_at: list[float] = []

    def stop() -> None:
        at.wait()
        stopped_at.append(time.monotonic())
        run.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    for _ in run.batches(0):
        pass
    thread.join()
    return time.monotonic() - stopped_at[0]


def test_a_stop_decodes_all_that_has_arrived() -> None:
    """Also where the decoder is far behind the reader."""
    arrived = threading.Event()
    run = run_of(silent(*[word("x ")] * WORDS, arrived.set))
    seconds = stop_when(run, arrived)
    assert "stopped" == run.reply.status
    assert WORDS == len(run.reply.content.split())
    assert seconds < 10


def test_a_frame_after_the_last_batch_is_in_both() -> None:
    """A chunk that arrives while the connection is being shut is in the reply as it is in the recording."""
    asked = threading.Event()

    def until_it_is_shut() -> None:
        until(lambda: run._reader is not None and run._reader.handle.is_aborted)

    run = run_of(silent(word("a"), asked.set, until_it_is_shut, word("b")))
    stop_when(run, asked)
    recording = run.reply.recording
    assert "stopped" == run.reply.status
    assert reply_of(recording).content == run.reply.content == "ab"  # type: ignore[arg-type]  # typed as a protocol


def test_whoever_leaves_the_loop_has_what_the_recording_has() -> None:
    """A generator that is closed is a stop too."""
    arrived = threading.Event()
    run = run_of(silent(word("a"), lambda: until(lambda: run.reply.has_begun), *[word("b")] * 1000, arrived.set))
    for batch in run.batches(0):
        if batch:
            arrived.wait()
            break
    until(lambda: run.reply.status == "stopped")
    assert "a" + 1000 * "b" == run.reply.content

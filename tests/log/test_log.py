"""The log: what is kept of each answer, and how it is found again."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sfstream import log
from sfstream.api import chat, stream
from sfstream.core.config import settings
from sfstream.core.recording import End, Head, Recording
from sfstream.core.reply import Reply
from sfstream.demo.prepared import recording
from sfstream.demo.prepared import text as bundled
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import reply_of
from sfstream.log.format import GZIP_MAGIC
from sfstream.log.store import LogFile, scan, take_number
from sfstream.log.writer import compress_file, save_recording
from sfstream.run.ask import ask
from tests.fake_transport import DONE, ended, run_of, silent, streaming, word
from tests.log.places import KEY, path_of, wait_for_compression
from tests.waiting import until

MODELS = [
    *("english", "reasoning", "tool-call", "cut-after-20", "cut-in-frame-20", "error-code-after-5"),
    *("error-event-after-5", "not-json-after-5", "html", "plain", "no-done", "one-byte", "crlf", "usage-last"),
    *("length", "filtered", "empty", "reasoning-only", "split-emoji", "tricky", "keep-alives"),
]


def asked(model: str = "demo/english", prompt: str = "Hello", **keywords: Any) -> Reply:
    return ask(prompt, model=model, via="requests", display="off", **keywords)


def said(reply: Reply) -> tuple[object, ...]:
    """All that a reply holds but when it came."""
    calls, notes = reply.tool_calls, reply.notes
    of_server = (reply.usage, reply.trace_id, reply.source, reply.finish_reason)
    return reply.content, reply.reasoning, calls, reply.status, type(reply.error), notes, reply.model, of_server


@pytest.mark.parametrize("model", MODELS)
def test_an_answer_is_found_again_as_it_was(asking_demo: DemoServer, model: str) -> None:
    """Text, status, error and counts are those of the reply, whichever way it ended; times to the millisecond in the
    first second, to 10 ms after it."""
    reply = asked(f"demo/{model}")
    again = log.last()

    assert said(reply) == said(again)
    assert reply.request == again.request
    assert reply.timing.first_token == pytest.approx(again.timing.first_token, abs=0.001)
    assert reply.timing.total
    assert reply.timing.total == pytest.approx(again.timing.total, abs=0.001 if reply.timing.total < 1 else 0.01)


def test_a_stopped_answer_is_found_as_stopped() -> None:
    """That it was stopped is not to be seen in its bytes, and is kept."""
    run = run_of(silent(word("first")), log=LogFile(KEY))
    for batch in run.batches(0):
        if batch:
            run.stop()
    again = log.last()

    assert ("stopped", "first") == (again.status, again.content)
    assert ["stopped"] == [entry.status for entry in log.entries()]


def test_what_was_shown_is_in_the_log() -> None:
    """Whatever has reached the reply is on disk; what still comes is listed as streaming."""
    seen = []
    run = run_of(silent(word("a "), word("b ")), log=LogFile(KEY))
    for batch in run.batches(0):
        if batch:
            assert log.last().content.startswith(run.reply.content)
            seen = log.entries()
            run.stop()

    assert ["streaming"] == [entry.status for entry in seen]
    assert [True] == [entry.is_partial for entry in seen]


class Slow:
    """A view that does not come back from its first painting until the log holds the whole answer."""

    def begin(self, stop: Callable[[], None]) -> None: ...

    def paint(self, reply: Reply, doing: object) -> None:
        until(lambda: log.count() and log.last().content == bundled("english"))

    def finish(self, reply: Reply) -> None: ...


def test_a_slow_display_holds_nothing_back(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer goes to the disk as it comes, whatever the cell is doing."""
    monkeypatch.setattr("sfstream.run.ask.view_for", lambda *given, **named: Slow())
    assert [] == ask("Hello", model="demo/english", via="requests").notes


def test_the_list_says_what_was_asked_and_how_it_ended(asking_demo: DemoServer) -> None:
    """Newest first: number, time, model, prompt, status, tokens, source."""
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # what the file says is cut there
    asked(prompt="有诺贝尔数学奖吗？")
    asked("demo/cut-after-20", "second")
    second, first = log.entries()

    assert (1, "demo/english", "有诺贝尔数学奖吗？", "complete", 57) == (
        first.number,
        first.model,
        first.prompt,
        first.status,
        first.tokens,
    )
    assert (2, "second", "cut", True, "written by hand") == (
        second.number,
        second.prompt,
        second.status,
        second.is_partial,
        second.source,
    )
    assert first.time
    assert before <= first.time <= datetime.now(UTC)


def test_the_end_of_an_answer_does_not_wait_for_compression(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is shown and found as whole while its file is still plain; the file is compressed later."""
    go_on = threading.Event()

    def slowly(path: Path, level: int) -> None:
        go_on.wait(10)
        compress_file(path, level)

    monkeypatch.setattr("sfstream.log.store.compress_file", slowly)
    reply = asked()
    entry = log.entries()[0]
    assert (reply.content, "complete") == (log.last().content, entry.status)
    assert entry.path.read_bytes().startswith(b"{")

    go_on.set()
    wait_for_compression()
    assert entry.path.read_bytes().startswith(GZIP_MAGIC)
    assert reply.content == log.last().content


def test_what_is_no_answer_is_not_kept(asking_demo: DemoServer, tmp_path: Path) -> None:
    """A refusal, a replay, and an answer that is not to be kept leave nothing."""
    asked("demo/status-400")
    asked(log=False)
    file = tmp_path / "a.jsonl"
    save_recording(recording("english"), file)
    chat(replay=file, speed="max", display="off")
    settings["log"] = False
    asked()

    assert [] == log.entries()
    assert 0 == log.count()
    assert not log.folder().exists()


def test_silence_is_not_kept() -> None:
    """An answer that is stopped before its first byte leaves no file."""
    run = run_of(silent(), log=LogFile(KEY))
    for _ in run.batches(0):
        run.stop()

    assert "stopped" == run.reply.status
    assert not log.folder().exists()


def test_a_keyword_says_so_against_the_setting(asking_demo: DemoServer) -> None:
    """log=True keeps an answer where the setting keeps none; only True and False are taken."""
    settings["log"] = False
    asked(log=True)
    for _ in stream("Hello", model="demo/english", via="requests", log=True):
        pass

    assert 2 == log.count()
    with pytest.raises(ConfigurationError, match="expected True or False"):
        chat("Hello", log="a.jsonl")  # type: ignore[arg-type]  # that is what is tested


def test_only_the_user_can_read_it(asking_demo: DemoServer) -> None:
    """The folder is 0700, and each file 0600, while it grows and when it is packed."""
    modes = []
    run = run_of(
        streaming(word("a"), lambda: modes.append(mode(log.entries()[0].path)), word("b", "stop"), DONE),
        log=LogFile(KEY),
    )
    ended(run)

    assert 0o700 == mode(log.folder())
    assert [0o600, 0o600] == [*modes, mode(log.entries()[0].path)]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_number_stays(asking_demo: DemoServer) -> None:
    """New answers count up, and one that was forgotten is never given again, not even the last."""
    for number in (1, 2, 3):
        asked(prompt=f"prompt {number}")
    assert 2 == log.forget(1, 3)
    asked(prompt="prompt 4")

    assert [(4, "prompt 4"), (2, "prompt 2")] == [(entry.number, entry.prompt) for entry in log.entries()]
    assert 2 == log.forget_all()
    assert (0, []) == (log.count(), log.entries())
    asked()
    assert [5] == [entry.number for entry in log.entries()]


def test_numbers_are_given_once() -> None:
    """However many ask for one at the same time, no two get the same."""
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take_number(), range(200)))

    assert 200 == len(set(taken))
    assert {} == scan()


def test_what_is_not_there_is_told(asking_demo: DemoServer) -> None:
    """An empty log, and a number that there is none of, are said; then nothing is forgotten."""
    with pytest.raises(RecordingError, match="is empty"):
        log.last()
    asked()
    with pytest.raises(RecordingError, match="no answer 7"):
        log.show(7)
    with pytest.raises(RecordingError, match="no answer 7"):
        log.forget(1, 7)
    assert 1 == log.count()


def test_old_answers_are_forgotten() -> None:
    """By the time that they were asked; where the file does not say, by the file's own."""
    now = datetime.now(UTC)
    for number, time in enumerate([now - timedelta(days=31), now - timedelta(days=29), None], 1):
        placed(number, Recording(Head({"model": "m", "messages": []}, time.isoformat() if time else "once")))

    assert 1 == log.forget(older=timedelta(days=30))
    assert [3, 2] == [entry.number for entry in log.entries()]


def placed(number: int, recording: Recording) -> None:
    save_recording(recording, path_of(number))


def test_search(asking_demo: DemoServer) -> None:
    """In prompt, content and reasoning, in any script, whatever the case and the width; newest first."""
    asked("demo/chinese", "What is it?")
    asked("demo/reasoning", "Zebra")
    asked("demo/cut-after-20", "zebra too")

    def found(text: str) -> list[int]:
        return [entry.number for entry in log.search(text)]

    assert [1] == found("大语言模型")
    assert [3, 2] == found("ZEBRA")
    assert [3] == [entry.number for entry in log.search("zebra", limit=1)]
    assert [1] == found("ｗｈａｔ is it?")
    assert [2] == found(log.show(2).reasoning[40:60])
    assert [] == found("quagga")
    with pytest.raises(ConfigurationError, match="nothing to look for"):
        log.search(" ")


def test_a_removed_file_is_no_warning() -> None:
    """An answer that is forgotten while it comes stays forgotten, and is whole."""
    steps = (word("a "), lambda: log.forget_all(), word("b", "stop"), DONE)
    run = ended(run_of(streaming(*steps), log=LogFile(KEY)))

    assert ("complete", "a b", []) == (run.reply.status, run.reply.content, run.reply.notes)
    assert [] == log.entries()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (None, "cut"),
        (End("stopped"), "stopped"),
        (End("cut"), "cut"),
        (End("failed"), "failed"),
        (End("nonsense"), "cut"),
    ],
)
def test_status_is_as_it_was_recorded(end: End | None, status: str) -> None:
    """The end in the file decides; without one the answer was interrupted."""
    request = {"model": "m", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    whole = recording("english")
    part = Recording(Head(request), whole.chunks[:20], end)
    placed(1, part)

    assert status == reply_of(part).status == log.entries()[0].status
    assert log.show(1).content


def test_the_module_is_a_public_name(asking_demo: DemoServer) -> None:
    """`sfstream.log` is imported when it is first used, and what it gives shows itself as any reply."""
    asked()
    code = "import sys, sfstream; print('sfstream.log' in sys.modules); import sfstream.log as l; print(repr(l.last()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    before, shown = done.stdout.splitlines()

    assert "False" == before
    assert repr(log.last()) == shown

"""Answers that are not asked twice: when a request is sent, and what is read and written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sfstream
from sfstream import errors, log
from sfstream.core.config import settings
from sfstream.core.recording import End, Recording
from sfstream.core.reply import Reply
from sfstream.core.request import ChatRequest, request_key
from sfstream.demo.prepared import recording
from sfstream.demo.server import DemoServer
from sfstream.log.format import open_recording
from sfstream.log.reuse import find, place_of
from sfstream.log.store import file_name
from sfstream.log.writer import save_recording
from sfstream.run import json_ladder
from sfstream.run.ask import ask
from sfstream.wire.credentials import remember
from sfstream.wire.endpoint import Endpoint
from tests.key_search import KEY as API_KEY
from tests.key_search import contents, holds
from tests.log.places import wait_for_compression
from tests.wire.test_odd_servers import FRAME, answering, head


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make it the working directory, as that of a notebook."""
    (tmp_path / "notebook").mkdir()
    monkeypatch.chdir(tmp_path / "notebook")


def asked(prompt: str = "Hello", **keywords: Any) -> Reply:
    given: dict[str, Any] = {"model": "demo/english", "via": "requests", "display": "off", "reuse": True}
    return ask(prompt, **given | keywords)


def sent(demo: DemoServer, **keywords: Any) -> int:
    """Ask, and return how many requests that made."""
    before = len(demo.requests)
    asked(**keywords)
    return len(demo.requests) - before


def kept_as(status: str | None, number: int, demo: DemoServer) -> None:
    """Put an answer with that status into the log, for the request of `asked`."""
    request = ChatRequest(model="demo/english", messages=[{"role": "user", "content": "Hello"}])
    name = file_name(number, request_key(f"{demo.base_url}/chat/completions", request.body()))
    made = recording("english")
    made = Recording(replace(made.head, trace_id=str(number)), made.chunks, End(status) if status else None)
    log.folder().mkdir(parents=True, exist_ok=True)
    save_recording(made, log.folder() / name)


@pytest.mark.parametrize("model", ["demo/english", "demo/reasoning", "demo/length", "demo/filtered", "demo/tool-call"])
def test_an_answer_of_the_log_is_shown_again(asking_demo: DemoServer, model: str) -> None:
    """As it was, with its timing; nothing is sent, nothing is logged again, and a note says so."""
    first = asked(model=model)
    wait_for_compression()
    before = len(asking_demo.requests)
    again = asked(model=model)

    assert (before, 1) == (len(asking_demo.requests), log.count())
    assert (first.content, first.reasoning, first.status, first.usage) == (
        (again.content, again.reasoning, again.status, again.usage)
    )
    assert (first.trace_id, first.source, "reuse") == (again.trace_id, again.source, again.via)
    assert first.recording
    assert again.recording
    assert first.recording.head == again.recording.head
    for name in ("first_token", "total"):
        assert getattr(first.timing, name) == pytest.approx(getattr(again.timing, name), abs=0.011)
    date = f"{log.entries()[0].time:%Y-%m-%d}"
    assert [f"answered from the log, {date}; --fresh asks again"] == [
        str(note) for note in again.notes if note not in first.notes
    ]


def test_without_the_option_everything_is_asked(asking_demo: DemoServer) -> None:
    """Also when the log holds the answer, and when it is to be asked anew."""
    assert 1 == sent(asking_demo)
    assert (1, 1) == (sent(asking_demo, reuse=False), sent(asking_demo, reuse=None))
    assert 1 == sent(asking_demo, fresh=True)
    settings["reuse"] = True
    assert (0, 1) == (sent(asking_demo, reuse=None), sent(asking_demo, reuse=False))


@pytest.mark.parametrize(
    "change",
    [{"prompt": "Hello!"}, {"model": "demo/echo"}, {"system": "s"}, {"temperature": 0.5}, {"params": {"a": 1}}],
)
def test_a_changed_request_is_asked(asking_demo: DemoServer, change: dict[str, Any]) -> None:
    """And found under its own key the next time."""
    assert [1, 1, 0, 0] == [sent(asking_demo, **each) for each in ({}, change, change, {})]


@pytest.mark.parametrize("change", [{"via": "openai"}, {"log": False}, {"format": "text"}])
def test_what_the_model_does_not_see_makes_no_difference(asking_demo: DemoServer, change: dict[str, Any]) -> None:
    """Nor do the timeouts and the key."""
    assert 1 == sent(asking_demo)
    settings.update(retries=0, between=1.0)
    assert 0 == sent(asking_demo, **change)


@pytest.mark.parametrize("model", ["demo/cut-after-20", "demo/error-500"])
def test_a_broken_answer_is_never_reused(asking_demo: DemoServer, model: str) -> None:
    """Neither a cut one nor one that was refused, from the log or from a folder."""
    settings["retries"] = 0
    assert [1, 1] == [sent(asking_demo, model=model) for _ in range(2)]
    assert [1, 1] == [sent(asking_demo, model=model, reuse="answers") for _ in range(2)]
    assert not Path("answers").exists()


def test_the_newest_usable_answer_is_taken(asking_demo: DemoServer) -> None:
    """Stopped, cut, failed, growing and unreadable files are passed over."""
    kept_as("complete", 1, asking_demo)
    kept_as("length", 2, asking_demo)
    for number, status in enumerate(("stopped", "cut", "failed", "streaming", "no status", None), 3):
        kept_as(status, number, asking_demo)
    newest = sorted(log.folder().iterdir())[-1]
    (log.folder() / newest.name.replace("000008", "000009")).write_bytes(b"\x1f\x8b no gzip")

    before = len(asking_demo.requests)
    reply = asked()
    assert before == len(asking_demo.requests)
    assert "2" == reply.trace_id
    assert 9 == log.count()


def test_a_log_that_cannot_be_read_holds_nothing(asking_demo: DemoServer) -> None:
    """The request is sent, as without reuse."""
    log.folder().parent.mkdir(parents=True)
    log.folder().symlink_to(log.folder())
    assert 1 == sent(asking_demo)


def test_another_process_finds_it(asking_demo: DemoServer) -> None:
    """Both take it from the log that a third has written; and from a folder."""
    code = (
        "import sys, sfstream\n"
        "for reuse in (True, 'answers'):\n"
        "    reply = sfstream.chat('Hello', model='demo/english', via='requests', display='off', reuse=reuse)\n"
        "    print(reply.via, len(reply.content))\n"
    )
    before = len(asking_demo.requests)
    printed = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout.split()
        for _ in range(2)
    ]
    assert ["requests", "requests"] == printed[0][::2]
    assert ["reuse", "reuse"] == printed[1][::2]
    assert printed[0][1::2] == printed[1][1::2]
    assert 2 == len(asking_demo.requests) - before


def test_a_folder_is_read_and_written_in_place_of_the_log(asking_demo: DemoServer) -> None:
    """It is made with its first answer, relative to the working directory; the log gets what was asked."""
    assert 1 == sent(asking_demo)
    assert 1 == sent(asking_demo, reuse="more/answers")
    (path,) = Path("more/answers").iterdir()
    assert 2 == log.count()
    wait_for_compression()
    shutil.rmtree(log.folder())

    before = len(asking_demo.requests)
    reply = asked(reuse=Path("more/answers"))
    assert (before, 0) == (len(asking_demo.requests), log.count())
    assert str(reply.notes[-1]).startswith("answered from more/answers, 20")
    assert str(reply.request.messages[0]["content"]) in path.read_text("utf-8").splitlines()[0]
    assert "complete" in path.read_text("utf-8").splitlines()[-1]
    assert f"{request_key(f'{asking_demo.base_url}/chat/completions', reply.request.body())}.jsonl" == path.name
    assert "reuse" == asked(reuse="~/notebook/more/answers").via


def test_a_new_answer_replaces_the_kept_one(asking_demo: DemoServer) -> None:
    """Only a whole one does; one that is cut leaves it as it is."""
    asked(reuse="answers")
    (path,) = Path("answers").iterdir()
    kept = open_recording(path)
    cut = Recording(kept.head, kept.chunks[:3], End("cut"))
    save_recording(cut, path)
    assert [1, 0] == [sent(asking_demo, reuse="answers") for _ in range(2)]
    assert kept.head.trace_id != open_recording(path).head.trace_id

    before = path.read_bytes()
    assert 1 == sent(asking_demo, reuse="answers", fresh=True)
    assert before != path.read_bytes()
    assert [path] == list(Path("answers").iterdir())


def test_a_stopped_answer_is_not_kept(asking_demo: DemoServer) -> None:
    """Nor is anything of it left in the folder."""
    with sfstream.stream("Hello", model="demo/rate-20", via="requests", reuse="answers") as events:
        next(events)
    assert "stopped" == events.reply.status
    assert not Path("answers").exists()


def test_a_folder_is_safe_to_commit(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds no key, also where one is echoed, and serves somebody without one. A prompt with the key is refused."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", API_KEY)
    with pytest.raises(errors.ConfigurationError, match="holds the API key"):
        asked(f"my key is {API_KEY}, is it not?", model="demo/echo", reuse="answers")
    assert not Path("answers").exists()
    asked("Hello", model="demo/echo", reuse="answers")
    with answering(head(), (FRAME % (f"your key is {API_KEY}", '"stop"')).encode()) as url:
        remember(Endpoint(url, API_KEY))
        with monkeypatch.context() as patch:
            patch.setitem(settings, "base_url", url)
            assert "complete" == asked("Hello, and yours?", model="m", reuse="answers").status

    assert 2 == len(list(Path("answers").iterdir()))
    assert any(b"your key is" in data for data in contents(Path("answers")))
    assert not any(map(holds, contents(Path("answers"))))
    assert "reuse" == asked("Hello", model="demo/echo", reuse="answers").via


def test_neither_key_nor_network_is_needed(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is shown; what is missing is named, with where it was looked for."""
    asked(reuse="answers")
    (path,) = Path("answers").iterdir()
    body = open_recording(path).request
    monkeypatch.delenv("SILICONFLOW_BASE_URL")
    path.rename(path.with_name(f"{request_key('https://api.siliconflow.cn/v1/chat/completions', body)}.jsonl"))

    assert "complete" == asked(reuse="answers").status
    with pytest.raises(errors.NoKey) as raised:
        asked("How  do\nbirds fly? " * 20, reuse="answers")
    assert "The folder 'answers' holds no answer to the prompt 'How do birds fly?" in str(raised.value)
    assert "%sfkey" in str(raised.value)
    assert len(str(raised.value)) < 350
    with pytest.raises(errors.NoKey, match=r"The log holds no answer to the prompt 'Hello'\. No API key"):
        asked()


@pytest.mark.parametrize("folder", ["taken", "taken/below", "/proc/answers", "long" * 100])
def test_a_folder_that_cannot_be_written_is_said_first(asking_demo: DemoServer, folder: str) -> None:
    """Nothing is sent."""
    Path("taken").write_text("a file")
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError, match=r"folder '[^']*' cannot be written: .*Nothing was sent\.$"):
        asked(reuse=folder)
    assert before == len(asking_demo.requests)


def test_a_folder_that_is_lost_meanwhile_costs_no_answer(asking_demo: DemoServer) -> None:
    """The answer is whole, and a note says that it was not kept."""
    with sfstream.stream("Hello", model="demo/english", via="requests", reuse="answers") as events:
        Path("answers").write_text("in the way")
        for _ in events:
            pass
    assert "complete" == events.reply.status
    assert "The answer was not kept in answers: " in str(events.reply.notes[-1])


@pytest.mark.parametrize("reuse", [3, 0, "", "  ", b"answers", "a\0b", ["answers"]])
def test_another_value_is_refused(asking_demo: DemoServer, reuse: Any) -> None:
    """In one sentence, and nothing is sent."""
    before = len(asking_demo.requests)
    with pytest.raises(errors.ConfigurationError, match=r"^reuse is .*; expected True, False, or the name of a folder"):
        asked(reuse=reuse)
    assert before == len(asking_demo.requests)


def test_an_answer_is_found_by_any_of_several_keys(asking_demo: DemoServer) -> None:
    """The first that has one; the key says which."""
    asked("one")
    asked("two")
    place = place_of(True)
    assert place
    two, one = (path.name[7:23] for path in (entry.path for entry in log.entries()))
    for keys in ([one, two], [two, one], ["0" * 16, two]):
        found = find(keys, place)
        assert found
        assert (keys[0] if keys[0] in (one, two) else two) == found.key
    assert find(["0" * 16], place) is None
    assert find([], place) is None


@pytest.mark.parametrize("place", [True, "answers"])
def test_an_answer_in_json_is_found_however_it_was_asked_for(
    asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, place: bool | str
) -> None:
    """The model refuses the best way; after a restart, when that is forgotten, nothing is sent nevertheless."""
    given: dict[str, Any] = {"model": "demo/no-json-schema", "schema": list[int], "reuse": place}
    monkeypatch.setattr(json_ladder, "_refused", {})
    before, first = len(asking_demo.requests), asked(**given)
    assert 2 == len(asking_demo.requests) - before
    monkeypatch.setattr(json_ladder, "_refused", {})
    again = asked(**given)
    assert 2 == len(asking_demo.requests) - before
    assert (first.value, first.request.body()) == (again.value, again.request.body())


def test_a_reused_answer_can_be_recorded_and_replayed(asking_demo: DemoServer) -> None:
    """Recording writes what is shown; a replay plays its own file, whatever is kept."""
    first = asked()
    assert "reuse" == asked(record="again.jsonl").via
    assert json.loads(Path("again.jsonl").read_text("utf-8").splitlines()[-1])["status"] == "complete"
    replayed = ask(replay="again.jsonl", speed="max", display="off", reuse=True)
    assert ("replay", first.content, []) == (replayed.via, replayed.content, replayed.notes)


def test_the_stream_function_reuses_too(asking_demo: DemoServer) -> None:
    """The same events, at once."""
    first = list(sfstream.stream("Hello", model="demo/english", reuse="answers"))
    before = len(asking_demo.requests)
    again = sfstream.stream("Hello", model="demo/english", reuse="answers")
    assert (first, "reuse", before) == (list(again), again.reply.via, len(asking_demo.requests))

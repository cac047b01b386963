"""A marked key, and a search for it in all that a call leaves: whatever the transport, however it ends."""

from __future__ import annotations

import base64
import gzip
import logging
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from sfstream.api import chat, models
from sfstream.core.config import settings
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, ConnectionFailed, RequestRefused, SfStreamError
from sfstream.wire.credentials import configured_endpoint
from sfstream.wire.endpoint import MASK
from sfstream.wire.transport import VIA
from tests.fake_transport import Answer, ended, run_of, word
from tests.faults.schedule import Schedule
from tests.faults.server import FaultServer
from tests.faults.truth import REQUEST
from tests.key_search import KEY, contents, faces_of, holds, texts_behind, watching_children
from tests.wire.test_odd_servers import FRAME, answering, head
from tests.wire.tls import Hosts


@dataclass
class Place:
    """Where an ending is made to happen: servers and the environment."""

    patch: pytest.MonkeyPatch
    folder: Path
    stack: ExitStack
    demo: DemoServer

    def at(self, url: str, model: str = "any/model") -> str:
        self.patch.setenv("SILICONFLOW_BASE_URL", url)
        return model

    def playing(self, schedule: Schedule) -> str:
        faults = self.stack.enter_context(FaultServer())
        faults.schedule = schedule
        return self.at(faults.base_url)

    def echoing(self, end: bytes) -> str:
        """In a header, in the text, and in the text in two pieces."""
        frame = (FRAME % (f"your key {KEY} is fine", "null")).encode()
        middle = frame.index(KEY.encode()) + 9
        first = head(f"200 {KEY}", f"Connection: close\r\nx-siliconcloud-trace-id: {KEY}\r\nx-echo: Bearer {KEY}")
        return self.at(self.stack.enter_context(answering(first, frame, frame[:middle], frame[middle:], end)))

    def broken(self) -> str:
        """In a line of the head that is no header."""
        first = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{KEY}\r\nx-a: b\r\n\r\n".encode()
        return self.at(self.stack.enter_context(answering(first, b"data: [DONE]\n\n")))

    def unknown_authority(self) -> str:
        settings["first_byte"] = 20.0  # on a busy machine it takes long to load the certificates
        hosts = self.stack.enter_context(Hosts({"api.siliconflow.cn": KEY}, self.folder))
        self.patch.setenv("https_proxy", hosts.environ["https_proxy"])
        return self.at("https://api.siliconflow.cn/v1")

    def listing(self, body: str) -> str:
        """As a list of models."""
        answer = head(f"200 {KEY}", f"Connection: close\r\nx-echo: {KEY}") + (body % KEY).encode()
        return self.at(self.stack.enter_context(answering(answer)) + "/Hello")  # which it waits for

    def redirecting(self) -> str:
        first = head("307 Elsewhere", f"Location: http://127.0.0.1:1/{KEY}\r\nConnection: close")
        return self.at(self.stack.enter_context(answering(first)))


ECHOING_HEADS = ("echoed", "echoed and cut", "echoed in an error", "echoed in a broken head", "redirect")
"""Endings in which a header repeats the key: at DEBUG the libraries log headers as they are. Our logger redacts."""

ENDS: dict[str, Callable[[Place], str]] = {
    "complete": lambda place: place.playing(Schedule()),
    "refused with the key": lambda place: place.at(place.demo.base_url, "demo/echo-key"),
    "echoed": lambda place: place.echoing(b"data: [DONE]\n\n"),
    "echoed and cut": lambda place: place.echoing(b"data: {" + KEY.encode()),
    "echoed in an error": lambda place: place.echoing(b'data: {"error":{"message":"%b"}}\n\n' % KEY.encode()),
    "echoed in a broken head": Place.broken,
    "cut": lambda place: place.playing(Schedule("cut", 2000)),
    "cut in the head": lambda place: place.playing(Schedule("cut", 60)),
    "reset": lambda place: place.playing(Schedule("reset", 2000)),
    "stalled": lambda place: place.playing(Schedule("silence", 2000)),
    "TLS": Place.unknown_authority,
    "redirect": Place.redirecting,
    "nobody there": lambda place: place.at("http://127.0.0.1:1/v1"),
}


@pytest.fixture
def place(demo: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Place]:
    """A place with the key in the environment, and no patience, not even for the import of a library."""
    import openai  # noqa: F401

    monkeypatch.setenv("SILICONFLOW_API_KEY", KEY)
    settings.update(retries=0, first_byte=0.5, between=0.5)
    with ExitStack() as stack:
        yield Place(monkeypatch, tmp_path, stack, demo)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger's records, whatever its level is otherwise."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    return caplog


@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize("end", ENDS)
def test_the_key_is_nowhere(
    place: Place, logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], end: str, via: str
) -> None:
    """Output, logs, files, children, and everything that the reply and the error lead to."""
    model = ENDS[end](place)
    with watching_children() as seen:
        reply, raised = asked(place, model, via)
    assert KEY == configured_endpoint().key, "it was not in use at all"
    found: dict[str, str | bytes] = {
        "output": "".join(capfd.readouterr()),
        "logs": "".join(
            f"{record.getMessage()} {vars(record)}"
            for record in logged.records
            if record.name == "sfstream" or end not in ECHOING_HEADS
        ),
        "error": "".join(faces_of(raised)) if raised else "",
        "reply": f"{reply} {reply!r} {vars(reply)} {reply.recording!r} {reply._repr_mimebundle_()}",
        "pickles": pickle.dumps(raised),
        "objects": b"\n".join(texts_behind(reply, raised)),
        "children": "\n".join(seen),
        "files": b"\n".join(contents(place.folder)),
    }
    assert [] == [where for where, what in found.items() if holds(what)]
    assert (via == "curl") == bool(seen) or end != "stalled"  # others may be over before they are seen


def test_whoever_debugs_requests_does_not_print_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The usual advice makes http.client print the headers of each request into the cell."""
    monkeypatch.setattr("http.client.HTTPConnection.debuglevel", 1)
    asked(place, place.playing(Schedule()), "requests")
    assert not holds("".join(capfd.readouterr()))


@pytest.mark.parametrize("body", ['{"data": "%s"}', '{"data": [{"id": "%s"}]}', "%s"])
def test_a_list_of_models_does_not_show_it(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    logged: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    body: str,
) -> None:
    """Whatever a server that echoes the key gives for it."""
    monkeypatch.setattr("http.client.HTTPConnection.debuglevel", 1)
    place.listing(body)
    try:
        found = repr(models())
    except ConnectionFailed as error:
        found = "".join(faces_of(error))
    assert MASK in found
    assert not holds(found + "".join(capfd.readouterr()) + "".join(record.getMessage() for record in logged.records))


NO_LISTS: dict[str, Callable[[Place], str]] = {
    "no HTTP": lambda place: place.at(place.stack.enter_context(answering(f"you sent {KEY}\r\n\r\n".encode()))),
    "cut through": lambda place: place.at(place.stack.enter_context(answering(f"{'x' * 282}{KEY}\r\n\r\n".encode()))),
    "trace id": lambda place: place.at(
        place.stack.enter_context(
            answering(head("401 No", f"Connection: close\r\nx-siliconcloud-trace-id: {'x' * 60}{KEY}"))
        )
    ),
    "nobody there": lambda place: place.at("http://127.0.0.1:1/v1"),
    "TLS": Place.unknown_authority,
}


@pytest.mark.parametrize("end", NO_LISTS)
def test_no_list_of_models_does_not_show_it_either(place: Place, end: str) -> None:
    """Neither what is said of it, nor the exceptions and frames behind that."""
    NO_LISTS[end](place)
    with pytest.raises(SfStreamError) as caught:
        models()
    found = "".join(faces_of(caught.value))
    assert "sk-" not in found
    assert not any(map(holds, texts_behind(caught.value)))


UNFIT: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "quoted": lambda patch: patch.setenv("SILICONFLOW_API_KEY", f"“{KEY}”"),
    "with its scheme": lambda patch: patch.setenv("SILICONFLOW_API_KEY", f"Bearer {KEY}"),
    "two lines": lambda patch: patch.setenv("SILICONFLOW_API_KEY", f"{KEY}\nX"),
    "not encrypted": lambda patch: patch.setenv("SILICONFLOW_BASE_URL", "http://gateway.test/v1"),
}


@pytest.mark.parametrize("what", UNFIT)
@pytest.mark.parametrize("ask", [lambda: chat("Hello"), models], ids=["chat", "models"])
def test_a_key_that_is_not_taken_is_not_shown(
    place: Place, monkeypatch: pytest.MonkeyPatch, what: str, ask: Callable[[], object]
) -> None:
    """Not by a tool that prints the variables of each frame either."""
    UNFIT[what](monkeypatch)
    with pytest.raises(ConfigurationError) as caught:
        ask()
    assert not holds("".join(faces_of(caught.value)))


def test_a_key_in_a_parameter_is_refused(place: Place) -> None:
    """What was asked stands in the output's metadata, and so in the file."""
    model = place.at(place.demo.base_url, "demo/english")
    with pytest.raises(ConfigurationError) as caught:
        chat("Hello", model=model, params={"user": KEY, "also": [{KEY: 1}]}, display="off")
    assert not holds(str(caught.value))


@pytest.mark.parametrize("via", VIA)
def test_another_host_is_not_asked(place: Place, via: str) -> None:
    """A redirect is told, and not followed: the key and the prompt go nowhere else."""
    with FaultServer() as other:
        where = f"Location: {other.base_url}/chat/completions\r\nConnection: close"
        place.at(place.stack.enter_context(answering(head("307 Elsewhere", where))))
        _, raised = asked(place, "any/model", via)
        assert isinstance(raised, RequestRefused)
        assert 0 == other.asked


def test_what_only_begins_like_the_key_is_kept() -> None:
    """When the connection is lost right after it, too: it was no key."""
    answer = Answer((word("x"), b"data: " + KEY[:9].encode(), ConnectionFailed("lost")))
    recording = ended(run_of(answer, key=KEY)).reply.recording
    assert isinstance(recording, Recording)
    assert recording.data.endswith(b"data: " + KEY[:9].encode())


def test_a_planted_key_is_found(tmp_path: Path) -> None:
    """The search finds what it is for: in attributes, causes, locals, packed files and base64."""
    hidden = f"Bearer {KEY}"
    planted = SfStreamError("no")
    planted.__cause__ = ValueError(hidden)
    assert holds("".join(faces_of(planted)))
    assert any(map(holds, texts_behind([{"a": (planted,)}])))
    with pytest.raises(SfStreamError) as caught:
        raise SfStreamError("no")
    assert holds("".join(faces_of(caught.value)))
    assert holds(base64.b64encode(hidden.encode()))
    (tmp_path / "kept.gz").write_bytes(gzip.compress(hidden.encode()))
    assert any(map(holds, contents(tmp_path)))


CELLS = (
    "%load_ext sfstream",
    "%sfchat",
    "%sfmodels",
    "%sfchat --dry-run hi",
    "%sfchat -m demo/english hi",
    "%sfchat -m demo/echo-key hi",
    "sf_reply, sf_reply.error, vars(sf_reply)",
    "import traceback; traceback.print_exception(sf_reply.error)",
    "%xmode Verbose\n%sfchat -m demo/echo-key --via requests hi",
    "%tb",
    "import sfstream; sfstream.chat('hi', model='demo/echo-key', via='curl')",
    "%sfchat -m demo/cut-after-5 hi",
    "import logging; logging.basicConfig(level=0, force=True)\n%sfchat -m demo/echo-key hi",
)
"""What somebody does who looks for a mistake; one cell starts after another's error."""


@pytest.mark.kernel
@pytest.mark.curl
def test_a_saved_notebook_is_without_it(place: Place) -> None:
    """Executed and saved with all its errors, it may be sent to somebody."""
    place.at(place.demo.base_url)
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name="python3", timeout=60, allow_errors=True).execute()
    path = place.folder / "saved.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    assert "Bearer [the API key]" in path.read_text()
    assert 13 == len([cell for cell in notebook.cells if cell.outputs or cell.source == CELLS[0]])
    assert [] == [what for what in contents(place.folder) if holds(what)]


def asked(place: Place, model: str, via: str) -> tuple[Reply, SfStreamError | None]:
    """The reply, shown as text and recorded, and what was raised."""
    try:
        return chat("Hello", model=model, via=via, display="text", record=place.folder / "kept.jsonl"), None
    except SfStreamError as error:
        return error.reply or Reply(REQUEST, via=via), error

"""The table of endings, gone through for every transport, in IPython and against real servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from sfstream import log
from sfstream.core.config import settings
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.demo.server import DemoServer
from sfstream.display.mimebundle import bundle
from sfstream.display.view import View, view_for
from sfstream.run.ask import ask
from sfstream.wire.transport import VIA
from tests.display.view_page import Page
from tests.endings import ENDINGS, Ending, Part
from tests.faults.schedule import Schedule
from tests.faults.server import FaultServer
from tests.faults.truth import CONTENT, REASONING
from tests.notebook.cells import loaded_shell
from tests.wire.tls import Hosts

ROOT = Path(__file__).parents[1]
MIDDLE = 2600
KEY = "sk-of-the-table-of-endings"
NO_PROCESS = [ending.name for ending in ENDINGS if ending.status is None]


@dataclass
class Scene:
    """Where an ending is made to happen.

    Attributes:
        demo: plays what its models are named after.
        faults: plays a schedule.
        patch: for the environment.
        folder: an empty one.
        stack: leaves what was entered at the end.
        told: what is done with the ``stop`` of the view once words of the answer are painted.
    """

    demo: DemoServer
    faults: FaultServer
    patch: pytest.MonkeyPatch
    folder: Path
    stack: ExitStack
    told: Callable[[Callable[[], None]], None] = lambda stop: None

    def playing(self, schedule: Schedule) -> str:
        self.faults.schedule = schedule
        return self.at(self.faults.base_url)

    def modelled(self, model: str) -> str:
        self.at(self.demo.base_url)
        return model

    def at(self, url: str) -> str:
        self.patch.setenv("SILICONFLOW_BASE_URL", url)
        return "any/model"


def stopping(scene: Scene) -> str:
    scene.told = lambda stop: stop()
    return scene.playing(Schedule("silence", MIDDLE))


def interrupting(scene: Scene) -> str:
    scene.told = lambda stop: os.kill(os.getpid(), signal.SIGINT)
    return scene.playing(Schedule("silence", MIDDLE))


def through_a_closed_proxy(scene: Scene) -> str:
    scene.patch.setenv("https_proxy", "http://127.0.0.1:1")
    scene.patch.setenv("SILICONFLOW_API_KEY", KEY)
    return scene.at("https://api.siliconflow.cn/v1")


def without_authority(scene: Scene) -> str:
    hosts = scene.stack.enter_context(Hosts({"api.siliconflow.cn": KEY}, scene.folder))
    scene.patch.setenv("https_proxy", hosts.environ["https_proxy"])
    scene.patch.setenv("SILICONFLOW_API_KEY", KEY)
    return scene.at("https://api.siliconflow.cn/v1")


ARRANGED: dict[str, Callable[[Scene], str]] = {
    "done": lambda scene: scene.playing(Schedule()),
    "length": lambda scene: scene.modelled("demo/length"),
    "content filter": lambda scene: scene.modelled("demo/filtered"),
    "stop button": stopping,
    "interrupt": interrupting,
    "cut": lambda scene: scene.playing(Schedule("cut", MIDDLE)),
    "reset": lambda scene: scene.playing(Schedule("reset", MIDDLE, delays=(MIDDLE - 1,))),
    "stalled": lambda scene: scene.playing(Schedule("silence", MIDDLE)),
    "error frame": lambda scene: scene.modelled("demo/error-code-after-5"),
    "no stream": lambda scene: scene.modelled("demo/html"),
    "refused": lambda scene: scene.modelled("demo/status-401"),
    "busy": lambda scene: scene.modelled("demo/status-503"),
    "never begun": lambda scene: scene.playing(Schedule("silence", 0)),
    "hung up": lambda scene: scene.playing(Schedule("cut", 0)),
    "connection refused": lambda scene: scene.at("http://127.0.0.1:1/v1"),
    "DNS": lambda scene: scene.at("https://api.siliconflow.invalid/v1"),
    "TLS": without_authority,
    "proxy": through_a_closed_proxy,
}
"""How each of them comes about; gives the model to ask."""


@dataclass
class Told:
    """A view that says when words are painted."""

    view: View
    scene: Scene
    stop: Callable[[], None] = lambda: None

    def begin(self, stop: Callable[[], None]) -> None:
        self.stop = stop
        self.view.begin(stop)

    def paint(self, reply: Reply, doing: Any) -> None:
        self.view.paint(reply, doing)
        if reply.content and reply.status == "streaming":
            self.scene.told(self.stop)

    def finish(self, reply: Reply) -> None:
        self.view.finish(reply)


@pytest.fixture
def scene(demo: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Scene]:
    """The servers, no long waits, and views that say when words are painted."""
    with FaultServer() as faults, ExitStack() as stack:
        made = Scene(demo, faults, monkeypatch, tmp_path, stack)

        monkeypatch.setattr("sfstream.run.ask.view_for", lambda *given, **named: Told(view_for(*given, **named), made))
        monkeypatch.setattr("sfstream.run.retry._back_off", lambda attempt: 0.01)
        yield made


@pytest.fixture
def shell() -> Iterator[Any]:
    """An IPython shell that has loaded sfstream."""
    with loaded_shell() as made:
        yield made


def test_every_ending_is_arranged() -> None:
    """What the table names is what is tested, and no name stands there twice."""
    assert [ending.name for ending in ENDINGS] == [*ARRANGED, *NO_PROCESS]


@pytest.mark.sampled
@pytest.mark.parametrize("via", VIA)
@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending.status], ids=lambda each: str(each.name))
def test_it_ends_as_the_table_says(
    scene: Scene, shell: Any, capsys: pytest.CaptureFixture[str], ending: Ending, via: str
) -> None:
    """Status, exception, variables, screen, retries and log are those of the table."""
    model = ARRANGED[ending.name](scene)
    settings["retries"] = 1
    if ending.name in ("stalled", "never begun"):
        settings.update(first_byte=0.3, between=0.3)
    capsys.readouterr()
    result = shell.run_cell(f"%sfchat -m {model} --via {via} --display text Hello", store_history=True)
    screen = capsys.readouterr().out
    reply, raised = shell.user_ns["sf_reply"], result.error_in_exec
    assert (ending.status, ending.raised) == (reply.status, type(raised) if raised else None)
    assert raised is reply.error
    assert (reply.content, reply.reasoning) == (shell.user_ns["sf_content"], shell.user_ns["sf_reasoning"])
    assert ending.kept == part(reply)
    assert ending.words in screen
    assert ending.retried == ("Trying again" in screen)
    assert ending.log == logged(reply)


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending.status], ids=lambda each: str(each.name))
def test_the_live_view_says_the_same(scene: Scene, pages: list[Page], ending: Ending) -> None:
    """Its closing line says how the answer ended, or the error below it does; so does the static answer."""
    from sfstream.display.widget import StreamView

    model = ARRANGED[ending.name](scene)
    settings["retries"] = 0
    if ending.name in ("stalled", "never begun"):
        settings.update(first_byte=0.3, between=0.3)
    reply = ask("Hello", model=model, via="requests", into=StreamView())
    updates = [update["captions"] for update in pages[-1].of("update") if "captions" in update]
    closing = updates[-1]["lines"][0]
    error = "".join(reply.error._render_traceback_()) if reply.error else ""
    line = updates[-1]["ending"]
    assert ending.words in f"{closing}\n{unescape(line)}\n{error}"
    assert line in bundle(reply)["text/html"]
    assert closing == bundle(reply)["text/plain"].splitlines()[-1 - len(reply.notes)]


def part(reply: Reply) -> Part:
    if not (reply.content or reply.reasoning):
        return "nothing"
    whole = ("".join(CONTENT), "".join(REASONING))
    return "all" if (reply.content, reply.reasoning) == whole and reply.status == "complete" else "what had come"


def logged(reply: Reply) -> Part:
    """How much the log holds; a page that is no stream counts too. What it holds is what the reply held."""
    if not log.entries():
        return "nothing"
    again = log.last()
    assert (reply.status, reply.content, reply.reasoning) == (again.status, again.content, again.reasoning)
    kept = part(again)
    recording = again.recording
    return "what had come" if kept == "nothing" and isinstance(recording, Recording) and recording.data else kept


CHILD = """
import sys, sfstream
with sfstream.stream("Hello", model="m", via=sys.argv[1]) as events:
    for event in events:
        print(events.reply.content.encode("unicode_escape").decode(), flush=True)
"""


@pytest.mark.parametrize("via", VIA)
def test_a_kernel_that_is_killed(scene: Scene, via: str) -> None:
    """What it had shown is in the log, as an answer that was cut."""
    scene.playing(Schedule("silence", MIDDLE))
    with subprocess.Popen([sys.executable, "-c", CHILD, via], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        seen = ""
        while "诺贝尔" not in seen:
            line = child.stdout.readline()
            assert line, "it ended by itself"
            seen = line.strip().decode("unicode_escape")
        child.kill()
    (ending,) = (each for each in ENDINGS if each.name in NO_PROCESS)
    again = log.last()
    assert ("cut", ending.log) == (again.status, part(again))
    assert again.content.startswith(seen)


def test_the_readme_has_every_status() -> None:
    """Its table of statuses names each status of the table of endings, and the exceptions that raise it."""
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \| (.*) \|$", readme, re.MULTILINE)
    described = {status: text for names, text in rows for status in re.findall(r"`(\w+)`", names)}
    assert {ending.status for ending in ENDINGS if ending.status} <= set(described)
    for ending in ENDINGS:
        if ending.raised and ending.status in ("cut", "stopped"):
            assert ending.raised.__name__ in described[ending.status]

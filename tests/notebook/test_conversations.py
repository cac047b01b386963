"""Conversations in the cells of a notebook: what is sent when cells are run, run again, edited and copied."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from IPython.core.interactiveshell import ExecutionResult

import sfstream
from sfstream.core.conversation import session
from sfstream.demo.server import DemoServer

KEY = {"Authorization": "Bearer sk-any"}


class FrontEnd:
    """A kernel's shell, with the requests of a front-end that names its cells."""

    def __init__(self, shell: Any, demo: DemoServer) -> None:
        self.shell, self._demo = shell, demo
        self._numbers = itertools.count()
        self._request: dict[str, Any] = {}
        shell.kernel = self

    def get_parent(self, _: str) -> dict[str, Any]:
        """Return the request that is handled, as ipykernel does."""
        return self._request

    def run(self, cell: str, code: str) -> ExecutionResult:
        """Run a cell of that name; without a name as a console would."""
        header = {"msg_type": "execute_request", "session": "page", "msg_id": f"message {next(self._numbers)}"}
        self._request = {"header": header, "metadata": {"cellId": cell}, "content": {"allow_stdin": True}}
        result: ExecutionResult = self.shell.run_cell(code, store_history=True)
        return result

    def asked(self, cell: str, code: str) -> list[str]:
        """Run a cell; return the contents of the messages that it has sent, those of the model shortened."""
        before = len(self._demo.requests)
        assert self.run(cell, code).success
        assert len(self._demo.requests) > before
        return self.sent

    @property
    def sent(self) -> list[str]:
        """What was sent last, shortened."""
        messages = json.loads(self._demo.requests[-1].body)["messages"]
        return ["…" if message["role"] == "assistant" else message["content"] for message in messages]

    @property
    def notes(self) -> list[str]:
        return [str(note) for note in self.shell.user_ns["sf_reply"].notes]


@pytest.fixture
def notebook(shell: Any, demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> FrontEnd:
    """A notebook that has loaded sfstream and asks the demo server; its answers are text."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/chat")
    shell.run_cell("%config SfChat.display = 'text'\nimport sfstream")
    return FrontEnd(shell, demo)


def messages_of(body: bytes) -> str:
    """The JSON text of the messages, as it was sent."""
    text = body.decode()
    start = text.index('"messages":') + len('"messages":')
    return text[start : json.JSONDecoder().raw_decode(text, start)[1]]


Asked = Callable[[str, str], list[str]]


@pytest.fixture
def asked(notebook: FrontEnd) -> Asked:
    """Run a cell; return what it has sent."""
    return notebook.asked


@pytest.fixture
def refused(notebook: FrontEnd, demo: DemoServer, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """Run a cell that is refused before anything is sent or bound; return the message."""

    def run(code: str) -> str:
        before, bound, last = len(demo.requests), notebook.shell.user_ns.get("sf_reply"), session.last
        capsys.readouterr()
        result = notebook.run("refused", code)
        assert not result.success
        assert (before, bound, last) == (len(demo.requests), notebook.shell.user_ns.get("sf_reply"), session.last)
        printed = capsys.readouterr()
        return (printed.out + printed.err).strip()

    return run


# -c


def test_the_last_reply_is_continued(asked: Asked, demo: DemoServer) -> None:
    """The bytes of the earlier messages are the same, so that the server's prefix cache works; the answer fits."""
    asked("a", "%%sfchat -s 'Be brief.' -t 0.5\nWhat is streaming?")
    assert ["Be brief.", "What is streaming?", "…", "and shorter?"] == asked("b", "%sfchat -c and shorter?")
    assert session.last
    assert "as soon as it is known" in session.last.content
    assert ["Be brief.", "What is streaming?", "…", "and shorter?", "…", "more"] == asked("c", "%sfchat -c more")
    bodies = [request.body for request in demo.requests[-3:]]
    assert [True, False, False] == [b"temperature" in body for body in bodies]
    first, second, third = map(messages_of, bodies)
    assert second.startswith(f"{first[:-1]},")
    assert third.startswith(f"{second[:-1]},")


def test_a_cell_that_is_run_again_continues_what_it_continued(asked: Asked) -> None:
    """However much was asked meanwhile; an earlier cell that was run again is followed."""
    asked("a", "%sfchat one")
    asked("b", "%sfchat -c two")
    asked("c", "%sfchat -c three")
    assert ["one", "…", "two, edited"] == asked("b", "%sfchat -c two, edited")
    assert ["one, edited"] == asked("a", "%sfchat one, edited")
    assert ["one, edited", "…", "two"] == asked("b", "%sfchat -c two")
    assert ["one, edited", "…", "two", "…", "three"] == asked("c", "%sfchat -c three")


def test_only_the_first_of_a_cell_remembers(asked: Asked) -> None:
    """Those after it continue from the last reply, and so does the first after a plain line."""
    asked("a", "%sfchat one")
    for _ in range(2):
        assert ["one", "…", "two", "…", "three"] == asked("b", "%sfchat -c two\n%sfchat -c three")
    for begin in ("begin", "begin, edited"):
        code = f"%sfchat {begin}\n%sfchat -c two\n%sfchat -c three"
        assert [begin, "…", "two", "…", "three"] == asked("c", code)


def test_a_cell_may_continue_itself(asked: Asked) -> None:
    """A cell that is edited into the continuation of its own answer goes on from that answer, also when run again."""
    asked("a", "%sfchat one")
    for _ in range(3):
        assert ["one", "…", "and shorter?"] == asked("a", "%sfchat -c and shorter?")


def test_a_copy_continues_the_last_reply(asked: Asked) -> None:
    """It is another cell; where cells have no names, every one is."""
    asked("a", "%sfchat one")
    asked("b", "%sfchat -c two")
    assert ["one", "…", "two", "…", "two"] == asked("copy of b", "%sfchat -c two")
    asked("", "%sfchat other")
    assert ["other", "…", "two"] == asked("", "%sfchat -c two")
    assert ["other", "…", "two", "…", "two"] == asked("", "%sfchat -c two")


def test_without_a_reply_there_is_nothing_to_continue(refused: Callable[[str], str], asked: Asked) -> None:
    """On the line that is an error; the setting lets the first cell begin."""
    assert "there is no reply to continue from" in refused("%sfchat -c hi")
    asked("", "%config SfChat.continues = True\n%sfchat one")
    assert ["one", "…", "two"] == asked("", "%sfchat two")


def test_a_reply_of_the_log_is_continued(notebook: FrontEnd) -> None:
    """After a restart, with all that it was asked."""
    notebook.run("a", "%sfchat -s Brief one")
    notebook.run("b", "%sfchat -c two")
    session.__init__()  # type: ignore[misc]  # the kernel is another one
    notebook.run("c", "%sflog show 2")
    assert ["Brief", "one", "…", "two", "…", "three"] == notebook.asked("d", "%sfchat -c three")
    notebook.run("c", "%sflog show 1")
    assert ["Brief", "one", "…", "three"] == notebook.asked("d", "%sfchat -c three")


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("%sfchat -m demo/cut-after-20 one", "cut", "The answer before this one was cut off and was not sent back."),
        ("%sfchat -m demo/status-401 one", "failed", "The answer before this one failed and was not sent back."),
        ("%sfchat -m demo/reasoning-only one", "complete", "The answer before this one has no content and was not"),
    ],
)
def test_an_answer_that_is_left_out_is_told(notebook: FrontEnd, code: str, status: str, said: str) -> None:
    """Its prompt is sent, and the cell says which answer was not."""
    notebook.run("a", code)
    assert status == notebook.shell.user_ns["sf_reply"].status
    assert ["one", "two"] == notebook.asked("b", "%sfchat -c two")
    assert notebook.notes[0].startswith(said)


def test_a_foreign_stream_is_continued_if_its_prompt_is_known(
    notebook: FrontEnd, refused: Callable[[str], str], demo: DemoServer
) -> None:
    """That of a response is."""
    sfstream.show(iter(["a ", "b"]), display="off")
    assert "its prompt is unknown" in refused("%sfchat -c two")
    body = {"model": "demo/chat", "messages": [{"role": "user", "content": "one"}], "stream": True}
    sfstream.show(requests.post(f"{demo.base_url}/chat/completions", json=body, stream=True), display="off")
    assert ["one", "…", "two"] == notebook.asked("b", "%sfchat -c two")


def test_the_system_setting_only_begins(asked: Asked) -> None:
    """A conversation keeps the system message that it has, or has none, unless the line gives one."""
    asked("a", "%sfchat one")
    asked("b", "%config SfChat.system = 'Setting'\n%sfchat begin")
    assert ["Setting", "begin", "…", "two"] == asked("c", "%config SfChat.system = 'Other'\n%sfchat -c two")
    assert ["Line", "begin", "…", "two", "…", "three"] == asked("d", "%sfchat -c -s Line three")
    assert ["begin", "…", "two"] == asked("c", '%sfchat -c -s "" two')


# Conversations with a name


def test_a_conversation_grows_by_its_cells(notebook: FrontEnd) -> None:
    """A name that is used first begins one; a cell of it that is run again replaces its turn, and says so."""
    for cell, prompt in (("a", "one"), ("b", "two"), ("c", "three")):
        notebook.asked(cell, f"%%sfchat --conversation plan\n{prompt}")
    assert ["one", "…", "two", "…", "three"] == notebook.sent
    assert ["one", "…", "two!"] == notebook.asked("b", "%sfchat --conversation plan two!")
    assert ["Replaced turns 2 to 3 of plan."] == notebook.notes
    assert ["one", "…", "two!", "…", "three"] == notebook.asked("c", "%sfchat --conversation plan three")
    assert [] == notebook.notes
    assert ["other"] == notebook.asked("d", "%sfchat --conversation other other")
    assert ["other", "…", "and"] == notebook.asked("e", "%sfchat -c and")
    plan = sfstream.conversations["plan"]
    assert ["one", "two!", "three"] == [reply.request.messages[-1]["content"] for reply in plan.replies]
    assert ["one", "…", "two!", "…", "again"] == notebook.asked(
        "c", "%config SfChat.conversation = 'plan'\n%sfchat again"
    )
    assert plan.newest is notebook.shell.user_ns["sf_reply"]
    assert ["one", "…", "two!", "…", "again", "…", "-c"] == notebook.asked("f", "%sfchat -c -c"[:-2] + "-- -c")


def test_functions_take_part_as_the_magic_does(asked: Asked) -> None:
    """``chat`` and ``stream``, in loops and in cells with ``await``; run again, a loop replaces its turns."""
    asked("a", "r = sfstream.chat('one', conversation='plan')")
    loop = "for word in ('x', 'y'):\n    sfstream.chat(word, conversation='plan')"
    for _ in range(2):
        assert ["one", "…", "x", "…", "y"] == asked("b", loop)
    stream = "import asyncio\nawait asyncio.sleep(0)\nlist(sfstream.stream('z', conversation='plan'))"
    for _ in range(2):
        assert ["one", "…", "x", "…", "y", "…", "z"] == asked("c", stream)
    assert ["one", "…", "after"] == asked("d", "sfstream.chat('after', after=r)")
    assert ["one", "…", "after", "…", "more"] == asked("e", "%sfchat -c more")
    result = "[{'role': 'tool', 'tool_call_id': '1', 'content': 'rain'}]"
    assert ["one", "…", "rain"] == asked("f", f"sfstream.chat({result}, after=r)")


def test_a_failed_turn_is_replaced(notebook: FrontEnd) -> None:
    """It is a turn, so that its cell can be run again, and its answer is not sent back."""
    notebook.asked("a", "%sfchat --conversation plan one")
    notebook.run("b", "%sfchat --conversation plan -m demo/cut-after-20 two")
    assert 2 == len(sfstream.conversations["plan"].replies)
    assert ["one", "…", "two", "three"] == notebook.asked("c", "%sfchat --conversation plan three")
    assert ["The answer before this one was cut off and was not sent back."] == notebook.notes
    assert ["one", "…", "two"] == notebook.asked("b", "%sfchat --conversation plan two")


def test_a_dry_run_changes_nothing(notebook: FrontEnd, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows what would be sent, also of a cell that would replace its turn."""
    notebook.asked("a", "%sfchat --conversation plan one")
    notebook.asked("b", "%sfchat -c two")
    before = sfstream.conversations["plan"].replies
    for cell, options in (("a", "--conversation plan"), ("b", "-c"), ("c", "--conversation new")):
        capsys.readouterr()
        assert notebook.run(cell, f"%sfchat --dry-run {options} three").success
        assert ('"one"' in capsys.readouterr().out) == (cell == "b")
    assert (before, ["plan"]) == (sfstream.conversations["plan"].replies, list(sfstream.conversations))
    assert ["one", "…", "two"] == notebook.asked("b", "%sfchat -c two")


def test_what_cannot_be_sent_takes_no_turn(notebook: FrontEnd, refused: Callable[[str], str]) -> None:
    """There is no key for this server."""
    refused("%config SfChat.base_url = 'https://api.siliconflow.cn/v1'\n%sfchat --conversation plan one")
    refused("%sfchat --conversation plan -t 3 one")
    assert [] == list(sfstream.conversations)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("%sfchat -c --conversation plan hi", "-c and --conversation both say what to continue"),
        ("sfstream.chat('hi', after=sf_reply, conversation='plan')", "after and conversation both say what to"),
        ("sfstream.chat('hi', after='plan')", "after is 'plan'; expected a Reply."),
        ("sfstream.chat('hi', conversation=3)", "The name of a conversation is 3; expected a text."),
        ('%sfchat --conversation "" hi', "The name of a conversation is ''; expected a text."),
        ("sfstream.chat([], after=sf_reply)", "The prompt is empty"),
        ("sfstream.chat(' ', after=sf_reply)", "The prompt is empty"),
        ("sfstream.chat(5, after=sf_reply)", "The prompt is 5"),
        ("sfstream.conversations['plan']", "There is no conversation 'plan'. There are: none"),
    ],
)
def test_what_is_refused(notebook: FrontEnd, refused: Callable[[str], str], code: str, said: str) -> None:
    """One short message, and nothing is sent."""
    notebook.run("a", "%sfchat one")
    message = refused(code)
    assert said in " ".join(message.split())
    assert len(message.splitlines()) <= 2


def test_a_replay_takes_no_turn(notebook: FrontEnd, tmp_path: Path) -> None:
    """It can be continued, with all that was asked then."""
    notebook.asked("a", f"%sfchat --record {tmp_path}/a.jsonl one")
    code = f"%sfchat --conversation plan --replay {tmp_path}/a.jsonl --speed max"
    assert notebook.run("b", code).success
    assert [] == list(sfstream.conversations)
    assert ["one", "…", "two"] == notebook.asked("c", "%sfchat -c two")

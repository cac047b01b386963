"""``-a`` and ``attach=``: what is sent, what is shown, what is refused."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import sfstream
from sfstream.demo.server import DemoServer
from sfstream.errors import ConfigurationError, RequestRefused
from sfstream.wire.complaints import complaint_of
from sfstream.wire.server_errors import refusal
from tests.display.view_page import Page
from tests.notebook.cells import loaded_shell


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An IPython shell in an empty folder, which has loaded sfstream and asks the demo server."""
    monkeypatch.setenv("SILICONFLOW_MODEL", "demo/chat")
    monkeypatch.chdir(tmp_path)
    with loaded_shell() as made:
        yield made


@pytest.fixture
def cat() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "orange").save(file, "PNG")
    return file.getvalue()


def content(demo: DemoServer) -> Any:
    return json.loads(demo.requests[-1].body)["messages"][-1]["content"]


def part(data: bytes, **more: str) -> dict[str, Any]:
    url = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    return {"type": "image_url", "image_url": {"url": url, **more}}


@pytest.mark.parametrize("via", ["openai", "requests", pytest.param("curl", marks=pytest.mark.curl)])
def test_images_stand_before_the_text(shell: Any, demo: DemoServer, cat: bytes, via: str) -> None:
    """A path with spaces, a URL and a variable, in the order of the line; exactly these bytes are sent."""
    Path("my cat.png").write_bytes(cat)
    shell.user_ns["picture"] = cat
    url = "https://example.org/dog.jpg"
    assert shell.run_cell(f'%%sfchat --via {via} -a "my cat.png" --attach {url} -a picture\nWhat?\n').success
    web = {"type": "image_url", "image_url": {"url": url}}
    assert [part(cat), web, part(cat), {"type": "text", "text": "What?"}] == content(demo)


def test_detail_is_sent_with_each_image(shell: Any, demo: DemoServer, cat: bytes) -> None:
    """From the line, from the setting, and from the keyword; without an image the setting does nothing."""
    shell.user_ns["cat"] = cat
    assert shell.run_cell("%sfchat -a cat -a cat --detail high What?").success
    assert [part(cat, detail="high")] * 2 == content(demo)[:2]
    assert shell.run_cell("%config SfChat.detail = 'low'").success
    assert shell.run_cell("%sfchat -a cat What?").success
    assert part(cat, detail="low") == content(demo)[0]
    sfstream.chat("What?", attach=cat, detail="auto")
    assert part(cat, detail="auto") == content(demo)[0]
    sfstream.chat("What?")
    assert "What?" == content(demo)
    with pytest.raises(ConfigurationError, match="detail is 'much'; expected one of auto, low, high"):
        sfstream.chat("What?", attach=cat, detail="much")


def test_a_variable_comes_before_a_file(shell: Any, demo: DemoServer, cat: bytes) -> None:
    """``./name`` is the file; a variable may also hold a path."""
    Path("cat").write_bytes(cat)
    assert shell.run_cell("%sfchat -a cat What?").success
    assert part(cat) == content(demo)[0]
    shell.user_ns["cat"] = "https://example.org/other.png"
    assert shell.run_cell("%sfchat -a cat What?").success
    assert "https://example.org/other.png" == content(demo)[0]["image_url"]["url"]
    shell.user_ns["cat"] = Path("cat")
    for source in ("./cat", "cat"):
        assert shell.run_cell(f"%sfchat -a {source} What?").success
        assert part(cat) == content(demo)[0]


def test_objects_are_given_in_python(shell: Any, demo: DemoServer, cat: bytes) -> None:
    """Bytes, PIL images, figures and paths, one or a list; also with a list of messages, and in `stream`."""
    from matplotlib.figure import Figure

    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What?"}]
    reply = sfstream.chat(messages, attach=[cat, Image.open(io.BytesIO(cat)), Figure()])
    assert "I received 3 images" in reply.content
    assert reply.content.count("PNG, 640×480 pixels") == 3
    assert messages[1]["content"] == "What?"
    with sfstream.stream("What?", attach=bytearray(cat)) as events:
        list(events)
    assert part(cat) == content(demo)[0]
    with pytest.raises(ConfigurationError, match="the last of the messages is not the user's"):
        sfstream.chat([{"role": "assistant", "content": "Hi"}], attach=cat)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-a nothing", "-a nothing: there is neither a variable nor a file 'nothing'."),
        ("-a no/cat.png", "There is no image 'no/cat.png'"),
        ("-a .", "The image '.' cannot be read: Is a directory."),
        ("-a text.png", "'text.png' is not an image that can be read."),
        (
            "-a number",
            "attach expects a path, a URL, bytes, a PIL image, or a figure of matplotlib; 'number' is of type",
        ),
        ("-a '' ", "attach is ''; expected a path"),
    ],
)
def test_bad_input_is_refused(shell: Any, demo: DemoServer, capsys: Any, line: str, said: str) -> None:
    """With one short message, and nothing is sent."""
    Path("text.png").write_text("no image")
    shell.user_ns["number"] = 5
    before = len(demo.requests)
    result = shell.run_cell(f"%sfchat {line} What?")
    assert said in str(result.error_in_exec)
    assert before == len(demo.requests)


def test_the_refusal_of_an_image_says_what_to_do() -> None:
    """SiliconFlow's code 20041: the model takes none."""
    error = refusal(
        complaint_of('{"code": 20041, "message": "The model is not a VLM.", "data": null}'), status_code=400
    )
    assert isinstance(error, RequestRefused)
    assert "takes no images" in str(error)
    assert "-m" in str(error)


def test_images_are_shown_small(shell: Any, cat: bytes) -> None:
    """In the static answer above it, with its size; in Markdown and text as a line. Nothing is loaded from the web."""
    Path("cat.png").write_bytes(cat)
    reply = sfstream.chat("What?", attach=["cat.png", "https://example.org/a.png?x=<b>"], display="off")
    data, _ = reply._repr_mimebundle_()
    page = data["text/html"]
    assert 1 == page.count("<img")
    assert 'width="160" height="120"' in page
    assert "cat.png, 640×480" in page
    assert ">image at example.org</a>" in page
    assert "<b>" not in page
    assert len(page) < 20_000
    for kind in ("text/plain", "text/markdown"):
        assert "image: cat.png, 640×480" in data[kind]
    assert data["text/plain"].startswith("[image: cat.png, 640×480]\n[image at example.org]\nI received 2 images")


def test_an_answer_from_the_log_shows_its_images(shell: Any, cat: bytes) -> None:
    """Without their names, which are not sent."""
    sfstream.chat("What?", attach=cat, display="off")
    data, _ = sfstream.log.last()._repr_mimebundle_()
    assert "PNG, 640×480" in data["text/html"]
    assert "<img" in data["text/html"]


def test_the_list_of_answers_shows_images_very_small(shell: Any, cat: bytes) -> None:
    """In a notebook above the prompt; in a terminal their number."""
    sfstream.chat("What?", attach=[cat, "https://example.org/a.png"], display="off")
    sfstream.chat("Hello", display="off")
    table = shell.run_cell("%sflog").result
    assert "[2 images] What?" in repr(table)
    page = table._repr_html_()
    assert 1 == page.count("<img")
    assert 'width="40" height="30"' in page
    assert "[2 images] What?" in page
    assert page.index("Hello") < page.index("<img")
    sfstream.log.forget_all()
    assert shell.run_cell("%sflog search What").success


@pytest.mark.parametrize(
    ("cell", "prompt"),
    [
        ("answer = %sfchat -m demo/echo What is this?", "What is this?"),
        ("x = 1\nanswer = %sfchat -m demo/echo two  spaces?\ny = x", "two  spaces?"),
        ("if True:\n    answer = %sfchat -m demo/echo indented", "indented"),
        ("answer = %sfchat -m demo/echo {{ 1 + 1 }} or {x}?", "2 or {x}?"),
    ],
)
def test_the_answer_of_a_line_can_be_assigned(
    shell: Any, demo: DemoServer, cell: str, prompt: str, capsys: Any
) -> None:
    """Wherever the line stands; the value is the Reply, and the answer is shown once."""
    assert shell.run_cell(cell, store_history=True).success
    assert isinstance(shell.user_ns["answer"], sfstream.Reply)
    assert shell.user_ns["answer"] is shell.user_ns["sf_reply"]
    assert prompt == content(demo)
    assert 1 == capsys.readouterr().out.count("no model is behind it")


def test_a_script_of_ipython_can_assign_an_answer(shell: Any, demo: DemoServer, tmp_path: Path) -> None:
    """With ``%run``, as with ``ipython script.ipy``."""
    (tmp_path / "script.ipy").write_text("answer = %sfchat -m demo/echo Really?\nlength = len(answer.content)\n")
    shell.safe_execfile_ipy("script.ipy", raise_exceptions=True)
    assert "Really?" == content(demo)
    assert len(shell.user_ns["answer"].content) == shell.user_ns["length"]


def test_the_live_view_gets_the_images_once(pages: list[Page], asking_demo: DemoServer, cat: bytes) -> None:
    """With the first update; and again for a page that asks for the whole."""
    view = sfstream.StreamView()
    sfstream.chat("What?", model="demo/chat", attach=cat, into=view)
    page = pages[-1]
    assert ["images" in message for message in page.of("update")] == [True] + [False] * (len(page.of("update")) - 1)
    assert 1 == page.of("update")[0]["images"].count("<img")
    page.say(kind="hello", **{"from": "a", "whole": True})
    assert page.of("update")[0]["images"] == page.of("whole")[-1]["images"]

"""The answer as it stays: three types of one text, how it ended, and what is known of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sfstream.core.events import Delta, Finish, Usage
from sfstream.core.reply import Reply
from sfstream.display.mimebundle import bundle, metadata, note_shown
from sfstream.errors import ServerBusy, Stopped, StreamCut
from tests.replies import ended

TYPES = {"text/html", "text/markdown", "text/plain"}


def usage(tokens: int) -> Usage:
    return Usage({"completion_tokens": tokens})


def test_the_three_say_the_same() -> None:
    """Content and status line in each; HTML and Markdown rendered or escaped, plain text as it came."""
    data = bundle(ended(Delta(content="**Prime** numbers cost $5 < $6."), Finish(0, "stop")))
    assert set(data) == TYPES
    assert "<strong>Prime</strong>" in data["text/html"]
    assert r"**Prime** numbers cost \$5 &lt; \$6." in data["text/markdown"]
    assert "**Prime** numbers cost $5 < $6." in data["text/plain"]
    for text in data.values():
        assert "a/model" in text
        assert "complete" in text


def test_lines_of_reasoning_stay_lines() -> None:
    """Models think in lines; in content, a line end within a paragraph is white space, as CommonMark has it."""
    html = bundle(ended(Delta(reasoning="1 = 1\n1 + 3 = 4"), Delta(content="So\nit is."), Finish(0, "stop")))[
        "text/html"
    ]
    assert re.search(r"1 = 1<br ?/?>\s*1 \+ 3 = 4", html)
    assert "So\nit is." in html


def test_only_html_holds_the_reasoning() -> None:
    """It is folded there, and left out elsewhere."""
    data = bundle(ended(Delta(reasoning="Hm."), Delta(content="So."), Finish(0, "stop")))
    assert [True, False, False] == ["Hm." in data[name] for name in sorted(TYPES)]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (ended(Delta(content="a"), usage(312), error=Stopped("x")), "■ Stopped after 312 tokens."),
        (ended(Delta(content="a"), error=Stopped("x")), "■ Stopped."),
        (ended(Delta(content="a"), error=StreamCut("x")), "▲ Cut off by the server."),
        (ended(Delta(content="a"), Finish(0, "length"), max_tokens=5), "▲ Reached max_tokens."),
        (ended(Delta(content="a"), error=ServerBusy("x")), "✗ Failed: ServerBusy."),
    ],
    ids=["stopped", "stopped-uncounted", "cut", "length", "failed"],
)
def test_the_end_is_told(reply: Reply, said: str) -> None:
    """How it ended has a line of its own below the answer, in each type, and is said once; tokens are named where the
    server counted them."""
    data = bundle(reply)
    assert data["text/plain"].startswith(f"a\n{said} ")
    assert data["text/markdown"].startswith("a\n\n**" + said.replace("_", r"\_"))
    assert f">{said} " in data["text/html"]
    for name in TYPES:
        assert 1 == data[name].replace("\\", "").casefold().count(said[2:-1].casefold())
    assert 1 == data["text/plain"].count("312") or "312" not in said


def test_no_empty_line_in_html() -> None:
    """Where HTML stands in a Markdown file it ends at an empty line: code with empty lines holds none in our HTML."""
    data = bundle(ended(Delta(content="```\na\n\n \n\n![x](https://evil.example/)\n```"), Finish(0, "stop")))
    assert not re.search(r"\n\s*\n", data["text/html"])
    assert "&#10;" in data["text/html"]


def test_the_metadata_is_what_is_known() -> None:
    """Model, parameters without the messages, usage, timing, status, finish reason and how it was sent."""
    reply = ended(Delta(content="a"), usage(3), Finish(0, "stop"), temperature=0.5, params={"seed": 7})
    reply.trace_id = "t-1"
    about = metadata(reply)["sfstream"]
    assert ("a/model", "complete", "stop", "requests") == tuple(
        about[name] for name in ("model", "status", "finish_reason", "via")
    )
    assert {"temperature": 0.5, "seed": 7, "stream": True} == about["parameters"]
    assert ({"completion_tokens": 3}, "t-1", 1.0) == (
        about["usage"],
        about["trace_id"],
        about["timing"]["first_token"],
    )
    assert "Hello" not in json.dumps(about)


def test_the_metadata_names_the_error() -> None:
    """What ended it, by name and words."""
    about = metadata(ended(error=StreamCut("It was cut.")))["sfstream"]
    assert {"name": "StreamCut", "message": "It was cut."} == about["error"]


def test_the_metadata_is_json() -> None:
    """What JSON cannot hold is left out, so that every notebook can be saved."""
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    for counts in ({"a": float("nan")}, {"a": object()}, {"a": nested}):
        about = metadata(ended(Delta(content="a"), Usage(counts)))
        assert "a/model" in json.dumps(about, allow_nan=False)


def test_a_reply_gives_the_whole_bundle_without_a_kernel() -> None:
    """For marimo, Sphinx and others that ask for it without one; so does a shell that is no terminal."""
    reply = ended(Delta(content="a"), Finish(0, "stop"))
    assert (bundle(reply), metadata(reply)) == reply._repr_mimebundle_()


@pytest.mark.usefixtures("bare_shell")
def test_a_reply_gives_the_whole_bundle_to_any_shell() -> None:
    """Also to one that has shown it already, since it may be asked to show it elsewhere."""
    reply = ended(Delta(content="a"), Finish(0, "stop"))
    note_shown(reply)
    assert (bundle(reply), metadata(reply)) == reply._repr_mimebundle_()


def test_the_answer_says_how_it_is_copied() -> None:
    """Where the live view has its button, folded; only where there is something to copy, and only in HTML."""
    data = bundle(ended(Delta(content="a"), Finish(0, "stop")))
    assert re.search(r"<summary [^>]*>a/model · [^<]*<span [^>]*> · <span [^>]*>Copy</span>", data["text/html"])
    assert "right-click the answer, Copy Output to Clipboard" in data["text/html"]
    for name in ("text/plain", "text/markdown"):
        assert "Copy" not in data[name]
    assert "Copy" not in bundle(ended(Delta(reasoning="Hm."), Finish(0, "stop")))["text/html"]


def test_the_plain_text_is_the_markdown() -> None:
    """As the model wrote it."""
    text = "# A\n\n- **b** $x^2$ [c](https://example.org)\n\n```python\nd\n```"
    assert bundle(ended(Delta(content=text), Finish(0, "stop")))["text/plain"].startswith(f"{text}\na/model")

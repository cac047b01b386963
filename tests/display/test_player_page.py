"""``Reply.save("answer.html")``: one page that needs nothing else, and shows nothing but its answer."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from sfstream.core import config
from sfstream.core.events import Delta
from sfstream.core.recording import Recording
from sfstream.core.reply import Reply
from sfstream.demo.compose import Script, compose
from sfstream.display.component import PANES
from sfstream.display.scripts import PAGE
from sfstream.errors import ConfigurationError, RecordingError
from sfstream.log.entries import reply_of
from sfstream.log.format import open_recording
from tests.bench.sizes import write
from tests.display.test_component import unpacked
from tests.hostile.parsed import loosely
from tests.replies import ended

MOST_BYTES = 300_000
OF_THE_PAGE = ("html", "head", "title", "body", "iframe", "link", "base", "form")


def recording(prompt: str = "Hello", *content: str, model: str = "a/model", reasoning: str = "") -> Recording:
    """The recording of an answer."""
    request = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    return compose(request, Script(content, [reasoning] if reasoning else []))


def saved(folder: Path, reply: Reply) -> str:
    """The page of a reply."""
    reply.save(folder / "answer.html")
    return (folder / "answer.html").read_text("utf-8")


def test_it_holds_the_answer_twice(tmp_path: Path) -> None:
    """As a static answer, formulas included, and as the data of the player with all panes open."""
    page = saved(tmp_path, reply_of(recording("What?", "It is ", "**$x^2$**.", reasoning="Hm.")))
    static, _, _ = page.partition('<script type="text/plain"')
    assert "Hm." in static
    assert "<strong><math" in static
    assert "█" in static
    data = unpacked(page)
    assert [*PANES] == data["open"]
    assert {"reasoning", "content"} == {name for _, update in data["replies"][0]["updates"] for name in update["parts"]}


def test_only_its_own_script_may_run(tmp_path: Path) -> None:
    """The policy names the script by its hash, and allows no address at all."""
    page = saved(tmp_path, reply_of(recording()))
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert {
        "default-src 'none'",
        f"script-src 'sha256-{digest}'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    } == {*policy[1].split("; ")}
    assert page.index("Content-Security-Policy") < page.index("<style")


def test_all_of_a_recording_is_text(tmp_path: Path) -> None:
    """Prompt, model and answer of somebody else are markup nowhere, and end nothing early."""
    hostile = "</title></style></script><script>pwned()</script><img src=x onerror=pwned()>"
    page = saved(tmp_path, reply_of(recording(hostile, hostile, model=hostile, reasoning=hostile)))
    tags = [element.tag for element in loosely(page)]
    assert (["html", "head", "title", "body"], 2) == ([tag for tag in tags if tag in OF_THE_PAGE], tags.count("script"))
    assert "img" not in tags


@pytest.mark.parametrize(("language", "lang"), [("en", "en"), ("zh", "zh-CN")])
def test_it_says_its_language_and_title(tmp_path: Path, language: str, lang: str) -> None:
    """For screen readers and bookmarks."""
    config.settings["language"] = language
    page = saved(tmp_path, reply_of(recording("What is <b>?\nTell me.")))
    assert f'<html lang="{lang}">' in page
    assert "<title>What is &lt;b&gt;? Tell me. · a/model</title>" in page


def test_it_defines_each_variable_of_the_notebook() -> None:
    """The component takes its colours from Jupyter's theme, which is not there, for light and dark."""
    style, own = (PAGE / "page.css").read_text("utf-8"), [*PAGE.glob("*.css"), *PAGE.glob("player*.js")]
    used = {name for file in own for name in re.findall(r"--jp-[\w-]+", file.read_text("utf-8"))}
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    assert set() == {name for name in used if f"{name}:" not in light}
    assert set() == {name for name in used if "color" in name and f"{name}:" not in dark}


@pytest.mark.parametrize(("language", "length"), [("English", 4), ("Chinese", 2)])
def test_it_is_small(tmp_path: Path, language: str, length: int) -> None:
    """2,000 tokens that are new each, at random times."""
    write(tmp_path / "answer.jsonl.gz", language, length, 2000)
    page = saved(tmp_path, reply_of(open_recording(tmp_path / "answer.jsonl.gz")))
    print(f"{len(page.encode()):,} bytes of 2,000 tokens in {language}")
    assert len(page.encode()) <= MOST_BYTES


def test_an_interrupted_answer_is_one(tmp_path: Path) -> None:
    """A recording whose process ended first."""
    whole = recording("Hello", "One ", "two ", "three.")
    page = saved(tmp_path, reply_of(Recording(whole.head, whole.chunks[:3])))
    assert "interrupted: its process ended first" in page
    assert "One two" in page


def test_without_a_recording_there_is_none(tmp_path: Path) -> None:
    """The error says why, and no file is left."""
    with pytest.raises(RecordingError, match="this reply has none"):
        ended(Delta(content="Hello")).save(tmp_path / "answer.html")
    assert [] == [*tmp_path.iterdir()]


def test_it_cannot_be_written(tmp_path: Path) -> None:
    """The error is the one of the other formats."""
    with pytest.raises(RecordingError, match=r"answer\.html' cannot be written: there is no folder"):
        reply_of(recording()).save(tmp_path / "missing" / "answer.html")


def test_an_unknown_ending_is_answered_with_the_known(tmp_path: Path) -> None:
    """The page is among them."""
    with pytest.raises(ConfigurationError, match=r"expected a name that ends in \.md, \.html, \.jsonl, \.jsonl\.gz"):
        reply_of(recording()).save(tmp_path / "answer.htm")

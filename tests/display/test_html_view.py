"""The answer as HTML: nothing in it but what we write."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.utils.capture import capture_output

from sfstream.core.events import Delta, Finish, ToolCallDelta
from sfstream.core.message import Message
from sfstream.core.reply import Reply
from sfstream.display.html_view import HtmlView
from sfstream.display.mimebundle import bundle
from sfstream.errors import StreamCut
from tests.replies import ended, grown

_STYLED = {
    tag: {"class", "style"} for tag in ("div", "summary", "pre", "code", "span", "th", "td", "li", "blockquote", "p")
}
_PLAIN = {tag: set[str]() for tag in ("ul", "em", "strong", "s", "hr", "br", "table", "tr")}
_PLAIN |= {tag: set() for tag in ("thead", "tbody", "h1", "h2", "h3", "h4", "h5", "h6")}
_MORE = {"details": {"class", "style", "open"}, "a": {"href", "title", "target", "rel"}, "ol": {"start"}}
_DIRECTED = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "th", "td", "pre", "code", "span")
_KNOWN = _STYLED | _PLAIN | _MORE
OURS = _KNOWN | {tag: _KNOWN[tag] | {"dir"} for tag in _DIRECTED} | {"img": {"src", "alt", "title"}}
"""The tags that we write, and their attributes."""
VOID = {"hr", "br", "img"}
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "onerror": "<img src=x onerror=alert(1)>",
    "closing-tags": "</div></div></details></body></html><b>out</b>",
    "attribute": '" onmouseover="alert(1)" style=\'x\'',
    "comment": "<!-- --><![CDATA[<b>]]><?php ?>",
    "half-tag": "<div style=",
    "iframe": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "command": '<a data-commandlinker-command="x" href="javascript:alert(1)">y</a>',
    "maths": "$5 and $6",
}


class Walk(HTMLParser):
    """What a browser would find: tags, attributes, text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.odd: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)


def walked(html: str) -> Walk:
    """The walk over HTML that holds nothing but our tags, all closed."""
    walk = Walk(html)
    assert [] == walk.open
    assert [] == walk.odd
    for tag, attributes in walk.tags:
        assert set(attributes) <= OURS[tag]
    return walk


def stays(reply: Reply) -> Walk:
    """The static answer."""
    return walked(bundle(reply)["text/html"])


def grows(reply: Reply, doing: str = "") -> Walk:
    """What is sent of a reply that grows still."""
    with capture_output() as captured:
        HtmlView().paint(reply, Message(doing))
    return walked(captured.outputs[-1].data["text/html"])


@pytest.mark.usefixtures("bare_shell")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    """In content, reasoning, tool calls, notes, the model's name and what is being done, HTML is shown, not made."""
    walks = [
        stays(ended(Delta(content=text))),
        grows(grown(Delta(content=text))),
        stays(ended(Delta(reasoning=text), Delta(content="a"))),
        grows(grown(Delta(reasoning=text))),
        stays(ended(ToolCallDelta(name=text, arguments=text))),
        stays(ended(Delta(content="a"), Finish(0, text))),
        stays(ended(Delta(content="a"), model=text)),
        grows(grown(), doing=text),
    ]
    for walk in walks:
        assert text in walk.text


def test_entities_are_characters() -> None:
    """An entity of the model is the character that it names, and no tag is made of it."""
    assert "<script> & <b>" in stays(ended(Delta(content="&lt;script&gt; &amp; &#60;b&#62;"))).text


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_makes_other_tags(content: str, reasoning: str) -> None:
    """Whatever the model says, the tags and attributes are those that we write, and all of them are closed."""
    assert stays(ended(Delta(content=content, reasoning=reasoning), Finish(0, "stop"))).tags


def test_mathjax_leaves_it_alone() -> None:
    """A price such as $5 is no formula: the whole stands where MathJax does not look."""
    (tag, attributes), *_ = stays(ended(Delta(content="$5 and $6"))).tags
    assert "div" == tag
    assert {"tex2jax_ignore", "mathjax_ignore"} <= set(str(attributes["class"]).split())


def test_plain_text_holds_content_and_status() -> None:
    """The content as it came and one line; the reasoning is left out."""
    text = "  <b> & \n\n $5"
    lines = bundle(ended(Delta(reasoning="Hm."), Delta(content=text), Finish(0, "stop")))["text/plain"]
    assert lines.startswith(f"{text}\na/model · ")
    assert lines.endswith("complete")
    assert "Hm." not in lines


def test_plain_text_does_not_drive_a_console() -> None:
    """A Jupyter console prints ``text/plain``: an escape sequence of the model must not reach it."""
    assert "\x1b" not in bundle(ended(Delta(content="\x1b]0;owned\x07"), Finish(0, "stop")))["text/plain"]


def test_an_error_is_told_with_what_had_come() -> None:
    """A cut answer shows its content and says that it was cut."""
    reply = grown(Delta(content="half an ans"))
    reply.end(9.0, StreamCut("x"))
    for text in (stays(reply).text, bundle(reply)["text/plain"]):
        assert "half an ans" in text
        assert "▲ Cut off by the server." in text


COPIED = "sfstream-how"
"""Class of the box that says how the answer is copied."""


def details(walk: Walk) -> list[bool]:
    """Of each box of reasoning, whether it is open."""
    return ["open" in attributes for tag, attributes in walk.tags if tag == "details" and attributes["class"] != COPIED]


@pytest.mark.usefixtures("bare_shell")
def test_reasoning_is_open_while_the_model_thinks() -> None:
    """The box is open until the answer begins, and folded from then on; its summary says how long it thought."""
    thinking = grows(grown(Delta(reasoning="Hm.")))
    assert [True] == details(thinking)
    assert "Thinking…" in thinking.text
    events = Delta(reasoning="Hm."), Delta(content="So.")
    for walk in (grows(grown(*events)), stays(ended(*events))):
        assert [False] == details(walk)
        assert "Thought for 1.0 s" in walk.text
        assert "Hm." in walk.text


def test_reasoning_alone_stays_open() -> None:
    """An answer that came only as reasoning is shown, and said."""
    walk = stays(ended(Delta(reasoning="Hm."), Finish(0, "stop")))
    assert [True] == details(walk)
    assert "The answer came as reasoning only" in walk.text


@pytest.mark.usefixtures("bare_shell")
@pytest.mark.parametrize("reasoning", ["", "\n", " \n\t "], ids=["none", "line-end", "white-space"])
def test_without_reasoning_there_is_no_box(reasoning: str) -> None:
    """White space is no thought."""
    assert [] == details(stays(ended(Delta(reasoning=reasoning), Delta(content="a"))))
    assert [] == details(grows(grown(Delta(reasoning=reasoning))))


def test_tool_calls_are_shown() -> None:
    """A reply that is a call shows it."""
    reply = ended(ToolCallDelta(name="f", arguments='{"a": 1}'), Finish(0, "tool_calls"))
    assert 'f({"a": 1})' in stays(reply).text
    assert 'f({"a": 1})' in bundle(reply)["text/plain"]
    assert '```\nf({"a": 1})\n```' in bundle(reply)["text/markdown"]


def test_tool_calls_are_shown_below_content() -> None:
    """A call is shown also where the model says something before it, as plain text does."""
    reply = ended(Delta(content="Let me see."), ToolCallDelta(name="f", arguments="{}"), Finish(0, "tool_calls"))
    assert "f({})" in stays(reply).text

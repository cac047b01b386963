r"""``\u4e2d`` in the arguments of a tool call is shown as the character that it means."""

from __future__ import annotations

import json

import pytest

from sfstream.core.events import Delta, Finish, ToolCallDelta
from sfstream.core.json_escapes import readable_json
from sfstream.core.message import Message
from sfstream.display.captions import captions, final_captions
from sfstream.display.mimebundle import bundle
from tests.display.test_html_view import stays
from tests.display.test_text_view import printed
from tests.replies import ended, grown

BOTH = [
    pytest.param(r'{"city": "\u676d\u5dde"}', '{"city": "杭州"}', id="chinese"),
    pytest.param(r'{"\u57ce\u5e02":"\u676d\u5dde","n":1}', '{"城市":"杭州","n":1}', id="names"),
    pytest.param(r'{"q": "caf\u00e9 na\u00efve \u0416 \u0639"}', '{"q": "café naïve Ж ع"}', id="other-scripts"),
    pytest.param(r'{"q": "\uD83D\uDE00 \ud83c\udf75"}', '{"q": "😀 🍵"}', id="pairs"),
    pytest.param(r'{"x": 1e400, "y": 1.50, "z": 12345678901234567890123}', None, id="numbers"),
    pytest.param(r'{"x": 1.50, "q": "\u4e2d", "x": 2}', '{"x": 1.50, "q": "中", "x": 2}', id="numbers-and-twice"),
    pytest.param(r'{"path": "C:\\u4e2d\\new"}', None, id="escaped-backslash"),
    pytest.param(r'{"path": "C:\\\u4e2d"}', r'{"path": "C:\\中"}', id="backslash-and-escape"),
    pytest.param(r'{"q": "say \"\u4f60\u597d\"\n\t"}', r'{"q": "say \"你好\"\n\t"}', id="quotes-and-lines"),
    pytest.param(r'{"q": "\u0022\u005c\u002f"}', r'{"q": "\u0022\u005c/"}', id="written-out-quotes"),
    pytest.param(r'{"url": "https:\/\/a.example\/x"}', '{"url": "https://a.example/x"}', id="solidus"),
    pytest.param(r'{"q": "\u001b[31m\u0000\u202e\u2066\u200b\u2028"}', None, id="invisible"),
    pytest.param(r'{"q": "\u003cscript\u003e \u0026"}', '{"q": "<script> &"}', id="markup"),
    pytest.param(r'["\u4e00", {"a": ["\u4e8c"]}]', '["一", {"a": ["二"]}]', id="nested"),
    pytest.param(r'"\u4e2d"', '"中"', id="a-string"),
    pytest.param('{"city": "杭州"}', None, id="decoded-already"),
    pytest.param('{\n  "city": "\\u676d"\n}', '{\n  "city": "杭"\n}', id="lines"),
    pytest.param("", None, id="nothing"),
    pytest.param("{}", None, id="empty"),
    pytest.param(r"city=\u676d", None, id="no-json"),
    pytest.param(r'{"city": "\u676d"', None, id="cut"),
    pytest.param(r'{"city": "\u676d"} and more', None, id="more"),
    pytest.param(r'{"city": "\u67zz"}', None, id="broken-escape"),
    pytest.param(r'{"city": "\ud83d x"}', None, id="half"),
    pytest.param(r"{'city': '\u676d'}", None, id="python"),
    pytest.param("[" * 5000 + r'"\u676d"' + "]" * 5000, None, id="deep"),
]


@pytest.mark.parametrize(("sent", "expected"), BOTH)
def test_escapes_are_decoded(sent: str, expected: str | None) -> None:
    """What is not JSON is shown as it came. The result means the same as what was sent."""
    shown = readable_json(sent)
    assert (sent if expected is None else expected) == shown
    if expected is not None:
        assert json.loads(sent) == json.loads(shown)


def test_every_view_shows_them_decoded() -> None:
    """The reply keeps what the server sent."""
    sent = r'{"city": "\u676d\u5dde", "note": "\u001b[2J<b>"}'
    expected = r'get_weather({"city": "杭州", "note": "\u001b[2J<b>"})'
    events = Delta(content="Let me see."), ToolCallDelta(name="get_weather", arguments=sent)
    reply = ended(*events, Finish(0, "tool_calls"))
    assert [sent] == [call.arguments for call in reply.tool_calls]
    assert [expected] == captions(grown(*events), Message(""), 1).calls
    assert [expected] == final_captions(reply).calls
    assert expected in stays(reply).text
    assert expected in printed(*events, Finish(0, "tool_calls"))
    shown = bundle(reply)
    assert expected in shown["text/plain"]
    assert expected in shown["text/markdown"]
    assert "杭州" in shown["text/html"]
    assert "&lt;b&gt;" in shown["text/html"]


def test_control_characters_that_are_not_escaped_stay_visible() -> None:
    """They are not JSON, and are shown as the views show any."""
    reply = ended(ToolCallDelta(name="f", arguments='{"a": "\x1b[2J\\u4e2d"}'), Finish(0, "tool_calls"))
    assert ['f({"a": "␛[2J\\u4e2d"})'] == final_captions(reply).calls


@pytest.mark.parametrize("sent", [case.values[0] for case in BOTH[:16]])
def test_growing_arguments_only_grow(sent: str) -> None:
    """Letter by letter: no part of an escape is shown before its character, and nothing is taken back."""
    shown = ""
    for end in range(1, len(sent) + 1):
        now = readable_json(sent[:end], is_growing=True)
        assert now.startswith(shown)
        shown = now
    assert readable_json(sent) == shown

"""Conversations as they are displayed, and what the status line says about the server's prefix cache."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from sfstream.core.config import settings
from sfstream.core.conversation import Conversation, conversations
from sfstream.core.events import Delta, Usage
from sfstream.core.reply import Reply
from sfstream.display.captions import status_line
from sfstream.display.dialogue import LONG
from sfstream.errors import Stopped
from tests.core.test_conversation import talk, turn
from tests.hostile.corpus import payloads
from tests.hostile.parsed import strictly
from tests.hostile.replies import replies
from tests.hostile.rules import faults
from tests.replies import ended


def shown(conversation: Conversation) -> str:
    """The text on the page."""
    return html.unescape(re.sub(r"<[^>]+>", "\n", conversation._repr_html_()))


def test_a_dialogue_is_readable() -> None:
    """Numbered prompts as they were sent, rendered answers, the model where it changes, and what is not sent back."""
    first = turn("What is <b>1 + 1</b>?\n  And $x$?", Delta(content="It is **2**."), system="Be brief.")
    second = turn("Sure?", Delta(content="Ye"), after=first, error=Stopped("x"))
    plan = Conversation("my plan", second)
    page = plan._repr_html_()
    assert "What is &lt;b&gt;1 + 1&lt;/b&gt;?\n  And $x$?" in page
    assert "It is <strong>2</strong>." in page
    assert "tex2jax_ignore" in page
    lines = [line.strip() for line in shown(plan).split("\n") if line.strip()]
    assert ["my plan", "· 2 turns · a/b", "system: Be brief.", "1", "What is <b>1 + 1</b>?"] == lines[:5]
    assert ["2", "Sure?", "Ye", "■ Stopped. Ask again for the whole answer.", "not sent back"] == lines[-5:]
    assert repr(plan).splitlines()[:2] == ["my plan · 2 turns · a/b", "system: Be brief."]
    assert "\n1  What is <b>1 + 1</b>?\n     And $x$?\n" in repr(plan)
    assert repr(plan).endswith("2  Sure?\n\nYe\n\n■ Stopped. Ask again for the whole answer.\nnot sent back")


def test_a_list_names_all() -> None:
    """With the number of turns and the last prompt; an empty one says how one begins."""
    assert "--conversation NAME begins one" in repr(conversations)
    assert "--conversation NAME begins one" in conversations._repr_html_()
    conversations.begin("plan", talk("one", "two"))
    conversations.begin("<计划>")
    assert "plan · 2 turns · two\n<计划> · 0 turns" == repr(conversations)
    assert "<strong>&lt;计划&gt;</strong> · 0 turns" in conversations._repr_html_()
    assert "empty · 0 turns" == repr(conversations["plan"].fork("empty").clear())


def test_it_speaks_chinese() -> None:
    """Except what the model and the user said."""
    settings["language"] = "zh"
    plan = Conversation("计划", turn("你好", Delta(content="好"), error=Stopped("x")))
    assert "计划 · 1 轮 · a/b\n\n1  你好\n\n好\n\n■ 已停止。要得到完整的回答，请重新提问。\n没有发回给模型" == repr(
        plan
    )


def test_long_texts_are_folded() -> None:
    """Except the last answer, which is what one is looking for; a terminal cannot fold, and shows less of a prompt."""
    long = "word " * LONG
    first = turn(long, Delta(content=long))
    plan = Conversation("x", turn("two", Delta(content=long), after=first))
    folded = plan._repr_html_()
    assert 2 == folded.count("<details") == folded.count("<summary")
    assert 3 == folded.count(long.strip())
    assert "… (15,000 characters)" in repr(plan)


def test_tools_and_images_are_marked() -> None:
    """They are part of what was sent."""
    url = {"url": "https://example.org/cat.png"}
    picture: Any = [{"type": "image_url", "image_url": url}, {"type": "text", "text": "What is it?"}]
    first = turn([{"role": "user", "content": picture}])
    second = turn([{"role": "tool", "tool_call_id": "1", "content": "rain"}], after=first)
    plan = Conversation("x", second)
    assert "1  What is it?\n\n[image at example.org]\n" in repr(plan)
    assert "2  tool: rain" in repr(plan)
    assert ["1", "1"] == [str(text.count("image at example.org")) for text in (repr(plan), plan._repr_html_())]
    assert "[image" not in second._repr_mimebundle_()[0]["text/plain"]


def test_nothing_in_it_is_more_than_text(stride: int) -> None:
    """In names, prompts, answers, calls and models, on the page and in a terminal."""
    found: dict[str, Any] = {}
    for payload in payloads()[:: 4 * stride]:
        reply = replies(payload.text)["everything"]
        hostile: Reply = turn(payload.text + "\x1b[2J", after=reply, system=payload.text)
        plan = Conversation(payload.text, hostile)
        found[payload.name] = faults(strictly(plan._repr_html_()))
        assert "\x1b" not in repr(plan)
    assert {} == {name: each for name, each in found.items() if each}


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"prompt_tokens_details": {"cached_tokens": 1024}}, "1,024 of 1,300 prompt tokens cached"),
        ({"prompt_cache_hit_tokens": 1024}, "1,024 of 1,300 prompt tokens cached"),
        ({"prompt_tokens_details": {"cached_tokens": 0}, "prompt_cache_hit_tokens": 0}, ""),
        ({"prompt_tokens_details": "many", "prompt_cache_hit_tokens": "x"}, ""),
        ({}, ""),
    ],
)
def test_the_status_line_tells_what_was_cached(usage: dict[str, Any], said: str) -> None:
    """Where the server reports it, by either of its two fields."""
    reply = ended(Delta(content="x"), Usage({"prompt_tokens": 1300, "completion_tokens": 7} | usage))
    parts = status_line(reply).split(" · ")
    assert (["7 tokens", said] if said else ["7 tokens"]) == parts[parts.index("7 tokens") : -1]
    settings["language"] = "zh"
    assert ("提示词 1,300 个 token 中 1,024 个命中缓存" in status_line(reply)) == bool(said)

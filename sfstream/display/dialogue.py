"""A conversation as a readable dialogue: static HTML that needs no kernel, and text for a terminal.

Prompts are shown exactly as they were sent, answers are rendered. Long ones are folded, except the last answer; in a
terminal long prompts are cut.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sfstream.core.hints import begins_conversation
from sfstream.core.reply import Reply
from sfstream.core.text import columns, excerpt, harmless
from sfstream.core.turns import answer_of, message_text, prompt_of
from sfstream.display.captions import tool_calls
from sfstream.display.ending import ending
from sfstream.display.gallery import gallery, image_lines
from sfstream.display.mimebundle import (
    about,
    answer,
    calls_block,
    content_box,
    ending_box,
    without_empty_lines,
)
from sfstream.display.translations import translate
from sfstream.markdown.verbatim import as_html

LONG = 3000
"""Characters from which a text is folded."""
_EXCERPT = 80
_HEAD = "margin-bottom:.4em"
_DIM = "opacity:.75;font-size:.9em"
_ASKED = "background-color:rgba(128,128,128,.18);border-radius:.4em;padding:.4em .8em;margin:1.2em 0 .6em;display:flex"
_NUMBER = "opacity:.6;min-width:1.6em"
_TEXT = "white-space:pre-wrap;overflow-wrap:break-word;min-width:0"


def dialogue_html(name: str, replies: Sequence[Reply]) -> str:
    """Return a conversation as safe HTML."""
    head = f'<div style="{_HEAD}"><strong>{_escaped(name)}</strong> · {_escaped(_about(replies))}</div>'
    system = f'<div style="{_DIM}">{html.escape(line)}</div>' if (line := _system(replies)) else ""
    turns = [_turn(number, replies) for number in range(1, len(replies) + 1)]
    return without_empty_lines(answer(head, system, *turns))


def dialogue_text(name: str, replies: Sequence[Reply]) -> str:
    """Return a conversation as text without control characters."""
    parts = ["\n".join(filter(None, [f"{name} · {_about(replies)}", _system(replies)]))]
    for number, reply in enumerate(replies, 1):
        heads = [f"{number}  ", *[""] * (len(prompt_of(reply)) - 1)]
        texts = [text if len(text) < LONG else excerpt(text) for text in map(_labelled, prompt_of(reply))]
        parts += [_indented(head, text) for head, text in zip(heads, texts, strict=True)]
        closing = "\n".join(filter(None, [str(ending(reply) or ""), _remark(number, replies)]))
        parts += [*image_lines(reply), reply.content, *tool_calls(reply), closing]
    return harmless("\n\n".join(part for part in parts if part.strip()))


def prompt_html(reply: Reply) -> str:
    """Return the prompt of one reply as safe HTML, with its images."""
    texts = [_labelled(message) for message in prompt_of(reply)]
    return answer(*(f'<div style="{_ASKED}">{_foldable(text)}</div>' for text in texts), gallery(reply))


def list_as_html(named: Mapping[str, Sequence[Reply]]) -> str:
    """Return a list of conversations as safe HTML."""
    rows = "".join(
        f'<div style="{_TEXT}"><strong>{_escaped(name)}</strong> · {_escaped(about)}</div>'
        for name, about in _listed(named)
    )
    return answer(rows or html.escape(_none()))


def list_as_text(named: Mapping[str, Sequence[Reply]]) -> str:
    """Return a list of conversations as lines of text."""
    return "\n".join(harmless(f"{name} · {about}") for name, about in _listed(named)) or _none()


def _none() -> str:
    return translate("There are no conversations. {call} begins one.", call=begins_conversation())


def _listed(named: Mapping[str, Sequence[Reply]]) -> Iterator[tuple[str, str]]:
    for name, replies in named.items():
        last = [excerpt(_labelled(message), _EXCERPT) for message in prompt_of(replies[-1])[-1:]] if replies else []
        yield name, " · ".join([_count(replies), *last])


def _turn(number: int, replies: Sequence[Reply]) -> str:
    reply = replies[number - 1]
    texts = [_labelled(message) for message in prompt_of(reply)]
    heads = [str(number), *[""] * len(texts)]
    asked = [_asked(head, text) for head, text in zip(heads, texts, strict=False)]
    content = content_box(as_html(reply.content, reply.format, "both") + calls_block(tool_calls(reply)))
    if number < len(replies):
        content = _folded(reply.content, content)
    remark = _remark(number, replies)
    end = ending_box(line) if (line := ending(reply)) else ""
    return "".join([*asked, gallery(reply), content, end, *([about([remark])] if remark else [])])


def _asked(head: str, text: str) -> str:
    return f'<div style="{_ASKED}"><div style="{_NUMBER}">{head}</div>{_foldable(text)}</div>'


def _foldable(text: str) -> str:
    return _folded(text, f'<div style="{_TEXT}" dir="auto">{_escaped(text)}</div>')


def _folded(text: str, inner: str) -> str:
    """Return the HTML of a text, folded if the text is long."""
    if len(text) < LONG:
        return inner
    summary = f'<summary style="cursor:pointer">{_escaped(excerpt(text, _EXCERPT))}</summary>'
    return f'<details style="min-width:0">{summary}{inner}</details>'


def _labelled(message: Mapping[str, Any]) -> str:
    """Return the text of a message, with its role if that is not the user's."""
    role, text = str(message.get("role")), message_text(message)
    return text if role == "user" else f"{role}: {text}"


def _remark(number: int, replies: Sequence[Reply]) -> str:
    """Return the model where it is another one, and that the answer is not sent back."""
    reply = replies[number - 1]
    parts = [
        excerpt(reply.model, _EXCERPT) if reply.model != replies[max(0, number - 2)].model else "",
        translate("streaming") if reply.status == "streaming" else "",
        "" if answer_of(reply) else translate("not sent back"),
    ]
    return harmless(" · ".join(filter(None, parts)))


def _about(replies: Sequence[Reply]) -> str:
    """Return the number of turns, and the model of the first."""
    return " · ".join([_count(replies), *([excerpt(replies[0].model, _EXCERPT)] if replies else [])])


def _system(replies: Sequence[Reply]) -> str:
    first = replies[-1].request.messages[0] if replies else {}
    return harmless(_labelled(first)) if first.get("role") in ("system", "developer") else ""


def _count(replies: Sequence[Reply]) -> str:
    return translate("1 turn") if len(replies) == 1 else translate("{count} turns", count=len(replies))


def _indented(head: str, text: str) -> str:
    return head + textwrap.indent(text, " " * (columns(head) or 3)).lstrip()


def _escaped(text: str) -> str:
    return html.escape(harmless(text))

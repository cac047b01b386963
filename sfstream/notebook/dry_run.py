"""``--dry-run``: make the request, and say what is in it, how many tokens that is, and what the cell changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sfstream.core.config import configured
from sfstream.core.message import Message, message
from sfstream.core.text import excerpt
from sfstream.core.turns import message_text
from sfstream.display.frontend import choose
from sfstream.display.translations import translate
from sfstream.log.reuse import KeptAnswer
from sfstream.notebook.dry_run_view import Count, DryRun, Part
from sfstream.notebook.fill import Filled, Texts
from sfstream.notebook.last_request import changes, readable
from sfstream.notebook.tokens import Estimate, estimate
from sfstream.run.prepare import Call, prepare_call
from sfstream.wire.sent_headers import sent_headers
from sfstream.wire.transport import transport

TURNS = 6
"""Number of the last earlier turns whose tokens are listed one by one; those before are one line."""


def dry_run(texts: Texts, options: dict[str, Any], notes: Sequence[Message] = ()) -> DryRun | str:
    """Return the request as it would be sent, without the key; a sentence if a recording would be played.

    Args:
        texts: what was typed in the cell, filled.
        options: the other options of the line.
        notes: what is said about the line.
    """
    choose(configured(options.pop("display", None), "display", "auto"))  # raises if there is no such mode
    call = prepare_call(texts.prompt.text, **options)
    if call.transport.name == "replay":
        path = configured(options.get("replay"), "replay")
        return translate("Nothing would be sent: {path} would be played.", path=path)
    body = readable(call.request.body())
    parts, basis = _parts(body["messages"], texts), estimate(call.request.model)
    return DryRun(
        head=list(_head(call, options)),
        body=body,
        parts=parts,
        counts=list(_counts(parts, basis)),
        basis=translate(basis.basis),
        notes=[translate(note) for note in (*texts.notes, *notes)],
        changes=changes(body),
    )


def _head(call: Call, options: Mapping[str, Any]) -> Iterator[str]:
    sender = call.transport
    if isinstance(sender, KeptAnswer):
        yield translate("Nothing would be sent: {reason}", reason=sender.note)
        yield ""
        sender = transport(configured(options.get("via"), "via", "openai"))
    yield f"POST {call.endpoint.chat_url}"
    yield from (f"{name}: {value}" for name, value in sent_headers(sender, call.request, call.endpoint))
    if not call.endpoint.key:
        yield translate("(no API key: none belongs to this server)")


def _parts(messages: Sequence[Mapping[str, Any]], texts: Texts) -> list[Part]:
    parts = []
    for number, each in enumerate(messages):
        filled = texts.prompt if number == len(messages) - 1 else texts.system if number == 0 else Filled("")
        text, content = message_text(each), each.get("content")
        # An instruction, such as that for JSON, may stand around what was typed.
        start = text.find(filled.text)
        values = [replace(value, start=start + value.start, end=start + value.end) for value in filled.values]
        others = sum(part.get("type") != "text" for part in content) if isinstance(content, list) else 0
        parts.append(Part(str(each.get("role")), text, tuple(values) if start >= 0 else (), others))
    return parts


def _counts(parts: list[Part], basis: Estimate) -> Iterator[Count]:
    """Yield what the request consists of, and about how many tokens each is."""
    system = 1 if parts[0].role in ("system", "developer") and len(parts) > 1 else 0
    for part in parts[:system]:
        yield from _of_part(part, message("system prompt"), message("rest of the system prompt"), basis)
    turns = list(_turns(parts[system:-1], basis))
    if early := turns[:-TURNS]:
        until = message("turns 1 to {last}", last=len(early))
        yield Count(translate(until if len(early) > 1 else _turn(1)), sum(early))
    yield from (Count(translate(_turn(number)), count) for number, count in enumerate(turns[-TURNS:], len(early) + 1))
    yield from _of_part(parts[-1], message("prompt"), message("rest of the prompt"), basis)


def _turns(parts: list[Part], basis: Estimate) -> Iterator[int]:
    """Yield the tokens of each earlier turn. It begins with a message of the user and ends before the next."""
    count = 0
    for number, part in enumerate(parts):
        if number and part.role == "user":
            yield count
            count = 0
        count += basis.tokens(part.text)
    if parts:
        yield count


def _turn(number: int) -> Message:
    return message("turn {number}", number=number)


def _of_part(part: Part, name: Message, name_of_rest: Message, basis: Estimate) -> Iterator[Count]:
    rest = ""
    for text, value in part.pieces():
        if value:
            yield Count(f"{{{{ {excerpt(value.expression, 50)} }}}}", basis.tokens(text), is_filled=True)
        else:
            rest += text
    if rest:
        yield Count(translate(name_of_rest if part.values else name), basis.tokens(rest))

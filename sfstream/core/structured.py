"""The value of an answer: the JSON in its text, checked against what was asked for. No I/O."""

from __future__ import annotations

from typing import Any

from sfstream.core.finish import Status
from sfstream.core.hints import either
from sfstream.core.json_items import ItemScanner
from sfstream.core.json_schema import Schema
from sfstream.core.json_text import find_json
from sfstream.core.message import Message, append_line, joined, message
from sfstream.errors import NotJson, ValueProblem

AROUND = message("Text around the JSON was left out of the value; the content has all of it.")


def read_value(text: str, schema: Schema, status: Status, tokens: int | None) -> tuple[Any, list[Message]]:
    """Return the value of an answer that has ended, and notes on it.

    Args:
        text: the content of the answer.
        schema: what the JSON must be.
        status: ``complete``, ``length`` or ``filtered``.
        tokens: number of tokens of the answer, if it is known.

    Raises:
        ValueProblem: there is no such value.

    Example:
        >>> read_value('```json\\n{"a": 1}\\n```', schema_of(None), "complete", 9)
        ({'a': 1}, [Message(template='Text around the JSON was left out …', values={})])
    """
    is_cut = status != "complete"
    try:
        found = find_json(text, is_cut=is_cut)
        if is_cut and isinstance(found.value, int | float) and found.text[-1].isdigit():
            raise NotJson(message("The answer is a number that may go on."))
        return schema.check(found), [] if found.is_alone else [AROUND]
    except NotJson as error:
        problem: ValueProblem = NotJson(_cut(text, schema, status, tokens)) if is_cut else error
    except ValueProblem as error:
        problem = error
    append_line(
        problem,
        either(
            message(
                "The full answer is in reply.content (sf_content). Ask again, or ask in another way with json_mode "
                "(--json-mode)."
            ),
            message("The full answer is in reply.content. Ask again, or ask in another way with json_mode."),
        ),
    )
    raise problem from None


def _cut(text: str, schema: Schema, status: Status, tokens: int | None) -> Message:
    """Return what is wrong with JSON whose end is missing, and how much of it is there."""
    length = message("{count} characters", count=f"{len(text):,}")
    if tokens:
        length = message("{tokens} tokens ({characters})", tokens=f"{tokens:,}", characters=length)
    by_filter = message("The content filter ended the answer after {length}, before its JSON was complete.")
    by_limit = message("The limit on tokens ended the answer after {length}, before its JSON was complete.")
    cut = (by_filter if status == "filtered" else by_limit).filled(length=length)
    count = sum(1 for _ in ItemScanner().feed(text))
    items = message("Complete items of the list: {count}.", count=f"{count:,}") if schema.of_items() else ""
    advice = either(message("Raise or leave out max_tokens (--max-tokens)."), message("Raise or leave out max_tokens."))
    return joined(cut, items, "" if status == "filtered" else advice)

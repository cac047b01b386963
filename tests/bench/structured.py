"""``python -m tests.bench schema``: what the parsing of a list of objects costs per token, ours beside others.

The answer is one JSON list, cut into tokens as the demo does, ten of which arrive between two updates: 200 tokens a
second at 20 updates a second. Nothing is sent; times are of the CPU, so that other programs on the machine matter
little. openai's helper parses all that has arrived at each chunk: where that takes too long it is stopped, and the
figure is that of the tokens up to there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeAlias

import jiter
from openai import Omit
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletionChunk
from pydantic import BaseModel

from sfstream.core.json_items import ItemScanner
from sfstream.core.json_schema import schema_of
from sfstream.core.json_text import Found, parse
from sfstream.core.structured import read_value
from sfstream.demo.compose import pieces

TOKENS = (500, 8_000, 50_000)
UPDATE = 10
"""Tokens that arrive between two updates."""
LONGEST = 20.0
"""Seconds of CPU after which a measurement is stopped."""
ALLOWED = 5.0
"""Microseconds that a token may cost us at most."""


class Item(BaseModel):
    name: str
    quantity: int
    price: float
    note: str | None = None


class Answer(BaseModel):
    items: list[Item]


LIST, ITEM = schema_of(list[Item]), schema_of(Item)
"""Made once per call, which takes some milliseconds and is not counted."""
Steps: TypeAlias = Iterator[int]
"""Does the work, and yields after each step how many tokens have been taken."""


def main(arguments: list[str]) -> int:
    """Print the table, and whether the claim holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench schema", description="Cost of parsing JSON per token.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the least counts (3)")
    rounds = parser.parse_args(arguments).rounds
    print(f"microseconds of CPU per token, least of {rounds}; {UPDATE} tokens per update")
    print(f"{'':44}" + "".join(f"{count:>10,}" for count in TOKENS))
    ours: list[float] = []
    for who, work in CONTESTANTS.items():
        cells = []
        for count in TOKENS:
            tokens = _tokens(count)
            cost, taken = _measured(work, tokens)
            for _ in range(rounds - 1 if taken == count else 0):
                cost = min(cost, _measured(work, tokens)[0])
            cells.append(f"{cost:10.2f}" if taken == count else f"{cost:.0f} at {taken:,}".rjust(16))
            ours += [cost] if who.startswith("sfstream") else []
        print(f"{who:44}" + "".join(cells), flush=True)
    start = time.process_time()
    schema_of(list[Item])
    print(f"the schema, once per call: {(time.process_time() - start) * 1000:.1f} ms")
    print(f"{'holds' if max(ours) <= ALLOWED else 'does not hold'}: at most {ALLOWED:g} us per token of ours")
    return 0


def _measured(work: Callable[[list[str]], Steps], tokens: list[str]) -> tuple[float, int]:
    """Return the microseconds per token, and how many tokens were taken before it was stopped."""
    start, taken = time.process_time(), 0
    for step in work(tokens):
        taken = step
        if time.process_time() - start > LONGEST:
            break
    return (time.process_time() - start) / taken * 1e6, taken


def _tokens(count: int) -> list[str]:
    """Return so many tokens of a list, which is closed as the last one."""
    return ['{"items": [', *islice(_endless(), count - 2), _ending(count - 2)]


def _endless() -> Iterator[str]:
    for number in range(10**9):
        item = {"name": f"thing {number}", "quantity": number % 7, "price": number / 8, "note": 'a word, and "more"'}
        yield from pieces(("," if number else "") + json.dumps(item))


def _ending(count: int) -> str:
    """Return what closes a text of so many tokens: the rest of its last item, and the brackets."""
    source = _endless()
    text = "".join(islice(source, count))
    while True:
        try:
            json.loads(f"[{text}]")
        except ValueError:
            text += next(source)
        else:
            return text[len("".join(islice(_endless(), count))) :] + "]}"


def _updates(tokens: list[str]) -> Iterator[tuple[int, str]]:
    for end in range(UPDATE, len(tokens) + UPDATE, UPDATE):
        yield min(end, len(tokens)), "".join(tokens[end - UPDATE : end])


def _items(tokens: list[str]) -> Steps:
    """`Stream.items`: each item is checked as it closes, and the value at the end."""
    scanner = ItemScanner()
    for taken, text in _updates(tokens):
        for item in scanner.feed(text):
            ITEM.check(Found(item, parse(item), True))
        if taken < len(tokens):
            yield taken
    yield from _value(tokens)


def _value(tokens: list[str]) -> Steps:
    """`Reply.value`: read once, at the end."""
    value, _ = read_value("".join(tokens), LIST, "complete", len(tokens))
    assert value[0].name == "thing 0"
    yield len(tokens)


def _openai(tokens: list[str]) -> Steps:
    """openai's ``client.chat.completions.stream(response_format=…)``, without the connection."""
    state = ChatCompletionStreamState(input_tools=Omit(), response_format=Answer)
    for taken, token in enumerate(tokens, 1):
        for _ in state.handle_chunk(_chunk(token)):
            pass
        yield taken


def _chunk(token: str) -> ChatCompletionChunk:
    choice: dict[str, Any] = {"index": 0, "delta": {"content": token}, "finish_reason": None}
    frame = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return ChatCompletionChunk.model_validate(frame)


def _partial(tokens: list[str]) -> Steps:
    """jiter over all that has arrived, at each update."""
    text = ""
    for taken, more in _updates(tokens):
        text += more
        jiter.from_json(text.encode(), partial_mode=True)
        yield taken


def _once(tokens: list[str]) -> Steps:
    jiter.from_json("".join(tokens).encode())
    yield len(tokens)


CONTESTANTS: dict[str, Callable[[list[str]], Steps]] = {
    "sfstream, items() as they close, and value": _items,
    "sfstream, value at the end": _value,
    "openai .stream(), per chunk": _openai,
    "jiter over the whole text, per update": _partial,
    "jiter over the whole text, once": _once,
}

"""Hostile answers as they are rendered, whole and at every stage of growing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sfstream.markdown.renderer import Maths, rendered
from sfstream.markdown.stream import Markdown, Step
from tests.hostile.corpus import Payload, payloads
from tests.hostile.parsed import strictly
from tests.hostile.rules import faults

BOTH: tuple[Maths, ...] = ("mathml", "tex")
PAYLOADS = payloads()
FORMULA = re.compile(r'<span class="tex2jax_process[^>]*>([^<]*)')
ACTIVE = re.compile(
    r"\\(href|url|require|(html)?(class|style|data|id)\b|cssId|unicode|def|let|newcommand|includegraphics|bbox|mmlToken"
    r"|texttip|toggle|action|label|input|write|special)|javascript:",
    re.IGNORECASE,
)
EVERY = 6
"""Characters after which a growing answer is looked at."""


def faults_in(html: str) -> list[str]:
    try:
        return faults(strictly(html))
    except ValueError as error:
        return [str(error)]


def growing(payload: Payload) -> Iterator[str]:
    """The whole HTML after every few characters, cut elsewhere in each payload."""
    markdown, steps = Markdown("mathml"), list[Step]()
    text, begin = payload.text, payload.number % EVERY
    for piece in [text[:begin], *(text[at : at + EVERY] for at in range(begin, len(text), EVERY))]:
        markdown.feed(piece)
        change = markdown.change()
        steps += change.steps
        yield joined(steps, change.rest)
    yield joined(steps + list(markdown.finish().steps), "")


def joined(steps: list[Step], rest: str) -> str:
    """What a page holds after those steps, with what is open closed."""
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    for kind, html in steps:
        if kind == "redo":
            del parts[opened[0][1] :]
            opened.clear()
        elif kind == "close":
            parts.append(f"</{opened.pop()[0]}>")
        else:
            opened += [(html[1:].rstrip(">").split()[0], len(parts))] if kind == "open" else []
            parts.append(html)
    ends = [f"</{tag}>" for tag, _ in reversed(opened)]
    return "".join([*parts, rest, *ends])


def test_there_are_enough_of_them() -> None:
    """There are at least 300 hostile answers, all different."""
    assert len({payload.text for payload in PAYLOADS}) == len(PAYLOADS) >= 300


@pytest.mark.parametrize("maths", BOTH)
def test_no_hostile_answer_becomes_more_than_text(maths: Maths) -> None:
    """Whatever is asked to be rendered, only elements and attributes that are known to be harmless come out."""
    found = {payload.name: faults_in("".join(rendered(payload.text, maths))) for payload in PAYLOADS}
    assert {} == {name: each for name, each in found.items() if each}


def test_no_hostile_answer_is_more_than_text_while_it_grows(stride: int) -> None:
    """After each piece the answer is as harmless as at its end."""
    found = {
        payload.name: [fault for html in growing(payload) for fault in faults_in(html)]
        for payload in PAYLOADS[::stride]
    }
    assert {} == {name: each[:3] for name, each in found.items() if each}


def test_no_formula_asks_mathjax_for_more_than_typesetting() -> None:
    """What links, loads, styles, names or defines is not left for MathJax, which would do it."""
    found = {
        payload.name: each
        for payload in PAYLOADS
        for each in FORMULA.findall("".join(rendered(payload.text, "tex")))
        if ACTIVE.search(each)
    }
    assert {} == found


def test_the_rules_see_what_is_hostile() -> None:
    """Left as it is, as HTML, most of the corpus breaks the rules that hold for what is shown."""
    raw = [payload for payload in PAYLOADS if "<" in payload.text]
    assert sum(1 for payload in raw if faults_in(payload.text)) > 0.9 * len(raw) > 300

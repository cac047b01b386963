"""The physics of a stream, asked for in the model's name: when its bytes come, and in pieces of what size.

``demo/english+first-2+rate-20+jitter-0.5+chunk-64`` plays the answer of ``demo/english`` with the first token after
2 s, 20 tokens a second, gaps that vary by half, and 64 bytes in each chunk. Only times and cuts change: the bytes of
the body stay the same. The same request always has the same times.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sfstream.core.message import Message, message
from sfstream.demo.steps import Step, WaitUntil

SEPARATOR = "+"
"""Begins each part of a model's name that asks for physics."""
_PART = re.compile(r"([a-z]+)-([0-9]{1,9}(?:\.[0-9]{1,9})?)")


@dataclass(frozen=True)
class Quantity:
    """One thing that can be asked for.

    Attributes:
        name: how it is called in a model's name.
        flag: the option of ``%sfdemo``.
        low, high: the range, both included.
        wording: what is expected, without the range.
        is_whole: whether it is a whole number.
    """

    name: str
    flag: str
    low: float
    high: float
    wording: Message
    is_whole: bool = False

    @property
    def expected(self) -> Message:
        """What is expected, in words."""
        return message(self.wording.template, low=f"{self.low:g}", high=f"{self.high:,g}")

    def read(self, text: str) -> float:
        """Return the value that a text stands for, to three decimals.

        Raises:
            ValueError: it is no such number, or outside the range; the message says what is expected.
        """
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not self.low <= value <= self.high or (self.is_whole and value % 1):  # this refuses NaN too
            raise ValueError(self.expected)
        return int(value) if self.is_whole else round(value, 3)


QUANTITIES = (
    Quantity("first", "--first-token", 0, 120, message("a number from {low} to {high} seconds")),
    Quantity("rate", "--rate", 0.1, 10_000, message("a number from {low} to {high} tokens a second")),
    Quantity("jitter", "--jitter", 0, 1, message("a number from {low} to {high}")),
    Quantity("chunk", "--chunk", 1, 65_536, message("a whole number from {low} to {high} bytes"), is_whole=True),
)
"""All that can be asked for, in the order of a model's name."""
_BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}


@dataclass(frozen=True)
class Physics:
    """How a stream is played; what is None stays as it is.

    Attributes:
        first: time of the first token, in seconds.
        rate: tokens a second after it.
        jitter: by which share of itself each gap between two tokens varies, 0 to 1.
        chunk: bytes that are sent at a time, as soon as there are so many.
    """

    first: float | None = None
    rate: float | None = None
    jitter: float = 0.0
    chunk: int | None = None

    def shape(self, steps: Iterable[Step], seed: str) -> Iterator[Step]:
        """Yield the steps of a stream with other times and in other pieces.

        Args:
            steps: the stream: one frame in each piece, and an empty delta in the first frame.
            seed: decides the jitter.
        """
        retimed = steps if self == Physics(chunk=self.chunk) else self._retimed(steps, random.Random(seed))
        return _cut(retimed, self.chunk) if self.chunk else iter(retimed)

    def _retimed(self, steps: Iterable[Step], dice: random.Random) -> Iterator[Step]:
        t, count = 0.0, 0
        for gap, step in _gaps(steps):
            if isinstance(step, bytes):
                t += self._gap(gap, count, dice)
                count += 1
            else:
                t += gap
            yield WaitUntil(t)
            yield step

    def _gap(self, gap: float, count: int, dice: random.Random) -> float:
        """Return the seconds before a frame, from the gap that it has without physics and the number of those before.

        The frame before the first token, which only names the role, comes together with it.
        """
        if count < 2:
            return gap if self.first is None else self.first * (count == 0)
        return (1 / self.rate if self.rate else gap) * (1 + self.jitter * dice.uniform(-1, 1))


AS_IT_IS = Physics()
"""Nothing is asked for."""


def split(name: str) -> tuple[str, Physics]:
    """Return the model's name without the parts that ask for physics, and the physics.

    Raises:
        ValueError: a part is unknown, given twice, or has an impossible value. The message is a sentence.
    """
    base, *parts = name.split(SEPARATOR)
    values: dict[str, Any] = {}
    for part in parts:
        match = _PART.fullmatch(part)
        quantity = _BY_NAME.get(match[1]) if match else None
        if not match or not quantity:
            known = ", ".join(f"{SEPARATOR}{each}-N" for each in _BY_NAME)
            raise ValueError(f"There is no part {part!r:.60}; expected {known}.")
        if quantity.name in values:
            raise ValueError(f"The part {quantity.name} is there twice.")
        try:
            values[quantity.name] = quantity.read(match[2])
        except ValueError as error:
            raise ValueError(f"The part {part!r:.60} is out of range; expected {error}.") from None
    return base, Physics(**values)


def with_physics(base: str, values: Mapping[str, float]) -> str:
    """Return the name of a model with physics; the values go by the names of `QUANTITIES`."""
    parts = [f"{SEPARATOR}{name}-{values[name]:g}" for name in _BY_NAME if name in values]
    return base + "".join(parts)


def _gaps(steps: Iterable[Step]) -> Iterator[tuple[float, Step]]:
    """Yield bytes and endings, each with the seconds since the one before it."""
    now = before = 0.0
    for step in steps:
        if isinstance(step, WaitUntil):
            now = max(now, step.seconds)
        else:
            yield now - before, step
            before = now


def _cut(steps: Iterable[Step], size: int) -> Iterator[Step]:
    """Yield the same bytes in pieces of a size; what is left comes before an ending, and at the end."""
    held = b""
    for step in steps:
        if isinstance(step, bytes) and step:
            held += step
            while len(held) >= size:
                yield held[:size]
                held = held[size:]
            continue
        if held and not isinstance(step, WaitUntil):
            yield held
            held = b""
        yield step
    if held:
        yield held

"""What goes wrong in one answer, as a value that can be printed and played again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from tests.faults.truth import FRAMINGS, Framing, truth

End: TypeAlias = Literal["whole", "cut", "reset", "silence"]
"""How it ends: as it should, with the connection closed, with it reset, or with nothing more."""
PAUSE = 0.004
"""Seconds of a delay: long enough for what comes before to be read alone."""


@dataclass(frozen=True)
class Damage:
    """Bytes in the place of others.

    Attributes:
        at: where.
        size: how many are taken out.
        put: what is put in.
    """

    at: int
    size: int = 0
    put: bytes = b""


@dataclass(frozen=True)
class Schedule:
    """One answer and its faults. Its repr is Python that makes it again.

    Attributes:
        end: how it ends.
        at: after how many bytes; None for after all.
        framing: how the body is put into HTTP.
        size: bytes that are sent at once; 0 for as many as there are.
        delays: places of a short pause.
        damage: what is changed on the way, last place first.
    """

    end: End = "whole"
    at: int | None = None
    framing: Framing = "frames"
    size: int = 0
    delays: tuple[int, ...] = ()
    damage: tuple[Damage, ...] = ()

    @property
    def data(self) -> bytes:
        """What is sent."""
        data = truth(self.framing).data
        for damage in self.damage:
            data = data[: damage.at] + damage.put + data[damage.at + damage.size :]
        return data[: self.at]

    @property
    def sound(self) -> int:
        """How many bytes come as they are meant."""
        return min([len(self.data), *(damage.at for damage in self.damage)])

    @property
    def is_kept(self) -> bool:
        """Whether the server takes another request on the connection."""
        return self.end == "whole" and self.framing != "until-close" and not self.damage

    def sends(self) -> list[bytes]:
        """The same in the pieces that are sent; a short pause follows each, unless they are all of one size."""
        data = self.data
        places = range(self.size, len(data), self.size) if self.size else sorted(self.delays)
        edges = [0, *(place for place in places if 0 < place < len(data)), len(data)]
        return [data[start:end] for start, end in pairwise(edges)]


def any_schedule(dice: random.Random) -> Schedule:
    """One of all, as the dice fall; all kinds of faults come together too."""
    framing = dice.choice(FRAMINGS)
    size = len(truth(framing).data)
    damage = tuple(sorted((any_damage(dice, size) for _ in range(dice.choice((0, 0, 1, 1, 2, 5)))), key=_from_the_end))
    (end,) = dice.choices(_ENDS, (30, 40, 25, 3))
    return Schedule(
        end=end,
        at=None if end == "whole" else dice.randint(0, size),
        framing=framing,
        size=dice.choices((0, 1, dice.randint(2, 300)), (6, 1, 2))[0],
        delays=tuple(sorted(dice.randrange(size) for _ in range(dice.choice((0, 0, 1, 3))))),
        damage=damage,
    )


def any_damage(dice: random.Random, size: int) -> Damage:
    """Bits turned, bytes inserted, removed or repeated, somewhere in the first ``size`` bytes."""
    at = dice.randrange(size)
    odd = dice.choice((b"\x00", b"\xff", b"\n", b"\r\n\r\n", b"0\r\n\r\n", b"data: ", b'"', b"}", b"9", b":", b" "))
    match dice.choice(("turn", "put", "take", "replace")):
        case "turn":
            return Damage(at, 1, bytes([dice.randrange(256)]))
        case "put":
            return Damage(at, 0, odd)
        case "take":
            return Damage(at, dice.choice((1, 2, 5, 50, 500)))
        case _:
            return Damage(at, len(odd), odd)


_ENDS: tuple[End, ...] = ("whole", "cut", "reset", "silence")


def _from_the_end(damage: Damage) -> int:
    return -damage.at

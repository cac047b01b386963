"""Cut a text as tokenizers of models do. No vocabulary: words in pieces, blanks before them, runs of signs as one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

_ATOM = re.compile(
    r"[^\S\n]?[A-Za-zÀ-ɏ\u0400-\u04ff]+|\d{1,3}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+"
    r"|\n+|[^\S\n]?[^\w\s]+\n*|\s+(?=\S)|\s+|.",
    re.DOTALL,
)
_LONGEST_WORD = 6


def tokens(text: str, seed: int) -> Iterator[str]:
    """Yield the pieces of a text. Another seed cuts it elsewhere; 0 gives single characters."""
    chance = random.Random(seed)
    for atom in _ATOM.findall(text) if seed else text:
        while len(atom) > (size := _size(atom, chance)):
            yield atom[:size]
            atom = atom[size:]
        yield atom


def _size(atom: str, chance: random.Random) -> int:
    """Return how many characters of an atom the next token takes."""
    if "\u3040" <= atom[0] <= "\ud7a3":
        return chance.choice((1, 1, 2, 2, 3))
    if atom.strip()[:1].isalnum():
        return chance.choice((2, 3, 4, _LONGEST_WORD, len(atom)))
    return chance.choice((len(atom), len(atom), 2, 1))  # often `**:` is one token, and else `**` or `*`

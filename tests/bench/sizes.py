"""``python -m tests.bench sizes``: what a finished answer takes in the log, as a multiple of its text.

The texts are those of the demo, cut into tokens of so many characters; the frames are as SiliconFlow documents them,
with the usage in each, and come at random times.
"""

from __future__ import annotations

import argparse
import random
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

from sfstream.core.events import Chunk
from sfstream.core.recording import End, Head
from sfstream.demo.compose import Script, frames_of
from sfstream.demo.prepared import text
from sfstream.log.writer import RecordingFile, compress_file
from tests.bench.server import ASKED

TEXTS = {"English": "long", "Chinese": "chinese"}
TOKENS = (50, 200, 500, 1000, 5000)
LENGTHS = {"English": (1, 2, 3, 4, 5, 6), "Chinese": (1, 2, 3)}
"""Characters of a token: models' are of some 4 in English, and of 1 to 2 in Chinese."""
REASONING = 0.9
"""The part of an answer that is reasoning where most is."""
PACE = 50
"""Tokens a second, on average."""


def main(arguments: list[str]) -> int:
    """Print the table."""
    argparse.ArgumentParser(prog="python -m tests.bench sizes", description="Size of an answer in the log.").parse_args(
        arguments
    )
    for title, reasoning in {"": 0.0, f", {REASONING:.0%} of it reasoning": REASONING}.items():
        print(f"Size in the log / size of the text{title}\n")
        print(f"{'characters of a token':24}" + "".join(f"{count:>7,} tokens" for count in TOKENS))
        for language, lengths in LENGTHS.items():
            for length in lengths:
                sizes = "".join(f"{size_of(language, length, count, reasoning):14.2f}" for count in TOKENS)
                print(f"{language:16}{length:<8}{sizes}")
        print()
    return 0


def size_of(language: str, length: int, tokens: int, reasoning: float) -> float:
    """Bytes on disk for each byte of the text."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "answer.jsonl.gz")
        size = write(path, language, length, tokens, reasoning)
        return path.stat().st_size / size


def tokens_like(words: str, length: int, tokens: int) -> list[str]:
    """Pieces of one length. The lines of the text come in an order that is new each time, so that nothing repeats."""
    dice, lines, long = random.Random(7), words.splitlines(keepends=True), ""
    while len(long) < length * tokens:
        long += "".join(dice.sample(lines, len(lines)))
    return [long[start : start + length] for start in range(0, length * tokens, length)]


def write(path: Path, language: str, length: int, tokens: int, reasoning: float = 0.0) -> int:
    """Make the file of an answer, of which so large a part is reasoning; give the bytes of its text."""
    pieces, dice = tokens_like(text(TEXTS[language]), length, tokens), random.Random(7)
    thoughts = round(tokens * reasoning)
    frames = list(frames_of(ASKED, Script(pieces[thoughts:], pieces[:thoughts])))
    times = accumulate((dice.expovariate(PACE) for _ in frames), initial=0.4)
    plain = RecordingFile(path.with_suffix(""))
    plain.begin(Head(ASKED, trace_id="ti_" + "8f3k2j4h" * 2))
    for frame, t in zip(frames, times, strict=False):
        plain.add(Chunk(round(t, 3 if t < 1 else 2), frame))  # as the log rounds the times
    plain.end(End("complete", {"prompt_tokens": 10, "completion_tokens": len(frames)}))
    compress_file(plain.path.rename(path), level=9)
    return len("".join(pieces).encode())

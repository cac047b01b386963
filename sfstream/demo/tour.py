"""The long answer: a text with tables that are worked out from one example sentence."""

from __future__ import annotations

from collections.abc import Iterable

from sfstream.demo.compose import pieces, timed

SENTENCE = "Streaming shows each word as soon as it is known, and the reader does not wait for the last one."
ARGUMENTS = '{"city": "Hangzhou", "unit": "celsius"}'
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds before each further attempt."""


def tour(template: str) -> str:
    """Fill the template: each ``{{name}}`` is replaced by what is worked out for it."""
    word = pieces(SENTENCE)[0]
    frame = f'data: {{"choices":[{{"delta":{{"content":"{word}"}}}}]}}'
    length = len(frame) + 2
    filled = {
        "sentence": SENTENCE,
        "word": word,
        "chunk": f"{length:x}\n{frame}\n\n",
        "hex": f"{length:x}",
        "length": str(length),
        "pieces": _pieces(),
        "bytes": "你好".encode().hex(" "),
        "cuts": _cuts(),
        "sums": _sums(),
        "arguments": _arguments(),
        "waits": _waits(),
        "paints": _paints(),
    }
    for name, text in filled.items():
        template = template.replace(f"{{{{{name}}}}}", text)
    return template


def _pieces() -> str:
    parts = pieces(SENTENCE)
    times = [chunk.t for chunk in timed(part.encode() for part in parts)]
    return _rows(
        (number, f"`{part}`", f"{t:.2f}", "".join(parts[:number]))
        for number, (part, t) in enumerate(zip(parts, times, strict=True), 1)
    )


def _cuts() -> str:
    data = "你好".encode()
    return _rows(
        (
            cut,
            f"`{data[:cut].hex(' ')}`",
            _careless(data[:cut]) + _careless(data[cut:]),
            cut % 3,
        )
        for cut in range(1, len(data))
    )


def _careless(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\ufffd", "□")


def _sums() -> str:
    return _rows((f"{n:,}", f"{n:,}", f"{n * (n + 1) // 2:,}", f"{(n + 1) / 2:,.1f}") for n in (10, 100, 1000, 4000))


def _arguments() -> str:
    first = (1, "`functions.get_weather:0`", "`get_weather`", "")
    rest = ((number, "null", "", f"`{part}`") for number, part in enumerate(pieces(ARGUMENTS), 2))
    return _rows((first, *rest))


def _waits() -> str:
    return _rows((number, f"{wait:g} s", f"{sum(WAITS[: number - 1]):g} s") for number, wait in enumerate(WAITS, 2))


def _paints() -> str:
    return _rows((speed, f"{speed / 20:g}", f"{min(4000, 4000 * 20 // speed):,}") for speed in (10, 20, 50, 100, 200))


def _rows(rows: Iterable[Iterable[object]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)

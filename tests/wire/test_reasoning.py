"""Reasoning under the names and in the shapes of other servers."""

from __future__ import annotations

from typing import Any

import pytest

from sfstream.wire.reasoning import NAMES, Reasoning, is_marked, text_in

Deltas = list[dict[str, Any]]
A, B, C = "Let me see", ", so", " it is."
WHOLE = A + B + C


def added(deltas: Deltas) -> list[str]:
    """What each delta adds."""
    reasoning = Reasoning()
    return [*(reasoning.added(delta) for delta in deltas), reasoning.release()]


def each(*names: str) -> Deltas:
    """Deltas that have each piece under all these names."""
    return [dict.fromkeys(names, piece) for piece in (A, B, C)]


def details(*texts: str) -> Deltas:
    return [{"reasoning_details": [{"type": "reasoning.text", "text": text, "index": 0}]} for text in texts]


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    """Each is read, piece by piece."""
    assert [A, B, C, ""] == added(each(name))


SHAPES: dict[str, tuple[Any, str]] = {
    "text": ("Hm", "Hm"),
    "number": (5, "5"),
    "number with a point": (2.5, "2.5"),
    "list of texts": (["H", "m"], "Hm"),
    "part": ({"text": "Hm"}, "Hm"),
    "part of another name": ({"content": "Hm"}, "Hm"),
    "list of parts": ([{"type": "text", "text": "H"}, {"type": "text", "text": "m"}], "Hm"),
    "OpenRouter's text": ([{"type": "reasoning.text", "text": "Hm", "signature": "x", "index": 0}], "Hm"),
    "OpenRouter's summary": ([{"type": "reasoning.summary", "summary": "Hm"}], "Hm"),
    "OpenRouter's encrypted part": ([{"type": "reasoning.encrypted", "data": "gAAAA", "id": "rs_1"}], ""),
    "text beside an encrypted part": ([{"summary": "Hm"}, {"type": "reasoning.encrypted", "data": "gAAAA"}], "Hm"),
    "Anthropic's block": ([{"type": "thinking", "thinking": "Hm", "signature": ""}], "Hm"),
    "Anthropic's signature": ([{"type": "thinking", "thinking": "", "signature": "EqQB"}], ""),
    "Anthropic's redacted block": ([{"type": "redacted_thinking", "data": "EqQB"}], ""),
    "OpenAI's item": ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]}, "Hm"),
    "Mistral's part": ({"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, "Hm"),
    "Perplexity's steps": ([{"type": "web_search", "thought": "Hm", "web_search": {"search_keywords": ["x"]}}], "Hm"),
    "settings": ({"effort": "high", "max_tokens": None}, ""),
    "true": (True, ""),
    "null": (None, ""),
    "empty text": ("", ""),
    "empty list": ([], ""),
    "empty object": ({}, ""),
    "list of null": ([None, {}, "Hm"], "Hm"),
    "text that is null": ([{"type": "reasoning.text", "text": None, "signature": "x"}], ""),
}


@pytest.mark.parametrize(("value", "text"), SHAPES.values(), ids=SHAPES)
def test_shapes(value: Any, text: str) -> None:
    """Whatever the name is."""
    assert [text, ""] == added([{"reasoning": value}]) == added([{"reasoning_details": value}])


def test_nested_without_end() -> None:
    """What is nested deeper than any server nests it is no text."""
    value: Any = "Hm"
    for _ in range(3000):
        value = [value]
    assert "" == text_in(value)


REPEATED: dict[str, Deltas] = {
    "two names in each delta": each("reasoning", "reasoning_content"),
    "three names in each delta": each("reasoning_text", "reasoning", "thinking"),
    "text beside details": [{"reasoning": d["reasoning_details"][0]["text"]} | d for d in details(A, B, C)],
    "in the next delta": [{name: piece} for piece in (A, B, C) for name in ("reasoning", "thinking")],
    "one name after the other": each("reasoning") + each("thinking"),
    "all once more at the end": [*each("reasoning_content"), {"reasoning": WHOLE}],
    "all once more at the end, under the same name": [*each("reasoning_content"), {"reasoning_content": WHOLE}],
    "other white space": [*each("reasoning_content"), {"thinking": f"\n{WHOLE}"}],
    "all so far": details(A, A + B, WHOLE),
    "all so far, under the usual name": [{"reasoning_content": text} for text in (A, A + B, WHOLE)],
    "all so far, more than once": details(A, A + B, A + B, WHOLE, WHOLE, WHOLE),
    "all so far, at twice": details(A, WHOLE),
    "all so far, at twice, under the usual name": [{"reasoning_content": text} for text in (A + B, WHOLE)],
    "all so far in letters": details("L", *(WHOLE[:end] for end in range(2, len(WHOLE) + 1))),
    "all so far in two parts": [
        {"reasoning_details": [{"text": A}, {"text": text}]} for text in ("", B, B + C)
    ],
    "all so far beside pieces": [
        {"reasoning": piece} | whole
        for piece, whole in zip((A, B, C), details(A, A + B, WHOLE), strict=True)
    ],
    "a second name from the second delta on": [{"reasoning": A}, *each("reasoning", "thinking")[1:]],
    "a second name that goes on": [{"reasoning": A}, {"reasoning": B, "thinking": B}, {"thinking": C}],
    "the name changes": [{"reasoning_content": A}, {"reasoning": B}, {"reasoning": C}],
    "the name changes twice": [{"reasoning": A}, {"thinking": B}, {"reasoning": C}],
    "nothing in between": [{"reasoning": A}, {"reasoning": ""}, {"reasoning": None}, {"reasoning": B + C}],
}  # fmt: skip


@pytest.mark.parametrize("deltas", REPEATED.values(), ids=REPEATED)
def test_each_word_once(deltas: Deltas) -> None:
    """Whichever way a server says it again."""
    assert WHOLE == "".join(added(deltas))


TAGGED: dict[str, tuple[tuple[str, ...], str]] = {
    "both": (("<think>", WHOLE, "</think>"), WHOLE),
    "both in one": ((f"<think>{WHOLE}</think>",), WHOLE),
    "with lines": (("<think>\n", A, B + C, "\n</think>\n\n"), WHOLE),
    "the beginning": ((f"<think>\n{A}", B, C), WHOLE),
    "the end": ((A, B, f"{C}\n</think>"), WHOLE),
    "the end after many": ((A, B, C, "</think>"), WHOLE),
    "another": (("<thinking>", WHOLE, "</thinking>"), WHOLE),
    "the end, and more": ((A, "</think>", B, C), f"{A}</think>{B}{C}"),
    "in the middle": ((A, " `", "<think>", "` and `</think>`"), f"{A} `<think>` and `</think>`"),
    "less than": (("1 <", " 2 and", " a<b"), "1 < 2 and a<b"),
}


@pytest.mark.parametrize(("pieces", "text"), TAGGED.values(), ids=TAGGED)
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_tags_around_it(name: str, pieces: tuple[str, ...], text: str) -> None:
    """Where a server has taken the reasoning out together with its tags, they are left out."""
    assert text == "".join(added([{name: piece} for piece in pieces]))


PIECES = {
    "the same word twice": ("ha", "ha", "ha"),
    "the same long word twice": ("Wait. ", "Wait. ", "So."),
    "backticks": ("`", "``", "\nx = 1\n", "```"),
    "marks": ("*", "**a**", "*"),
    "line ends": ("Hm", "\n", "\n\n", "So"),
    "white space": (" ", "  a", "   b"),
    "Chinese": ("嗯", "，", "嗯", "嗯，好的"),
    "two that grow": ("é", "é:"),
    "three that grow": ("I", "It", "It is"),
    "numbers": ("1", " 1", "1 "),
    "a beginning that comes again": ("The end is ", "the end. ", "The end is near."),
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
def test_no_word_is_lost(name: str, pieces: tuple[str, ...]) -> None:
    """Pieces that only look like a repetition."""
    assert "".join(pieces) == "".join(added([{name: piece} for piece in pieces]))


def test_what_is_usual_is_seen_to_be_so() -> None:
    """After two pieces the decoder appends by itself; a later name is compared with that too."""
    reasoning = Reasoning()
    for piece in (A, B):
        assert not reasoning.is_plain
        assert piece == reasoning.added({"reasoning_content": piece})
    assert reasoning.is_plain
    reasoning.text.add(C)
    assert ("", "!") == (reasoning.added({"reasoning": WHOLE}), reasoning.added({"reasoning": "!"}))


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        ({"extra_content": {"google": {"thought": True}}}, True),
        ({"thought": True}, True),
        ({"extra_content": {"google": {"thought": False}}}, False),
        ({"extra_content": {"google": {"thought_signature": "x"}}}, False),
        ({"extra_content": {"google": None}}, False),
        ({"extra_content": "x"}, False),
        ({"thought": "Hm"}, False),
        ({}, False),
    ],
)
def test_content_that_is_marked(delta: dict[str, Any], expected: bool) -> None:
    """As Gemini marks it."""
    assert expected == is_marked(delta)

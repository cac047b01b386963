"""The texts that a delta adds, in the shapes that servers give them. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sfstream.core.text import as_json
from sfstream.wire.reasoning import NAMES, is_marked, is_thought, text_in
from sfstream.wire.skipped import Skipped
from sfstream.wire.think_tags import ThinkTags

_DEEPEST = 5
"""Maximum depth of lists and parts in a content."""
_MOST = 10**9
"""An index from here on is ignored."""
_TEXTS = ("text", "content", "value", "parts", "refusal")
"""Members of a part that hold its text; the text of the Assistants API is ``{"value": …}``."""
_KNOWN = {"role", "content", "refusal", *NAMES, "reasoning_opaque", "extra_content", "tool_calls", "function_call"}


class Texts(NamedTuple):
    """The content and the reasoning that a delta, or a part of one, adds."""

    content: str = ""
    reasoning: str = ""


def texts_of(delta: Mapping[str, Any], tags: ThinkTags, skipped: Skipped) -> Texts:
    """Return the texts that a delta adds. What is not understood is skipped.

    Args:
        delta: the delta of a choice.
        tags: knows the content and the reasoning of this choice so far.
        skipped: counts what is not understood.
    """
    content, thought = texts_in(delta.get("content"), skipped)
    content = content or "".join(texts_in(delta.get("refusal"), skipped))
    if content and is_marked(delta) and not tags.takes(content):
        content, thought = "", thought + content
    reasoning = tags.reasoning.added(delta) + (tags.reasoning.said("content", thought) if thought else "")
    if not (content or reasoning or _KNOWN & delta.keys()) and any(delta.values()):
        skipped.add(delta, is_text=True)
    return Texts(content, reasoning)


def texts_in(value: object, skipped: Skipped, depth: int = 0) -> Texts:
    """Return the texts of a content: text, a number, a part, or a list of these."""
    if value is None or isinstance(value, str):
        return Texts(value or "")
    if isinstance(value, int | float):  # some proxies parse a token such as "5" or "true" as JSON
        return Texts(as_json(value))
    if depth < _DEEPEST and isinstance(value, list):
        found = [texts_in(part, skipped, depth + 1) for part in value]
        return Texts("".join(texts.content for texts in found), "".join(texts.reasoning for texts in found))
    if depth < _DEEPEST and isinstance(value, Mapping) and (found_in := _of_part(value, skipped, depth + 1)):
        return found_in
    skipped.add(value, is_text=True)
    return Texts()


def _of_part(part: Mapping[str, Any], skipped: Skipped, depth: int) -> Texts | None:
    """Return the texts of a part of a content; None if it holds none."""
    if is_thought(part):
        return Texts(reasoning=text_in(part))
    name = next((name for name in _TEXTS if part.get(name) is not None), None)
    return texts_in(part[name], skipped, depth) if name else None


def number_of(value: object, otherwise: int) -> int:
    """Return an index, which may be a number or its digits."""
    if isinstance(value, str) and value.isdecimal():
        return int(value[:9])
    return int(value) if isinstance(value, int | float) and abs(value) < _MOST else otherwise


def word_of(holder: Mapping[str, Any], name: str, skipped: Skipped) -> str:
    """Return a member that is a word, such as an identifier; empty if it is null, absent or something else."""
    value = holder.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    if type(value) is int:
        return str(value)
    skipped.add(value)
    return ""

"""How much a prepared answer reasons: as the call asks for. No model decides this; the texts are there in advance."""

from __future__ import annotations

from sfstream.core.recording import Recording
from sfstream.demo.answer import Call
from sfstream.demo.compose import Script, compose, pieces
from sfstream.demo.prepared import THOUGHTS, recording, text

_FURTHER = {"puzzle": "puzzle-thoughts-max"}
"""What ``reasoning_effort: max`` adds to the reasoning, by the name of the answer."""
_WITHOUT = {"puzzle": "puzzle-quick"}
"""The answer that comes without reasoning, where it is another one."""


def as_asked(name: str, call: Call) -> Recording:
    """Return the prepared answer of that name, with as much reasoning as the call asks for.

    ``enable_thinking: false`` leaves the reasoning out, ``reasoning_effort: max`` makes it longer, and
    ``thinking_budget`` ends it after so many tokens, in the middle of a thought.
    """
    fields = call.body.keys() & {"enable_thinking", "reasoning_effort", "thinking_budget"}
    if name not in THOUGHTS or not fields:
        return recording(name)
    thoughts = _thoughts(name, call)
    content = text(_WITHOUT.get(name, name) if not thoughts else name)
    return compose(call.body, Script(pieces(content), reasoning=thoughts))


def _thoughts(name: str, call: Call) -> list[str]:
    if call.body.get("enable_thinking") is False:
        return []
    thoughts = text(THOUGHTS[name])
    if call.body.get("reasoning_effort") == "max" and name in _FURTHER:
        thoughts += "\n\n" + text(_FURTHER[name])
    budget = call.body.get("thinking_budget")
    return pieces(thoughts)[: budget if isinstance(budget, int) and budget > 0 else None]

"""The answer as it stays: a MIME bundle that needs no kernel and no widget, and what is known of it as metadata."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import Any

from sfstream.core.reply import Reply
from sfstream.core.text import harmless
from sfstream.display import layout
from sfstream.display.frontend import in_kernel
from sfstream.display.status import calls_of, notes, status_line, thought
from sfstream.display.translations import say
from sfstream.markdown.export import as_code, as_markdown, escaped
from sfstream.markdown.renderer import rendered


def bundle(reply: Reply, *, is_open: bool = False) -> dict[str, str]:
    """HTML, Markdown and plain text: the content and a line about it. The HTML has the reasoning too, folded.

    Args:
        is_open: whether the reasoning is unfolded, since somebody is reading it.
    """
    lines = [status_line(reply), *notes(reply)]
    return {
        "text/html": page(reply, _html(reply.reasoning, breaks=True), _html(reply.content), lines, is_open=is_open),
        "text/markdown": _markdown(reply, lines),
        "text/plain": harmless("\n".join(filter(None, [reply.content, *calls_of(reply), *lines]))),
    }


def page(
    reply: Reply, reasoning: str, content: str, lines: list[str], *, thinking: bool = False, is_open: bool = False
) -> str:
    """The whole as HTML.

    Args:
        reasoning: safe HTML, as the content is.
        lines: about it, plain text.
        thinking: whether it thinks still.
        is_open: whether the reasoning is unfolded even where there is something else to read.
    """
    box = ""
    if reply.reasoning.strip():
        only = not (reply.content.strip() or reply.tool_calls)  # then there is nothing else to read
        box = layout.reasoning(say("Thinking…") if thinking else thought(reply), reasoning, is_open=is_open or only)
    inner = content + layout.calls([harmless(call) for call in calls_of(reply)])
    return _without_empty_lines(layout.answer(box, layout.content(inner) if inner else "", layout.about(lines)))


def _without_empty_lines(html: str) -> str:
    """The same HTML where it stands in a Markdown file, as nbconvert writes it: HTML ends there at an empty line, and
    what a piece of code holds after one would be Markdown."""
    return re.sub(r"\n(?=[ \t]*\n)", "&#10;", html)


def metadata(reply: Reply) -> dict[str, Any]:
    """What is known of the answer, for the output's metadata: under ``sfstream``, and fit for JSON."""
    body = reply.recording.request if reply.recording else reply.request.body()  # there a key is masked
    timing = reply.timing
    known = {
        "version": version("sfstream"),
        "model": reply.model,
        "parameters": {name: value for name, value in body.items() if name not in ("model", "messages")},
        "via": reply.via,
        "source": reply.source,
        "status": reply.status,
        "finish_reason": reply.finish_reason,
        "error": reply.error and {"name": type(reply.error).__name__, "message": str(reply.error)},
        "usage": reply.usage,
        "timing": {name: getattr(timing, name) for name in timing.__dataclass_fields__},
        "trace_id": reply.trace_id,
    }
    return {"sfstream": {name: clean for name, value in known.items() if (clean := _clean(value)) not in (None, {})}}


def faces() -> dict[str, Any]:
    """How a reply shows itself when it is the value of a cell."""
    return {"repr": status_line, "bundle": _bundle_here, "display": _display_once}


def note_shown(reply: Reply) -> None:
    """Remember that this execution has shown the reply."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    reply.shown_in = shell.execution_count if shell else None


def _bundle_here(reply: Reply) -> Any:
    if in_kernel():
        return bundle(reply), metadata(reply)
    return {"text/plain": f"<Reply {reply.status}>" if _is_shown(reply) else repr(reply)}  # its last line stands above


def _display_once(reply: Reply) -> None:
    """Silent in the execution that has shown the reply; elsewhere, and in a terminal, IPython goes on to the bundle."""
    if not in_kernel() or not _is_shown(reply):
        raise NotImplementedError


def _is_shown(reply: Reply) -> bool:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and reply.shown_in == shell.execution_count


def _html(source: str, *, breaks: bool = False) -> str:
    return "".join(rendered(source, "tex", breaks=breaks))


def _markdown(reply: Reply, lines: list[str]) -> str:
    calls = [as_code("\n".join(calls_of(reply)))] if reply.tool_calls else []
    # Fenced: after a list, code that is only indented would be a part of it, and no code.
    return "\n\n".join(filter(None, [as_markdown(reply.content), *calls, *map(escaped, lines)]))


def _clean(value: object) -> Any:
    """The value as JSON can hold it; None where it cannot."""
    try:
        return json.loads(json.dumps(value, default=str), parse_constant=lambda _: None)
    except (RecursionError, TypeError, ValueError):
        return None

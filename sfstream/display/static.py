"""The answer as a MIME bundle, which needs no kernel and no widget: escaped text and one line about it."""

from __future__ import annotations

import html
from typing import Any

from sfstream.display import in_kernel
from sfstream.display.status import calls_of, status_line, thought
from sfstream.reply import Reply
from sfstream.text import harmless

# Inline, since <style> does not survive in an untrusted notebook; no colours, so that any theme's own are kept.
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5"
_ASIDE = "opacity:.7;font-size:.9em"


def bundle(reply: Reply, doing: str = "") -> dict[str, str]:
    """HTML and plain text of the reply as it is.

    Args:
        reply: growing or ended.
        doing: shown in place of the status line where it is not empty.
    """
    # MathJax is told to leave the text alone: a price such as $5 is no formula.
    parts = ['<div class="tex2jax_ignore mathjax_ignore" style="max-width:50em">', _reasoning(reply)]
    if text := "\n".join(filter(None, [reply.content, *calls_of(reply)])):
        parts.append(f'<div style="{_TEXT}">{html.escape(text)}</div>')
    lines = [doing or status_line(reply), *reply.notes]
    parts += [f'<div style="{_ASIDE};margin-top:.4em">{html.escape(line)}</div>' for line in lines]
    return {"text/html": "".join([*parts, "</div>"]), "text/plain": harmless("\n".join(filter(None, [text, *lines])))}


def faces() -> dict[str, Any]:
    """How a reply shows itself when it is the value of a cell."""
    return {"repr": status_line, "bundle": _bundle_here, "display": _display_once}


def _bundle_here(reply: Reply) -> dict[str, str]:
    return bundle(reply) if in_kernel() else {"text/plain": repr(reply)}


def _display_once(reply: Reply) -> None:
    """Silent in the execution that has shown the reply; elsewhere, and in a terminal, IPython goes on to the bundle."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if not in_kernel() or reply.shown_in != shell.execution_count:
        raise NotImplementedError


def _reasoning(reply: Reply) -> str:
    if not reply.reasoning.strip():
        return ""
    is_open = " open" if reply.status == "streaming" and not reply.content else ""
    summary = "Thinking…" if is_open else thought(reply)
    return (
        f'<details style="{_ASIDE};margin-bottom:.6em"{is_open}><summary style="cursor:pointer">{summary}</summary>'
        f'<div style="{_TEXT};padding:.3em 0 .3em 1em">{html.escape(reply.reasoning.strip())}</div></details>'
    )

"""Where things stand in an answer: the same in the live view and the static one, so that the swap moves no line.

Styles are inline, since <style> does not survive in an untrusted notebook, and without colours, so that any theme's own
are kept. The classes are for the live view, which finds its places by them.
"""

from __future__ import annotations

import html

_REASONING = "opacity:.75;font-size:.9em;margin-bottom:.6em"
_THOUGHTS = "padding:.3em 0 .3em 1em"
_CALLS = "white-space:pre-wrap;overflow-wrap:break-word"
_ABOUT = "opacity:.75;font-size:.9em;margin-top:.4em;overflow-wrap:break-word"


def answer(*parts: str) -> str:
    """The whole. MathJax is told to leave its text alone: a price such as $5 is no formula."""
    return f'<div class="sfstream tex2jax_ignore mathjax_ignore" style="max-width:50em">{"".join(parts)}</div>'


def reasoning(summary: str, inner: str, *, is_open: bool = False) -> str:
    """The box of the reasoning.

    Args:
        summary: plain text.
        inner: safe HTML.
    """
    return (
        f'<details class="sfstream-reasoning" style="{_REASONING}"{" open" if is_open else ""}>'
        f'<summary class="sfstream-summary" style="cursor:pointer">{html.escape(summary)}</summary>'
        f'<div class="sfstream-thoughts" style="{_THOUGHTS}">{inner}</div></details>'
    )


def content(inner: str) -> str:
    """The place of the answer's safe HTML."""
    return f'<div class="sfstream-content" style="overflow-wrap:break-word">{inner}</div>'


def calls(lines: list[str]) -> str:
    """The functions that the model wants called, below what it says; each plain text. Nothing where there are none."""
    inner = html.escape("\n".join(lines))
    return f'<pre style="{_CALLS}"><code>{inner}</code></pre>' if lines else ""


def about(lines: list[str]) -> str:
    """The lines about it, each plain text."""
    inner = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    return f'<div class="sfstream-about" style="{_ABOUT}">{inner}</div>'

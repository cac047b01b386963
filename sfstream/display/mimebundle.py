"""The static answer: a MIME bundle that needs no kernel and no widget, and the metadata of its output.

The live view uses the same layout, so that no line moves when the static answer replaces it. Styles are inline, since
``<style>`` does not survive in an untrusted notebook, and set no colours, so that every theme keeps its own. The live
view finds its places by the classes.
"""

from __future__ import annotations

import html
import json
import re
import sys
from importlib.metadata import version
from typing import Any

from sfstream.core.reply import Reply
from sfstream.core.text import harmless
from sfstream.display.captions import closing_lines, how_to_copy, status_line, thought, tool_calls
from sfstream.display.ending import Ending, ending
from sfstream.display.frontend import current_shell, in_kernel
from sfstream.display.gallery import gallery, image_lines
from sfstream.display.translations import translate
from sfstream.markdown.export import as_code, escaped
from sfstream.markdown.page_styles import RESET
from sfstream.markdown.renderer import rendered
from sfstream.markdown.verbatim import as_html, as_safe_markdown

_REASONING = "opacity:.9;font-size:.9em;margin-bottom:.6em"
_THOUGHTS = "padding:.3em 0 .3em 1em"
_CALLS = "white-space:pre-wrap;overflow-wrap:break-word"
_ABOUT = "opacity:.75;font-size:.9em;margin-top:.4em;overflow-wrap:break-word"


def bundle(reply: Reply, *, is_open: bool = False) -> dict[str, str]:
    """Return the reply as HTML, Markdown and plain text: the content, the status line and the notes.

    Only the HTML holds the reasoning, folded.

    Args:
        is_open: whether the reasoning is unfolded, because somebody is reading it.
    """
    lines = closing_lines(reply)
    reasoning = "".join(rendered(reply.reasoning, "both", breaks=True))
    content = as_html(reply.content, reply.format, "both")
    return {
        "text/html": page(reply, reasoning, content, lines, is_open=is_open, copied=how_to_copy(reply)),
        "text/markdown": _markdown(reply, lines),
        "text/plain": harmless("\n".join(filter(None, [*image_lines(reply), *_texts(reply), *lines]))),
    }


def page(
    reply: Reply,
    reasoning: str,
    content: str,
    lines: list[str],
    *,
    thinking: bool = False,
    is_open: bool = False,
    copied: str = "",
) -> str:
    """Return the whole answer as HTML.

    Args:
        reasoning: safe HTML.
        content: safe HTML.
        lines: lines below the answer, plain text.
        thinking: whether the model is still thinking.
        is_open: whether the reasoning is unfolded even where there is content to read.
        copied: how the answer is copied, plain text; shown when the first of the lines is clicked.
    """
    box = ""
    if reply.reasoning.strip():
        only = not (reply.content.strip() or reply.tool_calls)  # then there is nothing else to read
        box = reasoning_box(translate("Thinking…") if thinking else thought(reply), reasoning, is_open=is_open or only)
    inner = content + calls_block(tool_calls(reply))
    images = images_box(pictures) if (pictures := gallery(reply)) else ""
    end = ending_box(line) if (line := ending(reply)) else ""
    return without_empty_lines(answer(images, box, content_box(inner) if inner else "", end, about(lines, copied)))


def metadata(reply: Reply) -> dict[str, Any]:
    """Return what is known about the reply, under the key ``sfstream`` and as JSON can hold it."""
    body = reply.recording.request if reply.recording else reply.request.body()  # the recording's request is redacted
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


def value_bundle(reply: Reply) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the bundle and metadata of a reply that is the value of a cell.

    In a terminal IPython this is one line, and without the status line where that stands above already.
    """
    if in_terminal():
        return {"text/plain": f"<Reply {reply.status}>" if _is_shown(reply) else status_line(reply)}, {}
    return bundle(reply), metadata(reply)


def is_shown_here(reply: Reply) -> bool:
    """Return whether the current cell of a notebook has displayed the reply, so that it is not displayed again."""
    return in_kernel() and _is_shown(reply)


def in_terminal() -> bool:
    """Return whether this is IPython in a terminal, which shows text only."""
    terminal = sys.modules.get("IPython.terminal.interactiveshell")
    return terminal is not None and isinstance(current_shell(), terminal.TerminalInteractiveShell)


def note_shown(reply: Reply) -> None:
    """Remember that the current cell has displayed the reply."""
    shell = current_shell()
    reply.shown_in = shell.execution_count if shell else None


def answer(*parts: str) -> str:
    """Return the outermost element. Its classes tell MathJax to leave the text alone: "$5" is a price."""
    return f'<div class="sfstream tex2jax_ignore mathjax_ignore" style="max-width:50em">{"".join(parts)}</div>'


def images_box(inner: str) -> str:
    """Return the element of the images that were sent, which are safe HTML."""
    return f'<div class="sfstream-images">{inner}</div>'


def reasoning_box(summary: str, inner: str, *, is_open: bool = False) -> str:
    """Return the element of the reasoning.

    Args:
        summary: plain text.
        inner: safe HTML.
        is_open: whether it is unfolded.
    """
    return (
        f'<details class="sfstream-reasoning" style="{_REASONING}"{" open" if is_open else ""}>'
        f'<summary class="sfstream-summary" style="cursor:pointer">{html.escape(summary)}</summary>'
        f'<div class="sfstream-thoughts" style="{_THOUGHTS}">{inner}</div></details>'
    )


def content_box(inner: str) -> str:
    """Return the element of the content, which is safe HTML."""
    return f'<div class="sfstream-content" style="overflow-wrap:break-word">{inner}</div>'


def calls_block(calls: list[str]) -> str:
    """Return the element of the tool calls, which are plain text; empty where there are none."""
    return (
        f'<pre style="{_CALLS}"><code style="{RESET}">{html.escape(chr(10).join(calls))}</code></pre>' if calls else ""
    )


def ending_box(line: Ending | None) -> str:
    """Return the element of the line about an answer that is not complete."""
    return f'<div class="sfstream-ending">{line.html() if line else ""}</div>'


def about(lines: list[str], copied: str = "") -> str:
    """Return the element of the lines below the answer, which are plain text.

    Args:
        copied: how the answer is copied. No script runs here, so that a click on the first line unfolds it, where the
            live view has its button.
    """
    shown = [f"<div>{html.escape(line)}</div>" for line in lines]
    if copied:
        link = f' · <span style="text-decoration:underline;white-space:nowrap">{translate("Copy")}</span>'
        line = f'{html.escape(lines[0])}<span class="sfstream-copying">{link}</span>'
        summary = f'<summary style="display:block;cursor:pointer">{line}</summary>'
        how = f'<div class="sfstream-copying">{html.escape(copied)}</div>'
        shown[0] = f'<details class="sfstream-how">{summary}{how}</details>'
    inner = "".join(shown)
    return f'<div class="sfstream-about" style="{_ABOUT}">{inner}</div>'


def without_empty_lines(text: str) -> str:
    """Replace empty lines, which would end the HTML in a Markdown file, such as nbconvert writes: the rest of a piece
    of code would be read as Markdown."""
    return re.sub(r"\n(?=[ \t]*\n)", "&#10;", text)


def _markdown(reply: Reply, lines: list[str]) -> str:
    calls = [as_code("\n".join(tool_calls(reply)))] if reply.tool_calls else []
    images = map(escaped, image_lines(reply))
    content = as_safe_markdown(reply.content, reply.format)
    end = [f"**{escaped(str(line))}**"] if (line := ending(reply)) else []
    return "\n\n".join(filter(None, [*images, content, *calls, *end, *map(escaped, lines)]))


def _texts(reply: Reply) -> list[str]:
    return [reply.content, *tool_calls(reply), *([str(line)] if (line := ending(reply)) else [])]


def _clean(value: object) -> Any:
    """Return the value as JSON can hold it; None where it cannot."""
    try:
        return json.loads(json.dumps(value, default=str), parse_constant=lambda _: None)
    except (RecursionError, TypeError, ValueError):
        return None


def _is_shown(reply: Reply) -> bool:
    shell = current_shell()
    return shell is not None and reply.shown_in == shell.execution_count

"""The HTML of the wire view's static form: a table whose cells stand below each other where the page is narrow.

Styles are inline, and set no colour of a text. Where they are removed, as on GitHub, it is a plain table.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from sfstream.display.translations import translate

_BLOCK = "display:block;margin:.4em 0;border:none;font-size:.9em;text-align:left"
_ROW = "display:flex;flex-wrap:wrap;background:none;padding:.3em 0;border-top:1px solid rgba(128,128,128,.35)"
_HEADS = _ROW.replace("flex-wrap:wrap;", "")
_CELL = "text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:0;max-width:100%;padding:0 1em 0 0"
_WIDTHS = ("flex:1 0 8em", "flex:9 1 24em", "flex:4 1 12em")
_RAW = "color:inherit;font-family:monospace;white-space:pre-wrap;word-break:break-all;background:none;padding:0"
_ABOUT = "opacity:.75;font-size:.9em;margin:.4em 0;overflow-wrap:anywhere"
_DIM = "opacity:.7"
_WHOLE = "white-space:nowrap"
_TINTS = {"content": "0,150,70,.22", "reasoning": "130,90,230,.22", "error": "220,50,50,.28"}
_GREY = "128,128,128,.2"


def table(lines: Sequence[str]) -> str:
    """Return a table of lines, which are safe HTML."""
    return f'<table style="{_BLOCK}"><tbody style="display:block">{"".join(lines)}</tbody></table>'


def line(texts: Sequence[str], *, is_head: bool = False) -> str:
    """Return one line of the table, with a plain text in each cell."""
    return _row([html.escape(text, quote=False) for text in texts], "th" if is_head else "td")


def cells(chunk: Sequence[str], frame: Sequence[str], raw: str, delta: Sequence[tuple[str, str]]) -> str:
    """Return the line of one frame.

    Args:
        chunk: what is said about its chunks.
        frame: what is said about it.
        raw: its bytes as text.
        delta: what it became, as pairs of a name and a text.
    """
    middle = f'{_parts(frame)}<br><code style="{_RAW}">{html.escape(raw, quote=False)}</code>' if raw else ""
    return _row([_parts(chunk), middle, "<br>".join(_became(name, text) for name, text in delta)], "td")


def note(text: str) -> str:
    """Return a line of plain text above or below the table."""
    return f'<div style="{_ABOUT}">{html.escape(text, quote=False)}</div>'


def _row(inner: Sequence[str], tag: str) -> str:
    widths = _WIDTHS if len(inner) > 1 else [f"flex:1 1 24em;{_DIM}"]
    made = [f'<{tag} style="{_CELL};{width}">{each}</{tag}>' for width, each in zip(widths, inner, strict=True)]
    return f'<tr style="{_HEADS if tag == "th" else _ROW}">{"".join(made)}</tr>'


def _parts(texts: Sequence[str]) -> str:
    """Return short texts; a line breaks between them only."""
    first, *others = [f'<span style="{_WHOLE}">{html.escape(text, quote=False)}</span>' for text in texts]
    dim = f' <span style="{_DIM}">· {" · ".join(others)}</span>' if others else ""
    return first + dim


def _became(name: str, text: str) -> str:
    tint = f"background-color:rgba({_TINTS.get(name, _GREY)});border-radius:.2em;padding:0 .3em"
    label = f'<span style="{tint}">{html.escape(translate(name), quote=False)}</span>'
    return f'{label} <span style="white-space:pre-wrap">{html.escape(text, quote=False)}</span>' if text else label

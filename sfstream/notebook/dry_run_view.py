"""A dry run as the value of a cell: HTML in a notebook, text with marks in a terminal."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sfstream.core.text import harmless
from sfstream.display.gallery import images_counted
from sfstream.display.mimebundle import about, answer, without_empty_lines
from sfstream.display.translations import translate
from sfstream.notebook.fill import Value

LEFT, RIGHT = "⟦", "⟧"
"""What encloses a value that was filled in, where it cannot be coloured."""
_VALUE = 400
"""Maximum number of characters of a value that is marked in text, as the JSON above it is complete."""

_MONO = "font-family:var(--jp-code-font-family,monospace);font-size:.9em"
_WRAP = "white-space:pre-wrap;overflow-wrap:anywhere"
_HEAD = "opacity:.75;font-size:.9em;margin:1em 0 .3em"
_MESSAGE = "background-color:rgba(128,128,128,.13);border-radius:.4em;padding:.4em .8em;margin:.4em 0"
_SCROLL = "max-height:24em;overflow:auto"
_FILLED = "background-color:rgba(255,170,0,.3);border-radius:.2em;padding:0 .15em"
_ADDED, _REMOVED = "background-color:rgba(0,160,70,.2)", "background-color:rgba(220,50,50,.2)"
_CELL = "text-align:left;vertical-align:top;padding:.1em 1em .1em 0;overflow-wrap:anywhere"
_NUMBER = "text-align:right;vertical-align:top;padding:.1em .8em .1em 0;font-variant-numeric:tabular-nums"


@dataclass(frozen=True)
class Part:
    """A message of the request.

    Attributes:
        role: of the message.
        text: its text.
        values: what was filled in, by its place in the text.
        others: the number of its parts that are no text, such as images.
    """

    role: str
    text: str
    values: tuple[Value, ...] = ()
    others: int = 0

    def pieces(self) -> Iterator[tuple[str, Value | None]]:
        """Yield the text in pieces: what stands between the values, and the values."""
        done = 0
        for value in self.values:
            yield self.text[done : value.start], None
            yield self.text[value.start : value.end], value
            done = value.end
        yield self.text[done:], None


@dataclass(frozen=True)
class Count:
    """A piece of the request and about how many tokens it is."""

    name: str
    tokens: int
    is_filled: bool = False


@dataclass(frozen=True)
class DryRun:
    """A request that is not sent.

    Attributes:
        head: address and headers, one line each, without the key.
        body: the JSON body; the data of images is shortened.
        parts: the messages.
        counts: what the messages consist of, in tokens.
        basis: where these numbers come from.
        notes: what is to be said about the values.
        changes: lines that differ from the last request of this cell; None where there is none to compare with.
    """

    head: list[str]
    body: Mapping[str, Any]
    parts: list[Part]
    counts: list[Count]
    basis: str
    notes: list[str]
    changes: list[str] | None

    def __repr__(self) -> str:
        sections = [
            self._source,
            *(_section(_filled_in(part), _marked(part)) for part in self.parts if part.values),
            _section(_about(self.basis), "\n".join(self._aligned())),
            *([_section(_changes(), self._changed)] if self._changed else []),
            *(["\n".join(self.notes)] if self.notes else []),
        ]
        return harmless("\n\n".join(sections))

    def _repr_html_(self) -> str:
        others = {name: value for name, value in self.body.items() if name not in ("messages", "stream")}
        parameters = " · ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in others.items())
        address = next(line for line in self.head if line.startswith("POST "))
        first = [self.head[0]] if self.head[0] != address else []
        return without_empty_lines(
            answer(
                *(_div("margin-bottom:.4em", line) for line in first),
                _div(f"{_MONO};{_WRAP}", address),
                _div(f"{_MONO};{_WRAP};opacity:.75", parameters),
                *self._messages(),
                about(self.notes) if self.notes else "",
                _div(_HEAD, _about(self.basis)),
                self._table(),
                _difference(self.changes) if self.changes is not None else "",
                _folded(translate("Headers and exact JSON"), _div(f"{_MONO};{_WRAP};{_SCROLL}", self._source)),
            )
        )

    @property
    def _json(self) -> str:
        return json.dumps(self.body, ensure_ascii=False, indent=2)

    @property
    def _source(self) -> str:
        return "\n".join([*self.head, "", self._json])

    @property
    def _changed(self) -> str:
        return "" if self.changes is None else "\n".join(self.changes) or translate("none")

    @property
    def _rows(self) -> list[tuple[str, str, bool]]:
        rows = [(f"{count.tokens:,}", count.name, count.is_filled) for count in self.counts]
        if images := sum(part.others for part in self.parts):
            rows.append(("?", images_counted(images), False))
        return [*rows, (f"{sum(count.tokens for count in self.counts):,}", translate("in all"), False)]

    def _aligned(self) -> Iterator[str]:
        width = max(len(number) for number, _, _ in self._rows)
        for number, name, is_filled in self._rows:
            yield f"{number:>{width}}  {f'{LEFT}{name}{RIGHT}' if is_filled else name}"

    def _messages(self) -> Iterator[str]:
        """Yield the messages; earlier turns are folded."""
        system = self.parts[:1] if self.parts[0].role == "system" and len(self.parts) > 1 else []
        earlier = self.parts[len(system) : -1]
        yield from map(_message, system)
        if earlier:
            head = translate("Earlier messages: {count}", count=len(earlier))
            yield _folded(head, "".join(map(_message, earlier)))
        yield _message(self.parts[-1])

    def _table(self) -> str:
        rows = "".join(
            f'<tr style="background:none"><td style="{_NUMBER}">{number}</td>'
            f'<td style="{_CELL}">{_span(_FILLED, name) if is_filled else _escaped(name)}</td></tr>'
            for number, name, is_filled in self._rows
        )
        return f'<table style="margin:0;font-size:.9em">{rows}</table>'


def _section(head: str, text: str) -> str:
    return f"{head}:\n{textwrap.indent(text, '    ')}"


def _filled_in(part: Part) -> str:
    return translate("{role}, with what was filled in", role=part.role)


def _about(basis: str) -> str:
    return translate("Tokens, about ({basis})", basis=basis)


def _changes() -> str:
    return translate("Changes since the last request of this cell")


def _marked(part: Part) -> str:
    return "".join(f"{LEFT}{_beginning(text)}{RIGHT}" if value else text for text, value in part.pieces())


def _beginning(text: str) -> str:
    return (
        text if len(text) <= _VALUE else f"{text[:_VALUE]}… ({translate('{count} characters', count=f'{len(text):,}')})"
    )


def _message(part: Part) -> str:
    text = "".join(
        _span(_FILLED, text, title=f"{{{{ {value.expression} }}}}") if value else _escaped(text)
        for text, value in part.pieces()
    )
    images = f"[{images_counted(part.others)}]" if part.others else ""
    role = f'<div style="opacity:.75;font-size:.85em">{_escaped(" ".join(filter(None, [part.role, images])))}</div>'
    return f'<div style="{_MESSAGE}">{role}<div style="{_WRAP};{_SCROLL}" dir="auto" tabindex="0">{text}</div></div>'


def _difference(changes: list[str]) -> str:
    styles = {"+": _ADDED, "-": _REMOVED}
    lines = "".join(f'<div style="{styles.get(line[:1], "")}">{_escaped(line)}</div>' for line in changes)
    head = _changes() if changes else translate("Equal to the last request of this cell")
    return _div(_HEAD, head) + (f'<div style="{_MONO};{_WRAP};{_SCROLL}">{lines}</div>' if changes else "")


def _folded(summary: str, inner: str) -> str:
    return f'<details style="margin:.6em 0"><summary style="cursor:pointer">{summary}</summary>{inner}</details>'


def _div(style: str, text: str) -> str:
    return f'<div style="{style}">{_escaped(text)}</div>'


def _span(style: str, text: str, title: str = "") -> str:
    about = f' title="{_escaped(title)}"' if title else ""
    return f'<span style="{style}"{about}>{_escaped(text)}</span>'


def _escaped(text: str) -> str:
    return html.escape(harmless(text))

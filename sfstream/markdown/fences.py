"""Fenced code that is open, in steps: its lines, as soon as their colours are certain. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token

from sfstream.markdown.draft import Draft
from sfstream.markdown.highlight import Code
from sfstream.markdown.levels import CodeLevel
from sfstream.markdown.steps import CLOSE, Step


def code_tags(document: Draft, token: Token) -> list[Step]:
    """The elements that the lines stand in."""
    empty = replace(token, content="")
    before = document.html([empty]).partition("</code>")[0]
    return [("open", tag) for tag in re.findall(r"<\w[^>]*>", before)]


def code_added(level: CodeLevel, complete: Sequence[str]) -> list[Step]:
    """More complete lines: those that are finished now."""
    done = level.code.finished(complete)
    return [("add", "".join(f"{line}\n" for line in done))] if done else []


def code_end(document: Draft, level: CodeLevel, token: Token) -> list[Step]:
    """The lines that are left, and the end."""
    *complete, last = token.content.split("\n")
    steps = code_added(level, complete)
    lines = "".join(f"{line}\n" for line in level.code.rest())
    return [*steps, ("add", lines + Code("").open_html(last)), *([CLOSE] * len(code_tags(document, token)))]

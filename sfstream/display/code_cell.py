"""``--format code``: put the code of an answer in a new cell below, or say why not. The code is never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from sfstream.core.choice import CodeBlock
from sfstream.core.message import Message, message
from sfstream.core.reply import Reply
from sfstream.core.text import excerpt, harmless
from sfstream.display.frontend import add_cell, can_add_cell
from sfstream.markdown.code_blocks import code_blocks

_PYTHON = {"python", "python3", "py", "ipython", "ipython3"}
_LANGUAGES = 60
"""Maximum number of characters of the names of other languages that a note quotes."""


def offer_code(reply: Reply) -> None:
    """Put the Python code of an answer that has ended in a new cell, and note on the reply what was not put there."""
    if reply.format != "code" or reply.error:
        return
    blocks = code_blocks(reply.content)
    chosen = _chosen(blocks) or _bare(reply.content)
    note = _obstacle(reply, chosen)
    if not note:
        add_cell(harmless("\n\n".join(block.text.strip("\n") for block in chosen)))
        note = _left_out(blocks)
    reply.notes += [note] if note else []


def _obstacle(reply: Reply, chosen: Sequence[CodeBlock]) -> Message:
    """Return why no cell is added; empty where nothing is in the way."""
    if not chosen:
        return message("No cell was added: the answer holds no Python code.")
    if reply.status != "complete":
        return message("No cell was added: the answer is not complete. Its code is in Reply.code_blocks.")
    if reply.via == "reuse":  # each Run All would add the same cells again
        return message("No cell was added: the answer is a kept one. Its code is in Reply.code_blocks.")
    if not can_add_cell():
        return message("No cell was added: this is not possible here. The code is in Reply.code_blocks.")
    return message("")


def _left_out(blocks: Sequence[CodeBlock]) -> Message:
    others = dict.fromkeys(block.language for block in blocks if block.language and not _is_python(block))
    if not others:
        return message("")
    names = excerpt(", ".join(others), _LANGUAGES)
    return message("The new cell holds the code in Python, and not that in {languages}.", languages=names)


def _is_python(block: CodeBlock) -> bool:
    return block.language.lower() in _PYTHON


def _chosen(blocks: Sequence[CodeBlock]) -> list[CodeBlock]:
    """Return the blocks in Python. One without a language counts where no other does: beside code it is an output."""
    marked = [block for block in blocks if _is_python(block)]
    return marked or [block for block in blocks if not block.language]


def _bare(content: str) -> list[CodeBlock]:
    """Return an answer without fences that is code as a whole; a word or a number that happens to be is none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    is_code = any(isinstance(node, ast.Call) or type(node) in _STATEMENTS for node in ast.walk(tree))
    return [CodeBlock("", content.strip())] if is_code else []


_STATEMENTS = set(ast.stmt.__subclasses__()) - {ast.Expr}

"""The blocks of code in an answer. No I/O."""

from __future__ import annotations

from sfstream.core.choice import CodeBlock
from sfstream.markdown.renderer import Document


def code_blocks(source: str) -> list[CodeBlock]:
    """Return the fenced blocks of code of a Markdown text, also of those in lists and quotes.

    Indented text without a fence is not taken for code: models fence theirs.
    """
    return [
        CodeBlock((token.info.split() or [""])[0], token.content.removesuffix("\n"))
        for token in Document("tex").parse(source)
        if token.type == "fence"
    ]

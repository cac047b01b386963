"""What others find in the Markdown that `export` writes: a check that nothing in it is active. No I/O."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from sfstream.markdown.inline_rules import is_raster, is_web
from sfstream.markdown.inline_tags import PAIRED

_OUR_TAG = re.compile(rf"</?(?:{'|'.join(PAIRED)})>|<br>")

# With HTML, as others read it; deep enough for all that we write.
_READER = MarkdownIt("commonmark", {"html": True, "maxNesting": 1000}).enable(["table", "strikethrough"])


def is_plain(written: str) -> bool:
    """Whether a CommonMark reader finds neither HTML other than ours nor a remote image nor an unsafe link in this."""
    return not any(
        (token.type in ("html_block", "html_inline") and not _OUR_TAG.fullmatch(token.content))
        or (token.type == "link_open" and not is_web(str(token.attrs["href"])))
        or (token.type == "image" and not is_raster(str(token.attrs["src"])))
        for block in _READER.parse(written)
        for token in (block, *(block.children or ()))
    )

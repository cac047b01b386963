"""Write a model's answer as Markdown that is safe in any other renderer (``text/markdown``). No I/O.

A model's Markdown cannot be passed on as it came: elsewhere raw HTML would run, images would be fetched, and prices
would be typeset. mdformat writes our parser's tokens anew; the renderers of this module escape text, and check links,
images and formulas. A CommonMark parser reads the result again: if it finds anything active, the source is given as
one block of code instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import ClassVar

from markdown_it.token import Token
from mdformat.renderer import DEFAULT_RENDERERS, MDRenderer, RenderContext, RenderTreeNode
from mdformat.renderer.typing import Render

from sfstream.core.text import encodable, harmless
from sfstream.markdown.bidi import paired
from sfstream.markdown.export_check import is_plain
from sfstream.markdown.footnotes import written_definition, written_reference
from sfstream.markdown.highlight import is_coloured
from sfstream.markdown.inline_tags import PAIRED
from sfstream.markdown.renderer import Document
from sfstream.markdown.tex_compat import formula_html, normalized

LONGER = 8
"""Maximum length, as a multiple of the source's: each line of a deep quote repeats the quote's markers."""

_ALIGNMENT = {"text-align:left": ":--", "text-align:right": "--:", "text-align:center": ":-:"}
_MARKS = {"em": "*", "strong": "**", "s": "~~"}
_OPEN, _CLOSE = "\x02", "\x03"
"""Stand beside markers of emphasis until the paragraph is complete. `harmless` has replaced both characters in text."""
_SPACE_INSIDE = re.compile(rf"(?<={_OPEN})[^\S\n]|[^\S\n](?={_CLOSE})")
_WORD = r"[^\s!-/:-@\[-`{-~\x02\x03]"
_WORD_BEFORE = re.compile(rf"{_WORD}(?=(?:[*~]+{_OPEN})+[^\w*~])")
_WORD_AFTER = re.compile(rf"(?<=\W)((?:{_CLOSE}[*~]+)+)({_WORD})")
_COMMAND = re.compile(r"((?:\\+[A-Za-z()\[\]{}]*)+)")
"""Backslashes, and what would make a TeX command or the delimiter of a formula of them."""
_SPECIAL = re.compile(r"[*_\[\]{}|~$^!&<>`\n\t\xa0@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What may begin a construct; also in addresses, which some readers make links by rules of their own."""
_AS_ENTITY = "&<>`|:.@\xa0"
_UNFIT_FOR_ADDRESS = re.compile(r"[\\<>`|{}$ \"'*_~^\[\]\x00-\x1f]")


def as_markdown(source: str) -> str:
    """Return safe Markdown that says what the source says.

    Args:
        source: Markdown of a model.

    Returns:
        Markdown without remote images, unsafe links and raw HTML, but for the tags of `inline_tags`.

    Example:
        >>> as_markdown("<b>a</b> costs $5")
        '&lt;b&gt;a&lt;/b&gt; costs \\\\$5'
    """
    try:
        written = _written(Document("tex").parse(source))
    except RecursionError:
        return as_code(source)
    is_fit = len(written) <= LONGER * len(source) + 1000 and is_plain(written)
    return written if is_fit else as_code(source)


def as_code(text: str, language: str = "") -> str:
    """Return Markdown that shows the text as a block of code."""
    return _written([Token("fence", "code", 0, content=encodable(text), info=language)])


def escaped(text: str) -> str:
    """Return one line of plain text as Markdown."""
    inline = Token("inline", "", 0, children=[Token("text", "", 0, content=text.replace("\n", " "))])
    return _written([Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)])


def _written(tokens: Sequence[Token]) -> str:
    options = {"parser_extension": [_Extension], "mdformat": {"number": True}}
    return MDRenderer().render([_prepared(token) for token in tokens], options, {}, finalize=False)


def _prepared(token: Token) -> Token:
    """Make control characters visible and join text. Code keeps the name of its language only if that is only coloured:
    of others, such as mermaid, some readers make diagrams."""
    token.content = harmless(token.content)
    if token.type in ("plain", "code_block", "fence"):
        token.type = "fence"
        token.info = next((info for info in token.info.split()[:1] if is_coloured(info)), "")
        token.content += "" if token.content.endswith("\n") else "\n"
    if token.type == "inline":
        texts = [child for child in token.children or () if child.type == "text"]
        for child, text in zip(texts, paired([child.content for child in texts]), strict=True):
            child.content = text
        token.children = list(_joined(piece for child in token.children or () for piece in _pieces(child)))
    return token


def _pieces(token: Token) -> Iterator[Token]:
    """Split the commands of TeX off as code: pandoc and MathJax would run them in text."""
    if token.type == "text":
        for number, part in enumerate(_COMMAND.split(token.content)):
            if part:
                yield Token("code_inline" if number % 2 else "text", "", 0, content=part)
    elif token.type == "maths" and not _is_typeset(token):
        yield Token("code_inline", "", 0, content=harmless(token.markup).replace("\n", " "))
    else:
        token.content = harmless(token.content)
        yield token


def _joined(tokens: Iterable[Token]) -> Iterator[Token]:
    """Join neighbouring texts, and neighbouring pieces of code, whose backticks would otherwise touch."""
    for kind, group in groupby(tokens, key=lambda token: token.type):
        if kind in ("text", "code_inline"):
            yield Token(kind, "", 0, content="".join(token.content for token in group))
        else:
            yield from group


def _tex(token: Token | RenderTreeNode) -> str:
    return " ".join(normalized(harmless(token.content), token.block).split())


def _is_typeset(token: Token) -> bool:
    """Whether the static HTML typesets this formula too, and dollars can delimit it."""
    source = _tex(token)
    return bool(source) and "$" not in source and formula_html(source, token.block, "tex", "").startswith("<span")


def _maths(node: RenderTreeNode, _context: RenderContext) -> str:
    """Write a formula for readers that delimit maths by dollars; for others it is text without a tag or a link."""
    source = re.sub(r"\](?=[(:])", "] ", re.sub(r"<(?=[A-Za-z/!?])", "< ", _tex(node)))
    if _is_in(node, "table"):
        source = source.replace(r"\|", r"\Vert ").replace("|", r"\vert ").strip()
    return f"$${source}$$" if node.block else f"${source}$"


def _is_in(node: RenderTreeNode, kind: str) -> bool:
    while node.parent:
        node = node.parent
        if node.type == kind:
            return True
    return False


def _text(node: RenderTreeNode, _context: RenderContext) -> str:
    text, before = _SPECIAL.sub(_escaped, node.content), node.previous_sibling
    # After "[^1]" either would begin a link or a definition.
    return _entity(text[0]) + text[1:] if before and before.type == "footnote_ref" and text[0] in "(:" else text


def _escaped(match: re.Match[str]) -> str:
    if match[0] in "\n\t":
        return " "
    return _entity(match[0]) if match[0] in _AS_ENTITY else f"\\{match[0]}"


def _entity(character: str) -> str:
    named = escape(character, quote=False)
    return named if named != character else f"&#{ord(character)};"


def _emphasis(node: RenderTreeNode, context: RenderContext) -> str:
    """Write emphasis. Without markers if they would touch those of a neighbour, with which they would be read."""
    inner = "".join(child.render(context) for child in node.children)
    before = node.previous_sibling
    if before and before.type in _MARKS:
        return inner
    mark = _MARKS[node.type]
    return f"{mark}{_OPEN}{inner}{_CLOSE}{mark}"


def _inline(node: RenderTreeNode, context: RenderContext) -> str:
    """Write a paragraph's text. Beside emphasis, a character that would prevent it elsewhere (such as a Chinese one) is
    written as an entity."""
    text = "".join(child.render(context) for child in node.children)
    text = _SPACE_INSIDE.sub(lambda found: _entity(found[0]), text)
    text = _WORD_BEFORE.sub(lambda found: _entity(found[0]), text)
    text = _WORD_AFTER.sub(lambda found: found[1] + _entity(found[2]), text)
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _element(node: RenderTreeNode, context: RenderContext) -> str:
    """Write one of the pairs of HTML tags."""
    return f"<{node.type}>{''.join(child.render(context) for child in node.children)}</{node.type}>"


def _break(node: RenderTreeNode, _context: RenderContext) -> str:
    """Write a line break; none at the end of a text, where a backslash would be one."""
    following = node.next_sibling
    while following and following.type == "hardbreak":
        following = following.next_sibling
    if not following and node.parent and node.parent.type == "inline":
        return ""
    return "<br>" if _is_in(node, "heading") or _is_in(node, "table") else "\\\n"


def _link(node: RenderTreeNode, context: RenderContext) -> str:
    return f"[{''.join(child.render(context) for child in node.children)}](<{_address(str(node.attrs['href']))}>)"


def _image(node: RenderTreeNode, context: RenderContext) -> str:
    return f"![{_text(node, context)}](<{_address(str(node.attrs['src']))}>)"


def _address(url: str) -> str:
    return _UNFIT_FOR_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url)


def _paragraph(node: RenderTreeNode, context: RenderContext) -> str:
    """Write a paragraph. Pandoc begins a definition by a colon, and a title by a per cent sign; a tag alone on the
    first line would begin a block of HTML."""
    text = re.sub(r"\A(<\w+>)\n", r"\1 ", DEFAULT_RENDERERS["paragraph"](node, context))
    return re.sub(r"(?m)^[:%]", r"\\\g<0>", text)


def _table(node: RenderTreeNode, context: RenderContext) -> str:
    rows = [row for part in node.children for row in part.children]
    lines = ["| " + " | ".join(_cell(cell, context) for cell in row.children) + " |" for row in rows]
    marks = [_ALIGNMENT.get(str(cell.attrs.get("style")), "---") for cell in rows[0].children]
    return "\n".join([lines[0], f"| {' | '.join(marks)} |", *lines[1:]])


def _cell(cell: RenderTreeNode, context: RenderContext) -> str:
    return "".join(child.render(context) for child in cell.children).replace("|", "\\|")


class _Extension:
    """The renderers that replace or extend mdformat's."""

    RENDERERS: ClassVar[Mapping[str, Render]] = {
        **dict.fromkeys(_MARKS, _emphasis),
        **dict.fromkeys(PAIRED, _element),
        "inline": _inline,
        "text": _text,
        "maths": _maths,
        "hardbreak": _break,
        "link": _link,
        "image": _image,
        "paragraph": _paragraph,
        "footnote": written_definition,
        "footnote_ref": written_reference,
        "table": _table,
    }

r"""Show JSON for reading: ``\u4e2d`` as the character that it means, and all else as it was written. No I/O."""

from __future__ import annotations

import re

import jiter

_ESCAPE = re.compile(
    r"\\(?:u(d[89ab]..)\\u(d[c-f]..)"  # two halves of one character
    r"|((?:ud[89ab]..(?:\\(?:u[\da-f]{0,3})?)?|u[\da-f]{0,3})?\Z)"  # the beginning of an escape, at the end of the text
    r"|u(....)|(.))",
    re.IGNORECASE | re.DOTALL,
)


def readable_json(text: str, *, is_growing: bool = False) -> str:
    r"""Return JSON with its escapes decoded; a text that is not JSON, unchanged.

    Numbers, white space and the order of the members stay as they are. The escapes of characters that cannot be seen,
    of the quotation mark and of the backslash stay too, so that the result means the same.

    Args:
        text: JSON as a server sent it.
        is_growing: whether more of the text will come. An escape that has only begun is then left out.

    Example:
        >>> readable_json(r'{"city": "\u676d\u5dde\n"}')
        '{"city": "杭州\\n"}'
    """
    if "\\" not in text:
        return text
    try:
        jiter.from_json(text.encode("utf-8", "replace"), partial_mode="trailing-strings" if is_growing else False)
    except ValueError:  # also for half of a UTF-16 pair
        return text
    return _ESCAPE.sub(_decoded, text)


def _decoded(escape: re.Match[str]) -> str:
    high, low, begun, single, other = escape.groups()
    if begun is not None:
        return ""
    if other:
        return "/" if other == "/" else escape[0]
    code = int(single, 16) if single else 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00
    character = chr(code)
    return character if character.isprintable() and character not in '"\\' else escape[0]

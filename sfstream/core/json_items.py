"""Cut a list out of a growing JSON text, item by item. What was scanned once is not scanned again.

The list is the whole answer, or the ``items`` of an object (`sfstream.core.json_wire`). Text before it is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OUTSIDE = re.compile(r'["\[\]{},]')
_INSIDE = re.compile(r'["\\]')
_BEGINNING = re.compile(r"[\[{]")
_LIST = re.compile(r"""\[[\[\s]*(?:["{\]]|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\b)""")
_WRAPPED = re.compile(r'\{\s*"items"\s*:\s*\[')
_LOOK_AHEAD = 40
"""Number of characters after which it is known whether a bracket begins the list."""


class ItemScanner:
    """Scanner of one answer.

    Attributes:
        is_closed: whether the list has ended; nothing after it is scanned.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._text = ""  # not yet yielded
        self._position = 0  # where the scan continues in it
        self._depth = 0  # of brackets inside the list; 0 before it has begun
        self._is_string = self._has_items = False

    def feed(self, text: str) -> Iterator[str]:
        """Yield the text of each item that this further text closes. Consume the iterator before the next call."""
        self._text += text
        if not self._depth and not self.is_closed:
            self._find_beginning()
        while self._depth and (mark := self._next_mark()):
            if mark == "," and self._depth == 1:
                yield self._cut()
            elif mark in "]}":
                self._depth -= 1
                if not self._depth:
                    yield from self._last()

    def _next_mark(self) -> str:
        """Return the next character that matters, and go behind it; empty if the text ends first."""
        while True:
            found = (_INSIDE if self._is_string else _OUTSIDE).search(self._text, self._position)
            if found is None:
                self._position = max(self._position, len(self._text))
                return ""
            self._position = found.end()
            mark = found[0]
            if mark == "\\":
                self._position += 1  # whatever follows is part of the string, even if it has not arrived
            elif mark == '"':
                self._is_string = not self._is_string
            elif mark in "[{":
                self._depth += 1
            else:
                return mark

    def _cut(self) -> str:
        """Return the item before the mark that was found, and forget its text."""
        item = self._text[: self._position - 1].strip()
        self._text, self._position = self._text[self._position :], 0
        self._has_items = True
        return item

    def _last(self) -> Iterator[str]:
        item, had_items = "", self._has_items
        self.is_closed, item, self._text = True, self._cut(), ""
        if item or had_items:  # nothing between a comma and the end is an item that is no JSON
            yield item

    def _find_beginning(self) -> None:
        """Go to the first item, if the list has begun."""
        while not self._depth and (bracket := _BEGINNING.search(self._text, self._position)):
            start = bracket.start()
            if found := _WRAPPED.match(self._text, start):
                self._begin(found.end())
            elif _LIST.match(self._text, start):
                self._begin(start + 1)
            elif len(self._text) - start < _LOOK_AHEAD:
                self._position = start
                return
            elif bracket[0] == "{":  # an object that is not the list: the end of the answer decides what it means
                self.is_closed, self._text = True, ""
                return
            else:
                self._position = start + 1
        if not self._depth:
            self._position = len(self._text)

    def _begin(self, position: int) -> None:
        self._text, self._position, self._depth = self._text[position:], 0, 1

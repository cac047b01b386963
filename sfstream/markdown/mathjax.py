r"""Decide whether the MathJax of JupyterLab can typeset a formula. No I/O.

MathJax shows a formula that it cannot parse as an error in red or yellow. So this module reads a formula as MathJax
does: commands and environments with their arguments, braces, ``\left`` and ``\right``, scripts, columns and rows. What
it does not know is refused, and so is what does more than typeset.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod

from sfstream.markdown import mathjax_arguments as arguments
from sfstream.markdown.mathjax_group import Group
from sfstream.markdown.mathjax_vocabulary import (
    ARGUMENTS,
    DELIMITERS,
    ENVIRONMENTS,
    FUNCTIONS,
    INFIX,
    NUMBERED,
    ONE_COLUMN,
    OPERATORS,
    SWITCHES,
    SYMBOLS,
)
from sfstream.markdown.sanitize import are_moderate

_DEEPEST = 60
"""Maximum nesting: browsers and MathJax process a formula by recursion."""

_TOKEN = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)?", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.", re.DOTALL)
_SCRIPTS = {"^", "_", "^_", "_^", "'", "'^", "'_", "'^_", "_'", "_'^"}
"""The scripts that an item may have, in their order."""
_SIGNS = {rf"\{sign}" for sign in ",:;!> %&#$_{}|\n"}
_DELIMITERS = {*"()[]<>/|.", r"\{", r"\}", r"\|"} | {rf"\{name}" for name in DELIMITERS}
_ALONE = SYMBOLS | DELIMITERS | OPERATORS | FUNCTIONS | SWITCHES
_NO_SCRIPT = FUNCTIONS | SWITCHES | {"begin", "braket", "Braket", "cases", "color", "displaylines", "eqalign", "mathop"}
_NO_SCRIPT |= {"matrix", "pmatrix", "set", "Set", "substack"}
"""Commands that cannot be a script without braces."""
_NEGATIVE = dict.fromkeys([r"\!", r"\negthinspace", r"\negmedspace", r"\negthickspace"], "-0.25em")
_SIZES = {r"\large": 1.2, r"\Large": 1.44, r"\LARGE": 1.73, r"\huge": 2.07, r"\Huge": 2.49}
_LARGEST = 16.0
"""Maximum product of all sizes: those within one another multiply."""


class _RefusedError(Exception):
    """The formula is not certain to be typeset."""


@lru_cache(1024)
def is_typeset(tex: str) -> bool:
    """Return whether MathJax typesets this formula without an error, and does nothing else."""
    reader = _Reader(tex)
    try:
        reader.read_all()
    except _RefusedError:
        return False
    commands = _COMMAND.findall(tex)
    negative = [_NEGATIVE[command] for command in commands if command in _NEGATIVE]
    is_small = prod(_SIZES.get(command, 1.0) for command in commands) <= _LARGEST
    return is_small and are_moderate([*reader.lengths, *negative])


def _require(condition: object) -> None:
    if not condition:
        raise _RefusedError


class _Reader:
    """Reader of one formula, from its beginning to its end."""

    def __init__(self, source: str, depth: int = 0) -> None:
        self._source, self._at, self._depth = source, 0, depth
        self.lengths: list[str] = []

    def read_all(self) -> None:
        """Read the whole formula."""
        self._items("", Group(taggable=self._depth == 0))

    def _next(self) -> str:
        """Return the next character or command, without the white space before it."""
        found = _TOKEN.match(self._source, self._at)
        self._at = found.end() if found else self._at
        return (found[1] if found else None) or ""

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._source, self._at)
        if not found:
            raise _RefusedError
        self._at = found.end()
        self.lengths += [value for name, value in found.groupdict().items() if name.startswith("length") and value]
        return found

    def _items(self, end: str, group: Group) -> bool:
        """Read to the end of a group. Return whether the group is one operator."""
        self._depth += 1
        _require(self._depth <= _DEEPEST)
        while (part := self._next()) != end:
            _require(part)
            self._item(part, group)
        self._depth -= 1
        return group.is_operator and group.items == 1 and not group.scripts

    def _item(self, part: str, group: Group) -> None:
        if part in ("^", "_", "'", "’"):
            self._script(part, group)
        elif part in ("&", r"\\", r"\cr"):
            self._divide(part, group)
        elif part in (r"\hline", r"\hdashline"):
            _require(group.columns and not group.items)
        elif part in (r"\limits", r"\nolimits"):
            _require(group.is_operator and not group.scripts)
        elif part == r"\tag":
            _require(group.taggable and not group.is_tagged)
            group.is_tagged = True
            self._match(arguments.TAG)
        elif part == r"\middle":
            _require(group.is_fenced and self._next() in _DELIMITERS)
            group.begin_cell()
        elif part[0] == "\\" and part[1:] in INFIX:
            _require(not group.is_divided)
            group.begin_cell()
            group.is_divided = True
        else:
            group.is_operator, group.scripts = self._atom(part), ""
            group.items += 1

    def _script(self, part: str, group: Group) -> None:
        group.scripts += "'" if part == "’" else part
        _require(group.scripts in _SCRIPTS)
        group.items = max(group.items, 1)
        if part in "^_":
            following = self._next()
            _require(following not in ("", "^", "_", "'", "’", "&", r"\\") and following[1:] not in _NO_SCRIPT)
            self._atom(following)
        else:
            self._match(arguments.PRIMES)

    def _divide(self, part: str, group: Group) -> None:
        _require(group.columns if part == "&" else group.rows or part == r"\\")
        if part == r"\\":
            self._match(arguments.AFTER_BREAK)
        group.begin_cell()
        if part != "&" and group.rows:
            group.is_tagged = False

    def _atom(self, part: str) -> bool:
        """Read an item that begins with this. Return whether it is an operator."""
        if part == "{":
            return self._items("}", Group())
        name = part[1:]
        if not name:
            _require(part not in "}&#$%`")
        elif name in ARGUMENTS:
            return self._arguments(name)
        elif name not in _ALONE and part not in _SIGNS:
            self._structure(name)
        return name in OPERATORS or name in FUNCTIONS

    def _arguments(self, name: str) -> bool:
        for letter in ARGUMENTS[name]:
            self._argument(letter)
        return "M" in ARGUMENTS[name]

    def _argument(self, letter: str) -> None:
        if letter in "mM":
            self._formula()
        elif letter == "o":
            inner = self._match(arguments.OPTIONAL)["inner"] or ""
            _require(r"\left" not in inner and r"\begin" not in inner)
            self._within(inner)
        elif letter == "d":
            _require(self._next() in _DELIMITERS)
        elif letter == "r":
            _require(self._next() == "{")
            self._items("}", Group(rows=True, columns=True))
        elif letter == "t":
            self._text()
        elif letter == "h":
            self._chemistry()
        elif letter == "u":
            self._quantity()
        else:
            self._match(arguments.PATTERNS[letter])

    def _formula(self) -> None:
        """Read a formula in braces, or one character or command without arguments."""
        part = self._next()
        if part == "{":
            self._items("}", Group())
        else:
            _require(part[1:] in _ALONE or part in _SIGNS if part[:1] == "\\" else part not in ("", *"}&#$%`^_'’"))

    def _within(self, source: str) -> None:
        """Read another formula, which stands in this one."""
        reader = _Reader(source, self._depth)
        reader.read_all()
        self.lengths += reader.lengths

    def _raw(self) -> str:
        """Return what stands between braces."""
        _require(self._next() == "{")
        begin, depth = self._at, 1
        while depth:
            part = self._next()
            _require(part)
            depth += {"{": 1, "}": -1}.get(part, 0)
        return self._source[begin : self._at - 1]

    def _text(self) -> None:
        """Read text, with formulas between dollars in it."""
        words, formulas = arguments.split(self._raw())
        _require(all(map(arguments.is_text, words)))
        for formula in formulas:
            self._within(formula)

    def _chemistry(self) -> None:
        """Read chemistry. mhchem reads all that is neither a command nor a formula between dollars."""
        words = self._raw()
        _require(arguments.is_chemistry(words))
        parts, formulas = arguments.split(words)
        for formula in [*formulas, *(found for part in parts for found in arguments.commands(part))]:
            self._within(formula)

    def _quantity(self) -> None:
        """Read a number with its unit."""
        words = self._raw()
        _require(arguments.is_quantity(words))
        for command in arguments.commands(words):
            self._within(command)

    def _structure(self, name: str) -> None:
        if name == "begin":
            self._environment()
        elif name == "left":
            _require(self._next() in _DELIMITERS)
            self._items(r"\right", Group(is_fenced=True))
            _require(self._next() in _DELIMITERS)
        elif name in ("root", "buildrel"):
            self._items(r"\of" if name == "root" else r"\over", Group())
            self._formula()
        else:
            raise _RefusedError

    def _environment(self) -> None:
        name = self._match(arguments.NAME)[1]
        is_numbered = name in NUMBERED
        _require(name != "CD" or arguments.is_diagram(self._source[self._at :].partition(r"\end{CD}")[0]))
        _require(name in ENVIRONMENTS and (self._depth == 1 or not is_numbered))
        self._match(arguments.AFTER_BEGIN.get(name, arguments.NOTHING))
        self._items(r"\end", Group(rows=name[:8] != "equation", columns=name not in ONE_COLUMN, taggable=is_numbered))
        _require(self._match(arguments.NAME)[1] == name)

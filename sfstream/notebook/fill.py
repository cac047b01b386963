"""Fill ``{{ expression }}`` in a prompt with values of the notebook.

The text after ``{{`` is an expression up to the first ``}}`` at which it compiles. Everything else, such as single
braces, stays as it is, and values are not filled again.
"""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from types import CodeType
from typing import Any, NamedTuple, NoReturn

from sfstream.core.message import Message
from sfstream.core.text import excerpt
from sfstream.notebook.key_warning import quoted
from sfstream.notebook.last_error import last_error
from sfstream.notebook.usage import usage_error
from sfstream.notebook.values import Written, written

LONGEST = 10_000
"""Maximum number of characters of an expression."""
_TRIES = 100
"""Maximum number of ``}}`` at which an expression is tried to end. More than one lies only in strings and dicts."""
_LAST_ERROR = "last_error"


@dataclass(frozen=True)
class Value:
    """A value in a filled text.

    Attributes:
        expression: its source.
        start, end: where its text stands.
        note: what the user is told about it, such as that it was shortened.
    """

    expression: str
    start: int
    end: int
    note: Message | None = None


@dataclass(frozen=True)
class Filled:
    """A text, and the values in it in their order."""

    text: str
    values: tuple[Value, ...] = ()


class Texts(NamedTuple):
    """What was typed in a cell, filled."""

    prompt: Filled
    system: Filled

    @property
    def notes(self) -> list[Message]:
        """What the user is told about the values."""
        return [value.note for text in self for value in text.values if value.note]


@dataclass(frozen=True)
class _Expression:
    source: str
    code: CodeType
    end: int


def fill_texts(prompt: str, options: dict[str, Any], shell: Any | None) -> Texts:
    """Fill the prompt, and the system prompt of the line, which is replaced in `options`.

    Args:
        prompt: what was typed.
        options: the options of the line.
        shell: the IPython shell; None leaves the texts as they are.

    Raises:
        UsageError: as `fill`.
    """
    system = options.get("system", "")
    texts = Texts(*(fill(text, shell) if shell else Filled(text) for text in (prompt, system)))
    if system:
        options["system"] = texts.system.text
    return texts


def fill(text: str, shell: Any) -> Filled:
    """Return a text with the value of each ``{{ expression }}``. All are compiled before the first is evaluated.

    A table is put on lines of its own, or it would be none.

    Args:
        text: what was typed in a cell.
        shell: the IPython shell, in whose namespace expressions are evaluated.

    Raises:
        UsageError: an expression cannot be compiled or raises an exception, which is its cause.
    """
    filled, values, was_table = "", list[Value](), False
    for piece in list(_pieces(text)):
        added = Written(piece) if isinstance(piece, str) else _evaluate(piece, shell)
        is_joined = filled and added.text and not (filled.endswith("\n") or added.text.startswith("\n"))
        if is_joined and (was_table or added.is_table):
            filled += "\n\n"
        if isinstance(piece, _Expression):
            values.append(Value(piece.source, len(filled), len(filled) + len(added.text), added.note))
        filled += added.text
        was_table = added.is_table if added.text else was_table
    return Filled(filled, tuple(values))


def expression_end(text: str) -> int:
    """Return the index after the ``{{ expression }}`` that a text begins with; 0 if it begins with none."""
    found = _find(text, 2) if text.startswith("{{") else None
    return found.end if found else 0


def _pieces(text: str) -> Iterator[str | _Expression]:
    done, at, last = 0, text.find("{{"), text.rfind("}}")
    while 0 <= at < last:
        if found := _find(text, at + 2):
            yield text[done:at]
            yield found
            done = found.end
        at = text.find("{{", found.end if found else at + 1)
    yield text[done:]


def _find(text: str, start: int) -> _Expression | None:
    """Return the expression that begins at an index; None if the braces before it are to stay as they are."""
    first: tuple[str, Exception] | None = None
    for end in islice(_ends(text, start), _TRIES):
        source = text[start:end].strip()
        if not source:  # {{}} in code
            return None
        try:
            return _Expression(source, _compiled(source), end + 2)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            first = first or (source, error)
            if str(error).startswith("unmatched '}'"):  # a longer text does not compile either
                break
    if first and not _is_group(text, start):
        _refuse(*first)
    return None


def _ends(text: str, start: int) -> Iterator[int]:
    end = start - 1
    while (end := text.find("}}", end + 1, start + LONGEST)) >= 0:
        yield end


def _compiled(source: str) -> CodeType:
    with warnings.catch_warnings():  # a warning would come for every end that is tried
        warnings.simplefilter("ignore")
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(source, "<prompt>", "eval", flags, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:
        raise usage_error(
            "The expression {source} holds await, which {braces} does not support. Nothing was sent. Await it in "
            "another cell, and fill in the variable.",
            source=quoted(source),
            braces="{{ }}",
        )
    return code


def _is_group(text: str, start: int) -> bool:
    """Return whether two braces open two groups that end at different places, as in LaTeX: ``{{a}_1}``.

    White space after the braces means that an expression was intended.
    """
    depth, inner = 2, 0
    for match in re.compile("[{}]").finditer(text, start, start + LONGEST):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start() != inner and not text[start].isspace()
        if depth == 1 and not inner:
            inner = match.end()
    return False


def _evaluate(expression: _Expression, shell: Any) -> Written:
    names = shell.user_ns
    is_wanted = _LAST_ERROR in expression.code.co_names and _LAST_ERROR not in names
    ours = {_LAST_ERROR: last_error()} if is_wanted else names
    try:
        value = eval(expression.code, names, ours)  # noqa: S307  # the user's own code, as in a cell
        return written(value, f"{{{{ {excerpt(expression.source, 40)} }}}}", shell)
    except Exception as error:
        _refuse(expression.source, error)


def _refuse(source: str, error: Exception) -> NoReturn:
    said = error.msg if isinstance(error, SyntaxError) else error  # its str adds a file and a line
    what = excerpt(f"{type(error).__name__}: {said}", 200).rstrip(".")
    raise usage_error(
        "The expression {source} cannot be filled in: {error}. Nothing was sent. --verbatim sends {braces} as typed.",
        source=quoted(source),
        error=what,
        braces="{{ }}",
    ) from error

"""Texts for people that no language but English has: each exception that is raised, and each template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sfstream
from sfstream import errors
from sfstream.display.chinese import CHINESE

PACKAGE = Path(sfstream.__file__).parent

EXCEPTIONS = {name for name, value in vars(errors).items() if isinstance(value, type)} | {"UsageError"}
"""Classes whose text a person reads in a cell."""
OTHERS = {"ValueError", "TypeError", "KeyError", "AttributeError", "RuntimeError", "NotImplementedError"}
"""Classes of Python, which are for programmers, unless their text becomes a part of a message."""

NOT_SHOWN = {
    "core/request.py: ChatRequest() got an unexpected field",  # a TypeError, as Python raises it for a keyword
    "core/request.py: object has no attribute",  # an AttributeError, as Python raises it
    "__init__.py: has no attribute",  # the same for the package
    "demo/physics.py: The part",  # the demo server sends these, as the words of a server
    "demo/physics.py: There is no part",
}
"""Texts that are for programmers alone: the place, and a part of each."""


def raised() -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the place, the class and the text of each exception that is made with a text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and (name := _name(node.func)) in EXCEPTIONS | OTHERS:
                yield f"{place}: {ast.unparse(node.args[0])}", name, node.args[0]


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def is_bare(text: ast.expr) -> bool:
    """Return whether an expression is a text in English: it is written out, formatted, or put together from others."""
    match text:
        case ast.Constant(value=str(words)):
            return bool(words)
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.Call(func=ast.Name(id="str")):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join")):
            return True
        case ast.IfExp(body=body, orelse=other):
            return is_bare(body) or is_bare(other)
        case _:
            return False


def is_known(place: str) -> bool:
    """Return whether the text is one that nobody reads in a cell."""
    rules = (rule.split(": ") for rule in NOT_SHOWN)
    return any(place.startswith(file) and part in place for file, part in rules)


def test_every_exception_has_a_message() -> None:
    """Its text is made by `message`, or is that of another error; a bare text would stay English in a Chinese cell."""
    found = [(place, text) for place, name, text in raised() if name in EXCEPTIONS | OTHERS]
    assert len(found) > 100
    assert [] == [place for place, text in found if is_bare(text) and not is_known(place)]


WITH_TEXTS = ("api.py", "display/", "log/", "notebook/", "run/")
"""Where what is printed, returned or put in a table is shown as it is. The demo speaks as a server does."""
MAKERS = {"message", "translate", "usage_error"}
"""Functions that take an English template."""
SENTENCE = re.compile(r"(?<![-\w=/.])[A-Za-z][a-z']+(?: [a-z][a-z']*){2,}(?![-\w=/])")
FOR_OTHERS = {
    "notebook/last_error.py",  # the traceback in a prompt
    "notebook/values.py",  # the values in a prompt
    "notebook/magic.py",  # the manual, which IPython shows as it is
    *("notebook/commands.py", "notebook/did_you_mean.py", "notebook/late_options.py"),  # words that people type
}
"""Files with texts that are not shown by us."""
FOR_PROGRAMMERS = {
    *("written by hand", "stop the answer", "copy the answer", "copy the code", "copied as text"),  # names
    *("The display failed.", "Trying again in %.1f s: %s"),  # the logger's
}


def bare_texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield each text of a module that is no docstring and no template."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(tree, ast.Expr):
            yield child
        is_made = isinstance(child, ast.Call) and _name(child.func) in MAKERS
        yield from (text for part in (child.args[1:] if is_made else [child]) for text in bare_texts(part))  # type: ignore[attr-defined]


def is_sentence(text: object) -> bool:
    """Return whether a text is for people and has no Chinese twin."""
    words = str(text)
    return bool(SENTENCE.search(words)) and words not in FOR_PROGRAMMERS and words not in CHINESE


def test_no_text_is_shown_without_a_translation() -> None:
    """Whether it is printed, returned, or put in a table."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith(WITH_TEXTS) and "/chinese/" not in place and place not in FOR_OTHERS:
            texts = bare_texts(ast.parse(path.read_text("utf-8")))
            found += [f"{place}:{text.lineno}: {text.value!r}" for text in texts if is_sentence(text.value)]
    assert [] == found


def test_no_exception_is_reworded_by_a_bare_text() -> None:
    """The arguments of an exception are English; `sfstream.core.message.reword` sets both."""
    allowed = {"errors.py", "core/message.py"}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = {target.attr for target in targets if isinstance(target, ast.Attribute)}
            assert "args" not in names or place in allowed, f"{place}:{node.lineno}"  # type: ignore[attr-defined]

"""The tree of errors: drawn, pickled, shown."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from sfstream import errors

ALL = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.SfStreamError | errors.Stopped)
}
"""All exceptions of the module, without their mixin."""


def drawn() -> dict[str, str | None]:
    """The classes in the drawing at the head of the module, each with its parent."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ([│├└─ ]*)([A-Z]\w+)(  |$)", line):
            depth = len(match[1]) // 4
            above[depth:] = [match[2]]
            parents[match[2]] = above[depth - 1] if depth else None
    return parents


def test_drawn_tree_is_the_tree() -> None:
    """The tree at the head of the module is that of the classes."""
    actual = {
        name: next((base.__name__ for base in kind.__mro__[1:] if base in ALL.values()), None)
        for name, kind in ALL.items()
    }

    assert drawn() == actual
    assert len(actual) > 15


@pytest.mark.parametrize("name", ALL)
def test_errors_pickle(name: str) -> None:
    """An error survives a pickle with all that it carries."""
    error = ALL[name]("Expected a, got b.")
    if isinstance(error, errors.ServerRefusal):
        error.status_code, error.code, error.trace_id, error.retry_after = 429, 50603, "ti_1", 2.0
    copy = pickle.loads(pickle.dumps(error))

    assert type(error) is type(copy)
    assert (error.args, vars(error)) == (copy.args, vars(copy))


@pytest.mark.parametrize("name", ALL)
def test_face_in_a_cell(name: str) -> None:
    """In a cell an error is its name and its lines, not a traceback."""
    lines = ALL[name]("Expected a, got b.")._render_traceback_()

    assert name in "\n".join(lines)
    assert "Expected a, got b." in "\n".join(lines)
    assert "Traceback" not in "\n".join(lines)


def test_parents_from_python() -> None:
    """A wrong value is a ValueError, and a stop is a KeyboardInterrupt that `except Exception` does not catch."""
    assert issubclass(errors.ConfigurationError, ValueError)
    assert issubclass(errors.Stopped, KeyboardInterrupt)
    assert not issubclass(errors.Stopped, Exception)


@pytest.mark.parametrize("name", ALL)
def test_status_of_each_error(name: str) -> None:
    """Each error that can end an answer says which status the reply gets."""
    expected = dict.fromkeys(("StreamCut", "StreamInterrupted", "StreamStalled"), "cut") | {"Stopped": "stopped"}

    assert expected.get(name, "failed") == ALL[name].status


def test_scrub_reaches_every_text() -> None:
    """A key that a server echoes is taken out of the message, the code and the trace id."""
    error = errors.KeyRefused("the key sk-1 is bad")
    error.code, error.trace_id = "sk-1", "ti-sk-1"
    error.redact(lambda text: text.replace("sk-1", "…"))

    assert "sk-1" not in repr((error, vars(error)))
    assert ("the key … is bad", "…", "ti-…") == (str(error), error.code, error.trace_id)

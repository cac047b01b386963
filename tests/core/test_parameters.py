"""The rows of the options, and what is written out beside them: signatures, and the table in the README."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import sfstream
from sfstream.core.parameters import BY_FLAG, FIELDS, OTHER_FIELDS, PARAMETERS, manual

README = Path(__file__).parents[2] / "README.md"

ONLY_SETTINGS = {"out", "continues", "verbatim", "dry_run", "program", "fresh"}
ONLY_SETTINGS |= {"wire", "timeline", "base_url", "language", "retries", "first_byte", "between"}
ONLY_KEYWORDS = {"prompt", "after", "into"}
ONLY_SHOWN = {"display", "into"}
TYPES = {str: "str", float: "float", int: "int", bool: "bool", list: "str | Sequence[str]", dict: "Mapping[str, Any]"}
FILES = dict.fromkeys(("record", "replay"), "str | os.PathLike[str]")
OTHERS = FILES | {"attach": "Any", "schema": "Any", "speed": "float | str", "reuse": "bool | str | os.PathLike[str]"}
"""Types of the keywords that take more than the value on the line."""


@pytest.mark.parametrize(("function", "left_out"), [(sfstream.chat, set()), (sfstream.stream, ONLY_SHOWN)])
def test_the_signatures_are_the_rows(function: Any, left_out: set[str]) -> None:
    """Each row is a keyword in the same order, with its type, and None for not given."""
    found = inspect.signature(function).parameters
    rows = [row for row in PARAMETERS if row.name not in ONLY_SETTINGS | left_out]
    assert [row.name for row in rows] == [name for name in found if name not in ONLY_KEYWORDS]
    for row in rows:
        kind = OTHERS.get(row.name) or TYPES[row.type]
        assert (row.name, f"{kind} | None", None) == (row.name, found[row.name].annotation, found[row.name].default)


def test_the_docstring_of_chat_names_each_keyword() -> None:
    """With its range, where there is one."""
    said = dict(re.findall(r"^ {4,8}(\w+): (.*)$", inspect.getdoc(sfstream.chat) or "", re.MULTILINE))
    for row in PARAMETERS:
        assert row.name in ONLY_SETTINGS or row.name in said
        assert row.name in ONLY_SETTINGS or row.range in said[row.name]


def test_the_readme_names_each_option() -> None:
    """Each flag with what its value is called."""
    text = README.read_text("utf-8").replace("\\|", "|")
    for row in PARAMETERS:
        for flag in row.flags:
            assert re.search(rf"(?<![\w-]){flag}(?![\w-])", text), flag
        if row.flags and row.metavar and row.name != "via":
            assert re.search(rf"{row.flags[-1]}[`\s]+{re.escape(row.metavar)}", text), row.flags[-1]


def test_the_manual_names_each_flag() -> None:
    """And the range beside it."""
    assert [] == [flag for flag in BY_FLAG if flag not in manual()]
    assert "1 to 100, or -1 for all" in manual()


def test_names_and_flags_are_given_once() -> None:
    """No row hides another."""
    assert len(PARAMETERS) == len({row.name for row in PARAMETERS})
    assert len(BY_FLAG) == sum(len(row.flags) for row in PARAMETERS)
    assert len(FIELDS) == sum(bool(row.field) for row in (*PARAMETERS, *OTHER_FIELDS))

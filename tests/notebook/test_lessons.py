"""The lessons: their Chinese twins, their run from top to bottom, and their exercises.

An exercise is three cells that follow each other, each with a tag in its metadata:

- ``exercise``: code with ``...`` where the reader's answer goes. Its metadata has ``wrong`` beside ``tags``: a list of
  sources that answer it wrongly.
- ``check``: code that calls ``check(answer, right, hint)``. It computes the right value and names what to look at.
- ``solution``: Markdown, a ``<details>`` with one fenced block of code, which is run in place of the exercise.

The cell tagged ``helper`` defines ``check`` and is the same in all lessons. Exercises are also run after the whole
notebook, as after Run All, so they read a reply by a name of their own (``--out NAME``) and not from ``sf_reply``.
Only cells tagged ``raises-exception`` may fail.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from sfstream.__main__ import notebook_folder
from tests.kernel import Kernel

LESSONS = sorted(path.name for path in notebook_folder().glob("lesson-*.ipynb") if not path.stem.endswith("-zh"))
WIDEST = 70
"""Characters of a line of code that can be read when the notebook is projected."""
UNANSWERED = "not answered yet / 尚未作答\n"
RIGHT = "✓ Right. 正确。\n"


def cells(name: str, *kinds: str) -> list[Any]:
    """Return the cells of a lesson that are of a kind, or have a tag."""
    found = json.loads((notebook_folder() / name).read_text("utf-8"))["cells"]
    return [cell for cell in found if {cell["cell_type"], *cell["metadata"].get("tags", ())} & {*kinds}]


def source(cell: Any) -> str:
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def solution(cell: Any) -> str:
    """Return the code in a folded solution."""
    assert source(cell).startswith("<details>")
    assert source(cell).endswith("</details>")
    (code,) = re.findall(r"^```python\n(.*?)^```$", source(cell), re.DOTALL | re.MULTILINE)
    return str(code)


def exercises(name: str) -> list[tuple[Any, Any, Any]]:
    """Return the exercises of a lesson: exercise, check and solution."""
    every = cells(name, "code", "markdown")
    starts = [place for place, cell in enumerate(every) if "exercise" in cell["metadata"].get("tags", ())]
    return [(every[start], every[start + 1], every[start + 2]) for start in starts]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_a_twin(name: str) -> None:
    """The code is the same in both, down to its tags; the texts stand in the same places, and the solutions agree."""
    twin = name.replace(".ipynb", "-zh.ipynb")
    assert cells(name, "code") == cells(twin, "code")
    places = [[(cell["id"], cell["metadata"]) for cell in cells(each, "code", "markdown")] for each in (name, twin)]
    assert places[0] == places[1]
    solutions = [list(map(solution, cells(each, "solution"))) for each in (name, twin)]
    assert solutions[0] == solutions[1]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_its_form(name: str) -> None:
    """It starts the demo, holds no output, its lines fit a projector, and each exercise is checked and solved."""
    code = cells(name, "code")
    assert "\n".join(map(source, code)).startswith("%load_ext sfstream\n%sfdemo")
    assert [] == [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]]
    assert [] == [line for cell in code for line in source(cell).splitlines() if len(line) > WIDEST]
    found = exercises(name)
    assert 3 <= len(found) <= 4
    for parts in found:
        assert [["exercise"], ["check"], ["solution"]] == [part["metadata"]["tags"] for part in parts]
        assert "..." in source(parts[0])
        assert parts[0]["metadata"]["wrong"]


def test_the_exercises_are_checked_in_one_way() -> None:
    """The helper is the same in every lesson."""
    assert 1 == len({source(cell) for name in LESSONS for cell in cells(name, "helper")})
    assert all(1 == len(cells(name, "helper")) for name in LESSONS)


@pytest.mark.sampled
@pytest.mark.kernel
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_and_its_exercises_check_themselves(name: str, tmp_path: Path) -> None:
    """Top to bottom without a key; then each exercise, which takes its solution and refuses each wrong answer."""
    with Kernel() as kernel:
        kernel.run(f"import os; os.chdir({os.fspath(tmp_path)!r})")
        for cell in cells(name, "code"):
            ran = kernel.run(source(cell), by="batch")
            tags = cell["metadata"].get("tags", ())
            assert "ok" == ran.status or "raises-exception" in tags, f"{source(cell)}\n{ran.error}"
            assert UNANSWERED == ran.stdout or "check" not in tags, source(cell)
        for exercise, check, solved in exercises(name):
            for wrong in exercise["metadata"]["wrong"]:
                assert "ok" == kernel.run(wrong, by="batch").status, wrong
                assert kernel.run(source(check), by="batch").error.startswith("AssertionError: "), wrong
            assert "ok" == kernel.run(solution(solved), by="batch").status
            assert RIGHT == kernel.run(source(check), by="batch").stdout, source(exercise)

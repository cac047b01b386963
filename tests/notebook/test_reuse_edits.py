"""Random edits of a notebook with a folder of answers: a cell asks again exactly when its request differs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sfstream.core.conversation import conversations
from sfstream.demo.server import DemoServer
from tests.notebook.cells import run

EDITS = 200
MODELS = ("demo/echo", "demo/length", "demo/tricky", "demo/empty")
WORDS = ("one", "two", "drei", "四", "five ", "{x}", "$\\frac12$", '"quoted"')
UNRELATED = ("", "-o mine", "--display text", "-f text")


@dataclass
class Cell:
    """A prompt cell. Its prompt holds the variable where it has one, and it may continue the cell before it."""

    prompt: str
    model: str = MODELS[0]
    system: str = ""
    has_variable: bool = False
    option: str = ""
    """``-c``, or ``--conversation NAME``."""
    unrelated: str = ""

    @property
    def source(self) -> str:
        options = [f"-m {self.model}", self.option, self.unrelated, f'-s "{self.system}"' if self.system else ""]
        return f"%%sfchat {' '.join(filter(None, options))}\n{self.prompt}{' {{ value }}' * self.has_variable}"


@dataclass
class Notebook:
    """Its cells, and a variable that some of them use."""

    value: int = 1
    code: str = "unrelated = 1"
    cells: list[Cell] = field(
        default_factory=lambda: [
            Cell("with a variable", has_variable=True, system="be brief"),
            Cell("and shorter?", option="-c"),
            Cell("in a conversation", option="--conversation plan", has_variable=True),
            Cell("second turn", option="--conversation plan"),
            Cell("third turn", option="--conversation plan", model=MODELS[1]),
        ]
    )

    def edit(self, dice: random.Random) -> None:
        """Change one thing; an earlier state may come back."""
        cell, word = dice.choice(self.cells), dice.choice(WORDS)
        match dice.randrange(6):
            case 0:
                cell.prompt = f"{cell.prompt.partition(':')[0]}: {word}"
            case 1:
                cell.system = "" if cell.system else word.strip('"')
            case 2:
                self.value = dice.randrange(9)
            case 3:
                cell.model = dice.choice(MODELS)
            case 4:
                cell.unrelated = dice.choice(UNRELATED)
            case _:
                self.code = f"unrelated = {dice.random()}"


def expected(notebook: Notebook, answers: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the body of each cell's request; `answers` grows with the content of the cells that were run."""
    earlier: list[dict[str, str]] = []
    turns: list[dict[str, str]] = []
    for cell in notebook.cells:
        before = turns if "--conv" in cell.option else earlier if cell.option else []
        system, dialogue = before[:1] if before[:1] and before[0]["role"] == "system" else [], before
        dialogue = before[len(system) :]
        if cell.system:
            system = [{"role": "system", "content": cell.system}]
        user = {"role": "user", "content": cell.prompt + f" {notebook.value}" * cell.has_variable}
        messages = [*system, *dialogue, user]
        yield {"model": cell.model, "messages": messages, "stream": True}
        content = answers[-1]
        earlier = [*messages, {"role": "assistant", "content": content}] if content else messages
        turns = earlier if "--conv" in cell.option else turns


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the notebook, which is the working directory."""
    made = tmp_path / "notebook"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def test_a_cell_asks_again_exactly_when_its_request_differs(
    shell: Any,
    demo: DemoServer,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After each edit the notebook is run as a restarted kernel does; each request is the one that is worked out."""
    dice, notebook, asked = random.Random(14), Notebook(), set[str]()
    for setting in ("reuse = 'answers'", "via = 'requests'", "display = 'off'", "log = False"):
        run(shell, f"%config SfChat.{setting}")
    monkeypatch.setattr(shell.displayhook, "quiet", lambda: True)  # showing the values takes half of the time
    numbers = []
    for _ in range(EDITS + 1):
        numbers.append(check(shell, demo, notebook, asked))
        notebook.edit(dice)
    assert len(asked) == len(list((folder / "answers").iterdir())) == sum(numbers)
    assert 20 < numbers.count(0) < EDITS  # most unrelated edits, and those that bring an earlier state back
    print(f"{sum(numbers)} requests of {len(notebook.cells) * len(numbers)} cells; {numbers.count(0)} runs without any")


def check(shell: Any, demo: DemoServer, notebook: Notebook, asked: set[str]) -> int:
    """Run all cells, and hold what is sent against what is expected. Return the number of requests."""
    if "plan" in conversations:
        conversations["plan"].clear()
    shell.run_cell(f"value = {notebook.value}\n{notebook.code}")
    answers: list[str] = []
    requests = 0
    for cell, body in zip(notebook.cells, expected(notebook, answers), strict=True):
        before, text = len(demo.requests), json.dumps(body, sort_keys=True)
        result = shell.run_cell(cell.source)
        assert result.success, cell.source
        sent = [json.loads(each.body) for each in demo.requests[before:]]
        assert ([] if text in asked else [body]) == sent, cell.source
        asked.add(text)
        answers.append(shell.user_ns["sf_content"])
        requests += len(sent)
    return requests

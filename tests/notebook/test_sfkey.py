"""``%sfkey``: what is typed is used, and once it is forgotten nothing of sfstream holds it."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from sfstream.demo.server import DemoServer
from tests.notebook.cells import loaded_shell

KEY = "sk-" + "marked" * 5


@pytest.fixture
def shell(asking_demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell that has loaded sfstream, with somebody who types a key."""
    monkeypatch.setattr(getpass, "getpass", lambda _: KEY)
    with loaded_shell() as made:
        yield made


def holders(value: Any, path: str, seen: set[int]) -> Iterator[str]:
    """Yield the paths from a value to the key, through containers and the objects of sfstream."""
    if isinstance(value, str | bytes):
        if KEY in (value if isinstance(value, str) else value.decode("latin-1")):
            yield path
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Mapping):
        inner: Iterable[tuple[Any, Any]] = [*value.items(), *((key, key) for key in value)]
    elif isinstance(value, list | tuple | set | frozenset):
        inner = enumerate(value)
    elif type(value).__module__.startswith("sfstream"):
        inner = vars(value).items() if hasattr(value, "__dict__") else ()
    else:
        return
    for name, each in inner:
        yield from holders(each, f"{path}.{name}", seen)


def test_a_forgotten_key_is_held_nowhere(
    shell: Any, asking_demo: DemoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a module nor what hangs on one; before that, the request carries it."""
    assert shell.run_cell("%sfkey").success
    assert shell.run_cell("%sfchat -m demo/echo --via requests hi").success
    assert f"Bearer {KEY}" == asking_demo.requests[-1].headers["authorization"]
    assert shell.run_cell("%sfkey --forget").success
    modules = {name: module for name, module in list(sys.modules.items()) if name.startswith("sfstream")}
    found = [each for name, module in modules.items() for each in holders(dict(vars(module)), name, set())]
    assert [] == found
    assert KEY not in "".join(capsys.readouterr())


@pytest.mark.parametrize("line", ["sk-x", "--drop", "--save --forget"])
def test_another_word_is_refused(shell: Any, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """A key on the line would be in the notebook."""
    assert not shell.run_cell(f"%sfkey {line}").success
    assert "--save or --forget" in capsys.readouterr().err

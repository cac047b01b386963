"""The modules import each other in one direction only.

notebook -> api -> {call, given, event_stream} -> watch -> run -> {display, log, wire} -> reply
-> {choice, request} -> events -> errors
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sfstream

PACKAGE = Path(sfstream.__file__).parent

_REPLY = ["reply", "choice", "request", "events", "errors", "text"]
_RUN = ["interrupts", "tasks", "defaults", "limits", "decoding", "run", "display", "log", "wire", *_REPLY]
MAY_IMPORT = {
    "errors": ["text"],
    "places": [],
    "interrupts": ["tasks"],
    "tasks": ["errors"],
    "defaults": [],
    "text": [],
    "execute": [],
    "limits": ["errors"],
    "events": ["errors"],
    "request": ["errors"],
    "choice": ["events"],
    "reply": _REPLY,
    "wire": ["wire", "request", "events", "errors", "text"],
    "ends": ["reply", "errors"],
    "keys": ["defaults", "places", "wire", "errors"],
    "log": ["log", "places", "wire", "text", *_REPLY],
    "display": ["display", "defaults", "text", *_REPLY],
    "decoding": ["wire", "limits", *_REPLY],
    "run": _RUN,
    "watch": _RUN,
    "call": ["keys", *_RUN],
    "given": ["call", *_RUN],
    "event_stream": ["watch", *_RUN],
    "api": ["call", "given", "event_stream", "watch", *_RUN],
    "demo": ["demo", "wire", "events", "errors", "text"],
    "notebook": ["notebook", "demo", "api", "call", "watch", "keys", "text", *_RUN],
}
"""Each part of the package, and the parts that it may import. `__init__` and `__main__` may import all."""
TRANSPORTS = {f"sfstream.wire.{name}" for name in ("openai_sdk", "requests_http", "curl", "replay")}
OF_NOTEBOOKS = {"IPython", "ipywidgets", "anywidget"}
WITHOUT_NOTEBOOKS = {"errors", "events", "request", "choice", "reply", "wire"}


def statements(node: ast.AST, skip_types: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import below, those inside functions too, but for `if TYPE_CHECKING:` where that is to be skipped."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif skip_types and isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from statements(ast.Module([other], []), skip_types)
        else:
            yield from statements(child, skip_types)


def imported(path: Path, package: Path) -> set[str]:
    """The full names of the modules that a file imports; `from x import y` is x.y where that is a module."""
    names = set()
    inside = path.relative_to(package.parent).parent.parts
    for node in statements(ast.parse(path.read_text("utf-8")), skip_types=path == package / "errors.py"):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
            continue
        up = inside[: len(inside) + 1 - node.level] if node.level else ()
        module = ".".join((*up, *([node.module] if node.module else [])))
        for alias in node.names:
            target = package.parent.joinpath(*module.split("."), alias.name)
            is_module = target.is_dir() or target.with_suffix(".py").is_file()
            names.add(f"{module}.{alias.name}" if is_module else module)
    return names


def part_of(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def complaints(package: Path) -> list[str]:
    """What in a package breaks the direction."""
    found = []
    for path in sorted(package.rglob("*.py")):
        module = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        part = part_of(module)
        if part in ("__init__", "__main__"):
            continue
        if part not in MAY_IMPORT:
            found.append(f"{module} has no place in the order")
            continue
        for name in sorted(imported(path, package)):
            outside = name.split(".")[0]
            wrong = (
                (outside == package.name and part_of(name) not in MAY_IMPORT[part])
                or (outside in OF_NOTEBOOKS and part in WITHOUT_NOTEBOOKS)
                or (module in TRANSPORTS and name in TRANSPORTS - {module})
            )
            if wrong:
                found.append(f"{module} imports {name}")
    return found


def test_imports_go_one_way() -> None:
    """No module imports what stands above or beside it."""
    assert [] == complaints(PACKAGE)


def test_every_module_is_looked_at() -> None:
    """The direction is read from real imports: decoding imports the decoder, and a transport its line."""
    assert "sfstream.wire.completion" in imported(PACKAGE / "decoding.py", PACKAGE)
    assert "sfstream.wire.line" in imported(PACKAGE / "wire" / "curl.py", PACKAGE)
    assert "sfstream.reply" not in imported(PACKAGE / "errors.py", PACKAGE)


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("wire/sse.py", "from sfstream.reply import Reply", "sfstream.wire.sse imports sfstream.reply"),
        ("wire/sse.py", "from sfstream import reply", "sfstream.wire.sse imports sfstream.reply"),
        ("wire/sse.py", "from .. import display", "sfstream.wire.sse imports sfstream.display"),
        ("wire/sse.py", "from ..display.html import x", "sfstream.wire.sse imports sfstream.display.html"),
        ("wire/__init__.py", "from ..api import x", "sfstream.wire imports sfstream.api"),
        ("wire/sse.py", "import sfstream", "sfstream.wire.sse imports sfstream"),
        ("display/html.py", "import sfstream.wire.sse", "sfstream.display.html imports sfstream.wire.sse"),
        (
            "wire/curl.py",
            "def f():\n    import sfstream.wire.replay",
            "sfstream.wire.curl imports sfstream.wire.replay",
        ),
        ("wire/curl.py", "if TYPE_CHECKING:\n    import sfstream.api", "sfstream.wire.curl imports sfstream.api"),
        ("reply.py", "try:\n    import IPython.display\nfinally: ...", "sfstream.reply imports IPython.display"),
        ("interrupts.py", "from sfstream import errors", "sfstream.interrupts imports sfstream.errors"),
        ("demo/server.py", "from sfstream.request import x", "sfstream.demo.server imports sfstream.request"),
        ("run.py", "from sfstream.watch import x", "sfstream.run imports sfstream.watch"),
        ("utils.py", "", "sfstream.utils has no place in the order"),
    ],
)
def test_wrong_import_is_found(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    """An import against the direction is found, wherever it hides."""
    package = tmp_path / "sfstream"
    for name in ["reply.py", "errors.py", "api.py", "wire/replay.py", "wire/sse.py", "display/__init__.py", path]:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).touch()
    (package / path).write_text(source)

    assert [complaint] == complaints(package)


def test_types_of_errors_are_no_imports(tmp_path: Path) -> None:
    """What errors.py imports for its types alone is left out, and what it imports otherwise is not."""
    package = tmp_path / "sfstream"
    package.mkdir()
    (package / "reply.py").touch()
    path = package / "errors.py"
    path.write_text("if TYPE_CHECKING:\n    from sfstream.reply import Reply")
    assert [] == complaints(package)

    path.write_text("if TYPE_CHECKING:\n    pass\nelse:\n    from sfstream.reply import Reply")
    assert ["sfstream.errors imports sfstream.reply"] == complaints(package)


def test_importing_is_quick() -> None:
    """`import sfstream` alone imports none of the slow libraries, and works without them."""
    code = "import sys, sfstream; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)

    assert set() == {"openai", "requests", "IPython", "tornado"} & set(done.stdout.split())

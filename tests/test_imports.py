"""The packages import each other in one direction only.

notebook -> api -> run -> {display, log, demo} -> {wire, markdown} -> core -> errors
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sfstream
from sfstream.demo.server import DemoServer

PACKAGE = Path(sfstream.__file__).parent

MAY_IMPORT = {
    "errors": [],
    "core": ["errors"],
    "wire": ["core", "errors"],
    "markdown": ["core", "errors"],
    "display": ["markdown", "core", "errors"],
    "log": ["wire", "core", "errors"],
    "demo": ["log", "wire", "core", "errors"],
    "run": ["display", "log", "wire", "core", "errors"],
    "api": ["run", "display", "log", "wire", "core", "errors"],
    "notebook": ["api", "run", "display", "log", "demo", "wire", "markdown", "core", "errors"],
}
"""Each part of the package and the other parts that it may import. ``__init__`` and ``__main__`` may import all."""
SHOWING = {"sfstream.core.reply_views", "sfstream.core.conversation", "sfstream.errors"}
"""Methods of Reply and Conversation that show, save or parse them import the display, the log and the Markdown parser
when they are called, and the one that shows an error in a cell imports the translations: the one exception."""
OF_NOTEBOOKS = {"IPython", "ipywidgets", "anywidget"}
WITHOUT_NOTEBOOKS = {"errors", "core", "wire", "markdown"}
TRANSPORTS = {f"sfstream.wire.{name}" for name in ("openai_sdk", "requests_http", "curl", "replay", "foreign")}


def statements(node: ast.AST, *, inside_functions: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield every import below a node, also those for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif inside_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from statements(child, inside_functions=inside_functions)


def imported(path: Path, package: Path, *, inside_functions: bool = True) -> set[str]:
    """Return the full names of the modules that a file imports; ``from x import y`` is x.y where that is a module."""
    names = set()
    inside = path.relative_to(package.parent).parent.parts
    for node in statements(ast.parse(path.read_text("utf-8")), inside_functions=inside_functions):
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


def modules(package: Path) -> dict[str, Path]:
    """Return the files of a package by the names of their modules."""
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(package.rglob("*.py"))
    }


def part_of(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def complaints(package: Path) -> list[str]:
    """Return what in a package breaks the direction."""
    found = []
    for module, path in modules(package).items():
        part = part_of(module)
        if part in ("__init__", "__main__"):
            continue
        if part not in MAY_IMPORT:
            found.append(f"{module} has no place in the order")
            continue
        for name in sorted(imported(path, package, inside_functions=module not in SHOWING)):
            outside = name.split(".")[0]
            wrong = (
                (outside == package.name and part_of(name) not in [part, *MAY_IMPORT[part]])
                or (outside in OF_NOTEBOOKS and part in WITHOUT_NOTEBOOKS)
                or (module in TRANSPORTS and name in TRANSPORTS - {module})
            )
            if wrong:
                found.append(f"{module} imports {name}")
    return found


def test_imports_go_one_way() -> None:
    """No module imports what stands above it."""
    assert [] == complaints(PACKAGE)


def test_no_modules_import_each_other() -> None:
    """There is no circle of modules, not even for types."""
    graph = {
        module: imported(path, PACKAGE, inside_functions=module not in SHOWING) - {module}
        for module, path in modules(PACKAGE).items()
        if module != "sfstream"
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_every_module_is_looked_at() -> None:
    """The direction is read from real imports, those inside functions too."""
    assert "sfstream.wire.completion" in imported(PACKAGE / "run" / "decode.py", PACKAGE)
    assert "sfstream.wire.connect" in imported(PACKAGE / "wire" / "curl.py", PACKAGE)


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("wire/sse.py", "from sfstream.log import store", "sfstream.wire.sse imports sfstream.log"),
        ("wire/sse.py", "from sfstream import run", "sfstream.wire.sse imports sfstream.run"),
        ("wire/sse.py", "from ..display.html_view import x", "sfstream.wire.sse imports sfstream.display.html_view"),
        ("wire/sse.py", "import sfstream", "sfstream.wire.sse imports sfstream"),
        ("display/html_view.py", "import sfstream.wire.sse", "sfstream.display.html_view imports sfstream.wire.sse"),
        (
            "wire/curl.py",
            "def f():\n    import sfstream.wire.replay",
            "sfstream.wire.curl imports sfstream.wire.replay",
        ),
        ("wire/curl.py", "if TYPE_CHECKING:\n    import sfstream.api", "sfstream.wire.curl imports sfstream.api"),
        ("core/reply_views.py", "import IPython.display", "sfstream.core.reply_views imports IPython.display"),
        ("core/reply_views.py", "from sfstream.display import x", "sfstream.core.reply_views imports sfstream.display"),
        (
            "errors.py",
            "if TYPE_CHECKING:\n    import sfstream.core.reply",
            "sfstream.errors imports sfstream.core.reply",
        ),
        ("utils.py", "", "sfstream.utils has no place in the order"),
    ],
)
def test_wrong_import_is_found(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    """An import against the direction is found, wherever it stands."""
    package = tmp_path / "sfstream"
    for name in [
        "core/reply_views.py",
        "run/__init__.py",
        "wire/replay.py",
        "wire/sse.py",
        "display/__init__.py",
        path,
    ]:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).touch()
    (package / path).write_text(source)

    assert [complaint] == complaints(package)


def test_a_reply_may_show_itself(tmp_path: Path) -> None:
    """What the methods of Reply import when they are called does not count."""
    path = tmp_path / "sfstream" / "core" / "reply_views.py"
    path.parent.mkdir(parents=True)
    path.write_text("def f():\n    from sfstream.display import x")

    assert [] == complaints(tmp_path / "sfstream")


def test_importing_is_quick() -> None:
    """`import sfstream` alone imports none of the slow libraries, and works without them."""
    code = "import sys, sfstream; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)

    assert set() == {"openai", "requests", "IPython", "tornado"} & set(done.stdout.split())


def test_a_script_imports_no_ipython(asking_demo: DemoServer) -> None:
    """The import took 0.4 s at the end of the first answer: a second Ctrl-C after it was not that of a double click."""
    ask = "sfstream.chat('Hi', model='demo/english', via='requests')"
    code = f"import sys, sfstream; {ask}; print('IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)

    assert "False" == done.stdout.splitlines()[-1]

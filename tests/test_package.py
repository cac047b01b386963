"""The package as it is distributed: public names, contents of the wheel, and what the README says about them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import sfstream
from sfstream.core.parameters import BY_FLAG

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_public_names_are_listed() -> None:
    """`sfstream.__all__` is sorted, and every name in it can be had."""
    assert sorted(sfstream.__all__) == list(sfstream.__all__)
    assert not [name for name in sfstream.__all__ if getattr(sfstream, name, None) is None]
    assert set(sfstream.__all__) <= set(dir(sfstream))


def test_the_wheel_holds_everything(wheel: zipfile.ZipFile) -> None:
    """The wheel holds every file of the package and the notebooks, and nothing else."""
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "sfstream").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    here |= {f"sfstream/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    there = {name for name in wheel.namelist() if ".dist-info/" not in name}
    shared = {name for name in there if ".data/data/" in name}  # these are installed for Jupyter
    assert {"etc/jupyter/jupyter_nbconvert_config.json"} == {name.partition(".data/data/")[2] for name in shared}
    assert here == there - shared
    assert {"sfstream/py.typed", "sfstream/demo/texts/english.md"} <= there
    assert {".js", ".css"} <= {Path(name).suffix for name in there if name.startswith("sfstream/display/page/")}
    assert not [name for name in there if Path(name).suffix in (".jsonl", ".gz")]


def test_the_wheel_is_small(wheel: zipfile.ZipFile) -> None:
    """It holds what people have written, and nothing that was derived or generated from it. It is below 600 KB."""
    files = [file for file in wheel.infolist() if ".dist-info/" not in file.filename]
    kinds = {Path(file.filename).suffix for file in files} - {".typed"}
    assert {".py", ".js", ".css", ".md", ".ipynb", ".json"} == kinds
    assert 30_000 > max(file.file_size for file in files)
    assert 600_000 > sum(file.compress_size for file in files)


def test_the_wheel_works_without_the_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """From the wheel alone, an answer of the demo is streamed."""
    wheel.extractall(tmp_path)
    code = (
        "import os, sfstream; from sfstream.demo.server import DemoServer\n"
        "with DemoServer(speed=float('inf')) as server:\n"
        "    os.environ['SILICONFLOW_BASE_URL'] = server.base_url\n"
        "    reply = sfstream.chat('hi', model='demo/english', via='requests', display='off')\n"
        "    print(sfstream.__file__, reply.status)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert f"{tmp_path}/sfstream/__init__.py complete" == ran.stdout.strip(), ran.stderr


def test_every_dependency_is_imported() -> None:
    """A dependency that is declared is used."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "sfstream").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", sources, re.MULTILINE))
    modules = {"ipython": "IPython", "markdown-it-py": "markdown_it"}
    names = [re.split("[ >=]", dependency)[0] for dependency in project["dependencies"]]
    missing = {name for name in names if modules.get(name, name.replace("-", "_")) not in imported}
    assert {"ipykernel", "ipywidgets"} == missing  # the kernel and the widgets of the page: used through Jupyter


def test_every_option_is_in_the_readme() -> None:
    """The README names every option of `%%sfchat`."""
    readme = (ROOT / "README.md").read_text()
    assert [] == [flag for flag in BY_FLAG if f"`{flag}" not in readme and f" {flag}" not in readme]


def test_what_the_readme_names_can_be_had() -> None:
    """Every `sfstream.name` in the README exists after `import sfstream`."""
    names = sorted(set(re.findall(r"(?<![\w.])sfstream(?:\.\w+)+(?=[`(])", (ROOT / "README.md").read_text())))
    assert "sfstream.chat" in names
    code = f"import sfstream\nfor name in {names}: eval(name)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "" == ran.stderr


def test_the_readme_is_short() -> None:
    """It can be read in one go."""
    assert len((ROOT / "README.md").read_text().splitlines()) < 250

"""The package as it is given away: what the wheel holds, and what the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sfstream.core.parameters import BY_FLAG

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_everything(wheel: zipfile.ZipFile) -> None:
    """Every file of the package is in it, the texts of the demo and the files of the page too, and nothing else is."""
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "sfstream").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    here |= {f"sfstream/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    there = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert here == there
    assert "sfstream/py.typed" in there
    assert "sfstream/demo/texts/english.md" in there


def test_the_wheel_works_without_the_tree(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """From it alone, a demo answer is streamed."""
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


def test_every_option_is_in_the_readme() -> None:
    """Whoever reads it sees all that can be typed."""
    readme = (ROOT / "README.md").read_text()
    assert [] == [flag for flag in BY_FLAG if f"`{flag}" not in readme and f" {flag}" not in readme]


def test_what_the_readme_names_can_be_had() -> None:
    """After ``import sfstream``, and nothing else."""
    names = sorted(set(re.findall(r"(?<![\w.])sfstream(?:\.\w+)+(?=[`(])", (ROOT / "README.md").read_text())))
    assert "sfstream.chat" in names
    code = f"import sfstream\nfor name in {names}: eval(name)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "" == ran.stderr


def test_the_readme_is_short() -> None:
    """It can be read at one sitting."""
    assert len((ROOT / "README.md").read_text().splitlines()) < 250

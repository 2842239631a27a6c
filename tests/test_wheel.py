"""The wheel, as somebody gets it: built, looked into, installed where nothing else is, and used."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
_CACHES = shutil.ignore_patterns("__pycache__", ".pytest_cache")


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, and the folder that its user works in."""

    wheel: Path
    program: Path
    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        return self.program.with_name("python")

    def add(self, requirement: str) -> None:
        """Install something more, in the versions of this checkout."""
        pins = self.folder / "pins.txt"
        _must([*_uv(), "pip", "install", "--python", self.python, "--constraint", pins, requirement], self.folder)

    def run(self, *arguments: str, expected: int = 0) -> str:
        """What the program prints; its exit code must be `expected`."""
        done = subprocess.run(
            [self.program, *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == expected, done.stderr
        return done.stdout


def _uv() -> list[str]:
    """How uv is started here."""
    if shutil.which("uv"):
        return ["uv"]
    if subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True, check=False).returncode == 0:
        return [sys.executable, "-m", "uv"]
    pytest.skip("uv is not installed")


def _must(command: Sequence[str | Path], cwd: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(command, cwd=cwd, env=inherited, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def _pins() -> list[str]:
    """The versions that this checkout resolved to, rather than whatever is newest today."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(pyproject["tool"]["uv"]["constraint-dependencies"])


def _install(folder: Path) -> Installed:
    """The wheel, built from this checkout and installed with its dependencies alone."""
    uv = _uv()
    _must([*uv, "build", "--wheel", "--out-dir", folder / "dist", ROOT], folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    _must([*uv, "venv", "--python", sys.executable, folder / "venv"], folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pins = folder / "pins.txt"
    pins.write_text("\n".join(_pins()), encoding="utf-8")
    installed = Installed(wheel, scripts / "subtui", folder)
    installed.add(str(wheel))
    return installed


def test_the_wheel(tmp_path: Path) -> None:
    """One test, so that the wheel is built and installed once, on however many workers the tests run."""
    installed = _install(tmp_path)
    with zipfile.ZipFile(installed.wheel) as wheel:
        names = wheel.namelist()
    _check_it_holds_what_the_program_needs(names)
    _check_it_holds_nothing_else(names)
    assert installed.run("--version") == f"subtui {installed.wheel.name.split('-')[1]}\n"
    _check_it_makes_the_demo_and_finds_a_customer(installed)
    assert "snapshots compared" in installed.run("flow", "check", "express")
    if os.name != "nt":
        _check_its_screens_open_in_a_terminal(installed)
    _check_somebody_tests_its_screens_with_their_own_data(installed)


def _check_it_holds_what_the_program_needs(names: list[str]) -> None:
    assert "subtui/data/seed.json" in names
    assert {"subtui/flows/shipped/cancel.toml", "subtui/flows/shipped/cancel/saved.txt"} <= set(names)
    assert [name for name in names if name.endswith(".tcss")]
    assert [name for name in names if "/migrations/versions/0" in name]
    assert [name for name in names if name.endswith("/licenses/LICENSE")]


def _check_it_holds_nothing_else(names: list[str]) -> None:
    folders = {name.split("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"subtui"}
    assert not [name for name in names if name.rsplit("/", 1)[-1].startswith(("test_", "conftest"))]
    assert not [name for name in names if name.endswith(("uv.lock", ".db", ".pyc"))]


def _check_it_makes_the_demo_and_finds_a_customer(installed: Installed) -> None:
    database = str(installed.folder / "found.db")
    installed.run("--db", database, "db", "init")
    found = json.loads(installed.run("--db", database, "find", "lop", "--json"))
    assert found["rows"][0]["name"] == "López, María"


def _check_its_screens_open_in_a_terminal(installed: Installed) -> None:
    database = str(installed.folder / "screens.db")
    with Terminal([str(installed.program), "--db", database], size=(100, 30), cwd=installed.folder) as terminal:
        terminal.wait_for("Password", timeout=60)
        terminal.wait_for("Demo accounts", timeout=60)
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0


def _check_somebody_tests_its_screens_with_their_own_data(installed: Installed) -> None:
    """The sample project, elsewhere: it passes as recorded; one other word is found, shown and drawn."""
    installed.add(f"subtui[testing] @ {installed.wheel.as_uri()}")
    project = Path(shutil.copytree(EXAMPLES / "own-data", installed.folder / "own-data", ignore=_CACHES))
    command: list[str | Path] = [installed.python, "-m", "pytest", "-W", "error", "--screen-report", "screens.html"]

    def tested(*more: str) -> tuple[int, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
        surroundings = inherited | {"NO_COLOR": "1", "PYTHONUTF8": "1"}
        done = subprocess.run(
            [*command, *more], cwd=project, env=surroundings, capture_output=True, text=True, check=False, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    code, told = tested()
    assert code == 0, told
    assert "5 passed" in told
    assert not (project / "screens.html").exists()

    record = project / "__snapshots__" / "test_screens" / "test_a_cancellation_is_prepared.txt"
    words = record.read_text(encoding="utf-8")
    assert words.count("Too expensive") == 2
    record.write_text(words.replace("Too expensive", "Too demanding", 1), encoding="utf-8")
    code, told = tested("-k", "prepared")
    assert code == 1, told
    assert "The screen at /subscriptions/1 differs from its snapshot." in told
    went, came = (next(line for line in told.splitlines() if line.startswith(f"E       {sign} › ")) for sign in "-+")
    assert "Too demanding" in went
    assert "Too expensive" in came
    page = (project / "screens.html").read_text(encoding="utf-8")
    assert (project / "screens.html").as_uri() in told
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "Too demanding" in page

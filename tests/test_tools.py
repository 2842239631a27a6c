"""The door to the work on the project: its names, what it hands on, and how it ends."""

import subprocess
import sys
from types import SimpleNamespace

import jobs
import pytest


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What is run, of which whatever has "mypy" in it fails."""
    ran: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_options: object) -> SimpleNamespace:
        ran.append(command)
        return SimpleNamespace(returncode=int("mypy" in command))

    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_what_stands_behind_the_name_is_handed_on(commands: list[tuple[str, ...]]) -> None:
    assert jobs.main(["fast", "tests/domain"]) == 0
    assert commands == [(sys.executable, "-m", "pytest", "-m", "not slow", "tests/domain")]


def test_all_commands_run_even_if_one_fails(
    commands: list[tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert jobs.main(["check"]) == 1
    assert len(commands) == 5
    assert capsys.readouterr().out.endswith(f"Failed:\n  {sys.executable} -m mypy\n")


def test_renewing_records_everything_that_is_drawn(commands: list[tuple[str, ...]]) -> None:
    assert jobs.main(["renew"]) == 0
    assert [command[1:] for command in commands] == [
        ("-m", "pytest", "--snapshot-update", "tests/app"),
        ("-m", "pytest", "--snapshot-update", "examples/own-data"),
        ("-m", "subtui", "flow", "check", "--update"),
        ("tools/make_docs.py",),
    ]


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["nothing"], 2), (["--help"], 0)])
def test_the_names_are_told(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.main(arguments) == code
    assert all(name in capsys.readouterr().out or name in jobs.usage() for name in jobs.JOBS)

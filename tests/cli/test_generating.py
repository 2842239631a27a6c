"""Made-up data from the command line."""

import sys
from pathlib import Path

import pytest

from .conftest import Shell
from .small_seed import small_seed, write_seed

GENERATE = ("db", "generate", "--contacts", "30", "--seed", "2")


def left_in(folder: Path) -> list[str]:
    """The names of the files in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def test_it_makes_a_database_to_work_with(bare: Shell) -> None:
    said = bare.says(*GENERATE)
    assert said.startswith(f"Created {bare.db} for “Juniper & Rye” with generated data: 30 contacts, ")
    assert left_in(bare.folder) == ["subtui.db"]
    info = bare.answers("db", "info")
    assert (info["demo"], info["today"], info["has_users"]) == (True, "2026-03-02", True)
    assert info["log"]["intact"] is True
    (row,) = (row for row in bare.rows()["contact"] if row[0] == 30)
    name = f"{row[1]} {row[2]}".strip() or row[3]
    assert 30 in [hit["id"] for hit in bare.answers("--as", "viewer", "find", name)["rows"]]
    assert bare.run("log", "verify").exit_code == 0


def test_it_answers_in_json(bare: Shell) -> None:
    answer = bare.answers(*GENERATE, "--subscriptions-of-one", "40")
    assert answer["file"] == str(bare.db)
    assert answer["bytes"] == bare.db.stat().st_size
    tables = bare.rows()
    assert {name: len(tables[name]) for name in ("contact", "subscription", "order", "payment", "event")} == {
        name: answer["rows"][name] for name in ("contact", "subscription", "order", "payment", "event")
    }
    assert len(tables["subscription"]) >= 40


def test_the_place_can_stand_behind_the_command(bare: Shell) -> None:
    other = bare.folder / "new" / "other.db"
    bare.says(*GENERATE, "--db", str(other))
    assert other.exists()
    assert not bare.db.exists()


def test_it_leaves_what_is_there(shell: Shell) -> None:
    before = shell.rows()
    result = shell.run(*GENERATE)
    assert (result.exit_code, result.stderr) == (
        1,
        f"{shell.db} already exists and was not changed.\n",
    )
    assert shell.rows() == before


def test_it_leaves_what_is_no_database(bare: Shell) -> None:
    bare.db.write_text("dear diary")
    result = bare.run(*GENERATE)
    assert result.exit_code == 2
    assert "is not a database" in result.stderr
    assert bare.db.read_text() == "dear diary"


def test_an_empty_file_is_left_as_it_is(bare: Shell) -> None:
    bare.db.touch()
    result = bare.run(*GENERATE)
    assert result.exit_code == 2
    assert "is empty, perhaps after a full disk or a broken copy" in result.stderr
    assert bare.db.stat().st_size == 0


def test_without_mimesis_it_says_how_to_get_it(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mimesis", None)
    result = bare.run(*GENERATE)
    assert result.exit_code == 2
    assert result.stderr == (
        "Made-up names come from the package mimesis, which is not installed."
        ' Install it with: pip install "subtui[generate]"\n'
    )
    assert left_in(bare.folder) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--contacts", "0"),
        ("--contacts", "many"),
        ("--contacts", "5", "--seed", "-1"),
        ("--contacts", "5", "--subscriptions-of-one", "-1"),
        ("--seed", "1"),
    ],
)
def test_what_cannot_be_made_is_said(bare: Shell, options: tuple[str, ...]) -> None:
    result = bare.run("db", "generate", *options)
    assert result.exit_code == 2
    assert "db generate --help" in result.stderr
    assert left_in(bare.folder) == []


def test_a_file_of_data_is_not_made_up(bare: Shell) -> None:
    seed = write_seed(bare.folder, small_seed())
    result = bare.run("--seed", str(seed), *GENERATE)
    assert result.exit_code == 2
    assert not bare.db.exists()


def test_not_in_read_only_mode_and_not_in_memory(bare: Shell) -> None:
    assert bare.run("--read-only", *GENERATE).exit_code == 1
    assert bare.run(*GENERATE, "--db", "sqlite:///:memory:").exit_code == 2
    assert left_in(bare.folder) == []

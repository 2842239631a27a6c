"""The database from the command line: made, described, reset, and left alone when it cannot be used."""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from subtui.cli.main import main

from .conftest import Shell
from .small_seed import ACTIVE, small_seed, write_seed

CANCEL = ("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")


def left_in(folder: Path) -> list[str]:
    """The names of the files in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def test_init_makes_the_demo(bare: Shell) -> None:
    said = bare.says("db", "init")
    assert said.startswith(f"Created {bare.db} for “")
    assert bare.answers("db", "info")["demo"] is True
    assert left_in(bare.folder) == ["subtui.db"]


def test_init_from_a_seed(bare: Shell) -> None:
    seed = write_seed(bare.folder, small_seed())
    bare.says("--seed", str(seed), "db", "init")
    assert bare.answers("db", "info")["account"] == "Small Shop"


def test_init_empty(bare: Shell) -> None:
    bare.says("db", "init", "--empty")
    info = bare.answers("db", "info")
    assert (info["demo"], info["has_users"], info["log"]["entries"]) == (False, False, 0)


def test_empty_and_a_seed_exclude_each_other(bare: Shell) -> None:
    seed = write_seed(bare.folder, small_seed())
    assert bare.run("--seed", str(seed), "db", "init", "--empty").exit_code == 2
    assert not bare.db.exists()


def test_init_leaves_what_is_there(shell: Shell) -> None:
    before = shell.rows()
    assert shell.run("db", "init").exit_code == 1
    assert shell.run("db", "init", "--empty").exit_code == 1
    assert shell.rows() == before


def test_the_first_command_makes_the_demo(bare: Shell) -> None:
    assert bare.answers("find", "lópez")["total"] >= 1


def test_the_default_place(bare: Shell) -> None:
    result = CliRunner().invoke(main, ["db", "init", "--empty"], env=bare.env)
    assert result.exit_code == 0
    assert (bare.folder / "data" / "subtui" / "subtui.db").exists()


def test_info(shell: Shell) -> None:
    said = shell.says("db", "info")
    for part in (str(shell.db), "Small Shop", "demo", "2 Mar 2026", "verified, entries: 1"):
        assert part in said
    info = shell.answers("db", "info")
    assert info["today"] == "2026-03-02"
    assert info["bytes"] > 0
    assert info["log"]["intact"] is True


@pytest.mark.parametrize("command", [("db", "info"), ("db", "reset", "--yes"), ("log", "verify")])
def test_a_database_is_not_made_only_to_be_asked_about(bare: Shell, command: tuple[str, ...]) -> None:
    result = bare.run(*command)
    assert result.exit_code == 2
    assert "There is no database" in result.stderr
    assert left_in(bare.folder) == []


def test_reset_makes_it_anew(shell: Shell) -> None:
    seed = write_seed(shell.folder, small_seed())
    before = shell.rows()
    shell.says(*CANCEL)
    assert shell.says("--seed", str(seed), "db", "reset", "--yes") == f"Recreated {shell.db}.\n"
    assert shell.rows() == before
    assert left_in(shell.folder) == ["seed.json", "subtui.db"]
    assert shell.run("log", "verify").exit_code == 0


@pytest.mark.parametrize(("typed", "exit_code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 2)])
def test_reset_asks(shell: Shell, typed: str, exit_code: int) -> None:
    shell.says(*CANCEL)
    before = shell.rows()
    result = shell.run("db", "reset", typed=typed)
    assert result.exit_code == exit_code
    assert (shell.rows() == before) is (exit_code != 0)


def test_reset_keeps_its_hands_off_own_data(own: Shell) -> None:
    before = own.rows()
    result = own.run("db", "reset", "--yes")
    assert result.exit_code == 1
    assert "your own data" in result.stderr
    assert own.rows() == before


def test_reset_with_a_seed_that_cannot_be_used(shell: Shell) -> None:
    seed = shell.folder / "seed.json"
    seed.write_text("{")
    before = shell.rows()
    assert shell.run("--seed", str(seed), "db", "reset", "--yes").exit_code == 2
    assert shell.rows() == before
    assert left_in(shell.folder) == ["seed.json", "subtui.db"]


def test_reset_waits_for_nobody_who_has_it_open(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtui.storage.dialects.sqlite_file.WAIT_SECONDS", 0.1)
    before = shell.rows()
    with closing(sqlite3.connect(shell.db)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM contact").fetchall()
        result = shell.run("db", "reset", "--yes")
    assert result.exit_code == 2
    assert "another program" in result.stderr
    assert shell.rows() == before


SEEDS = {
    "no JSON": "{",
    "no text": b"\xff\xfe",
    "an unknown key": json.dumps(small_seed() | {"colour": 1}),
    "a wrong type": json.dumps(small_seed() | {"day": 5}),
    "a contact that is not there": json.dumps(
        small_seed()
        | {"subscriptions": [{"id": 1, "contact_id": 9, "plan_id": 1, "start_date": "2025-01-15", "status": "Active"}]}
    ),
    "nothing": "",
}


@pytest.mark.parametrize("content", SEEDS.values(), ids=list(SEEDS))
def test_a_seed_that_cannot_be_used_leaves_nothing(bare: Shell, content: str | bytes) -> None:
    seed = bare.folder / "seed.json"
    seed.write_bytes(content if isinstance(content, bytes) else content.encode())
    error = bare.answers("--seed", str(seed), "find", "x", exit_code=2)["error"]
    assert error["kind"] == "file_problem"
    assert str(seed) in error["message"]
    assert left_in(bare.folder) == ["seed.json"]


def test_a_seed_that_is_not_there(bare: Shell) -> None:
    result = bare.run("--seed", str(bare.folder / "no.json"), "find", "x")
    assert result.exit_code == 2
    assert left_in(bare.folder) == []


EVERY_COMMAND = [("find", "x"), ("db", "init"), ("db", "info"), ("db", "reset", "--yes"), ("log", "verify"), CANCEL]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_not_a_database(bare: Shell, command: tuple[str, ...]) -> None:
    bare.db.write_bytes(b"Dear customer, " * 100)
    result = bare.run(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not a database" in result.stderr
    assert bare.db.read_bytes() == b"Dear customer, " * 100
    assert left_in(bare.folder) == ["subtui.db"]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_a_database_of_something_else(bare: Shell, command: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(bare.db)) as connection:
        connection.executescript("CREATE TABLE contact (id INTEGER); INSERT INTO contact VALUES (1);")
    result = bare.run(*command)
    assert result.exit_code == 2
    assert "another program" in result.stderr
    with closing(sqlite3.connect(bare.db)) as connection:
        assert connection.execute("SELECT * FROM contact").fetchall() == [(1,)]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_a_newer_version(shell: Shell, command: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(shell.db)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = shell.rows()
    result = shell.run(*command)
    assert result.exit_code == 2
    assert "newer version" in result.stderr
    assert shell.rows() == before


def test_a_damaged_database(shell: Shell) -> None:
    data = bytearray(shell.db.read_bytes())
    data[8192:] = b"\x5a" * (len(data) - 8192)
    shell.db.write_bytes(data)
    result = shell.run("find", "lop")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "error in subtui" not in result.stderr
    assert shell.db.read_bytes() == bytes(data)


def test_a_database_without_its_account(shell: Shell) -> None:
    with closing(sqlite3.connect(shell.db)) as connection:
        connection.executescript("PRAGMA foreign_keys = OFF; DELETE FROM account;")
    result = shell.run("find", "lop")
    assert result.exit_code == 2
    assert "error in subtui" not in result.stderr


def test_a_locked_database(shell: Shell) -> None:
    before = shell.rows()
    with closing(sqlite3.connect(shell.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = shell.run(*CANCEL)
        other.execute("ROLLBACK")
    assert result.exit_code == 2
    assert "is locked" in result.stderr
    assert shell.rows() == before


def test_a_folder_is_no_database(bare: Shell) -> None:
    assert bare.run("--db", str(bare.folder), "find", "x").exit_code == 2


@pytest.mark.parametrize("name", ["what?.db", "a#b.db", "100%.db", "a b.db", "ü.db", "a%20b.db"])
def test_any_name_will_do(shell: Shell, name: str) -> None:
    place = shell.folder / name
    shutil.copy(shell.db, place)
    shell.db.unlink()
    assert shell.answers("--db", str(place), "find", "lop")["total"] == 1
    assert left_in(shell.folder) == [name]


@pytest.mark.parametrize(
    "where", ["postgresql://x/y", "mysql://x", "nonsense://", "://", "sqlite://", "", "~nobody-here/x.db", "\udcff.db"]
)
def test_what_is_no_place_for_a_database(bare: Shell, where: str) -> None:
    result = bare.run("--db", where, "db", "info")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error in subtui" not in result.stderr


def test_an_empty_name_is_not_the_default(bare: Shell) -> None:
    assert bare.run("--db", "", "find", "x").exit_code == 2
    assert list(bare.folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes are POSIX's")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_reset_follows_a_link_and_keeps_the_mode(mode: int, shell: Shell, tmp_path: Path) -> None:
    real = tmp_path / "kept" / "real.db"
    real.parent.mkdir()
    shell.db.rename(real)
    shell.db.symlink_to(real)
    real.chmod(mode)
    before = real.stat()
    shell.says("db", "reset", "--yes")
    assert shell.db.is_symlink()
    after = real.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino
    assert [file.name for file in real.parent.iterdir()] == ["real.db"]

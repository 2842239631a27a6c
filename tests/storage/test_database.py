"""Opening a database: what is not ours is left as it was, and what is half-made is never there."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from subtui.acts.contacts import FindContacts, GetOverview
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription, UndoCancellation
from subtui.domain.errors import StorageProblem
from subtui.services.backend import Backend
from subtui.storage.database import database_url
from subtui.storage.dialects.sqlite_engine import open_engine


def make_other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)")
        connection.execute("INSERT INTO moz_places (url) VALUES ('https://example.org')")
        connection.commit()


def make_other_with_the_same_revision(path: Path) -> None:
    make_other(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.commit()


def make_newer(path: Path) -> None:
    Backend.open(str(path), empty=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def make_without_account(path: Path) -> None:
    Backend.open(str(path), empty=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM account")
        connection.commit()


def make_damaged(path: Path) -> None:
    Backend.open(str(path)).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(8) + b"\x00" * (len(whole) - 4104))


def make_cut_short(path: Path) -> None:
    Backend.open(str(path)).close()
    path.write_bytes(path.read_bytes()[: 3 * 4096])


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("dear diary"), "is not a database"),
    "a few bytes": (lambda path: path.write_bytes(b"SQLite"), "is not a database"),
    "another program's": (make_other, "is a database of another program"),
    "another program's, of revision 0001": (make_other_with_the_same_revision, "is a database of another program"),
    "newer": (make_newer, "was made by a newer version of subtui"),
    "without its account": (make_without_account, "is damaged"),
    "damaged": (make_damaged, "is damaged"),
    "cut short": (make_cut_short, "is damaged"),
    "a header and nothing": (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 84), "database"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_left_as_it_was(name: str, tmp_path: Path) -> None:
    make, words = UNUSABLE[name]
    path = tmp_path / "file.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(StorageProblem) as refused:
        Backend.open(str(path))
    sentence = str(refused.value)
    assert words in sentence
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert path.read_bytes() == before


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match="is a folder, not a database"):
        Backend.open(str(tmp_path))


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageProblem, match="cannot be created"):
        Backend.open(str(tmp_path / "file" / "my.db"))
    assert (tmp_path / "file").read_text() == "not a folder"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("mysql://localhost/subtui", "not mysql"),
        ("postgresql://me:secret@localhost/subtui", "out of the URL"),
        ("nonsense://", "not nonsense"),
        ("://", "is not a database URL"),
    ],
)
def test_another_kind_of_database_is_refused(where: str, words: str) -> None:
    with pytest.raises(StorageProblem, match=words):
        database_url(where)


@pytest.mark.parametrize("name", ["my data.db", "50%.db", "what?.db", "a#b.db", "ümläut.db", "日本.db"])
def test_a_file_may_have_any_name(name: str, tmp_path: Path) -> None:
    Backend.open(str(tmp_path / name), empty=True).close()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "my.db"
    with Backend.open(str(path), empty=True) as backend:
        assert not backend.session_info().has_users
    assert path.exists()


def test_a_database_in_memory_works_too() -> None:
    with Backend.open("sqlite://") as backend:
        backend.sign_in_demo()
        assert backend.read(FindContacts("maria lopez")).rows[0].id == 1007


def test_a_lock_of_another_program_is_said_plainly(demo_db: Path) -> None:
    with (
        closing(sqlite3.connect(demo_db, isolation_level=None)) as other,
        Backend.open(str(demo_db), busy_ms=20) as backend,
    ):
        backend.sign_in_demo()
        record = backend.read(GetSubscription(1047))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageProblem, match="is locked: another program is writing to it"):
            backend.do(UndoCancellation(1047, version=record.version))
        other.execute("ROLLBACK")
        assert backend.do(UndoCancellation(1047, version=record.version)).record.terms.ending.end_date is None


def test_a_database_that_is_locked_whole_cannot_be_opened(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageProblem, match="is locked"):
            Backend.open(str(demo_db), busy_ms=20)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write everything")
def test_a_file_that_may_not_be_written_is_said_plainly(demo_db: Path) -> None:
    demo_db.chmod(0o444)
    with pytest.raises(StorageProblem, match="cannot be written"):
        Backend.open(str(demo_db))


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)]
)
def test_every_connection_is_durable_and_checks_references(demo_db: Path, pragma: str, value: object) -> None:
    engine = open_engine(database_url(str(demo_db)))
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()


_KILLED = """
import os, signal, sys
from subtui.services.backend import Backend
from subtui.storage import seed
halfway = seed.post_entries
def killed(connection, rows):
    halfway(connection, rows)
    os.kill(os.getpid(), signal.SIGKILL)
seed.post_entries = killed
Backend.open(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_first_run_that_is_killed_leaves_nothing_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "my.db"
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False, timeout=60)
    assert killed.returncode == -9
    assert not path.exists()
    with Backend.open(str(path)) as backend:
        assert backend.session_info().account == "Juniper & Rye"


_MAKES_AND_READS = """
import sys
from subtui.acts.contacts import RememberOpened
from subtui.services.backend import Backend
with Backend.open(sys.argv[1]) as backend:
    backend.sign_in_demo()
    backend.do(RememberOpened(1007))
"""


def test_two_processes_that_make_the_same_database_share_one(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    both = [subprocess.Popen([sys.executable, "-c", _MAKES_AND_READS, str(path)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    with Backend.open(str(path)) as backend:
        assert backend.read(VerifyLog()).broken is None
        assert backend.read(VerifyLog()).entries == 12
        backend.sign_in_demo()
        assert [row.id for row in backend.read(GetOverview()).recent] == [1007]
    assert [file.name for file in tmp_path.iterdir()] == ["shared.db"]

"""Looking writes nothing, and takes no permission to write."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from subtui.acts.contacts import FindContacts, RememberOpened
from subtui.acts.subscriptions import GetSubscription, UndoCancellation
from subtui.domain.errors import Refused, StorageProblem
from subtui.services.backend import Backend
from subtui.storage.revisions import HEAD

LOOKS = """
import sys
from subtui.acts.contacts import FindContacts
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.domain.errors import SubtuiError
from subtui.services.backend import Backend
try:
    with Backend.open(sys.argv[1], read_only=True) as backend:
        backend.sign_in_demo()
        found = backend.read(FindContacts("maria lopez")).rows[0].id
        print(found, backend.read(GetSubscription(1042)).version, backend.read(VerifyLog()).entries)
except SubtuiError as error:
    print(error)
"""


def looked(db: Path) -> str:
    """What a process sees that may write nothing it has no permission for, as the administrator otherwise may."""
    able = getattr(os, "geteuid", lambda: 1)() != 0
    drop = [] if able else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if drop and shutil.which("setpriv") is None:
        pytest.skip("the administrator may write everything")
    command = [*drop, sys.executable, "-c", LOOKS, str(db)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def shelf(demo_db: Path, tmp_path: Path) -> Path:
    """A folder with a database in it, which is made writable again afterwards."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return Path(shutil.copy(demo_db, folder / "x.db"))


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
@pytest.mark.parametrize(("mode", "folder_mode"), [(0o644, 0o755), (0o444, 0o755), (0o644, 0o555), (0o444, 0o555)])
def test_a_database_that_may_only_be_read(mode: int, folder_mode: int, shelf: Path) -> None:
    before = (shelf.read_bytes(), shelf.stat().st_mtime_ns)
    shelf.chmod(mode)
    shelf.parent.chmod(folder_mode)
    try:
        assert looked(shelf) == "1007 1 12"
        assert names(shelf.parent) == ["x.db"]
        assert (shelf.read_bytes(), shelf.stat().st_mtime_ns) == before
    finally:
        shelf.parent.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_while_another_program_has_it_open(shelf: Path) -> None:
    with Backend.open(str(shelf)) as backend:
        backend.sign_in_demo()
        backend.do(UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version))
        shelf.chmod(0o444)
        shelf.parent.chmod(0o555)
        try:
            assert looked(shelf) == "1007 1 13"
        finally:
            shelf.parent.chmod(0o755)
            shelf.chmod(0o644)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_what_was_saved_last_and_lies_beside_it_is_not_passed_over(shelf: Path) -> None:
    copies = shelf.with_name("copy.db"), shelf.with_name("copy.db-wal")
    with closing(sqlite3.connect(shelf, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE contact SET job_title = 'Baker' WHERE id = 1007")
        shutil.copy(shelf, copies[0])
        shutil.copy(shelf.with_name("x.db-wal"), copies[1])
    shelf.parent.chmod(0o555)
    copies[0].chmod(0o444)
    try:
        assert "the last changes saved are still in copy.db-wal. Copy both files" in looked(copies[0])
    finally:
        shelf.parent.chmod(0o755)


def test_a_rollback_journal_stays_one(shelf: Path) -> None:
    with closing(sqlite3.connect(shelf, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    before = shelf.read_bytes()
    with Backend.open(str(shelf), read_only=True) as backend:
        backend.sign_in_demo()
        assert backend.read(GetSubscription(1042)).version == 1
    assert shelf.read_bytes() == before


def test_nothing_can_be_written_and_the_day_is_not_rolled(demo_db: Path) -> None:
    from datetime import date  # noqa: PLC0415

    from subtui.clock import Clock  # noqa: PLC0415

    before = demo_db.read_bytes()
    with Backend.open(str(demo_db), clock=Clock(date(2027, 3, 2)), read_only=True) as backend:
        backend.sign_in_demo()
        backend.session_info()
        backend.do(RememberOpened(1007))
        with pytest.raises(Refused, match="read-only mode"):
            backend.do(UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version))
    assert demo_db.read_bytes() == before
    assert names(demo_db.parent) == ["demo.db"]


def test_an_older_one_is_left_as_it_is(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtui.storage.dialects.sqlite_file.REVISIONS", ("older", HEAD))
    with closing(sqlite3.connect(demo_db, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = demo_db.read_bytes()
    with pytest.raises(StorageProblem, match=r"older version of subtui\. Open it once without --read-only"):
        Backend.open(str(demo_db), read_only=True)
    assert demo_db.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_what_is_changed_while_it_is_looked_at_is_noticed(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from subtui.storage.dialects import sqlite_engine, sqlite_file  # noqa: PLC0415

    for module in (sqlite_engine, sqlite_file):
        monkeypatch.setattr(module, "may_write", lambda _path: False)
    with Backend.open(str(shelf), read_only=True) as looking:
        looking.sign_in_demo()
        with closing(sqlite3.connect(shelf, isolation_level=None)) as other:
            other.execute("UPDATE contact SET job_title = 'Baker'")
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with pytest.raises(StorageProblem, match="was changed by another program"):
            looking.read(FindContacts("lop"))

"""What happens to the file of an open database from outside is noticed before anything is written."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from subtui.acts.contacts import FindContacts, GetOverview, RememberOpened
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription, UndoCancellation
from subtui.domain.errors import StorageProblem
from subtui.services.backend import Backend

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is there")


def backup(path: Path) -> Path:
    """A copy as a backup has it: the same business, compacted."""
    copy = path.with_name("backup.db")
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return copy


def replaced(path: Path, copy: Path) -> None:
    copy.replace(path)


def replaced_by_the_same(path: Path, copy: Path) -> None:
    shutil.copy2(path, copy)
    copy.replace(path)


def removed(path: Path, copy: Path) -> None:
    path.unlink()


def renamed(path: Path, copy: Path) -> None:
    path.rename(path.with_name("y.db"))


def a_link_instead(path: Path, copy: Path) -> None:
    path.unlink()
    path.symlink_to(copy)


def emptied(path: Path, copy: Path) -> None:
    os.truncate(path, 0)


def cut_short(path: Path, copy: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def written_over(path: Path, copy: Path) -> None:
    path.write_bytes(copy.read_bytes())


def a_folder_instead(path: Path, copy: Path) -> None:
    path.unlink()
    path.mkdir()


DONE: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "replaced by a backup": (replaced, "was replaced"),
    "replaced by the very same": (replaced_by_the_same, "was replaced"),
    "removed": (removed, "was removed or renamed"),
    "renamed": (renamed, "was removed or renamed"),
    "a link instead": (a_link_instead, "was replaced"),
    "emptied": (emptied, "was emptied"),
    "cut short": (cut_short, "was overwritten"),
    "written over": (written_over, "was overwritten"),
    "a folder instead": (a_folder_instead, "was replaced"),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file() and "-shm" not in each.name}


@pytest.mark.parametrize("busy", [False, True], ids=["just opened", "after a save"])
@pytest.mark.parametrize("name", DONE)
def test_nothing_is_written_to_a_file_that_is_no_longer_the_one(name: str, busy: bool, demo_db: Path) -> None:
    do, words = DONE[name]
    copy = backup(demo_db)
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        version = backend.read(GetSubscription(1047)).version
        if busy:
            backend.do(RememberOpened(1007))
        do(demo_db, copy)
        before = contents(demo_db.parent)
        for _ in range(2):
            with pytest.raises(StorageProblem, match=words):
                backend.do(UndoCancellation(1047, version=version))
            with pytest.raises(StorageProblem, match=words):
                backend.do(RememberOpened(1008))
            with pytest.raises(StorageProblem, match=words):
                backend.read(FindContacts("lop"))
        assert contents(demo_db.parent) == before
    after = contents(demo_db.parent)
    assert {name: data for name, data in before.items() if data} == {name: data for name, data in after.items() if data}


@pytest.mark.parametrize(
    "name", ["replaced by a backup", "replaced by the very same", "written over", "a link instead"]
)
def test_what_was_put_there_opens_afterwards(name: str, demo_db: Path) -> None:
    copy = backup(demo_db)
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        backend.do(RememberOpened(1007))
        DONE[name][0](demo_db, copy)
        with pytest.raises(StorageProblem):
            backend.do(RememberOpened(1008))
    with Backend.open(str(demo_db)) as backend:
        assert backend.read(VerifyLog()).broken is None
        backend.sign_in_demo()
        backend.do(UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version))
    with closing(sqlite3.connect(demo_db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_is_put_back_is_used_on(demo_db: Path) -> None:
    away = demo_db.with_name("away.db")
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        demo_db.rename(away)
        with pytest.raises(StorageProblem, match="was removed or renamed"):
            backend.do(RememberOpened(1007))
        away.rename(demo_db)
        backend.do(RememberOpened(1007))
        assert [row.id for row in backend.read(GetOverview()).recent] == [1007]


def test_a_file_that_goes_in_the_middle_of_an_act(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from subtui.services import unit_of_work  # noqa: PLC0415

    away = demo_db.with_name("away.db")
    real = unit_of_work.Transaction.log

    def and_goes(tx: unit_of_work.Transaction, *words: object, **more: object) -> tuple[int, str]:
        demo_db.rename(away)
        return real(tx, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(unit_of_work.Transaction, "log", and_goes)
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        with pytest.raises(StorageProblem, match="was removed or renamed"):
            backend.do(UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version))
    with Backend.open(str(away)) as backend:
        backend.sign_in_demo()
        assert backend.read(GetSubscription(1047)).terms.ending.end_date is not None


def test_what_other_programs_save_is_no_change_from_outside(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as one, Backend.open(str(demo_db)) as other:
        for number, backend in enumerate((one, other) * 6):
            backend.sign_in_demo()
            backend.do(RememberOpened(1001 + number))
            assert backend.read(GetOverview()).recent[0].id == 1001 + number
        with closing(sqlite3.connect(demo_db, isolation_level=None)) as foreign:
            foreign.execute("UPDATE contact SET job_title = 'Baker' WHERE id = 1007")
            one.do(RememberOpened(1007))
            foreign.execute("VACUUM")
            foreign.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        one.do(RememberOpened(1008))
        other.do(RememberOpened(1009))
        assert [row.id for row in one.read(GetOverview()).recent][:2] == [1009, 1008]


def test_an_act_is_saved_while_another_program_reads(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as backend, closing(sqlite3.connect(demo_db, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM contact").fetchall()
        backend.sign_in_demo()
        for _ in range(3):
            backend.do(RememberOpened(1007))
        reader.execute("COMMIT")
        backend.do(RememberOpened(1008))
        assert [row.id for row in backend.read(GetOverview()).recent] == [1008, 1007]

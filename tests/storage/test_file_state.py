"""Only where there is nothing at all a database is made; whatever else is there is left as it was."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.acts.contacts import GetOverview, RememberOpened
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription, UndoCancellation
from subtui.domain.errors import StorageProblem
from subtui.services.backend import Backend

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files of these kinds are POSIX's")


def empty(path: Path) -> None:
    path.touch(0o640)


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "gone.db")


def link_to_an_empty_file(path: Path) -> None:
    (path.parent / "real.db").touch()
    path.symlink_to("real.db")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_a_pipe(path: Path) -> None:
    os.mkfifo(path.parent / "pipe")
    path.symlink_to("pipe")


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def folder(path: Path) -> None:
    path.mkdir()


def left_beside(ending: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.with_name(path.name + ending).write_bytes(b"\x37\x7f\x06\x82" + b"x" * 5000)

    return make


NO_DATABASE: dict[str, tuple[Callable[[Path], None], str]] = {
    "an empty file": (empty, "is empty, perhaps after a full disk or a broken copy"),
    "a link to nothing": (link_to_nothing, "is a link to"),
    "a link to an empty file": (link_to_an_empty_file, "is empty"),
    "a link to itself": (link_to_itself, "cannot be read"),
    "a pipe": (pipe, "is a pipe, not a database"),
    "a link to a pipe": (link_to_a_pipe, "is a pipe, not a database"),
    "a socket": (listening, "is a socket, not a database"),
    "a folder": (folder, "is a folder, not a database"),
    "nothing, beside the log of a database": (left_beside("-wal"), "x.db-wal is still there"),
    "nothing, beside the journal of a database": (left_beside("-journal"), "x.db-journal is still there"),
}


def seen(folder: Path) -> dict[str, tuple[int, int, int]]:
    return {
        each.name: (each.lstat().st_mode, each.lstat().st_size, each.lstat().st_mtime_ns) for each in folder.iterdir()
    }


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name leaves room for that of a socket."""
    return tmp_path_factory.mktemp("p")


@pytest.mark.parametrize("read_only", [False, True], ids=["to work", "to look"])
@pytest.mark.parametrize("name", NO_DATABASE)
def test_what_is_no_database_is_left_alone(name: str, read_only: bool, short: Path) -> None:
    make, words = NO_DATABASE[name]
    make(short / "x.db")
    before = seen(short)
    with pytest.raises(StorageProblem) as refused:
        Backend.open(str(short / "x.db"), read_only=read_only)
    assert words in str(refused.value)
    assert str(short / "x.db") in str(refused.value)
    assert seen(short) == before


def test_what_is_left_beside_nothing_but_empty_is_in_no_way(tmp_path: Path) -> None:
    (tmp_path / "x.db-wal").touch()
    (tmp_path / "x.db-shm").write_bytes(b"\0" * 32768)
    with Backend.open(str(tmp_path / "x.db")) as backend:
        assert backend.read(VerifyLog()).entries == 12
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]


def test_a_link_to_a_database_is_followed(demo_db: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(demo_db)
    with Backend.open(str(link)) as backend:
        backend.sign_in_demo()
        backend.do(RememberOpened(1007))
    assert link.is_symlink()
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        assert [row.id for row in backend.read(GetOverview()).recent] == [1007]


def test_in_read_only_mode_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match="There is no database at"):
        Backend.open(str(tmp_path / "x.db"), read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_working_in_it_keeps_its_mode(mode: int, demo_db: Path) -> None:
    demo_db.chmod(mode)
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        backend.do(RememberOpened(1007))
    assert demo_db.stat().st_mode & 0o777 == mode


def test_a_name_that_is_longer_than_any(tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match="cannot be read: File name too long"):
        Backend.open(str(tmp_path / ("x" * 300)))


def test_what_was_saved_lies_in_the_file_and_not_beside_it(demo_db: Path, tmp_path: Path) -> None:
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo()
        backend.do(UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version))
        shutil.copy(demo_db, tmp_path / "copy.db")
    with Backend.open(str(tmp_path / "copy.db")) as backend:
        backend.sign_in_demo()
        assert backend.read(GetSubscription(1047)).terms.ending.end_date is None

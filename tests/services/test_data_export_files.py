"""An export is of one moment, whole or not there, and the log says who took what."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subtui.acts.data import ExportChanges, ExportData
from subtui.acts.log import ListEvents
from subtui.clock import Clock
from subtui.domain.errors import FileProblem, NotAllowed, Refused, StorageProblem
from subtui.domain.event_types import Subject
from subtui.domain.permissions import Role
from subtui.domain.progress import Progress
from subtui.services.backend import Backend
from subtui.services.data_export import Stopped
from subtui.views.exports import ExportFormat, ExportOptions, ExportReport
from tests.conftest import DEMO_DAY
from tests.services.database import rows
from tests.services.exporting import FORMS, act_a_little, exported, place, with_backend


def test_it_is_as_it_was_at_one_moment(demo_db: Path, tmp_path: Path) -> None:
    """Somebody else writes while the contacts go out: neither their subscription nor their refund is in the files."""
    before = exported(demo_db, tmp_path / "before")
    other = with_backend(demo_db)
    acted: list[str] = []

    def meanwhile(progress: Progress) -> None:
        if progress.doing == "contacts" and not acted:
            acted.append(progress.doing)
            act_a_little(other)

    with with_backend(demo_db) as backend:
        backend.do(ExportData(tmp_path / "out", ExportOptions(), tell=meanwhile))
    other.close()
    assert acted
    assert [file.read_bytes() for file in sorted((tmp_path / "out").iterdir())] == [f.read_bytes() for f in before]
    assert exported(demo_db, tmp_path / "after")[-2].read_bytes() != before[-2].read_bytes()


def test_the_log_says_who_took_what(demo_db: Path, tmp_path: Path) -> None:
    with with_backend(demo_db, Role.AGENT) as backend:
        report = backend.do(ExportData(tmp_path / "out", ExportOptions(contacts=(1007,))), route="/export")
        (view,) = backend.read(ListEvents(subject=Subject.read("export")))
    assert (view.title, view.actor, view.route, view.hash) == (
        "Data exported",
        "Dana Reyes",
        "/export",
        report.log_hash,
    )
    (entry,) = rows(demo_db, "SELECT * FROM event WHERE command = 'data.export'")
    assert entry["contact_id"] == 1007
    after = json.loads(entry["after"])
    assert (after["contacts"], after["file"]) == (1, str(tmp_path / "out"))
    assert report.rows == sum(part.rows for part in report.files)


def test_who_may(demo_db: Path, tmp_path: Path) -> None:
    with with_backend(demo_db, Role.VIEWER) as backend:
        with pytest.raises(NotAllowed):
            backend.do(ExportData(tmp_path / "out", ExportOptions()))
        with pytest.raises(NotAllowed):
            backend.do(ExportChanges(tmp_path / "out.csv"))
    with Backend.open(str(demo_db), read_only=True) as backend:
        backend.sign_in_demo(Role.OWNER)
        with pytest.raises(Refused, match="read-only"):
            backend.do(ExportData(tmp_path / "out", ExportOptions()))
    assert list(tmp_path.glob("*out*")) == []


@pytest.mark.files_only("a server has no lock of the whole database")
def test_what_cannot_be_logged_is_not_exported(demo_db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with closing(sqlite3.connect(demo_db)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with Backend.open(str(demo_db), clock=Clock(DEMO_DAY), busy_ms=20) as backend:
            backend.sign_in_demo(Role.ADMIN)
            with pytest.raises(StorageProblem, match="locked"):
                backend.do(ExportData(folder / "out", ExportOptions()))
    assert list(folder.iterdir()) == []


@pytest.mark.files_only("the error of a file's driver")
def test_an_entry_that_is_not_committed_takes_the_files_back(
    demo_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    folder = tmp_path / "here"
    folder.mkdir()
    with with_backend(demo_db) as backend:
        monkeypatch.setattr("sqlalchemy.orm.Session.commit", fails)
        for form in ExportFormat:
            with pytest.raises(StorageProblem):
                backend.do(ExportData(place(folder, form), ExportOptions(form)))
    assert list(folder.iterdir()) == []


@FORMS
def test_a_full_disk_leaves_nothing_behind(
    demo_db: Path, tmp_path: Path, form: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("subtui.keap.exports.destination.os.fsync", full)
    with with_backend(demo_db) as backend, pytest.raises(FileProblem, match="No space left"):
        backend.do(ExportData(place(folder, form), ExportOptions(form)))
    assert list(folder.iterdir()) == []
    assert rows(demo_db, "SELECT id FROM event WHERE command = 'data.export'") == []


@FORMS
def test_it_can_be_stopped(demo_db: Path, tmp_path: Path, form: ExportFormat) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    with with_backend(demo_db) as backend, pytest.raises(Stopped):
        backend.do(ExportData(place(folder, form), ExportOptions(form), stop=stop))
    assert list(folder.iterdir()) == []


def test_it_tells_how_far_it_is(demo_db: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    with with_backend(demo_db) as backend:
        report: ExportReport = backend.do(ExportData(tmp_path / "out", ExportOptions(), tell=told.append))
    assert {progress.total for progress in told} == {report.rows}
    assert [progress.rows for progress in told] == sorted(progress.rows for progress in told)

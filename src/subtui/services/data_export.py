"""Exports a consistent snapshot of the data in Keap's columns, into complete files, with a log entry."""

import gzip
import io
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from subtui.acts.data import ExportData, Stop, Tell
from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.keap.exports.destination import Destination
from subtui.keap.exports.lines import write_lines
from subtui.keap.exports.sheets import write_sheet
from subtui.keap.exports.tables import Tables
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.contacts import staying_contact
from subtui.services.registry import Job, runs
from subtui.views.exports import (
    EXPORTED,
    Exported,
    ExportFormat,
    ExportReport,
    in_order,
)
from subtui.views.imports import KIND_WORDS, Kind

ROWS_BETWEEN_LOOKS = 500
_BUFFER = 1 << 20


class Stopped(Refused):
    """The user stopped the export. Nothing of it was written."""

    def __init__(self) -> None:
        super().__init__("The export was stopped. Nothing was written.")


@runs(ExportData)
def export_data(job: Job, act: ExportData) -> ExportReport:
    """Handle `ExportData`."""
    options = act.options
    started = time.perf_counter()
    require_export(job)
    with Destination(act.path, folder=options.form is ExportFormat.CSV) as place:
        with job.work.read() as session:
            wanted = tuple(dict.fromkeys(staying_contact(session, each).id or 0 for each in options.contacts))
            connection = session.connection()
            tables = Tables(connection, reasons_of(load_account(session)), job.work.today, wanted)
            watch = _Watch(act.tell or (lambda _: None), act.stop)
            kinds = in_order(options.kinds or EXPORTED)
            watch.total = sum(tables.count(kind) for kind in kinds)
            written = _write(place, tables, kinds, options.form, watch)
        log_hash = publish(
            job,
            place,
            {"file": str(place.wanted), **{EXPORTED[part.kind]: part.rows for part in written}}
            | ({"contacts_named": ", ".join(map(str, options.contacts))} if options.contacts else {}),
            contact_id=options.contacts[0] if len(options.contacts) == 1 else None,
        )
    return ExportReport(str(place.wanted), written, log_hash, time.perf_counter() - started, tables.paused)


def require_export(job: Job) -> None:
    """Raise Refused before anything is written, where the export cannot be logged."""
    if job.work.read_only:
        raise Refused(f"{job.work.why_read_only} Exports are recorded in the log.")


def publish(job: Job, place: Destination, what: dict[str, object], *, contact_id: int | None = None) -> str:
    """Log a complete export, and move its files to their destination; returns the hash of the entry.

    The files are removed again when the entry is not committed: nothing is exported without being logged.
    """
    with job.transaction(Permission.EXPORT_DATA) as tx:
        _, log_hash = tx.log(
            EventType.EXPORT, subject=Subject(SubjectType.EXPORT), before={}, after=what, contact_id=contact_id
        )
        place.publish()
    return log_hash


class _Watch:
    """Reports the progress of an export, and checks whether to stop."""

    def __init__(self, tell: Tell, stop: Stop) -> None:
        self._tell = tell
        self._stop = stop
        self._before = 0
        self.total = 0

    def follow(self, kind: Kind, counted: Iterator[int]) -> int:
        """Write the rows of a kind; returns how many."""
        count = 0
        self._look(kind, 0)
        for count in counted:
            if count % ROWS_BETWEEN_LOOKS == 0:
                self._look(kind, count)
        self._before += count
        return count

    def _look(self, kind: Kind, count: int) -> None:
        if self._stop():
            raise Stopped
        done = self._before + count
        self._tell(Progress(done, self.total, done, KIND_WORDS[kind]))


def _write(
    place: Destination, tables: Tables, kinds: tuple[Kind, ...], form: ExportFormat, watch: _Watch
) -> tuple[Exported, ...]:
    made: list[Exported] = []
    if form is ExportFormat.CSV:
        for kind in kinds:
            name = f"{EXPORTED[kind]}.csv"
            with place.open(name) as handle, text_file(handle) as sheet:
                made.append(Exported(kind, name, watch.follow(kind, write_sheet(tables.table(kind), sheet))))
        return tuple(made)
    name = place.wanted.name
    with place.open() as handle, _bytes_file(handle, packed=name.lower().endswith(".gz")) as lines:
        for kind in kinds:
            made.append(Exported(kind, name, watch.follow(kind, write_lines(tables.table(kind), lines))))
    return tuple(made)


@contextmanager
def text_file(handle: int) -> Iterator[IO[str]]:
    """A CSV file to write to: UTF-8 with a byte order mark for spreadsheets, line ends unchanged."""
    with open(handle, "w", encoding="utf-8-sig", newline="", buffering=_BUFFER, closefd=False) as file:
        yield file


@contextmanager
def _bytes_file(handle: int, *, packed: bool) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        file = stack.enter_context(open(handle, "wb", buffering=_BUFFER, closefd=False))
        if packed:
            # No name and no time in the header: the same data give the same file.
            packing = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
            yield stack.enter_context(io.BufferedWriter(stack.enter_context(packing), _BUFFER))
        else:
            yield file

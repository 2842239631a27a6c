"""Imports data: inspects the files, writes them in one transaction, and reports every row left out."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from subtui.acts.data import ImportFiles, Tell
from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.keap.imports.context import ImportContext
from subtui.keap.imports.inspection import Surveyed, as_read, decided, remarks, survey, without_rows
from subtui.keap.imports.pipeline import IMPORTED, Run
from subtui.keap.imports.source_files import source_files
from subtui.keap.records import Context
from subtui.services import reports
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.import_changes import logged, owners
from subtui.services.registry import Job, runs
from subtui.services.subscription_queries import count_loose_ends
from subtui.services.unit_of_work import Transaction
from subtui.storage.dialects import dialect_of
from subtui.tabular.files import Files
from subtui.tabular.types import Objects, Sheet
from subtui.views.imports import ImportOptions, ImportReport, Kind, LeftOut

SHOWN_AT_MOST = 1000
"""The number of left-out rows held for a screen; a file takes all of them."""

MANY = 10_000
"""After more imported rows than this, SQLite's table statistics are renewed: it chooses its indexes by them."""

CACHE_KB = 65_536
"""The page cache during an import, in KiB: an import writes to all parts of the indexes."""


class Stopped(Refused):
    """The user stopped the import. Nothing of it was written."""

    def __init__(self) -> None:
        super().__init__("The import was stopped. Nothing was written.")


class NotAllOfIt(Refused):
    """With `strict`, at least one row was refused, so nothing was imported. Holds the report."""

    def __init__(self, report: ImportReport) -> None:
        rows = "row was" if report.refused == 1 else "rows were"
        super().__init__(f"{report.refused:,} {rows} rejected, so nothing was imported.")
        self.report = report


class _RolledBack(Exception):
    """Rolls back the transaction of a dry run."""


@dataclass(slots=True)
class _Aside:
    """Collects left-out rows: the first in memory, all of them in a writer if there is one."""

    write: Callable[[LeftOut], None] | None
    kept: list[LeftOut]
    total: int = 0

    def __call__(self, row: LeftOut) -> None:
        self.total += 1
        if len(self.kept) < SHOWN_AT_MOST:
            self.kept.append(row)
        if self.write is not None:
            self.write(row)


@runs(ImportFiles)
def import_files(job: Job, act: ImportFiles) -> ImportReport:
    """Handle `ImportFiles`."""
    options = act.options
    started = time.perf_counter()
    left_out = _Aside(act.aside, [])
    with source_files(act.paths, stdin=act.stdin, encoding=options.encoding, sheet=options.sheet) as files:
        read = _Reading(files, act.tell or (lambda _: None), act.stop)
        surveyed = read.survey()
        said = [*without_rows(surveyed), *files.remarks, *remarks(surveyed, files.passed_over)]
        order, about_dates = decided(surveyed, options.date_order)
        report: ImportReport | None = None
        try:
            with job.transaction(Permission.IMPORT_DATA) as tx:
                report = _write(
                    tx,
                    read,
                    surveyed,
                    options,
                    left_out,
                    order=order,
                    said=[*said, *about_dates],
                )
                report.seconds = time.perf_counter() - started
                if options.strict and report.refused:
                    raise NotAllOfIt(report)
                if options.dry_run:
                    raise _RolledBack
                report.written = True
        except _RolledBack:
            pass
    if report is None:
        raise AssertionError("an import ended without a report")
    return report


def _write(
    tx: Transaction,
    read: "_Reading",
    surveyed: Sequence[Surveyed],
    options: ImportOptions,
    left_out: _Aside,
    *,
    order: Any,
    said: Sequence[str],
) -> ImportReport:
    session = tx.session
    account = load_account(session)
    connection = session.connection()
    before = dict(count_loose_ends(session, tx.today))

    with dialect_of(connection).bulk_load(connection, CACHE_KB) as index:
        context = ImportContext(
            connection=connection,
            index=index,
            today=tx.today,
            currency=account.currency,
            reasons=reasons_of(account),
            owners=owners(tx),
            report=left_out,
            changed=logged(tx),
            overwrite=options.overwrite,
        )
        run = Run(context, Context(account.currency, ZoneInfo(account.time_zone), order), read.said_rows)
        for rank in sorted({source.rank for source in surveyed}):
            wanted = {source.place: source for source in surveyed if source.rank == rank}
            for place, source in read.sources("writing"):
                if place in wanted:
                    run.take(source, wanted[place])
        run.finish()
        read.say("indexing")
    if sum(counts.rows for counts in context.tally.by_kind.values()) > MANY:
        dialect_of(connection).renew_statistics(connection, IMPORTED)
    read.say("counting")
    notes = [*said, *context.notes]
    report = ImportReport(
        files=tuple(as_read(source, order) for source in surveyed),
        counts={kind: context.tally.by_kind[kind] for kind in Kind if kind in context.tally.by_kind},
        left_out=tuple(left_out.kept),
        left_out_total=left_out.total,
        notes=tuple(notes),
        loose_ends=count_loose_ends(session, tx.today),
        loose_before=sum(before.values()),
        refunds_owing=reports.count_left_a_balance(session),
        unknown=context.tally.unknown,
        dry_run=options.dry_run,
        passed_over=tuple(read.passed_over),
    )
    session.expire_all()
    _, report.log_hash = tx.log(
        EventType.IMPORT,
        subject=Subject(SubjectType.IMPORT),
        before={},
        after={
            "files": ", ".join(source.name for source in surveyed),
            **{
                kind.value: f"{counts.new} new, {counts.changed} changed, {counts.refused} refused"
                for kind, counts in report.counts.items()
            },
        },
    )
    read.say("saving")
    return report


class _Reading:
    """Reads the files of an import, each as often as needed, and reports the progress."""

    def __init__(self, files: Files, tell: Tell, stop: Callable[[], bool]) -> None:
        self._files = files
        self._tell = tell
        self._stop = stop
        self._progress = Progress(0, 0, 0, "reading")

    def survey(self) -> list[Surveyed]:
        """The result of inspecting each source."""
        return survey(self.sources("looking"), self._files.passed_over)

    @property
    def passed_over(self) -> Sequence[str]:
        """The names of files without data."""
        return tuple(self._files.passed_over)

    def sources(self, doing: str) -> Iterator[tuple[int, Sheet | Objects]]:
        """Every source with its place, from the start."""
        self._say(Progress(0, 0, self._progress.rows, doing))
        yield from enumerate(self._files.read(self._said_bytes))

    def _said_bytes(self, read: int, total: int) -> None:
        self._say(Progress(read, total, self._progress.rows, self._progress.doing))

    def said_rows(self, rows: int) -> None:
        """Report the number of rows imported so far."""
        now = self._progress
        self._say(Progress(now.done, now.total, rows, now.doing))

    def say(self, doing: str) -> None:
        """Report that the next phase has begun."""
        now = self._progress
        self._say(Progress(now.done, now.total, now.rows, doing))

    def _say(self, progress: Progress) -> None:
        if self._stop():
            raise Stopped
        self._progress = progress
        self._tell(progress)

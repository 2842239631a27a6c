"""The handler that reads from Keap: kind by kind, each page one transaction with the place to go on from."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from subtui.acts.keap import PullFromKeap
from subtui.domain.errors import Refused
from subtui.domain.outbox import SendState
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.keap_api.errors import CallStopped, Declined, KeyRefused, LimitReached, NotPermitted, NotThere
from subtui.services.keap import inactive, outbox, remarks
from subtui.services.keap.catching_up import note_begun_pauses
from subtui.services.keap.connection import HEARTBEAT, connected, line_to
from subtui.services.keap.gone import look_for_gone
from subtui.services.keap.kinds import MADE_OF, WRITERS, Writing, missing, read_by_ids
from subtui.services.keap.leftovers import try_again
from subtui.services.keap.page_import import Page
from subtui.services.keap.reading import Calls, NotAsAsked, Rows, by_ids, by_times, from_the_start, newest_first
from subtui.services.keap.walks import INACTIVE, LISTINGS, OVERLAP, SUBSCRIPTIONS, Listing
from subtui.services.registry import Job, runs
from subtui.services.subscription_queries import count_loose_ends
from subtui.services.unit_of_work import Transaction
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import KEAP_WALK
from subtui.storage.tables.keap import PULL
from subtui.views.imports import Counts
from subtui.views.keap import PullReport

_BEGINNING = datetime(2001, 1, 1, tzinfo=UTC)
"""Before the first row of any account."""

_NOT_GIVEN = (NotPermitted, NotThere, Declined)


class Stopped(Refused):
    """The user stopped the reading. What was read until then stays, and the next one goes on from there."""

    def __init__(self) -> None:
        super().__init__("Stopped. The next one goes on from here.")


@runs(PullFromKeap)
def pull(job: Job, act: PullFromKeap) -> PullReport:
    """Handle `PullFromKeap`."""
    found = connected(job)
    started = time.perf_counter()
    report = PullReport()
    before = _states(job)
    _claim(job)
    try:
        with line_to(found, act.open_calls, act.stop) as caller, Calls(caller) as calls:
            pulling = _Pulling(job, act, calls, Writing(found.rules), report)
            pulling.run()
    except (Stopped, CallStopped) as stop:
        report.stopped = str(stop)
    except LimitReached as limit:
        report.stopped = str(limit)
    finally:
        _release(job, whole=not report.stopped and bool(report.pages or not report.refused))
    after = _states(job)
    report.verified = after.get(SendState.VERIFIED, 0) - before.get(SendState.VERIFIED, 0)
    report.conflicts = after.get(SendState.CONFLICT, 0)
    with job.work.read() as session:
        found_out = remarks.counts(session)
        report.left_out, report.gone = found_out.get(remarks.LEFT_OUT, 0), found_out.get(remarks.GONE, 0)
        report.loose_ends = tuple(count_loose_ends(session, job.work.today))
    report.seconds = time.perf_counter() - started
    return report


def _states(job: Job) -> Mapping[SendState, int]:
    with job.work.read() as session:
        return outbox.counts(session)


class _Pulling:
    """One reading under way."""

    def __init__(self, job: Job, act: PullFromKeap, calls: Calls, writing: Writing, report: PullReport) -> None:
        self._job, self._act, self._calls, self._writing, self.report = job, act, calls, writing, report

    def run(self) -> None:
        """Read every kind. One that Keap does not give is passed over, with the reason."""
        for listing in LISTINGS:
            if listing is INACTIVE and inactive.are_listed(self._job):
                continue
            try:
                self._kind(listing)
            except KeyRefused:
                raise
            except _NOT_GIVEN as refusal:
                self.report.refused[listing.kind] = str(refusal)
                with self._job.work.untracked_write() as session:
                    keep_walk(session.connection(), listing.kind, walk="", refused=str(refusal))
        with self._job.transaction(Permission.SYNC_KEAP) as tx:
            note_begun_pauses(tx)
        try_again(self._job, self._writing)

    def _kind(self, listing: Listing) -> None:
        walk = self._walk(listing.kind)
        for pages, values, whole in self._ways(listing, walk):
            try:
                self._read(listing, pages, values, whole=whole)
                return
            except NotAsAsked as reason:
                self.report.notes.append(str(reason))
        raise AssertionError("the last way asks for nothing that could be ignored")

    def _walk(self, kind: str) -> Mapping[str, Any]:
        with self._job.work.read() as session:
            row = session.execute(select(KEAP_WALK).where(KEAP_WALK.c.kind == kind)).mappings().first()
        return dict(row) if row else {"walk": "", "after_id": "", "watermark": None, "whole_at": None, "began_at": None}

    def _ways(
        self, listing: Listing, walk: Mapping[str, Any]
    ) -> Iterator[tuple[Callable[[Calls], Iterator[Rows]], dict[str, Any], bool]]:
        """The ways to read a kind, the best first: each with what is stored of it at its beginning."""
        goes_on = walk["walk"] == "whole"
        whole_at, watermark = walk["whole_at"], walk["watermark"]
        if not (goes_on or self._is_whole_due(listing, whole_at)):
            begin = watermark - OVERLAP
            if listing.since:
                yield by_times(listing, begin), {"walk": "since"}, False
            elif listing.is_newest_first:
                yield newest_first(listing, begin), {"walk": "since"}, False
        if listing.is_by_time:
            begin = walk["watermark"] - OVERLAP if goes_on and walk["watermark"] else _BEGINNING
            yield by_times(listing, begin), {"walk": "whole"}, True
        elif listing.id_filter:
            after = walk["after_id"] if goes_on else ""
            began = {} if goes_on else {"began_at": None}
            yield by_ids(listing, after), {"walk": "whole", "after_id": after, **began}, True
        yield from_the_start(listing), {"walk": "list", "after_id": "", "began_at": None}, True

    def _is_whole_due(self, listing: Listing, whole_at: datetime | None) -> bool:
        is_short = not (listing.since or listing.is_newest_first)
        if self._act.whole or whole_at is None or is_short:
            return True
        return listing.whole_every is not None and self._job.work.clock.ticking() - whole_at > listing.whole_every

    def _read(
        self, listing: Listing, pages: Callable[[Calls], Iterator[Rows]], values: dict[str, Any], *, whole: bool
    ) -> None:
        """Read one kind, and keep where to go on from in the transaction of each page."""
        counts = self.report.counts.setdefault(listing.kind, Counts())
        began: datetime | None = None
        last = str(values.get("after_id", ""))
        self._tell(listing.kind)
        for page in self._calls.ahead(pages):
            self._tell(listing.kind)
            began = began or page.server_time
            place = dict(values)
            if place.get("began_at", "") is None or (whole and listing.is_by_time):
                place["began_at"] = began
            if page.after:
                place["after_id"] = page.after
            if page.until is not None:
                place["watermark"] = page.until
            extra, ids = self._others(listing, page.rows)
            gone = look_for_gone(self._job, self._calls, listing, last, page) if whole and page.after else []
            with self._job.transaction(Permission.SYNC_KEAP) as tx:
                if extra:
                    WRITERS[ids](tx, self._writing, extra)
                _count(counts, WRITERS[listing.kind](tx, self._writing, page.rows), listing.kind)
                for found in gone:
                    found(tx)
                keep_walk(tx.session.connection(), listing.kind, **place)
                _beat(tx, self._job.work.clock.ticking())
            last = page.after or last
            self.report.pages += 1
            self.report.rows += len(page.rows)
            self._tell(listing.kind)
        if whole and values.get("walk") == "whole":
            self._behind(listing, last)
        self._end(listing, values, began, counts, whole=whole)
        if listing is SUBSCRIPTIONS and whole:
            inactive.look_after_whole_walk(self._job)

    def _others(self, listing: Listing, rows: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Mapping[str, Any]], str]:
        """Rows of another kind that these name and that are not here yet."""
        with self._job.work.read() as session:
            kind, ids = missing(session.connection(), listing.kind, rows)
        return (self._calls.ask(lambda caller: read_by_ids(caller, kind, ids)) if ids else []), kind

    def _behind(self, listing: Listing, last: str) -> None:
        """Look for rows here behind the last one that Keap has."""
        gone = look_for_gone(self._job, self._calls, listing, last, None)
        if gone:
            with self._job.transaction(Permission.SYNC_KEAP) as tx:
                for found in gone:
                    found(tx)

    def _end(
        self, listing: Listing, values: Mapping[str, Any], began: datetime | None, counts: Counts, *, whole: bool
    ) -> None:
        stored = self._walk(listing.kind)
        now = self._job.work.now
        began = stored["began_at"] if whole and stored["began_at"] else began
        place: dict[str, Any] = {"walk": "", "after_id": "", "read_at": now, "refused": "", "began_at": None}
        place["counts"] = {name: getattr(counts, name) for name in ("new", "changed", "same", "kept", "refused")}
        if began is not None and not (listing.is_by_time and not whole and stored["watermark"]):
            place["watermark"] = max(began, stored["watermark"] or began)
        elif stored["watermark"] is None:
            place["watermark"] = now - timedelta(days=1)
        if whole:
            place["whole_at"] = began or now
        with self._job.work.untracked_write() as session:
            keep_walk(session.connection(), listing.kind, **place)

    def _tell(self, kind: str) -> None:
        if self._act.tell is not None:
            self._act.tell(Progress(0, 0, self.report.rows, kind))
        if self._act.stop():
            raise Stopped


def _count(counts: Counts, page: Page, kind: str) -> None:
    """Count the rows of the list itself: not the lines of an order, or the plans of a product."""
    counts.new += page.beside
    found = page.tally.by_kind.get(MADE_OF[kind]) if kind in MADE_OF else None
    for name in ("new", "changed", "same", "refused", "kept") if found else ():
        setattr(counts, name, getattr(counts, name) + getattr(found, name))


def keep_walk(connection: Any, kind: str, **values: Any) -> None:
    """Store how far a kind has been read."""
    defaults = {"walk": "", "after_id": "", "refused": "", "counts": {}}
    new = dialect_of(connection).insert(KEAP_WALK).values(kind=kind, **defaults | values)
    connection.execute(new.on_conflict_do_update(index_elements=("kind",), set_=values))


# --- one reading at a time --------------------------------------------------------------------------------------------


def _claim(job: Job) -> None:
    """Note that this program reads. Raises Refused while another one does."""
    now = job.work.clock.ticking()
    with job.work.untracked_write() as session:
        connection = session.connection()
        row = connection.execute(select(KEAP_WALK).where(KEAP_WALK.c.kind == PULL).with_for_update()).first()
        if row is not None and row.walk and row.watermark is not None and now - row.watermark < HEARTBEAT:
            raise Refused(f"{row.walk} is reading from Keap now. Wait until that is done.")
        keep_walk(connection, PULL, walk=job.person.name if job.person else "another program", watermark=now)


def _beat(tx: Transaction, now: datetime) -> None:
    tx.session.connection().execute(update(KEAP_WALK).where(KEAP_WALK.c.kind == PULL).values(watermark=now))


def _release(job: Job, *, whole: bool) -> None:
    read_at = {"read_at": job.work.now} if whole else {}
    with job.work.untracked_write() as session:
        keep_walk(session.connection(), PULL, walk="", **read_at)

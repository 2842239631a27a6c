"""The context that the writers of an import share: the connection, the account's settings, and the report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, Protocol

from sqlalchemy import Connection

from subtui.domain.reasons import Reason
from subtui.keap.imports.upsert import NaturalIds, Outcome, Row, Seen
from subtui.keap.records import Record, shown
from subtui.storage.dialects.base import SearchIndex
from subtui.views.imports import Kind, LeftOut, Tally

Change = Callable[[Kind, Outcome], None]


class Merge(Protocol):
    """Decides what is taken of a subscription that Keap has answered with and that is known here."""

    def settle(self, before: Mapping[str, Any], row: Row) -> None:
        """Take the columns out of the row's values that are not to be written. `before` are the stored columns."""

    def is_pending(self, keap_id: str) -> bool:
        """Whether a change made here is still to reach Keap."""


@dataclass(slots=True)
class ImportContext:
    """One import: its connection, its options, and the outcomes to report."""

    connection: Connection
    index: SearchIndex
    today: date
    currency: str
    reasons: Sequence[Reason]
    owners: dict[str, int]  # folded name or e-mail of a user, and their id
    report: Callable[[LeftOut], None]
    changed: Change
    overwrite: bool = False
    merge: Merge | None = None
    tally: Tally = field(default_factory=Tally)
    natural: NaturalIds = field(default_factory=NaturalIds)
    notes: list[str] = field(default_factory=list)
    file: str = ""
    _seen: dict[Kind, Seen] = field(default_factory=dict)
    _left_out: list[LeftOut] = field(default_factory=list)

    def begin_file(self, name: str) -> None:
        """Begin the next file. An id must be unique within a file, not among files."""
        self.file = name
        self._seen = {}
        self.natural = NaturalIds()

    def is_twice(self, record: Record, keap_id: str, column: str = "Id", value: str = "") -> bool:
        """Whether this file has named the id before; if so, refuse the row by the id or by another value."""
        if record.derived or self._seen.setdefault(record.kind, Seen()).add(keap_id):
            return False
        self.refuse(record, column, value or keap_id, "appears twice in this file; the first one was imported")
        return True

    def refuse(self, record: Record, column: str, value: object, reason: str) -> None:
        """Report a row that is not imported."""
        if not record.derived:
            self.tally.of(record.kind).refused += 1
            self.leave_out(LeftOut(self.file, record.line, column, shown(value), reason))

    def remark(self, record: Record, column: str, value: object, reason: str) -> None:
        """Report a doubtful value of a row that is imported."""
        if not record.derived:
            self.leave_out(LeftOut(self.file, record.line, column, shown(value), reason, refused=False))

    def leave_out(self, row: LeftOut) -> None:
        """Collect a row or value to be reported."""
        self._left_out.append(row)

    def report_what_was_left_out(self) -> None:
        """Report them in the order of the file: some rows are refused when read, some when written."""
        for row in sorted(self._left_out, key=attrgetter("line")):
            self.report(row)
        self._left_out.clear()

    def note(self, sentence: str) -> None:
        """Add a note to the report once, however many rows it concerns."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Add outcomes to the tally, and report the changed rows to the log."""
        for outcome in outcomes:
            record: Record = outcome.row.source
            if record.derived:
                continue
            counts = self.tally.of(record.kind)
            if outcome.kind == "new":
                counts.new += 1
                continue
            setattr(counts, outcome.kind, getattr(counts, outcome.kind) + 1)
            if outcome.kind == "changed":
                self.changed(record.kind, outcome)
            elif outcome.kind == "kept":
                self.remark(record, "Id", outcome.row.keap_id, "was edited here; the edited version was kept")


def columns_present(record: Record, names: Sequence[str], blank: Any = "") -> dict[str, Any]:
    """The fields of a record that the file has a column for; empty ones as `blank`."""
    return {name: record.fields.get(name, blank) for name in names if name in record.present}


def row_of(record: Record, keap_id: str, values: dict[str, Any], **defaults: Any) -> Row:
    """The row to be written for a record."""
    return Row(keap_id, values, defaults, source=record, derived=record.derived, headers=record.headers)

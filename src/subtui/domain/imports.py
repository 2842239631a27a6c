"""What an import can bring in, what it did, and what it left out and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subtui.domain.keap.cells import guarded
from subtui.domain.keap.order import DateOrder
from subtui.domain.subscriptions import DataIssue


class Kind(StrEnum):
    """What a file, or an object in it, describes. In the order in which they have to be written."""

    TAG = "tag"
    PRODUCT = "product"
    PLAN = "plan"
    CONTACT = "contact"
    CONTACT_TAG = "contact_tag"
    CARD = "card"
    NOTE = "note"
    AUTOMATION = "automation"
    SUBSCRIPTION = "subscription"
    ORDER = "order"
    INVOICE = "invoice"
    ORDER_ITEM = "order_item"
    PAYMENT = "payment"


KIND_WORDS = {
    Kind.TAG: "tags",
    Kind.PRODUCT: "products",
    Kind.PLAN: "subscription plans",
    Kind.CONTACT: "contacts",
    Kind.CONTACT_TAG: "tags on contacts",
    Kind.CARD: "credit cards",
    Kind.NOTE: "notes",
    Kind.AUTOMATION: "automations",
    Kind.SUBSCRIPTION: "subscriptions",
    Kind.ORDER: "orders",
    Kind.INVOICE: "invoices",
    Kind.ORDER_ITEM: "order items",
    Kind.PAYMENT: "payments",
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read what files leave open, and what to do with rows that cannot be taken.

    `date_order` None: found out from the dates, refused when they do not tell. `overwrite`: also take what the file
    says of subscriptions that were changed here since they were imported. `encoding`: that of files which do not say
    themselves that they are UTF-8 or UTF-16; None: found out, refused when the letters do not tell.
    """

    date_order: DateOrder | None = None
    strict: bool = False
    dry_run: bool = False
    overwrite: bool = False
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row, or a value of one, that was not taken as it stands. `refused`: the whole row was not."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    refused: bool = True


LEFT_OUT_HEAD = ("File", "Line", "Column", "Value", "Reason", "Refused")
"""The columns of a file of left-out rows."""


def left_out_cells(row: LeftOut) -> tuple[str | int, ...]:
    """A left-out row as cells of such a file; what a spreadsheet would run is made harmless."""
    column, value, reason = (guarded(text) for text in (row.column, row.value, row.reason))
    return guarded(row.file), row.line, column, value, reason, "yes" if row.refused else "no"


@dataclass(slots=True)
class Counts:
    """What became of the rows of one kind."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    kept: int = 0  # left as they are here, because they were changed here

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.same + self.refused + self.kept


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file as it was understood."""

    name: str
    kinds: tuple[Kind, ...]
    date_order: DateOrder | None
    dropped: tuple[str, ...] = ()  # columns that are never stored: passwords, card numbers
    kept: tuple[str, ...] = ()  # columns that are kept as they are
    encoding: str = "UTF-8"
    example: str = ""  # how a word reads, where the encoding was found out from the letters alone


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do. `left_out` holds the first of `left_out_total` rows.

    `loose_ends` counts what is left wrong in the whole database now, `loose_before` what was before. `unknown` counts
    the rows that were refused because it could not even be told what they are.
    """

    files: tuple[FileRead, ...]
    counts: Mapping[Kind, Counts]
    left_out: tuple[LeftOut, ...] = ()
    left_out_total: int = 0
    notes: tuple[str, ...] = ()
    loose_ends: tuple[tuple[DataIssue, int], ...] = ()
    loose_before: int = 0
    refunds_owing: int = 0
    unknown: int = 0
    dry_run: bool = False
    written: bool = False
    log_hash: str = ""
    seconds: float = 0.0
    passed_over: tuple[str, ...] = ()  # members of archives and files that are no data

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return sum(counts.refused for counts in self.counts.values()) + self.unknown


def columns_left_out(report: ImportReport) -> Iterator[LeftOut]:
    """The columns of which no field was made, as rows of a file of what was left out."""
    for source in report.files:
        for name in source.kept:
            yield LeftOut(source.name, 1, name, "", "is not a known column; its values are kept unchanged", False)
        for name in source.dropped:
            yield LeftOut(source.name, 1, name, "", "is never stored", refused=False)


@dataclass(slots=True)
class Tally:
    """The counts of an import while it runs."""

    by_kind: dict[Kind, Counts] = field(default_factory=dict)
    unknown: int = 0

    def of(self, kind: Kind) -> Counts:
        """The counts of a kind."""
        found = self.by_kind.get(kind)
        if found is None:
            found = self.by_kind[kind] = Counts()
        return found

"""The options and reports of imports: the kinds of rows, the counts, and the rows left out with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subtui.domain.cells import guarded
from subtui.domain.date_order import DateOrder
from subtui.domain.subscriptions import DataIssue


class Kind(StrEnum):
    """The kinds of rows in a file, in the order in which they must be written."""

    TAG = "tag"
    PRODUCT = "product"
    PLAN = "plan"
    CONTACT = "contact"
    CONTACT_TAG = "contact_tag"
    CARD = "card"
    AUTOMATION = "automation"
    SUBSCRIPTION = "subscription"
    ORDER = "order"
    NOTE = "note"
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
    Kind.AUTOMATION: "automations",
    Kind.SUBSCRIPTION: "subscriptions",
    Kind.ORDER: "orders",
    Kind.NOTE: "notes",
    Kind.INVOICE: "invoices",
    Kind.ORDER_ITEM: "order items",
    Kind.PAYMENT: "payments",
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an import: how to read ambiguous values, and what to do with rows that cannot be imported.

    `date_order` None: found out from the dates, refused when they are ambiguous. `overwrite`: also change
    subscriptions that were changed here since they were imported, and fields of contacts that were corrected here.
    `encoding`: that of files not marked as UTF-8 or UTF-16; None: found out, refused when the letters are ambiguous.
    `sheet`: the name of the sheet to read of a workbook; None: the first that is neither hidden nor empty.
    """

    date_order: DateOrder | None = None
    strict: bool = False
    dry_run: bool = False
    overwrite: bool = False
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row, or a value of one, that was not imported unchanged. `refused`: the whole row was left out."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    refused: bool = True


LEFT_OUT_HEAD = ("File", "Line", "Column", "Value", "Reason", "Refused")
"""The columns of a file of left-out rows."""


def left_out_cells(row: LeftOut) -> tuple[str | int, ...]:
    """A left-out row as cells of such a file, guarded against formulas."""
    column, value, reason = (guarded(text) for text in (row.column, row.value, row.reason))
    return guarded(row.file), row.line, column, value, reason, "yes" if row.refused else "no"


@dataclass(slots=True)
class Counts:
    """The counts of the rows of one kind, by outcome."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    kept: int = 0  # not updated, because they were changed here

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.same + self.refused + self.kept


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file as the import recognized it."""

    name: str
    kinds: tuple[Kind, ...]
    date_order: DateOrder | None
    dropped: tuple[str, ...] = ()  # columns that are never stored: passwords, card numbers
    kept: tuple[str, ...] = ()  # columns stored unchanged as extra values
    encoding: str = "UTF-8"
    example: str = ""  # a decoded word, where the encoding was found out from the letters alone


@dataclass(slots=True)
class ImportReport:
    """The report of an import, or with `dry_run` of a trial. `left_out` holds the first of `left_out_total` rows.

    `loose_ends` counts the data issues of the whole database after the import, `loose_before` before it. `unknown`
    counts the refused rows whose kind was not recognized.
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
        """The number of rows left out."""
        return sum(counts.refused for counts in self.counts.values()) + self.unknown


def columns_left_out(report: ImportReport) -> Iterator[LeftOut]:
    """The columns that were not imported into a field, as rows of the file of left-out rows."""
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

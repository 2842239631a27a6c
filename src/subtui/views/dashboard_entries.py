"""The dashboard's lists and, as text, the whole of it. The first frame needs the columns: imports are few here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from subtui.views.entries import Cell, Column, Entry, Heading, ListColumn, Table, Term, day_column, number_column, table
from subtui.views.format import Format

if TYPE_CHECKING:
    from subtui.views.customers import ContactRow, EndingSoon, Overview, Totals

CONTACT_COLUMNS: "tuple[ListColumn[ContactRow], ...]" = (
    number_column("Id", 6, lambda row: row.id, drop=5),
    ListColumn("Name", 16, share=3, most=34, text=lambda row, _: row.name),
    ListColumn("Company", 14, share=2, most=30, drop=2, text=lambda row, _: row.company or "-"),
    ListColumn("E-mail", 22, share=3, most=40, drop=1, text=lambda row, _: row.email or "-"),
    number_column("Active", 6, lambda row: row.active, drop=4, empty="-"),
    day_column("Last order", lambda row: row.last_order, drop=3, empty="-"),
)

ENDING_ID: "ListColumn[EndingSoon]" = number_column("Id", 6, lambda row: row.subscription_id)
ENDING_COLUMNS: "tuple[ListColumn[EndingSoon], ...]" = (
    day_column("End Date", lambda row: row.end_date),
    ListColumn("Plan", 9, share=2, most=26, text=lambda row, _: row.plan),
    ListColumn("Contact", 8, share=2, most=26, text=lambda row, _: row.contact),
)
NOTHING_ENDING, NO_LOOSE_ENDS = "Nothing ending soon", "No loose ends"


ANSWERS, REFUNDS, BATCHES, KEAP_CHANGES, KEAP_DATA = range(5)
"""The rows of what is pending, in their order."""


def pending_rows(view: "Overview") -> tuple[tuple[Cell, Cell], ...]:
    """Answers due, open refunds, batches to approve, and of Keap the changes that need a person, and its data's age.

    The second cell is empty where there is nothing.
    """
    due, refunds, batches, keap = view.answers_due, view.refunds_to_finish, view.batches_waiting, view.keap
    rows = (
        (Cell("Answers due"), Cell(due.words, "warn" if due.overdue or due.today else "")),
        (Cell("Open refunds"), Cell(f"{refunds:,}" if refunds else "", "warn")),
        (Cell("Batches"), Cell(f"{batches:,} to approve" if batches else "", "warn")),
    )
    if keap is None:
        return rows
    from subtui.views.keap import age_words  # noqa: PLC0415  (not needed for the first frame)

    count = keap.for_a_person
    return (
        *rows,
        (Cell("Keap changes"), Cell(f"{count:,} need{'s' if count == 1 else ''} you" if count else "", "warn")),
        (Cell("Keap data"), Cell(age_words(keap.read_at, keap.seen_at))),
    )


def loose_rows(view: "Overview") -> tuple[tuple[Cell, Cell], ...]:
    """The data issues with their counts, and last the orders with a balance left by a refund."""
    from subtui.domain.subscriptions import DATA_ISSUE_LABELS  # noqa: PLC0415  (not needed for the first frame)

    counts = [(count, DATA_ISSUE_LABELS[issue]) for issue, count in view.loose_ends]
    if view.refunds_owing:
        counts.append((view.refunds_owing, "balance left by a refund"))
    return tuple((Cell(f"{count:,}", "warn"), Cell(words)) for count, words in counts)


def loose_columns(rows: Iterable[tuple[Cell, Cell]] = ()) -> tuple[Column, Column]:
    """The columns of the data issues, as wide as the largest count."""
    widest = max((len(count.text) for count, _ in rows), default=0)
    return Column("How many", max(widest, 3), right=True), Column("What", 14, share=2, most=44)


def dashboard_entries(view: "Overview", totals: "Totals", fmt: Format) -> Iterable[Entry]:
    """The dashboard below its search field."""
    yield Term("Contacts", f"{totals.contacts:,}")
    yield Term("Active subscriptions", f"{totals.subscriptions_active:,}")
    yield from (Term(label.text, text.text, text.tone) for label, text in pending_rows(view))
    yield Heading("Ending soon")
    yield table((ENDING_ID, *ENDING_COLUMNS), view.ending_soon, fmt, empty=NOTHING_ENDING)
    yield Heading("Loose ends")
    rows = loose_rows(view)
    yield Table(loose_columns(rows), rows, empty=NO_LOOSE_ENDS)
    yield Heading("Recently opened")
    yield table(CONTACT_COLUMNS, view.recent, fmt, empty="none yet")

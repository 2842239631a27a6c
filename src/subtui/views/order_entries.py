"""An order, its ledger and the pending refunds, as entries and as columns of lists."""

from collections.abc import Iterable, Sequence

from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.refunds import REFUND_KIND_WORDS, PaymentState
from subtui.views.entries import (
    BLANK,
    Amount,
    Entry,
    Heading,
    ListColumn,
    Paragraph,
    Term,
    amount_column,
    amounts,
    day_column,
    table,
)
from subtui.views.format import Format
from subtui.views.keap_standing import standing_facts
from subtui.views.note_entries import note_section
from subtui.views.orders import ItemRow, LedgerRow, OrderRecord, PendingRefund, WaitingRefund
from subtui.views.refund_preview import owed_words

ITEM_ID: ListColumn[ItemRow] = ListColumn("Id", 6, right=True, text=lambda item, _: str(item.id))
ITEM_COLUMNS: tuple[ListColumn[ItemRow], ...] = (
    ListColumn("Line", 16, share=3, most=50, text=lambda item, _: item.name),
    ListColumn("QTY", 3, right=True, text=lambda item, _: str(item.quantity)),
    amount_column("Price", lambda item: item.price, drop=1),
    amount_column("Amount", lambda item: item.amount),
    ListColumn(
        "Left",
        13,
        right=True,
        text=lambda item, _: item.left.format(),
        tone=lambda item, _: "warn" if item.left < item.amount else "",
    ),
)


def _row_words(row: LedgerRow, _fmt: Format) -> str:
    """The kind of a row, below its payment if it returns one; a payment is named by its method."""
    indent = "  " * (min(row.depth, 2) - 1) + "└ " if row.depth else ""
    return indent + (row.method if row.kind is RowKind.CHARGE and row.method else ROW_WORDS[row.kind])


def _counts(row: LedgerRow) -> bool:
    return row.state is PaymentState.APPROVED


LEDGER_ID: ListColumn[LedgerRow] = ListColumn("Id", 6, right=True, text=lambda row, _: str(row.id))
LEDGER_COLUMNS: tuple[ListColumn[LedgerRow], ...] = (
    day_column("Date", lambda row: row.paid_on),
    ListColumn("What", 18, share=2, most=40, text=_row_words),
    ListColumn(
        "Amount",
        13,
        right=True,
        text=lambda row, _: row.amount.format(),
        tone=lambda row, _: "" if _counts(row) else "muted",
    ),
    ListColumn(
        "Left to refund",
        14,
        right=True,
        text=lambda row, _: row.left.format() if row.left is not None else "",
        tone=lambda row, _: "" if row.left and row.left.minor else "muted",
    ),
    ListColumn(
        "State", 8, drop=2, text=lambda row, _: row.state.value, tone=lambda row, _: "" if _counts(row) else "warn"
    ),
    ListColumn(
        "Reference", 12, share=1, most=20, drop=1, text=lambda row, _: row.reference or "-", tone=lambda *_: "muted"
    ),
)
LEDGER_NOTE: ListColumn[LedgerRow] = ListColumn("Note", 20, text=lambda row, _: ledger_note(row))

PENDING_COLUMNS: tuple[ListColumn[PendingRefund], ...] = (
    day_column("Since", lambda entry: entry.since),
    ListColumn("Contact", 14, share=2, most=34, text=lambda entry, _: entry.contact),
    ListColumn("Amount", 13, right=True, text=lambda entry, _: entry.amount.format() if entry.amount else "-"),
    ListColumn("Next step", 20, share=3, most=60, text=lambda entry, _: entry.words),
)
PENDING_ROUTE: ListColumn[PendingRefund] = ListColumn("Where", 20, text=lambda entry, _: entry.route)


def ledger_note(row: LedgerRow, dropped: Sequence[str] = ()) -> str:
    """What a ledger row says besides its columns, and those of its columns that were dropped."""
    named = row.kind is RowKind.CHARGE or row.method in ROW_WORDS.values()
    parts = (
        "" if named else row.method,
        row.reason,
        row.note,
        f"recorded by {row.recorded_by}" if row.recorded_by else "",
        f"reference {row.reference}" if "Reference" in dropped and row.reference else "",
        row.state.value if "State" in dropped and not _counts(row) else "",
    )
    return " · ".join(part for part in parts if part)


def order_origin(record: OrderRecord, fmt: Format) -> str:
    """`ordered 5 Dec 2025 · from Box, monthly, 1097`."""
    origin = f" · from {record.subscription}" if record.subscription else ""
    return f"ordered {fmt.day(record.ordered_on)}{origin}"


def waiting_entries(waiting: Sequence[WaitingRefund], fmt: Format, *, with_order: bool = False) -> Iterable[Entry]:
    """The refunds that await approval; `with_order` names the order and the contact of each."""
    if not waiting:
        return
    yield Heading("Awaiting approval")
    for at, row in enumerate(waiting):
        if at:
            yield BLANK
        yield Term(f"Refund {row.id}", f"{row.amount.format()}, {REFUND_KIND_WORDS[row.kind].lower()}", "alert")
        if with_order:
            yield Term("Order", f"{row.order_id}, {row.contact}")
        yield Term("Requested by", f"{row.requested_by}, {fmt.instant(row.requested_at)}")
        yield Term("Reason", f"{row.reason}{': ' + row.note if row.note else ''}")
        yield Term("Approval", row.why_not_approve)


def balance_entries(record: OrderRecord) -> Iterable[Amount | Heading]:
    """The sums of an order: what was paid and credited is subtracted."""
    yield Heading("Balance")
    sums = (
        ("Total", record.total),
        ("Paid", -record.paid),
        ("Refunded", record.refunded),
        ("Credited", -record.credited),
        ("Owed", record.owed),
    )
    yield from amounts(sums, strong="Owed")


def order_entries(record: OrderRecord, fmt: Format) -> Iterable[Entry]:
    """An order: the refunds that await approval, the ledger, the lines and the sums."""
    yield Paragraph(f"{record.title}  (order {record.id})", "strong")
    yield Paragraph(f"{record.contact}  (contact {record.contact_id})")
    yield Paragraph(f"{owed_words(record.owed)} · {order_origin(record, fmt)}")
    yield from standing_facts(record.keap)
    yield from waiting_entries(record.waiting, fmt)
    yield Heading("Payments")
    yield table((LEDGER_ID, *LEDGER_COLUMNS, LEDGER_NOTE), record.rows, fmt, empty="no payments yet")
    yield Heading("Lines")
    yield table((ITEM_ID, *ITEM_COLUMNS), record.items, fmt, empty="no lines")
    yield from balance_entries(record)
    yield from note_section(record.notes, fmt)


def pending_entries(rows: Sequence[PendingRefund], waiting: Sequence[WaitingRefund], fmt: Format) -> Iterable[Entry]:
    """The pending refunds, the oldest first, and those that await approval."""
    yield table((*PENDING_COLUMNS, PENDING_ROUTE), rows, fmt, empty="No open refunds")
    yield from waiting_entries(waiting, fmt, with_order=True)

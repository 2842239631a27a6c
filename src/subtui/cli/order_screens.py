"""Orders as text: one order with its ledger, and the pending refunds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subtui.acts.contacts import GetOverview
from subtui.acts.orders import ListPendingRefunds, ListWaitingRefunds
from subtui.cli.layout import parts, section, yes
from subtui.cli.output import cell, pairs, table
from subtui.domain.ledger import ROW_WORDS
from subtui.domain.plain_text import sanitize
from subtui.domain.refunds import REFUND_KIND_WORDS, PaymentState
from subtui.views.orders import ItemRow, LedgerRow, OrderRecord, PendingRefund, WaitingRefund
from subtui.views.refund_preview import owed_words

if TYPE_CHECKING:
    from subtui.cli.context import CliContext
    from subtui.services.backend import Backend

LONGEST_ABOUT = 2000
"""The longest text of a table's last column, which may be a note."""


# --- an order ---------------------------------------------------------------------------------------------------------


def order(view: OrderRecord, context: "CliContext") -> str:
    """The text of an order with its lines, its ledger, its sums, and the refunds that await approval."""
    return parts(
        f"{sanitize(view.title)}  (order {view.id})",
        pairs(_headline(view, context)),
        section("Lines", _item_table(view.items)),
        section("Payments", _money_table(view.rows, context)),
        section("Sums", _sums(view)),
        section("Awaiting approval", _waiting_table(view.waiting, context, who=False)) if view.waiting else "",
    )


def _headline(view: OrderRecord, context: "CliContext") -> tuple[tuple[str, str], ...]:
    number = view.id
    correctable = ", or ".join(f"--row {row.id}" for row in view.rows if not row.why_not_correct)
    return (
        ("Contact", f"{view.contact}  (contact {view.contact_id})"),
        ("Date", context.day(view.ordered_on)),
        ("Subscription", view.subscription),
        ("Balance", owed_words(view.owed)),
        ("Refund", view.why_not_refund or f"possible: subtui refund {number} --reason CODE"),
        ("Reverse", f"possible today: subtui order correct {number} {correctable}" if correctable else ""),
        ("Letter", f"/letters/{view.letter_id}" if view.letter_id else ""),
        ("Version", str(view.version)),
    )


def _item_table(items: tuple[ItemRow, ...]) -> str:
    if not items:
        return "none"
    lines = [
        (str(item.id), item.name, str(item.quantity), item.price.format(), item.amount.format(), item.left.format())
        for item in items
    ]
    headers = ("Id", "Line", "QTY", "Price", "Amount", "Left")
    return table(headers, lines, right=("Id", "QTY", "Price", "Amount", "Left"))


def _money_table(rows: tuple[LedgerRow, ...], context: "CliContext") -> str:
    """The ledger rows, each indented below its payment."""
    if not rows:
        return "no payments yet"
    lines = [
        (
            str(row.id),
            context.day(row.paid_on),
            "  " * row.depth + ROW_WORDS[row.kind],
            row.amount.format(),
            row.left.format() if row.left is not None else "",
            _about(row),
        )
        for row in rows
    ]
    headers = ("Id", "Date", "What", "Amount", "Left to refund", "About")
    return table(headers, lines, right=("Id", "Amount", "Left to refund"), longest=LONGEST_ABOUT)


def _about(row: LedgerRow) -> str:
    said = (
        "" if row.state is PaymentState.APPROVED else row.state.value,
        "" if row.method in ROW_WORDS.values() else row.method,
        row.reason,
        row.note,
        f"reference {row.reference}" if row.reference else "",
        f"by {row.recorded_by}" if row.recorded_by else "",
    )
    return " · ".join(part for part in said if part)


def _sums(view: OrderRecord) -> str:
    sums = (
        ("Total", view.total),
        ("Paid", view.paid),
        ("Refunded", view.refunded),
        ("Credited", view.credited),
        ("Owed", view.owed),
    )
    room = max(len(amount.format()) for _, amount in sums)
    return pairs([(label, amount.format().rjust(room)) for label, amount in sums])


def _waiting_table(rows: tuple[WaitingRefund, ...], context: "CliContext", *, who: bool) -> str:
    """The refunds that await approval; `who` adds the order and the contact of each."""
    headers = ["Id", "Amount", "How", "Requested by", "Requested", "Can approve", "Reason"]
    lines = [
        [
            str(row.id),
            row.amount.format(),
            REFUND_KIND_WORDS[row.kind],
            cell(row.requested_by),
            context.instant(row.requested_at),
            yes(not row.why_not_approve),
            " · ".join(part for part in (row.reason, row.note) if part),
        ]
        for row in rows
    ]
    if who:
        headers[1:1] = ["Order", "Contact"]
        for line, row in zip(lines, rows, strict=True):
            line[1:1] = [str(row.order_id), cell(row.contact)]
    decide = "To decide: subtui refunds approve ID, or subtui refunds decline ID --note WHY"
    return f"{table(headers, lines, right=('Id', 'Order', 'Amount'), longest=LONGEST_ABOUT)}\n{decide}"


# --- pending refunds --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RefundList:
    """The pending refunds, the oldest first, their total number, and those that await approval by id."""

    rows: tuple[PendingRefund, ...]
    total: int
    waiting: tuple[WaitingRefund, ...]


def refund_list(backend: "Backend") -> RefundList:
    """Read the pending refunds from the backend."""

    rows = backend.read(ListPendingRefunds())
    waiting = backend.read(ListWaitingRefunds())
    return RefundList(rows, backend.read(GetOverview()).refunds_to_finish, waiting)


def refunds(view: RefundList, context: "CliContext") -> str:
    """The text of the pending refunds."""
    return parts(
        f"Open refunds: {len(view.rows)} of {view.total}",
        _to_do_table(view.rows, context),
        section("Awaiting approval", _waiting_table(view.waiting, context, who=True)) if view.waiting else "",
    )


def _to_do_table(rows: tuple[PendingRefund, ...], context: "CliContext") -> str:
    if not rows:
        return "none"
    lines = [
        (context.day(row.since), row.contact, row.amount.format() if row.amount else "-", row.words, row.route)
        for row in rows
    ]
    return table(("Since", "Contact", "Amount", "Next step", "Where"), lines, right=("Amount",))

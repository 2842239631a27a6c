"""Makes table rows of orders, subscriptions, tickets and log entries."""

from collections.abc import Callable
from datetime import date

from subtui.app.widgets.columns import Column
from subtui.app.widgets.record_table import Cell, Row
from subtui.domain.account import AccountInvoice
from subtui.domain.billing import cycle_words
from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.refunds import PaymentState
from subtui.domain.requests import KIND_WORDS, Standing, due_words
from subtui.domain.subscriptions import DataIssue, Status
from subtui.views.account import RequestRow
from subtui.views.customers import EventView, OrderRow, SubscriptionRow
from subtui.views.orders import ItemRow, LedgerRow, PendingRefund

Day = Callable[[date | None], str]

# The columns of Keap's list, by their exact names, and the end date that its list lacks.
SUBSCRIPTION_COLUMNS = (
    Column("View", 12, share=3, most=34),
    Column("QTY", 3, right=True, drop=3),
    Column("Start Date", 11, right=True, drop=4),
    Column("Bill Amt", 11, right=True),
    Column("Auto$", 5),
    Column("Status", 8),
    Column("Cycle", 9, share=1, most=15, drop=2),
    Column("Next Bill", 11, right=True, drop=1),
    Column("Credits", 7, right=True, drop=5),
    Column("End Date", 11, right=True),
)
CONTACT_OF_SUBSCRIPTION = Column("Contact", 14, share=3, most=34)

ORDER_COLUMNS = (
    Column("Order", 6, right=True),
    Column("Date", 11, right=True),
    Column("Title", 14, share=3, most=40),
    Column("Total", 13, right=True),
    Column("State", 14, share=2, most=40),
)

EVENT_COLUMNS = (
    Column("When", 17),
    Column("Who", 12, share=1, most=24),
    Column("What", 20, share=2, most=40),
    Column("About", 16, share=2, most=40, drop=2),
    Column("Reason", 14, share=1, most=24, drop=1),
)

REQUEST_COLUMNS = (
    Column("Ticket", 7),
    Column("Type", 12, drop=2),
    Column("Subject", 16, share=3, most=56),
    Column("From", 12, share=1, most=24, drop=1),
    Column("Requested", 11, right=True, drop=3),
    Column("Answer due", 17, share=1, most=20),
)
INVOICE_COLUMNS = (
    Column("Invoice", 10, share=1, most=16),
    Column("Date", 11, right=True),
    Column("Amount", 13, right=True),
    Column("State", 17, share=1, most=30),
)

ITEM_COLUMNS = (
    Column("Line", 16, share=3, most=50),
    Column("QTY", 3, right=True),
    Column("Price", 13, right=True, drop=1),
    Column("Amount", 13, right=True),
    Column("Left", 13, right=True),
)
MONEY_COLUMNS = (
    Column("Date", 11, right=True),
    Column("What", 18, share=2, most=40),
    Column("Amount", 13, right=True),
    Column("Left to refund", 14, right=True),
    Column("State", 8, drop=2),
    Column("Reference", 12, share=1, most=20, drop=1),
)

TO_DO_COLUMNS = (
    Column("Since", 11, right=True),
    Column("Contact", 14, share=2, most=34),
    Column("Amount", 13, right=True),
    Column("Next step", 20, share=3, most=60),
)


def to_do_row(at: int, entry: PendingRefund, day: Day) -> Row:
    """A row of a pending refund."""
    amount = entry.amount.format() if entry.amount else "-"
    return Row(at, (Cell(day(entry.since)), Cell(entry.contact), Cell(amount), Cell(entry.words)))


def item_row(item: ItemRow) -> Row:
    """A row of the lines of an order."""
    back = item.left < item.amount
    return Row(
        item.id,
        (
            Cell(item.name),
            Cell(str(item.quantity)),
            Cell(item.price.format()),
            Cell(item.amount.format()),
            Cell(item.left.format(), "warn" if back else ""),
        ),
    )


def money_row(row: LedgerRow, day: Day) -> Row:
    """A row of an order's ledger; the rows that return a payment are below it."""
    indent = "  " * (min(row.depth, 2) - 1) + "└ " if row.depth else ""
    words = ROW_WORDS[row.kind]
    if row.kind is RowKind.CHARGE and row.method:
        words = row.method
    counts = row.state is PaymentState.APPROVED
    return Row(
        row.id,
        (
            Cell(day(row.paid_on)),
            Cell(f"{indent}{words}"),
            Cell(row.amount.format(), "" if counts else "muted"),
            Cell(row.left.format() if row.left is not None else "", "" if row.left and row.left.minor else "muted"),
            Cell(row.state.value, "" if counts else "warn"),
            Cell(row.reference or "-", "muted"),
        ),
    )


def request_row(request: RequestRow, today: date, day: Day) -> Row:
    """A row of the queue of tickets."""
    is_open = request.standing is Standing.OPEN
    due = due_words(request.answer_due, today=today, day=day) if is_open else request.standing.value
    tone = ("warn" if request.overdue or due == "today" else "") if is_open else "muted"
    return Row(
        request.id,
        (
            Cell(request.ticket),
            Cell(KIND_WORDS[request.kind]),
            Cell(request.subject),
            Cell(request.requested_by),
            Cell(day(request.requested_on)),
            Cell(due, tone),
        ),
    )


def invoice_row(invoice: AccountInvoice, day: Day) -> Row:
    """A row of the invoices to the account itself."""
    paid = invoice.paid_on
    state = Cell(f"paid {day(paid)}", "muted") if paid else Cell("open", "warn")
    return Row(invoice.id, (Cell(invoice.number), Cell(day(invoice.issued_on)), Cell(invoice.amount.format()), state))


def _end_date(row: SubscriptionRow, day: Day) -> Cell:
    if row.end_date is None and DataIssue.NO_END_DATE in row.loose:
        return Cell("missing", "warn")
    return Cell(day(row.end_date), "warn" if DataIssue.PAST_END_DATE in row.loose else "")


def subscription_cells(row: SubscriptionRow, day: Day) -> tuple[Cell, ...]:
    """The cells of Keap's columns, then the end date."""
    odd = row.status is Status.INACTIVE and row.auto_charge
    return (
        Cell(row.plan),
        Cell(str(row.quantity)),
        Cell(day(row.start_date)),
        Cell(row.bill_amount.format()),
        Cell("Yes" if row.auto_charge else "No", "warn" if odd else ""),
        Cell(row.status.value, "good" if row.status is Status.ACTIVE else "muted"),
        Cell(cycle_words(row.cycle, row.frequency)),
        Cell(day(row.next_bill_date)),
        Cell(str(row.credits) if row.credits else "-"),
        _end_date(row, day),
    )


def subscription_row(row: SubscriptionRow, day: Day, *, with_contact: bool = False) -> Row:
    """A row of a list of subscriptions; in the list of all contacts, with the contact first."""
    cells = subscription_cells(row, day)
    return Row(row.id, (Cell(row.contact), *cells) if with_contact else cells)


def order_row(order: OrderRow, day: Day) -> Row:
    """A row of orders or recurring charges."""
    tone = "warn" if order.due.minor > 0 else ("muted" if order.refunded.minor else "")
    return Row(
        order.id,
        (
            Cell(str(order.id)),
            Cell(day(order.ordered_on)),
            Cell(order.title),
            Cell(order.total.format()),
            Cell(order.state, tone),
        ),
    )


def event_row(event: EventView, when: str, reason: str) -> Row:
    """A row of the log."""
    title = f"{event.title} (undone)" if event.undone else event.title
    return Row(
        event.id,
        (
            Cell(when),
            Cell(event.actor),
            Cell(title, "muted" if event.undone else ""),
            Cell(event.subject),
            Cell(reason or "-"),
        ),
    )

"""Orders of the demo, and the forms about them as somebody fills them in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.orders import AddPayment, GetOrder, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Invalid
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.orders import OrderRecord, PaymentDraft, RefundDraft, RefundResult

from .database import rows, run

TODAY = date(2026, 3, 2)

MONTHLY, PAYMENT, SUBSCRIPTION, MARIA = 1881, 40442, 1042, 1007
"""María's monthly plan: 49.00 USD, paid by card on 15 February; its payment, its subscription, María."""

TWO_LINES, BASKET, HANDBOOK = 1710, 20308, 20309
"""An order of 56.50 USD, paid by card: a basket of 32.50 and a handbook of 24.00."""

OF_TODAY = 1971
"""An order of 65.00 USD that was made and paid by card today."""

LARGE, LARGE_EUR = 1939, 1195
"""Orders of 300.00 USD and 450.00 EUR, both paid: above what an agent may return alone."""

UNPAID = 1868
"""An order of 960.00 USD that has not been paid."""

WRITTEN = {"payment", "refund_line", "letter", "event", "order"}
"""The tables that a refund is written to."""

AGENT, OTHER_AGENT, ADMIN, OTHER_ADMIN, OWNER, VIEWER = (
    "agent@demo.example",
    "agent2@demo.example",
    "admin@demo.example",
    "newadmin@demo.example",
    "owner@demo.example",
    "viewer@demo.example",
)


def usd(text: str) -> Money:
    """An amount in dollars, as typed."""
    return Money.parse(text, "USD")


def eur(text: str) -> Money:
    """An amount in euros, as typed."""
    return Money.parse(text, "EUR")


def payment_of(record: OrderRecord) -> int:
    """The newest payment of an order."""
    return max(row.id for row in record.rows if row.kind is RowKind.CHARGE)


def rows_of(record: OrderRecord, kind: RowKind) -> list[int]:
    """The rows of one kind, as they were written."""
    return sorted(row.id for row in record.rows if row.kind is kind)


def draft(payment_id: int = PAYMENT, intent: str = "a key", **change: Any) -> RefundDraft:
    """The form, with a reason chosen."""
    return RefundDraft(payment_id, intent, **{"reason_code": "requested_by_customer", **change})


def refund(backend: Backend, order_id: int = MONTHLY, intent: str = "a key", **change: Any) -> RefundResult:
    """Refund the newest payment of an order as it is now."""
    record = backend.read(GetOrder(order_id))
    return backend.do(RecordRefund(order_id, draft(payment_of(record), intent, **change), version=record.version))


def refused(act: Callable[[], object]) -> Invalid:
    """A form that is refused."""
    with pytest.raises(Invalid) as found:
        act()
    return found.value


def add(
    backend: Backend, order_id: int, kind: RowKind, amount: Money, intent: str = "more money", **change: Any
) -> RefundResult:
    """Add a payment, a credit or an adjustment to an order as it is now."""
    form = PaymentDraft(kind, intent, amount, **{"note": "Agreed.", **change})
    return backend.do(AddPayment(order_id, form, version=backend.read(GetOrder(order_id)).version))


def set_inactive(backend: Backend, subscription_id: int = SUBSCRIPTION, **change: Any) -> None:
    """Cancel a subscription, by default María's, with access until 14 March."""
    record = backend.read(GetSubscription(subscription_id))
    ending = {"status": Status.INACTIVE, "end_date": date(2026, 3, 14), "reason_code": "unused", **change}
    backend.do(SaveSubscription(subscription_id, replace(draft_of(record.terms), **ending), version=record.version))


def money_of(path: Path, order_id: int = MONTHLY) -> list[tuple[str, int]]:
    """The rows of money of an order as they are stored, in the order in which they were written."""
    found = rows(path, "SELECT kind, amount_minor FROM payment WHERE order_id = ? ORDER BY id", order_id)
    return [(row["kind"], row["amount_minor"]) for row in found]


def balance_of(path: Path, order_id: int = MONTHLY) -> int:
    """What an order owes, added up from the stored rows."""
    (order,) = rows(path, 'SELECT total_minor FROM "order" WHERE id = ?', order_id)
    (paid,) = rows(
        path,
        "SELECT coalesce(sum(amount_minor), 0) AS sum FROM payment WHERE order_id = ? AND state = 'approved'",
        order_id,
    )
    return int(order["total_minor"] - paid["sum"])


def charge_back(path: Path, order_id: int, payment_id: int, amount: int) -> None:
    """The bank takes a payment back, or gives it back when the amount is above 0: it asks no form of ours."""
    kind = "chargeback" if amount < 0 else "chargeback_reversed"
    run(
        path,
        "INSERT INTO payment (order_id, returns_payment_id, kind, amount_minor, paid_on,"  # noqa: S608
        " state, method, gateway_reference, note, reason_code, recorded_by)"
        f" VALUES ({order_id:d}, {payment_id:d}, '{kind}', {amount:d}, '2026-03-01',"
        " 'approved', 'Bank', '', '', '', '')",
    )


def figures(record: OrderRecord) -> tuple[str, str, str, str]:
    """Paid, refunded, credited and owed, as amounts without their currency."""
    return (
        record.paid.format_amount(),
        record.refunded.format_amount(),
        record.credited.format_amount(),
        record.owed.format_amount(),
    )

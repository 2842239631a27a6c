"""Recognizes money that was recorded here first and has been entered in Keap since: one row, not two."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select, update

from subtui.domain.money import minor_units
from subtui.domain.outbox import SendState
from subtui.services.keap import outbox
from subtui.services.keap.page_import import id_of
from subtui.services.unit_of_work import Transaction
from subtui.storage.batches import batched
from subtui.storage.tables.core import KEAP_OUTBOX, ORDER, PAYMENT

_OURS = (
    select(ORDER.c.keap_id, ORDER.c.currency, PAYMENT.c.id, PAYMENT.c.amount_minor)
    .join(PAYMENT, PAYMENT.c.order_id == ORDER.c.id)
    .where(PAYMENT.c.keap_id.is_(None), PAYMENT.c.recorded_at.is_not(None))
    .order_by(PAYMENT.c.id)
)
_TASKS = select(KEAP_OUTBOX.c.id, KEAP_OUTBOX.c.wanted).where(
    KEAP_OUTBOX.c.state.in_((SendState.MANUAL.value, SendState.DONE.value)), KEAP_OUTBOX.c.order_id.is_not(None)
)


def adopt(tx: Transaction, payments: Sequence[Mapping[str, Any]]) -> int:
    """Give our rows that these payments are the ids of Keap's; returns how many.

    The order, the amount and the direction have to be the same. The task to enter it in Keap is done then.
    """
    connection = tx.session.connection()
    ours: dict[str, list[Any]] = {}
    for part in batched(order for found in payments for order in _orders(found)):
        for row in connection.execute(_OURS.where(ORDER.c.keap_id.in_(part))):
            ours.setdefault(row.keap_id, []).append(row)
    if not ours:
        return 0
    candidates = [found for found in payments if any(order in ours for order in _orders(found))]
    known: set[str] = set()
    for part in batched(id_of(found) for found in candidates):
        known.update(connection.execute(select(PAYMENT.c.keap_id).where(PAYMENT.c.keap_id.in_(part))).scalars())
    adopted: list[int] = []
    for found in candidates:
        rows = [] if id_of(found) in known else [row for order in _orders(found) for row in ours.get(order, [])]
        match = next((row for row in rows if _is_same(found, row)), None)
        if match is not None:
            connection.execute(update(PAYMENT).where(PAYMENT.c.id == match.id).values(keap_id=id_of(found)))
            ours[match.keap_id].remove(match)
            adopted.append(match.id)
    done = [
        task.id
        for task in connection.execute(_TASKS)
        if not {task.wanted.get("refund_id"), task.wanted.get("payment_id")}.isdisjoint(adopted)
    ]
    outbox.settle(tx, done, SendState.VERIFIED, checked_at=tx.now)
    return len(adopted)


def _orders(found: Mapping[str, Any]) -> list[str]:
    listed = found.get("order_ids")
    return [str(number) for number in listed] if isinstance(listed, list) else []


def _is_same(found: Mapping[str, Any], ours: Any) -> bool:
    try:
        amount = Decimal(str(found.get("amount")))
    except InvalidOperation:
        return False
    minor = amount.scaleb(minor_units(ours.currency))
    back = amount < 0 or str(found.get("type", "")).casefold() in ("refund", "void")
    return bool(abs(minor) == abs(ours.amount_minor)) and back == (ours.amount_minor < 0)

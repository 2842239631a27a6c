"""The payment plans of a subscription's open orders: they charge on, whatever becomes of the subscription."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from subtui.acts.keap import StopPlans
from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.money import Money
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.keap import manual_steps
from subtui.keap.ids import is_keaps
from subtui.services.keap import outbox
from subtui.services.registry import handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables.core import CONTACT, KEAP_OBJECT, KEAP_OUTBOX, ORDER
from subtui.views.keap import ChargingPlan

KIND = "charging_plan"
"""The kind of the stored objects that hold what a payment plan would still charge, by Keap's id of the order."""

_PLANS = (
    select(ORDER.c.id, ORDER.c.keap_id, ORDER.c.contact_id, CONTACT.c.keap_id.label("contact"), KEAP_OBJECT.c.body)
    .join(KEAP_OBJECT, (KEAP_OBJECT.c.keap_id == ORDER.c.keap_id) & (KEAP_OBJECT.c.kind == KIND))
    .join(CONTACT, CONTACT.c.id == ORDER.c.contact_id)
    .order_by(ORDER.c.id)
)


def plans_of(reader: Reader, subscription_id: int) -> tuple[ChargingPlan, ...]:
    """The orders of a subscription whose payment plans would still charge."""
    rows = reader.session.execute(_PLANS.where(ORDER.c.subscription_id == subscription_id)).all()
    asked = _asked(reader, [row.id for row in rows])
    return tuple(ChargingPlan(row.id, row.keap_id, due_words(row.body), row.id in asked) for row in rows)


def _asked(reader: Reader, orders: list[int]) -> set[int]:
    """Those of the orders whose plan is on the list of what is to be done in Keap."""
    open_ones = KEAP_OUTBOX.c.state.in_([state.value for state in OPEN_STATES])
    found = select(KEAP_OUTBOX.c.order_id, KEAP_OUTBOX.c.wanted).where(KEAP_OUTBOX.c.order_id.in_(orders), open_ones)
    return {row.order_id for row in reader.session.execute(found) if "plan" in row.wanted} if orders else set()


def due_words(body: Mapping[str, Any]) -> str:
    """What a plan would still charge: `2 payments, 50.00 USD on 2026-04-01 first`."""
    due = body.get("due") or []
    if not due:
        return "by its payment plan"
    first = due[0]
    amount = first.get("amount")
    words = ""
    if isinstance(amount, Mapping) and isinstance(amount.get("amount"), int) and amount.get("currency_code"):
        words = f"{Money(amount['amount'], str(amount['currency_code'])).format()} "
    count = "1 payment" if len(due) == 1 else f"{len(due)} payments"
    return f"{count}, {words}on {first.get('on')}" + (" first" if len(due) > 1 else "")


@handles(StopPlans)
def stop_plans(tx: Transaction, act: StopPlans) -> str:
    """Handle `StopPlans`."""
    rows = tx.session.execute(_PLANS.where(ORDER.c.subscription_id == act.subscription_id)).all()
    asked = _asked(tx, [row.id for row in rows])
    wanted = [row for row in rows if row.id not in asked]
    if not wanted:
        raise Refused("No payment plan of this subscription's orders would charge, or all are on the list already.")
    entry, _ = tx.log(
        EventType.KEAP_PLANS,
        subject=Subject(SubjectType.SUBSCRIPTION, act.subscription_id),
        contact_id=wanted[0].contact_id,
        before={},
        after={"orders": ", ".join(row.keap_id for row in wanted)},
    )
    for row in wanted:
        contact = row.contact if is_keaps(row.contact) else ""
        steps = manual_steps.stop_plan(row.keap_id, contact, due_words(row.body))
        about = {"order_id": row.id, "contact_id": row.contact_id}
        outbox.put(tx, entry, row.keap_id, SendState.MANUAL, wanted={"plan": row.keap_id}, steps=steps, **about)
    count = "1 payment plan is" if len(wanted) == 1 else f"{len(wanted)} payment plans are"
    return f"{count} on the list of what is to be done in Keap."


def settle_stopped(tx: Transaction, keap_ids: Sequence[str]) -> None:
    """Settle the tasks of orders, by Keap's ids, whose payment plans charge nothing any more."""
    states = (SendState.MANUAL.value, SendState.DONE.value)
    open_ones = KEAP_OUTBOX.c.state.in_(states), KEAP_OUTBOX.c.order_id.is_not(None)
    tasks = tx.session.execute(select(KEAP_OUTBOX.c.id, KEAP_OUTBOX.c.wanted).where(*open_ones)).all()
    stopped = set(keap_ids)
    done = [task.id for task in tasks if task.wanted.get("plan") in stopped]
    outbox.settle(tx, done, SendState.VERIFIED, checked_at=tx.now)

"""The outbox: writes a row for each change that Keap is to follow, in the transaction of the act."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.keap import manual_steps
from subtui.keap.ids import is_keaps
from subtui.keap.patches import facts_of, why_by_hand
from subtui.keap.paused import as_in_keap
from subtui.keap.wire import wire_of
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.keap.questions import CLEARS, NULL_CLEARS
from subtui.services.ledger import refund_reasons
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import (
    CONTACT,
    CREDIT_CARD,
    KEAP_FINDING,
    KEAP_IMAGE,
    KEAP_OBJECT,
    KEAP_OUTBOX,
    ORDER,
    PAYMENT,
    SUBSCRIPTION,
)

CARD_METHOD = "card_method"
"""The kind of the stored objects that name the payment method of a card, by Keap's id of the card."""

OF_ORDERS = (EventType.REFUND, EventType.APPROVE_REFUND, EventType.CORRECT_REFUND, EventType.ADD_MONEY)
"""The changes of orders that Keap has no call for."""
_REFUNDED = (EventType.REFUND, EventType.APPROVE_REFUND)

_SUBSCRIPTION = select(
    SUBSCRIPTION.c.keap_id, SUBSCRIPTION.c.currency, SUBSCRIPTION.c.contact_id, CONTACT.c.keap_id.label("contact")
).join(CONTACT, CONTACT.c.id == SUBSCRIPTION.c.contact_id)
_ORDER = select(ORDER.c.keap_id, ORDER.c.contact_id, CONTACT.c.keap_id).join(
    CONTACT, CONTACT.c.id == ORDER.c.contact_id
)


def note_entry(
    tx: Transaction,
    entry: int,
    act: EventType,
    subject: Subject,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Put what an entry of the log changed into the outbox, if Keap has the row that it is about."""
    if subject.id is None:
        return
    if subject.type is SubjectType.SUBSCRIPTION:
        _note_subscription(tx, entry, subject.id, before, after)
    elif act in OF_ORDERS:
        _note_order(tx, entry, act, subject.id, after, reason)


def put(
    tx: Transaction, entry: int, keap_id: str, state: SendState, *, wanted: Mapping[str, Any] | None = None, **more: Any
) -> None:
    """Write one row. `more` are further columns."""
    values = {
        "event_id": entry,
        "keap_id": keap_id,
        "state": state.value,
        "wanted": dict(wanted or {}),
        "sent": {},
        "seen": {},
        "steps": [],
        "note": "",
        "attempts": 0,
        "recorded_at": tx.now,
        "settled_by": "",
        "version": 1,
    }
    tx.session.connection().execute(insert(KEAP_OUTBOX).values(**values | more))


# --- subscriptions ----------------------------------------------------------------------------------------------------


def _note_subscription(
    tx: Transaction, entry: int, number: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    found = tx.session.execute(_SUBSCRIPTION.where(SUBSCRIPTION.c.id == number)).first()
    if found is None or not is_keaps(found.keap_id):
        return
    was, now = (wire_image(tx, image, found.currency) for image in (before, after))
    card = before.get("credit_card_id") != after.get("credit_card_id") and after.get("credit_card_id")
    if card and "payment_method_id" not in now:
        steps = manual_steps.choose_card(found.keap_id, _keaps(found.contact), _card_words(tx, card))
        about = {"subscription_id": number, "contact_id": found.contact_id}
        put(tx, entry, found.keap_id, SendState.MANUAL, steps=steps, note=_NO_CARD, **about)
    put_subscription(
        tx, entry, number, {name: [was.get(name), value] for name, value in now.items() if was.get(name) != value}
    )


_NO_CARD = "Keap's id of this card is not known here."


def put_subscription(tx: Transaction, entry: int, number: int, wanted: Mapping[str, list[Any]]) -> None:
    """Put a change of a subscription into the outbox: its fields with the value before and after.

    What was read in Keap last counts as the value before, where it has been read. Not so of a field with an earlier
    change that is open still: what Keap has of it may be an undecided conflict. Then Keap may have what it
    had before that change, or what that one has set if it was sent: the further values stand behind the two.
    """
    if not wanted:
        return
    found = tx.session.execute(_SUBSCRIPTION.where(SUBSCRIPTION.c.id == number)).one()
    image = tx.session.execute(select(KEAP_IMAGE.c.there).where(KEAP_IMAGE.c.subscription_id == number)).scalar()
    known = {name: [image.get(name, was) if image else was, now] for name, (was, now) in wanted.items()}
    for row in open_rows(tx, subscription_id=number):
        for name in (name for name in row.wanted if name in known):
            (_, now, *further), (base, set_by_it, *before) = known[name], row.wanted[name]
            may_have = [*further, *before, *([set_by_it] if row.sent_at is not None else [])]
            known[name] = [base, now, *may_have]
    about = {"subscription_id": number, "contact_id": found.contact_id}
    state = _as_can_be_sent(tx, found.keap_id, _keaps(found.contact), known)
    put(tx, entry, found.keap_id, **state, **about)


def by_hand_of(tx: Transaction, wanted: Mapping[str, Any]) -> dict[str, str]:
    """The fields that no request of this account's Keap sets to these values, each with what to do instead."""
    answer = select(KEAP_FINDING.c.answer).where(KEAP_FINDING.c.name == NULL_CLEARS)
    clears = None in wanted.values() and tx.session.execute(answer).scalar() == CLEARS
    reasons = {name: why_by_hand(name, value, tx.today, null_clears=clears) for name, value in wanted.items()}
    return {name: why for name, why in reasons.items() if why}


def _keaps(keap_id: str | None) -> str:
    return keap_id if keap_id and is_keaps(keap_id) else ""


def _as_can_be_sent(tx: Transaction, keap_id: str, contact: str, wanted: dict[str, list[Any]]) -> dict[str, Any]:
    """The state of a new row: waiting; or to be done by hand, if no request takes any of its fields."""
    values = {name: change[1] for name, change in wanted.items()}
    by_hand = by_hand_of(tx, values)
    if len(by_hand) < len(wanted):
        return {"state": SendState.WAITING, "wanted": wanted}
    steps = manual_steps.set_fields(keap_id, contact, values)
    return {"state": SendState.MANUAL, "wanted": wanted, "steps": steps, "note": " ".join(by_hand.values())}


def wire_image(tx: Transaction, image: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """A subscription's columns, or its image in the log, in Keap's fields as Keap is to hold them today."""
    reasons = {reason.code: reason for reason in reasons_of(load_account(tx.session))}
    wire = wire_of(as_in_keap(facts_of(image, currency), image, tx.today), reasons)
    card = image.get("credit_card_id")
    method = _method_of(tx, card) if card else None
    return wire | ({"payment_method_id": method} if method else {})


def _method_of(tx: Transaction, card: int) -> str | None:
    """Keap's id of the payment method of a card."""
    named = select(KEAP_OBJECT.c.body).join(CREDIT_CARD, CREDIT_CARD.c.keap_id == KEAP_OBJECT.c.keap_id)
    body = tx.session.execute(named.where(CREDIT_CARD.c.id == card, KEAP_OBJECT.c.kind == CARD_METHOD)).scalar()
    return str(body["payment_method_id"]) if body else None


def _card_words(tx: Transaction, card: int) -> str:
    found = tx.session.execute(select(CREDIT_CARD.c.brand, CREDIT_CARD.c.last4).where(CREDIT_CARD.c.id == card)).first()
    return f"the {found.brand} ending in {found.last4}" if found else "the card"


# --- orders -----------------------------------------------------------------------------------------------------------


def _note_order(
    tx: Transaction, entry: int, act: EventType, number: int, after: Mapping[str, Any], reason: str
) -> None:
    found = tx.session.execute(_ORDER.where(ORDER.c.id == number)).first()
    if found is None or not is_keaps(found[0]):
        return
    keap_id, contact_id, contact_keap_id = found
    contact = contact_keap_id if is_keaps(contact_keap_id) else ""
    if act in _REFUNDED:
        label = next((known.label for known in refund_reasons(tx.session) if known.code == reason), reason)
        steps = manual_steps.refund(keap_id, contact, after, _paid_words(tx, after.get("payment_id")), label)
        wanted = {"refund_id": after.get("refund_id")}
    elif act is EventType.CORRECT_REFUND:
        if _take_out(tx, number, after.get("corrects")):
            return
        steps, wanted = manual_steps.correct_refund(keap_id, contact, after), {"corrects": after.get("corrects")}
    else:
        steps, wanted = manual_steps.add_money(keap_id, contact, after), {"payment_id": after.get("payment_id")}
    about = {"order_id": number, "contact_id": contact_id}
    put(tx, entry, keap_id, SendState.MANUAL, wanted=wanted, steps=steps, note=_NO_CALL, **about)


_NO_CALL = "Keap's interface has no call that records this safely."


def _paid_words(tx: Transaction, payment_id: object) -> str:
    columns = PAYMENT.c.paid_on, PAYMENT.c.method
    found = tx.session.execute(select(*columns).where(PAYMENT.c.id == payment_id)).first()
    return f" of {found.paid_on} ({found.method or 'no method'})" if found else ""


def _take_out(tx: Transaction, order_id: int, refund_id: object) -> bool:
    """Take a refund that was not done in Keap yet off the list, because it was taken back here."""
    mine = KEAP_OUTBOX.c.order_id == order_id, KEAP_OUTBOX.c.state == SendState.MANUAL.value
    rows = tx.session.execute(select(KEAP_OUTBOX.c.id, KEAP_OUTBOX.c.wanted).where(*mine)).all()
    open_ones = [row.id for row in rows if row.wanted.get("refund_id") == refund_id]
    settle(tx, open_ones, SendState.REPLACED, note="It was taken back here before it was done in Keap.")
    return bool(open_ones)


# --- states -----------------------------------------------------------------------------------------------------------


def settle(tx: Transaction, rows: Sequence[int], state: SendState, **more: Any) -> None:
    """Give rows their last state. `more` are further columns."""
    values = {"state": state.value, "settled_at": tx.now, "settled_by": tx.name, "claimed_until": None}
    change(tx, rows, **values | more)


def change(tx: Transaction, rows: Sequence[int], **values: Any) -> None:
    """Write columns of some rows."""
    if rows:
        mine = KEAP_OUTBOX.c.id.in_(rows)
        version = KEAP_OUTBOX.c.version + 1
        tx.session.connection().execute(update(KEAP_OUTBOX).where(mine).values(**values, version=version))


def open_rows(tx: Transaction, *, subscription_id: int | None = None, subscriptions: Sequence[int] = ()) -> list[Any]:
    """The open rows of one or some subscriptions, or of all, the oldest first."""
    wanted = select(KEAP_OUTBOX).where(KEAP_OUTBOX.c.state.in_([state.value for state in OPEN_STATES]))
    if subscription_id is not None:
        wanted = wanted.where(KEAP_OUTBOX.c.subscription_id == subscription_id)
    elif subscriptions:
        wanted = wanted.where(KEAP_OUTBOX.c.subscription_id.in_(subscriptions))
    else:
        wanted = wanted.where(KEAP_OUTBOX.c.subscription_id.is_not(None))
    return list(tx.session.execute(wanted.order_by(KEAP_OUTBOX.c.id)).all())


def counts(session: Session) -> dict[SendState, int]:
    """How many changes are in each state."""
    found = session.execute(select(KEAP_OUTBOX.c.state, func.count()).group_by(KEAP_OUTBOX.c.state))
    return {SendState(row[0]): row[1] for row in found}

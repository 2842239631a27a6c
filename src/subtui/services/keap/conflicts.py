"""Handlers of what is decided about a change that Keap has otherwise, does not take, or cannot be sent."""

from typing import Any

from sqlalchemy import select

from subtui.acts.keap import DecideConflict, TickOff
from subtui.domain.errors import NotFound, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.services.account_repository import load_account
from subtui.services.keap import outbox
from subtui.services.keap.connection import rules_of
from subtui.services.keap.kinds import Writing, write_subscriptions
from subtui.services.keap.queries import entry_of
from subtui.services.registry import handles
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import KEAP_CONNECTION, KEAP_IMAGE, KEAP_OUTBOX
from subtui.views.keap import Choice, OutboxEntry

_CHANGED = "This was changed meanwhile. Nothing was decided. Look at it again."
_LEAVES = {
    Choice.OURS: (SendState.CONFLICT, SendState.REFUSED, SendState.MANUAL),
    Choice.THEIRS: (SendState.CONFLICT, SendState.REFUSED),
    Choice.LEAVE: tuple(state for state in OPEN_STATES if state is not SendState.SENDING),
}
"""The states in which each choice is possible."""


@handles(DecideConflict)
def decide(tx: Transaction, act: DecideConflict) -> OutboxEntry:
    """Handle `DecideConflict`."""
    row = _locked(tx, act.outbox_id, act.version)
    if row.state not in _LEAVES[act.choice]:
        raise Refused(why_not_choose(act.choice))
    if act.choice is Choice.OURS:
        _keep_ours(tx, row)
    elif act.choice is Choice.THEIRS:
        _take_theirs(tx, row)
    else:
        outbox.settle(tx, [row.id], SendState.LEFT)
        _log(tx, EventType.KEAP_LEFT, row)
    return entry_of(tx, row.id)


def why_not_choose(choice: Choice) -> str:
    """Why a choice is not possible in a state."""
    if choice is Choice.THEIRS:
        return "Keap's values can be taken where both sides differ only."
    return "There is nothing to decide about this change."


def _locked(tx: Transaction, number: int, version: int) -> Any:
    row = tx.session.execute(select(KEAP_OUTBOX).where(KEAP_OUTBOX.c.id == number).with_for_update()).first()
    if row is None:
        raise NotFound(f"There is no change {number} in the outbox.")
    if row.version != version:
        raise Refused(_CHANGED)
    return row


def _keep_ours(tx: Transaction, row: Any) -> None:
    """Send it, knowing what Keap has now: that is what the next sending compares with."""
    if row.subscription_id is None or not row.wanted:
        raise Refused("Keap's interface has no call for this. It has to be done by hand there.")
    there = _image(tx, row.subscription_id)
    wanted = {name: [there.get(name, change[0]), change[1]] for name, change in row.wanted.items()}
    outbox.change(
        tx, [row.id], state=SendState.WAITING.value, wanted=wanted, seen={}, note="", steps=[], claimed_until=None
    )
    _log(tx, EventType.KEAP_KEPT, row)


def _take_theirs(tx: Transaction, row: Any) -> None:
    """Write Keap's values of the change's fields into the record, by the rules of every import."""
    there = _image(tx, row.subscription_id)
    if not there:
        raise Refused("Keap's values have not been read yet. Read from Keap first.")
    stored = tx.session.execute(select(KEAP_CONNECTION)).one()
    account = load_account(tx.session)
    found = {"id": row.keap_id} | {name: value for name, value in there.items() if value is not None}
    writing = Writing(rules_of(stored, account.currency, account.time_zone))
    outbox.settle(tx, [row.id], SendState.LEFT, note="Keap's values were taken.")
    page = write_subscriptions(tx, writing, [found], forced=frozenset(row.wanted), log=False)
    if page.left_out:
        refused = page.left_out[0]
        raise Refused(f"Keap's values cannot be taken: {refused.column} {refused.value} {refused.reason}.")
    tx.session.expire_all()
    _log(tx, EventType.KEAP_TAKEN, row)


def _image(tx: Transaction, number: int | None) -> dict[str, Any]:
    found = tx.session.execute(select(KEAP_IMAGE.c.there).where(KEAP_IMAGE.c.subscription_id == number)).scalar()
    return dict(found or {})


def _log(tx: Transaction, act: EventType, row: Any) -> None:
    """One entry about the decision: what was seen on each side."""
    of = (SubjectType.SUBSCRIPTION, row.subscription_id) if row.subscription_id else (SubjectType.ORDER, row.order_id)
    tx.log(
        act,
        subject=Subject(*of),
        contact_id=row.contact_id,
        before={name: sides[2] for name, sides in row.seen.items()} | {"entry": row.event_id},
        after={name: sides[1] for name, sides in row.seen.items()} | {"entry": row.event_id},
    )


@handles(TickOff)
def tick_off(tx: Transaction, act: TickOff) -> OutboxEntry:
    """Handle `TickOff`."""
    row = _locked(tx, act.outbox_id, act.version)
    if row.state != SendState.MANUAL:
        raise Refused("This is not on the list of what is to be done by hand.")
    outbox.change(tx, [row.id], state=SendState.DONE.value, settled_at=tx.now, settled_by=tx.name)
    _log(tx, EventType.KEAP_BY_HAND, row)
    return entry_of(tx, row.id)

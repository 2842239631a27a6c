"""The record of a subscription: its row, the view of it, what can be undone, and what has changed in it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.domain import cancellation
from subtui.domain.cancellation import Draft
from subtui.domain.days import Day
from subtui.domain.errors import Difference, NotFound, Stale
from subtui.domain.event_types import NOTE_EVENTS, EventType, Subject, SubjectType
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.domain.subscription_fields import SUBSCRIPTION_FIELDS, SUBSCRIPTION_LABELS
from subtui.domain.subscriptions import Status, Terms, data_issues
from subtui.services import contacts
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.audit_snapshots import billing_of, ending_from_snapshot, terms_from_snapshot, terms_of, to_columns
from subtui.services.keap import record_standing
from subtui.services.notes import notes_about
from subtui.services.order_rows import balances, order_rows
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage import audit_log
from subtui.storage.tables import Event, Letter, Order, RefundTask, Subscription, SubscriptionPlan
from subtui.views.customers import CardRow, SubscriptionRecord
from subtui.views.preview import SubscriptionContext

INVOICES_SHOWN = 12

_COLUMNS = frozenset(known.column for known in SUBSCRIPTION_FIELDS)
_AS_STORED = tuple(known.name for known in fields(SubscriptionRecord) if known.name in _COLUMNS - {"contact_id"})
"""The facts of a record that are columns of its row."""


def load_row(reader: Reader, subscription_id: int) -> Subscription:
    """The stored row. Raises NotFound."""
    row = reader.load(Subscription, subscription_id)
    if row is None:
        raise NotFound(f"There is no subscription {subscription_id}.")
    return row


def reasons_in(session: Session) -> tuple[Reason, ...]:
    """The account's reasons for a cancellation."""
    return reasons_of(load_account(session))


def store_terms(tx: Transaction, row: Subscription, terms: Terms) -> None:
    """Store the next version of a row with these terms. Raises Refused if it has changed meanwhile."""
    changed = "This subscription was changed at the same moment. Nothing was saved. Open it again."
    tx.store(Subscription, row.id or 0, row.version, to_columns(terms), changed=changed)


def stale(session: Session, row: Subscription, draft: Draft, day: Day) -> Stale:
    """The difference between a draft and the version that is stored now."""
    latest = (
        select(Event)
        .where(
            *audit_log.about(Subject(SubjectType.SUBSCRIPTION, row.id)),
            col(Event.command).not_in(NOTE_EVENTS),  # it changes nothing of the form
        )
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    event = session.execute(latest).scalars().first()
    theirs = cancellation.draft_of(terms_of(row))
    named: dict[str, dict[Any, str]] = {
        "reason_code": {reason.code: reason.label for reason in reasons_in(session)},
        "credit_card_id": {card.id: card.words for card in contacts.cards_of(session, row.contact_id, date.max)},
    }
    differences = tuple(
        Difference(SUBSCRIPTION_LABELS[name], *(_shown(value, named.get(name, {}), day) for value in (mine, stored)))
        for name in (known.name for known in fields(Draft))
        if (mine := getattr(draft, name)) != (stored := getattr(theirs, name))
    )
    return Stale(changed_by=event.actor if event else "Another user", version=row.version, differences=differences)


def _shown(value: object, named: dict[Any, str], day: Day) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    return value.format() if isinstance(value, Money) else named.get(value, str(value))


def _plan_name(session: Session, row: Subscription) -> str:
    plan = session.get(SubscriptionPlan, row.plan_id)
    return plan.name if plan else f"Plan {row.plan_id}"


def record(reader: Reader, subscription_id: int) -> SubscriptionRecord:
    """The record with everything the form shows. Raises NotFound."""
    key = ("subscription", subscription_id, reader.today, reader.date_format)
    return reader.recall(key, lambda: _record(reader, subscription_id))


def _record(reader: Reader, subscription_id: int) -> SubscriptionRecord:
    session, today = reader.session, reader.today
    row = load_row(reader, subscription_id)
    terms = terms_of(row)
    contact = contacts.load_contact(session, row.contact_id)
    cards = contacts.cards_of(session, row.contact_id, today)
    why_not = why_not_undo(reader, row, terms)
    return SubscriptionRecord(
        id=subscription_id,
        version=row.version,
        contact_id=row.contact_id,
        contact=contacts.name_of(contact),
        email=contact.email,
        plan=_plan_name(session, row),
        terms=terms,
        billing=billing_of(row),
        around=_around(session, row, cards),
        reasons=reasons_in(session),
        cards=cards,
        invoices=_invoices(session, subscription_id, today),
        **{name: getattr(row, name) for name in _AS_STORED},
        loose=data_issues(terms.ending, today),
        can_undo=not why_not,
        why_not_undo=why_not or "",
        letter_id=_newest_letter(session, subscription_id),
        refund_noted=_is_noted(session, subscription_id),
        keap=record_standing.of_record(reader, subscription_id=subscription_id),
        notes=notes_about(session, Subject(SubjectType.SUBSCRIPTION, subscription_id)),
    )


def _invoices(session: Session, subscription_id: int, today: date) -> tuple[Any, ...]:
    newest = (
        select(Order)
        .where(col(Order.subscription_id) == subscription_id)
        .order_by(col(Order.ordered_on).desc(), col(Order.id).desc())
        .limit(INVOICES_SHOWN)
    )
    return order_rows(session, list(session.execute(newest).scalars()), today)


def _around(session: Session, row: Subscription, cards: Sequence[CardRow]) -> SubscriptionContext:
    others = select(func.count()).where(
        col(Subscription.contact_id) == row.contact_id,
        col(Subscription.status) == Status.ACTIVE.value,
        col(Subscription.id) != row.id,
    )
    owed = [amount for amount in balances(session, row.contact_id) if amount.currency == row.currency]
    card = next((card.words for card in cards if card.id == row.credit_card_id), "")
    return SubscriptionContext(
        automations=contacts.automations_of(session, row.contact_id),
        tags=contacts.tags_of(session, row.contact_id),
        owed=owed[0] if owed else None,
        card=card,
        other_active=session.execute(others).scalar_one(),
    )


def _is_noted(session: Session, subscription_id: int) -> bool:
    """Whether a refund of this subscription is noted as pending."""
    noted = select(col(RefundTask.id)).where(
        col(RefundTask.subscription_id) == subscription_id, col(RefundTask.done_at).is_(None)
    )
    return session.execute(noted).first() is not None


def _newest_letter(session: Session, subscription_id: int) -> int | None:
    newest = select(func.max(col(Letter.id))).where(col(Letter.subscription_id) == subscription_id)
    return session.execute(newest).scalar()


def last_ending(session: Session, subscription_id: int) -> Event | None:
    """The newest log entry that ended the subscription, or moved its end date, and has not been undone."""
    undone = set(
        session.execute(
            select(col(Event.undoes_id)).where(
                *audit_log.about(Subject(SubjectType.SUBSCRIPTION, subscription_id)), col(Event.undoes_id).is_not(None)
            )
        ).scalars()
    )
    entries = (
        select(Event)
        .where(
            *audit_log.about(Subject(SubjectType.SUBSCRIPTION, subscription_id)),
            col(Event.command) == EventType.SAVE_SUBSCRIPTION.value,
        )
        .order_by(col(Event.id).desc())
    )
    event: Event
    for event in session.execute(entries).scalars():
        before, after = ending_from_snapshot(event.before), ending_from_snapshot(event.after)
        ends = after.status is Status.INACTIVE or after.end_date is not None
        moved = (before.status, before.end_date) != (after.status, after.end_date)
        if event.id not in undone and before.status is Status.ACTIVE and ends and moved:
            return event
    return None


def why_not_undo(reader: Reader, row: Subscription, terms: Terms) -> str | None:
    """Why the last change of a subscription cannot be undone; None when it can."""
    if undoable_pause(reader.session, row, terms, reader.today) is not None:
        return None
    sentence = cancellation.why_not_undo(terms.ending, reader.today, reader.day)
    if sentence:
        return sentence
    if last_ending(reader.session, row.id or 0) is None:
        return "This was cancelled before the log began, so there is nothing to restore it from."
    return None


def undoable_pause(session: Session, row: Subscription, now: Terms, today: date) -> Event | None:
    """The log entry of the newest pause or resumption by a user, while undoing it leaves a pause that is not over."""
    mine = audit_log.about(Subject(SubjectType.SUBSCRIPTION, row.id))
    kinds = (EventType.PAUSE.value, EventType.RESUME.value, EventType.UNDO.value, EventType.SAVE_SUBSCRIPTION.value)
    entries = select(Event).where(*mine, col(Event.command).in_(kinds)).order_by(col(Event.id).desc())
    event = next((found for found in session.execute(entries).scalars() if not _keeps_ending(found)), None)
    if event is None or event.actor_id is None or now.ending.status is not Status.ACTIVE:
        return None
    if event.command == EventType.PAUSE:
        return event if now.pause is not None else None
    before = terms_from_snapshot(now, event.before).pause
    is_over = before is not None and before.resumes_on is not None and before.resumes_on <= today
    return event if event.command == EventType.RESUME and not is_over else None


def _keeps_ending(event: Event) -> bool:
    """Whether an entry is about a save that left status and end date as they were: of a price, say."""
    if event.command != EventType.SAVE_SUBSCRIPTION:
        return False
    return all(event.before.get(name) == event.after.get(name) for name in ("status", "end_date"))

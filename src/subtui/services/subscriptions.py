"""Handlers of a subscription: read it, preview and save a change, undo a cancellation, expire what is due."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.subscriptions import (
    ExpireDue,
    GetSubscription,
    PreviewSubscription,
    SaveSubscription,
    UndoCancellation,
)
from subtui.domain import cancellation
from subtui.domain.cancellation import Draft
from subtui.domain.days import format_day
from subtui.domain.errors import Difference, Invalid, NotFound, Problem, Refused, Stale
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.money import Money
from subtui.domain.names import letter_name
from subtui.domain.permissions import Permission
from subtui.domain.reasons import Reason
from subtui.domain.subscription_fields import SUBSCRIPTION_LABELS
from subtui.domain.subscriptions import Status, Terms, data_issues
from subtui.services import contacts
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.audit_snapshots import billing_of, ending_from_snapshot, terms_of, to_columns, to_snapshot
from subtui.services.expiry import anything_due, due
from subtui.services.letters import keep_letter
from subtui.services.order_rows import balances, order_rows
from subtui.services.registry import Job, answers, handles, runs
from subtui.services.unit_of_work import Reader, Transaction, require
from subtui.storage import audit_log
from subtui.storage.tables import Event, Letter, Order, RefundTask, Subscription, SubscriptionPlan
from subtui.views.customers import CardRow, SaveResult, SubscriptionRecord
from subtui.views.letters import confirm_ending
from subtui.views.preview import Preview, SubscriptionContext, describe

Day = Callable[[date], str]

INVOICES_SHOWN = 12


def _load(session: Session, subscription_id: int) -> Subscription:
    row = session.get(Subscription, subscription_id)
    if row is None:
        raise NotFound(f"There is no subscription {subscription_id}.")
    return row


def _reasons(session: Session) -> tuple[Reason, ...]:
    return reasons_of(load_account(session))


def _plan_name(session: Session, row: Subscription) -> str:
    plan = session.get(SubscriptionPlan, row.plan_id)
    return plan.name if plan else f"Plan {row.plan_id}"


@answers(GetSubscription)
def subscription(reader: Reader, query: GetSubscription) -> SubscriptionRecord:
    """Handle `GetSubscription`."""
    return record(reader, query.subscription_id)


def record(reader: Reader, subscription_id: int) -> SubscriptionRecord:
    """The record with everything the form shows. Raises NotFound."""
    key = ("subscription", subscription_id, reader.today, reader.date_format)
    return reader.recall(key, lambda: _record(reader, subscription_id))


def _record(reader: Reader, subscription_id: int) -> SubscriptionRecord:
    session, today = reader.session, reader.today
    row = _load(session, subscription_id)
    terms = terms_of(row)
    contact = contacts.load_contact(session, row.contact_id)
    cards = contacts.cards_of(session, row.contact_id, today)
    why_not = _why_not_undo(reader, row, terms)
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
        reasons=_reasons(session),
        cards=cards,
        invoices=_invoices(session, subscription_id, today),
        max_attempts=row.max_attempts,
        days_between_attempts=row.days_between_attempts,
        credits=row.credits,
        loose=data_issues(terms.ending, today),
        can_undo=not why_not,
        why_not_undo=why_not or "",
        letter_id=_newest_letter(session, subscription_id),
        refund_noted=_is_noted(session, subscription_id),
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


@answers(PreviewSubscription)
def preview(reader: Reader, query: PreviewSubscription) -> Preview:
    """Handle `PreviewSubscription`."""
    now, draft = record(reader, query.subscription_id), query.draft
    lines = describe(
        now.terms,
        draft,
        now.billing,
        now.around,
        reasons=now.reasons,
        today=reader.today,
        day=reader.day,
        cards={card.id: card.words for card in now.cards},
    )
    return Preview(lines, _problems(now, draft, reader))


def _problems(now: SubscriptionRecord, draft: Draft, reader: Reader) -> tuple[Problem, ...]:
    usable = [card.id for card in now.cards if card.usable]
    return cancellation.find_problems(
        now.terms, draft, now.billing, reasons=now.reasons, cards=usable, today=reader.today, day=reader.day
    )


def needed_permission(terms: Terms, draft: Draft) -> Permission:
    """The permission that a save of the draft needs."""
    return Permission.CANCEL_SUBSCRIPTION if cancellation.is_ending(terms, draft) else Permission.CHANGE_SUBSCRIPTION


@handles(SaveSubscription)
def save(tx: Transaction, act: SaveSubscription) -> SaveResult:
    """Handle `SaveSubscription`."""
    row = _load(tx.session, act.subscription_id)
    before = terms_of(row)
    require(tx.person, needed_permission(before, act.draft))
    now = record(tx, act.subscription_id)
    if row.version != act.version:
        raise _stale(tx.session, row, act.draft, tx.day)
    problems = _problems(now, act.draft, tx)
    if problems:
        raise Invalid(problems)
    after = cancellation.apply(
        before,
        act.draft,
        now.billing,
        today=tx.today,
        at=tx.now,
        by=tx.name,
    )
    if after == before:
        raise Refused("No changes to save.")
    _store(tx, row, after)
    event_id, log_hash = tx.log(
        EventType.SAVE_SUBSCRIPTION,
        subject=Subject(SubjectType.SUBSCRIPTION, act.subscription_id),
        contact_id=row.contact_id,
        reason=after.ending.reason_code or "",
        before=to_snapshot(before),
        after=to_snapshot(after),
    )
    ended = cancellation.is_ending(before, act.draft)
    letter_id = _write_letter(tx, row, now, after, event_id, log_hash) if ended else None
    saved = _record_after(tx, row, now, after, letter_id, ended=ended)
    return SaveResult(saved, _saved_sentence(saved, before, tx.day), event_id, ended, letter_id)


def _record_after(
    tx: Transaction,
    row: Subscription,
    before: SubscriptionRecord,
    after: Terms,
    letter_id: int | None,
    *,
    ended: bool,
) -> SubscriptionRecord:
    """The record after the save. The parts that cannot have changed in this transaction are not read again."""
    # A subscription that has just ended can be undone by its entry.
    why_not = cancellation.why_not_undo(after.ending, tx.today, tx.day) if ended else _why_not_undo(tx, row, after)
    card = next((card.words for card in before.cards if card.id == after.credit_card_id), "")
    return replace(
        before,
        version=before.version + 1,
        terms=after,
        around=replace(before.around, card=card),
        loose=data_issues(after.ending, tx.today),
        can_undo=not why_not,
        why_not_undo=why_not or "",
        letter_id=letter_id or before.letter_id,
    )


def _store(tx: Transaction, row: Subscription, terms: Terms) -> None:
    changed = "This subscription was changed at the same moment. Nothing was saved. Open it again."
    tx.store(Subscription, row.id or 0, row.version, to_columns(terms), changed=changed)


def _stale(session: Session, row: Subscription, draft: Draft, day: Day) -> Stale:
    latest = (
        select(Event)
        .where(*audit_log.about(Subject(SubjectType.SUBSCRIPTION, row.id)))
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    event = session.execute(latest).scalars().first()
    theirs = cancellation.draft_of(terms_of(row))
    named: dict[str, dict[Any, str]] = {
        "reason_code": {reason.code: reason.label for reason in _reasons(session)},
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


def _saved_sentence(saved: SubscriptionRecord, before: Terms, day: Day) -> str:
    ending = saved.terms.ending
    end = day(ending.end_date) if ending.end_date else ""
    if ending.status is Status.INACTIVE and before.ending.status is Status.ACTIVE:
        return f"Saved. {saved.plan} is Inactive, access until {end}, no more charges."
    if ending.status is Status.ACTIVE and ending.end_date and ending.end_date != before.ending.end_date:
        return f"Saved. {saved.plan} is Active until {end}, then Inactive."
    return f"Saved. {saved.plan} is updated."


def _write_letter(
    tx: Transaction, row: Subscription, opened: SubscriptionRecord, after: Terms, event_id: int, log_hash: str
) -> int:
    contact = contacts.load_contact(tx.session, row.contact_id)
    account = load_account(tx.session)
    wording = confirm_ending(
        account=account.name,
        customer=letter_name(contact.first_name, contact.last_name, contact.company),
        plan=opened.plan,
        subscription_id=opened.id,
        terms=after,
        around=opened.around,
        written_on=tx.today,
        by=tx.person.name if tx.person else account.name,
        log_hash=log_hash,
        day=format_day,
    )
    return keep_letter(tx, wording, event_id, log_hash, contact_id=row.contact_id, subscription_id=opened.id)


def _last_ending(session: Session, subscription_id: int) -> Event | None:
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


def _why_not_undo(reader: Reader, row: Subscription, terms: Terms) -> str | None:
    sentence = cancellation.why_not_undo(terms.ending, reader.today, reader.day)
    if sentence:
        return sentence
    if _last_ending(reader.session, row.id or 0) is None:
        return "This was cancelled before the log began, so there is nothing to restore it from."
    return None


@handles(UndoCancellation)
def undo(tx: Transaction, act: UndoCancellation) -> SaveResult:
    """Handle `UndoCancellation`."""
    row = _load(tx.session, act.subscription_id)
    now = terms_of(row)
    if row.version != act.version:
        raise _stale(tx.session, row, cancellation.draft_of(now), tx.day)
    cancellation.require_undo(now.ending, tx.today, tx.day)
    event = _last_ending(tx.session, act.subscription_id)
    if event is None:
        raise Refused(_why_not_undo(tx, row, now) or "There is no cancellation to undo.")
    after = cancellation.undo(now, replace(now, ending=ending_from_snapshot(event.before)))
    _store(tx, row, after)
    event_id, _ = tx.log(
        EventType.UNDO,
        subject=Subject(SubjectType.SUBSCRIPTION, act.subscription_id),
        contact_id=row.contact_id,
        undoes_id=event.id,
        before=to_snapshot(now),
        after=to_snapshot(after),
    )
    tx.session.expire_all()
    saved = record(tx, act.subscription_id)
    return SaveResult(saved, _undone_sentence(saved, tx.today, tx.day), event_id, ended=False)


def _undone_sentence(saved: SubscriptionRecord, today: date, day: Day) -> str:
    ending = saved.terms.ending
    if ending.next_bill_date is None:
        return f"Undone. {saved.plan} is Active again."
    past = " (already past)" if ending.next_bill_date < today else ""
    return f"Undone. {saved.plan} is Active again; next bill {day(ending.next_bill_date)}{past}."


@runs(ExpireDue)
def expire_due(job: Job, _act: ExpireDue) -> int:
    """Set Inactive the subscriptions past their end date; returns how many. Nothing is written when none is due."""
    if not anything_due(job.work):
        return 0
    with job.work.transaction(None) as tx:
        rolled = 0
        for subscription_id in due(tx.session, tx.today):
            row = _load(tx.session, subscription_id)
            before = terms_of(row)
            after = cancellation.expire(before, today=tx.today, at=tx.now)
            if after is None:
                continue
            _store(tx, row, after)
            tx.log(
                EventType.ROLL,
                subject=Subject(SubjectType.SUBSCRIPTION, row.id),
                contact_id=row.contact_id,
                reason=after.ending.reason_code or "",
                before=to_snapshot(before),
                after=to_snapshot(after),
            )
            rolled += 1
    return rolled

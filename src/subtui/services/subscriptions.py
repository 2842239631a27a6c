"""Handlers of a subscription: preview and save a change, undo a cancellation, expire what is due."""

from dataclasses import replace
from datetime import date

from subtui.acts.subscriptions import (
    ExpireDue,
    GetSubscription,
    PreviewSubscription,
    SaveSubscription,
    UndoCancellation,
)
from subtui.domain import cancellation
from subtui.domain.cancellation import Draft
from subtui.domain.days import Day, format_day
from subtui.domain.errors import Invalid, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.names import letter_name
from subtui.domain.permissions import Permission
from subtui.domain.subscriptions import Status, Terms, data_issues
from subtui.services import contacts
from subtui.services.account_repository import load_account, lock_account
from subtui.services.audit_snapshots import terms_from_snapshot, terms_of, to_snapshot
from subtui.services.expiry import anything_due, due
from subtui.services.keap import record_standing
from subtui.services.letters import keep_letter
from subtui.services.pauses import resume_all_due
from subtui.services.registry import Job, answers, handles, runs
from subtui.services.subscription_record import (
    last_ending,
    load_row,
    record,
    stale,
    store_terms,
    undoable_pause,
    why_not_undo,
)
from subtui.services.unit_of_work import Reader, Transaction, require
from subtui.storage.tables import Subscription
from subtui.views.customers import SaveResult, SubscriptionRecord
from subtui.views.letters import confirm_ending
from subtui.views.preview import Preview, describe


@answers(GetSubscription)
def subscription(reader: Reader, query: GetSubscription) -> SubscriptionRecord:
    """Handle `GetSubscription`."""
    return record(reader, query.subscription_id)


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
    row = load_row(tx, act.subscription_id)
    before = terms_of(row)
    require(tx.person, needed_permission(before, act.draft))
    now = record(tx, act.subscription_id)
    if row.version != act.version:
        raise stale(tx.session, row, act.draft, tx.day)
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
    store_terms(tx, row, after)
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
    why_not = cancellation.why_not_undo(after.ending, tx.today, tx.day) if ended else why_not_undo(tx, row, after)
    card = next((card.words for card in before.cards if card.id == after.credit_card_id), "")
    return replace(
        before,
        version=before.version + 1,
        terms=after,
        max_attempts=after.max_attempts,
        around=replace(before.around, card=card),
        loose=data_issues(after.ending, tx.today),
        can_undo=not why_not,
        why_not_undo=why_not or "",
        letter_id=letter_id or before.letter_id,
        keap=record_standing.of_record(tx, subscription_id=before.id),
    )


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


@handles(UndoCancellation)
def undo(tx: Transaction, act: UndoCancellation) -> SaveResult:
    """Handle `UndoCancellation`."""
    row = load_row(tx, act.subscription_id)
    now = terms_of(row)
    if row.version != act.version:
        raise stale(tx.session, row, cancellation.draft_of(now), tx.day)
    event = undoable_pause(tx.session, row, now, tx.today)
    if event is None:
        cancellation.require_undo(now.ending, tx.today, tx.day)
        event = last_ending(tx.session, act.subscription_id)
    if event is None:
        raise Refused(why_not_undo(tx, row, now) or "There is no cancellation to undo.")
    after = cancellation.undo(now, terms_from_snapshot(now, event.before))
    store_terms(tx, row, after)
    event_id, _ = tx.log(
        EventType.UNDO,
        subject=Subject(SubjectType.SUBSCRIPTION, act.subscription_id),
        contact_id=row.contact_id,
        undoes_id=event.id,
        before=to_snapshot(now, with_pause=now.pause != after.pause),
        after=to_snapshot(after, with_pause=now.pause != after.pause),
    )
    tx.session.expire_all()
    saved = record(tx, act.subscription_id)
    return SaveResult(saved, _undone_sentence(saved, tx.today, tx.day), event_id, ended=False)


def _undone_sentence(saved: SubscriptionRecord, today: date, day: Day) -> str:
    ending, state = saved.terms.ending, saved.terms.state(today)
    if ending.next_bill_date is None or state != Status.ACTIVE:
        return f"Undone. {saved.plan} is {state} again."
    past = " (already past)" if ending.next_bill_date < today else ""
    return f"Undone. {saved.plan} is Active again; next bill {day(ending.next_bill_date)}{past}."


@runs(ExpireDue)
def expire_due(job: Job, _act: ExpireDue) -> int:
    """Set Inactive the subscriptions past their end date; returns how many. Nothing is written when none is due."""
    if not anything_due(job.work):
        return 0
    with job.work.transaction(None) as tx:
        lock_account(tx)  # twenty programs that start at nine expire each subscription once
        rolled = 0
        for subscription_id in due(tx.session, tx.today):
            row = load_row(tx, subscription_id)
            before = terms_of(row)
            after = cancellation.expire(before, today=tx.today, at=tx.now)
            if after is None:
                continue
            store_terms(tx, row, after)
            tx.log(
                EventType.ROLL,
                subject=Subject(SubjectType.SUBSCRIPTION, row.id),
                contact_id=row.contact_id,
                reason=after.ending.reason_code or "",
                before=to_snapshot(before),
                after=to_snapshot(after),
            )
            rolled += 1
        return rolled + resume_all_due(tx)

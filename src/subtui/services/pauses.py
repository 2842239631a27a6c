"""Handlers of pausing and resuming a subscription, and the resumption of those whose pause is over."""

from subtui.acts.subscriptions import PreviewPause, SavePause
from subtui.domain import pauses
from subtui.domain.cancellation import draft_of
from subtui.domain.days import format_day
from subtui.domain.errors import Difference, Invalid, Problem, Refused, Stale
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.names import letter_name
from subtui.domain.pauses import PauseDraft
from subtui.domain.subscriptions import Pause, Terms
from subtui.services import contacts
from subtui.services.account_repository import load_account
from subtui.services.audit_snapshots import billing_of, terms_of, to_snapshot
from subtui.services.expiry import resuming
from subtui.services.letters import keep_letter
from subtui.services.registry import answers, handles
from subtui.services.subscription_record import load_row, record, stale, store_terms
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables import Subscription
from subtui.views.customers import SaveResult, SubscriptionRecord
from subtui.views.pause_words import confirm_pause, describe_pause, pause_words, saved_words
from subtui.views.preview import Preview


@answers(PreviewPause)
def preview(reader: Reader, query: PreviewPause) -> Preview:
    """Handle `PreviewPause`."""
    now = record(reader, query.subscription_id)
    problems = _problems(now, query.draft, reader)
    if problems:
        return Preview((), problems)
    after = _after(now.terms, now, query.draft, reader)
    return Preview(describe_pause(now.terms, after, now.billing, today=reader.today, day=reader.day))


def _problems(now: SubscriptionRecord, draft: PauseDraft, reader: Reader) -> tuple[Problem, ...]:
    return pauses.find_pause_problems(now.terms, draft, now.billing, today=reader.today, day=reader.day)


def _after(before: Terms, now: SubscriptionRecord, draft: PauseDraft, reader: Reader) -> Terms:
    access = load_account(reader.session).access_in_pause
    return pauses.after_draft(before, draft, now.billing, today=reader.today, access_in_pause=access)


@handles(SavePause)
def save(tx: Transaction, act: SavePause) -> SaveResult:
    """Handle `SavePause`."""
    row = load_row(tx, act.subscription_id)
    before, now = terms_of(row), record(tx, act.subscription_id)
    if row.version != act.version:
        raise _stale(tx, row, before, now, act.draft)
    problems = _problems(now, act.draft, tx)
    if problems:
        raise Invalid(problems)
    after = _after(before, now, act.draft, tx)
    if after == before:
        raise Refused("No changes to save.")
    kind = EventType.RESUME if act.draft.resume_now else EventType.PAUSE
    event_id, log_hash = _write(tx, row, before, after, kind)
    contact = contacts.load_contact(tx.session, row.contact_id)
    account = load_account(tx.session)
    wording = confirm_pause(
        account=account.name,
        customer=letter_name(contact.first_name, contact.last_name, contact.company),
        plan=now.plan,
        subscription_id=now.id,
        before=before,
        after=after,
        written_on=tx.today,
        by=tx.name,
        log_hash=log_hash,
        day=format_day,
    )
    letter_id = keep_letter(tx, wording, event_id, log_hash, contact_id=row.contact_id, subscription_id=now.id)
    tx.session.expire_all()
    saved = record(tx, act.subscription_id)
    return SaveResult(saved, saved_words(now.plan, after, tx.today, tx.day), event_id, ended=False, letter_id=letter_id)


def _stale(tx: Transaction, row: Subscription, before: Terms, now: SubscriptionRecord, draft: PauseDraft) -> Stale:
    """Both pauses: the one that was asked for, and the one that is stored now."""
    found = stale(tx.session, row, draft_of(before), tx.day)
    first = pauses.start_of(before, draft, now.billing, tx.today)
    mine = "resume today" if draft.resume_now else pause_words(Pause(first, draft.resumes_on), tx.day)
    theirs = pause_words(before.pause, tx.day) if before.pause else "not paused"
    differences = (Difference("Paused", mine, theirs),) if mine != theirs else ()
    return Stale(changed_by=found.changed_by, version=found.version, differences=differences)


def _write(tx: Transaction, row: Subscription, before: Terms, after: Terms, kind: EventType) -> tuple[int, str]:
    store_terms(tx, row, after)
    return tx.log(
        kind,
        subject=Subject(SubjectType.SUBSCRIPTION, row.id),
        contact_id=row.contact_id,
        before=to_snapshot(before, with_pause=True),
        after=to_snapshot(after, with_pause=True),
    )


def resume_all_due(tx: Transaction) -> int:
    """Resume the subscriptions whose pause is over, each with its log entry; returns how many."""
    resumed = 0
    for subscription_id in resuming(tx.session, tx.today):
        row = load_row(tx, subscription_id)
        before = terms_of(row)
        after = pauses.resume_due(before, billing_of(row), tx.today)
        if after is not None:
            _write(tx, row, before, after, EventType.RESUME)
            resumed += 1
    return resumed

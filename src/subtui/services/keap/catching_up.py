"""Puts changes into the outbox that no act of this moment makes: those from before the connection, and begun pauses."""

from contextlib import closing

from sqlalchemy import func, select

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import OPEN_STATES
from subtui.domain.subscriptions import Status
from subtui.keap.exports import changes
from subtui.keap.ids import is_keaps
from subtui.keap.patches import Known, facts_of
from subtui.keap.paused import as_in_keap
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.keap import outbox
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables import Event
from subtui.storage.tables.core import EVENT, KEAP_IMAGE, KEAP_OUTBOX, SUBSCRIPTION

_OPEN = select(KEAP_OUTBOX.c.subscription_id).where(
    KEAP_OUTBOX.c.state.in_([state.value for state in OPEN_STATES]), KEAP_OUTBOX.c.subscription_id.is_not(None)
)


def note_earlier_changes(tx: Transaction, until: int) -> int:
    """Put into the outbox what was changed here since it came from Keap, up to an entry of the log; returns how many.

    Of a subscription its present state counts, as one change. Refunds and payments are listed one by one.
    """
    connection = tx.session.connection()
    reasons = {reason.code: reason for reason in reasons_of(load_account(tx.session))}
    noted = 0
    with closing(changes.changed_subscriptions(connection, 0)) as found:
        subscriptions = [(changed, changed.entries[-1]) for changed in found if is_keaps(changed.entries[-1].keap_id)]
    for changed, last in subscriptions:
        currency = changed.now["currency"]
        known = Known()
        for entry in changed.entries:
            if entry.command == EventType.IMPORT_ROW:
                known.came_from_keap(facts_of(entry.after, currency))
            else:
                known.changed_here(as_in_keap(facts_of(entry.before, currency), entry.before, tx.today))
        now = as_in_keap(facts_of(changed.now, currency), changed.now, tx.today)
        wanted = {name: [there, here] for name, (there, here) in known.differences(now, reasons).items()}
        if wanted:
            outbox.put_subscription(tx, last.id, _subject_of(tx, last.id), wanted)
            noted += 1
    acts = [act.value for act in outbox.OF_ORDERS]
    entries = select(Event).where(EVENT.c.command.in_(acts), EVENT.c.id <= until).order_by(EVENT.c.id)
    for event in tx.session.execute(entries).scalars().all():
        subject = Subject(SubjectType(event.subject_type), event.subject_id)
        outbox.note_entry(tx, event.id, EventType(event.command), subject, event.before, event.after, event.reason)
    return noted


def _subject_of(tx: Transaction, entry: int) -> int:
    return int(tx.session.execute(select(EVENT.c.subject_id).where(EVENT.c.id == entry)).scalar_one())


def note_begun_pauses(tx: Transaction) -> int:
    """Put into the outbox the pauses whose first day has come: nothing is saved here on that day. Returns how many."""
    there_active = (
        select(SUBSCRIPTION.c.id, KEAP_IMAGE.c.there)
        .join(KEAP_IMAGE, KEAP_IMAGE.c.subscription_id == SUBSCRIPTION.c.id)
        .where(
            SUBSCRIPTION.c.status == Status.ACTIVE.value,
            SUBSCRIPTION.c.paused_from.is_not(None),
            SUBSCRIPTION.c.paused_from <= tx.today,
            SUBSCRIPTION.c.id.not_in(_OPEN),
        )
    )
    noted = 0
    for number, there in tx.session.execute(there_active).all():
        if there.get("active") is not True:
            continue
        columns = [SUBSCRIPTION.c[name] for name in (*_WIRED, "currency")]
        row = tx.session.execute(select(*columns).where(SUBSCRIPTION.c.id == number)).mappings().one()
        now = outbox.wire_image(tx, dict(row), row["currency"])
        wanted = {name: [there.get(name), now[name]] for name in _OF_A_PAUSE if there.get(name) != now.get(name)}
        about = EVENT.c.subject_type == SubjectType.SUBSCRIPTION.value, EVENT.c.subject_id == number
        entry = tx.session.execute(select(func.max(EVENT.c.id)).where(*about)).scalar()
        if wanted and entry is not None:
            outbox.put_subscription(tx, entry, number, wanted)
            noted += 1
    return noted


_OF_A_PAUSE = ("active", "auto_charge", "reason_stopped")
_WIRED = (
    *("status", "auto_charge", "end_date", "next_bill_date", "reason_code", "reason_note", "quantity"),
    *("price_minor", "max_attempts", "credit_card_id", "paused_from", "resumes_on"),
)

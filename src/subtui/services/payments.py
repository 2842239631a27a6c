"""Other acts on an order: correct a refund, note the gateway's reference, add a payment, a credit or an adjustment."""

from sqlalchemy import select
from sqlmodel import col

from subtui.domain.errors import Invalid, NotFound, Problem, Refused
from subtui.domain.event_types import EventType
from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.order_views import PaymentDraft, PaymentPreview, RefundResult
from subtui.domain.people import Person
from subtui.domain.permissions import Permission
from subtui.domain.plain_text import one_line
from subtui.domain.refund_preview import describe_money, money_problems, owed_words
from subtui.domain.refunds import LONGEST_REFERENCE
from subtui.domain.subscriptions import Status
from subtui.services.ledger import books_of, load_order
from subtui.services.refunds import bump, record_of
from subtui.services.unit_of_work import Transaction, UnitOfWork
from subtui.storage.tables import Order, Payment, RefundTask, Subscription

_BOOKED = (RowKind.CHARGE, RowKind.CREDIT, RowKind.ADJUSTMENT)


def _current(tx: Transaction, order_id: int, version: int) -> Order:
    order = load_order(tx.session, order_id)
    if order.version != version:
        raise Refused("Another user changed this order after you opened it. Nothing was saved. Open it again.")
    return order


def _booked(work: UnitOfWork, tx: Transaction, order_id: int, sentence: str, event_id: int) -> RefundResult:
    tx.session.expire_all()
    return RefundResult(record_of(work, tx, order_id), sentence, event_id)


def correct(
    work: UnitOfWork, person: Person | None, order_id: int, row_id: int, *, version: int, route: str
) -> RefundResult:
    """Take a refund of the same day back, with the credit that was written with it, by counter entries.

    Raises NotAllowed, Refused when it is none, is of another day, has been corrected, or the order has changed.
    """
    with work.transaction(person, Permission.REFUND) as tx:
        order = _current(tx, order_id, version)
        books = books_of(tx.session, order)
        why = books.why_not_correct(row_id, tx.today)
        if why:
            raise Refused(why)
        bump(tx.session, order)
        for row, kind in books.corrections(row_id):
            tx.session.add(
                Payment(
                    order_id=order_id,
                    returns_payment_id=row.id,
                    kind=kind.value,
                    method=row.method,
                    paid_on=tx.today,
                    amount_minor=-row.amount,
                    note=f"Reverses {ROW_WORDS[row.kind].lower()} {row.id}",
                    recorded_at=tx.now,
                    recorded_by=tx.name,
                    recorded_by_id=tx.actor_id,
                )
            )
        # What was promised with a cancellation is still to do again.
        for task in tx.session.execute(select(RefundTask).where(col(RefundTask.refund_id) == row_id)).scalars():
            task.done_at, task.done_by, task.refund_id = None, "", None
        tx.session.flush()
        after = books_of(tx.session, order)
        event_id, _ = tx.log(
            EventType.CORRECT_REFUND,
            subject=f"order:{order_id}",
            contact_id=order.contact_id,
            route=route,
            before={"balance": books.owed.format(), "refunded": books.refunded.format()},
            after={"balance": after.owed.format(), "refunded": after.refunded.format(), "corrects": row_id},
        )
        return _booked(work, tx, order_id, f"Refund reversed; {owed_words(after.owed)}.", event_id)


def set_reference(
    work: UnitOfWork, person: Person | None, order_id: int, row_id: int, reference: str, *, version: int, route: str
) -> RefundResult:
    """Note the gateway's reference of a refund, or correct the one that is noted.

    Raises NotAllowed, Invalid, Refused, Stale.
    """
    with work.transaction(person, Permission.REFUND) as tx:
        order = _current(tx, order_id, version)
        why = books_of(tx.session, order).why_not_reference(row_id)
        row = tx.session.get(Payment, row_id)
        if why or row is None:
            raise Refused(why or "There is no such refund.")
        written, before = one_line(reference).strip(), row.gateway_reference
        if not written or len(written) > LONGEST_REFERENCE:
            raise Invalid((Problem("text", f"A reference needs 1 to {LONGEST_REFERENCE} characters."),))
        if written == before:
            raise Refused(f"The reference is already {written}.")
        bump(tx.session, order)
        row.gateway_reference = written
        event_id, _ = tx.log(
            EventType.SET_REFERENCE,
            subject=f"order:{order_id}",
            contact_id=order.contact_id,
            route=route,
            before={"reference": before},
            after={"reference": written, "refund_id": row_id},
        )
        return _booked(
            work,
            tx,
            order_id,
            f"Reference changed from {before} to {written}." if before else f"Reference saved: {written}.",
            event_id,
        )


def preview_money(work: UnitOfWork, order_id: int, draft: PaymentDraft) -> PaymentPreview:
    """What adding a payment, credit or adjustment would do to the balance. Raises NotFound."""
    with work.read() as session:
        order = load_order(session, order_id)
        books = books_of(session, order)
        problems = money_problems(draft, books, ordered_on=order.ordered_on, today=work.today, day=work.day)
        return PaymentPreview(describe_money(draft, books), problems, draft.amount)


def add_money(
    work: UnitOfWork, person: Person | None, order_id: int, draft: PaymentDraft, *, version: int, route: str
) -> RefundResult:
    """Add a payment, credit or adjustment, so that a balance is settled. Raises NotAllowed, Invalid, Refused."""
    with work.transaction(person, Permission.RECORD_PAYMENT) as tx:
        order = _current(tx, order_id, version)
        _refuse_twice(tx, draft.intent)
        books = books_of(tx.session, order)
        problems = money_problems(draft, books, ordered_on=order.ordered_on, today=tx.today, day=work.day)
        if problems or draft.kind not in _BOOKED:
            raise Invalid(problems or (Problem("kind", "Choose a payment, a credit or an adjustment."),))
        bump(tx.session, order)
        tx.session.add(
            Payment(
                order_id=order_id,
                kind=draft.kind.value,
                method=draft.method or ROW_WORDS[draft.kind],
                paid_on=draft.paid_on or tx.today,
                amount_minor=draft.amount.minor,
                gateway_reference=one_line(draft.reference).strip(),
                note=draft.note.strip(),
                intent=draft.intent,
                recorded_at=tx.now,
                recorded_by=tx.name,
                recorded_by_id=tx.actor_id,
            )
        )
        tx.session.flush()
        after = books_of(tx.session, order).owed
        event_id, _ = tx.log(
            EventType.ADD_MONEY,
            subject=f"order:{order_id}",
            contact_id=order.contact_id,
            route=route,
            before={"balance": books.owed.format()},
            after={"balance": after.format(), "kind": draft.kind.value, "amount": draft.amount.format()},
        )
        word = ROW_WORDS[draft.kind]
        return _booked(work, tx, order_id, f"{word} recorded; {owed_words(after)}.", event_id)


def _refuse_twice(tx: Transaction, intent: str) -> None:
    if not intent:
        raise Invalid((Problem("form", "This form has expired. Open it again."),))
    done = tx.session.execute(select(Payment).where(col(Payment.intent) == intent)).scalars().first()
    if done is not None:
        raise Refused("This was already recorded. It was not recorded again.")


def note_refund(work: UnitOfWork, person: Person | None, subscription_id: int, *, route: str) -> str:
    """Note that a refund was promised with a cancellation and is still to be done; returns the sentence.

    Raises NotAllowed, Refused when the subscription goes on or it is noted already.
    """
    with work.transaction(person, Permission.REFUND) as tx:
        row = tx.session.get(Subscription, subscription_id)
        if row is None:
            raise NotFound(f"There is no subscription {subscription_id}.")
        if row.status != Status.INACTIVE and row.end_date is None:
            raise Refused("This subscription has not been cancelled: refund one of its orders instead.")
        waiting = select(RefundTask).where(
            col(RefundTask.subscription_id) == subscription_id, col(RefundTask.done_at).is_(None)
        )
        if tx.session.execute(waiting).first() is not None:
            raise Refused("A refund is already noted as pending.")
        tx.session.add(
            RefundTask(
                subscription_id=subscription_id,
                contact_id=row.contact_id,
                noted_at=tx.now,
                noted_by=tx.name,
            )
        )
        tx.log(
            EventType.NOTE_REFUND,
            subject=f"subscription:{subscription_id}",
            contact_id=row.contact_id,
            route=route,
            before={"refund": "none"},
            after={"refund": "pending"},
        )
    return "Refund noted as pending. F lists it until it is recorded."

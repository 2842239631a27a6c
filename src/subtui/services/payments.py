"""Other acts on an order: correct a refund, note the gateway's reference, add a payment, a credit or an adjustment."""

from sqlalchemy import select
from sqlmodel import col

from subtui.acts.orders import AddPayment, CorrectRefund, PreviewPayment, SetReference
from subtui.acts.subscriptions import NoteRefund
from subtui.domain.errors import Invalid, NotFound, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.plain_text import one_line
from subtui.domain.refunds import LONGEST_REFERENCE
from subtui.domain.subscriptions import Status
from subtui.services import order_queries
from subtui.services.ledger import books_of, load_order
from subtui.services.refunds import bump, post
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables import Order, Payment, RefundTask, Subscription
from subtui.views.orders import PaymentPreview, RefundResult
from subtui.views.refund_preview import describe_money, money_problems, owed_words

_BOOKED = (RowKind.CHARGE, RowKind.CREDIT, RowKind.ADJUSTMENT)


def _current(tx: Transaction, order_id: int, version: int) -> Order:
    order = load_order(tx, order_id)
    if order.version != version:
        raise Refused("Another user changed this order after you opened it. Nothing was saved. Open it again.")
    return order


def _booked(tx: Transaction, order_id: int, sentence: str, event_id: int) -> RefundResult:
    tx.session.expire_all()
    return RefundResult(order_queries.record(tx, order_id), sentence, event_id)


@handles(CorrectRefund)
def correct(tx: Transaction, act: CorrectRefund) -> RefundResult:
    """Handle `CorrectRefund`."""
    order = _current(tx, act.order_id, act.version)
    books = books_of(tx.session, order)
    why = books.why_not_correct(act.row_id, tx.today)
    if why:
        raise Refused(why)
    bump(tx, order)
    for row, kind in books.corrections(act.row_id):
        post(
            tx,
            order_id=act.order_id,
            returns_payment_id=row.id,
            kind=kind.value,
            method=row.method,
            amount_minor=-row.amount,
            note=f"Reverses {ROW_WORDS[row.kind].lower()} {row.id}",
        )
    # The refund that was promised with a cancellation is pending again.
    for task in tx.session.execute(select(RefundTask).where(col(RefundTask.refund_id) == act.row_id)).scalars():
        task.done_at, task.done_by, task.refund_id = None, "", None
    tx.session.flush()
    after = books_of(tx.session, order)
    event_id, _ = tx.log(
        EventType.CORRECT_REFUND,
        subject=Subject(SubjectType.ORDER, act.order_id),
        contact_id=order.contact_id,
        before={"balance": books.owed.format(), "refunded": books.refunded.format()},
        after={"balance": after.owed.format(), "refunded": after.refunded.format(), "corrects": act.row_id},
    )
    return _booked(tx, act.order_id, f"Refund reversed; {owed_words(after.owed)}.", event_id)


@handles(SetReference)
def set_reference(tx: Transaction, act: SetReference) -> RefundResult:
    """Handle `SetReference`."""
    order = _current(tx, act.order_id, act.version)
    why = books_of(tx.session, order).why_not_reference(act.row_id)
    row = tx.session.get(Payment, act.row_id)
    if why or row is None:
        raise Refused(why or "There is no such refund.")
    written, before = one_line(act.reference).strip(), row.gateway_reference
    if not written or len(written) > LONGEST_REFERENCE:
        raise Invalid((Problem("text", f"A reference needs 1 to {LONGEST_REFERENCE} characters."),))
    if written == before:
        raise Refused(f"The reference is already {written}.")
    bump(tx, order)
    row.gateway_reference = written
    event_id, _ = tx.log(
        EventType.SET_REFERENCE,
        subject=Subject(SubjectType.ORDER, act.order_id),
        contact_id=order.contact_id,
        before={"reference": before},
        after={"reference": written, "refund_id": act.row_id},
    )
    return _booked(
        tx,
        act.order_id,
        f"Reference changed from {before} to {written}." if before else f"Reference saved: {written}.",
        event_id,
    )


@answers(PreviewPayment)
def preview_payment(reader: Reader, query: PreviewPayment) -> PaymentPreview:
    """Handle `PreviewPayment`."""
    order, draft = load_order(reader, query.order_id), query.draft
    books = books_of(reader.session, order)
    problems = money_problems(draft, books, ordered_on=order.ordered_on, today=reader.today, day=reader.day)
    return PaymentPreview(describe_money(draft, books), problems, draft.amount)


@handles(AddPayment)
def add_payment(tx: Transaction, act: AddPayment) -> RefundResult:
    """Handle `AddPayment`."""
    order = _current(tx, act.order_id, act.version)
    _refuse_twice(tx, act.draft.intent)
    books = books_of(tx.session, order)
    problems = money_problems(act.draft, books, ordered_on=order.ordered_on, today=tx.today, day=tx.day)
    if problems or act.draft.kind not in _BOOKED:
        raise Invalid(problems or (Problem("kind", "Choose a payment, a credit or an adjustment."),))
    bump(tx, order)
    row_id = post(
        tx,
        order_id=act.order_id,
        kind=act.draft.kind.value,
        method=act.draft.method or ROW_WORDS[act.draft.kind],
        paid_on=act.draft.paid_on or tx.today,
        amount_minor=act.draft.amount.minor,
        gateway_reference=one_line(act.draft.reference).strip(),
        note=act.draft.note.strip(),
        intent=act.draft.intent,
    )
    after = books_of(tx.session, order).owed
    event_id, _ = tx.log(
        EventType.ADD_MONEY,
        subject=Subject(SubjectType.ORDER, act.order_id),
        contact_id=order.contact_id,
        before={"balance": books.owed.format()},
        after={
            "balance": after.format(),
            "kind": act.draft.kind.value,
            "amount": act.draft.amount.format(),
            "payment_id": row_id,
        },
    )
    word = ROW_WORDS[act.draft.kind]
    return _booked(tx, act.order_id, f"{word} recorded; {owed_words(after)}.", event_id)


def _refuse_twice(tx: Transaction, intent: str) -> None:
    if not intent:
        raise Invalid((Problem("form", "This form has expired. Open it again."),))
    done = tx.session.execute(select(Payment).where(col(Payment.intent) == intent)).scalars().first()
    if done is not None:
        raise Refused("This was already recorded. It was not recorded again.")


@handles(NoteRefund)
def note_refund(tx: Transaction, act: NoteRefund) -> str:
    """Handle `NoteRefund`."""
    row = tx.load(Subscription, act.subscription_id)
    if row is None:
        raise NotFound(f"There is no subscription {act.subscription_id}.")
    if row.status != Status.INACTIVE and row.end_date is None:
        raise Refused("This subscription has not been cancelled: refund one of its orders instead.")
    waiting = select(RefundTask).where(
        col(RefundTask.subscription_id) == act.subscription_id, col(RefundTask.done_at).is_(None)
    )
    if tx.session.execute(waiting).first() is not None:
        raise Refused("A refund is already noted as pending.")
    tx.session.add(
        RefundTask(
            subscription_id=act.subscription_id,
            contact_id=row.contact_id,
            noted_at=tx.now,
            noted_by=tx.name,
        )
    )
    tx.log(
        EventType.NOTE_REFUND,
        subject=Subject(SubjectType.SUBSCRIPTION, act.subscription_id),
        contact_id=row.contact_id,
        before={"refund": "none"},
        after={"refund": "pending"},
    )
    return "Refund noted as pending. F lists it until it is recorded."

"""The refund command, and those for pending refunds: approve, decline, note for later."""

from secrets import token_hex
from typing import TYPE_CHECKING

import click

from subtui.acts.orders import ApproveRefund, DeclineRefund, GetOrder, GetWaitingRefund, PreviewRefund, RecordRefund
from subtui.acts.subscriptions import GetSubscription, NoteRefund
from subtui.cli.context import ROW_ID, WORDS, CliContext, intention, json_option, signed_in, with_start
from subtui.cli.errors import told
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.payment_output import answer_dry_run, as_it_would_go, lines_of, read_amount, say_booked
from subtui.domain.errors import Invalid, Problem, Refused, WrongInput
from subtui.domain.plain_text import sanitize
from subtui.domain.refunds import RefundKind, usual_kind

if TYPE_CHECKING:
    from subtui.domain.money import Money
    from subtui.views.orders import LedgerRow, OrderRecord, RefundResult


def _amount(record: "OrderRecord", text: str) -> "Money":
    """The amount of the option; the word `unused` is what the ended subscription leaves unused. Raises WrongInput."""
    from subtui.domain.endings import UNUSED  # noqa: PLC0415  (for those who refund)

    if text.strip().lower() != UNUSED:
        return read_amount("--amount", text, record.total.currency)
    if record.unused is None:
        raise WrongInput("--amount: nothing of the term that this order paid for is left unused by an end date.")
    return record.unused.amount


@click.command()
@click.argument("order_id", metavar="ORDER", type=ROW_ID)
@click.option(
    "--reason",
    "code",
    type=WORDS,
    required=True,
    metavar="CODE",
    help="A reason code; a wrong code lists the valid ones.",
)
@click.option(
    "--payment",
    "payment_id",
    type=ROW_ID,
    metavar="P",
    help="The payment to refund (default: the newest refundable one).",
)
@click.option(
    "--amount",
    type=WORDS,
    metavar="A",
    help="The amount to refund; `unused`: that of the ended term (default: all that is left).",
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in RefundKind]),
    help="How to refund: normally by the gateway, or manually for cash, checks and bank transfers; "
    "a void only on the day of the payment.",
)
@click.option("--owed-after", type=WORDS, metavar="A", help="The balance due after the refund (default: unchanged).")
@click.option("--note", type=WORDS, default="", metavar="N", help="A note; the reason `other` needs one.")
@click.option("--reference", type=WORDS, default="", metavar="REF", help="The gateway reference; can be added later.")
@click.option(
    "--line", "line_id", type=ROW_ID, metavar="ITEM", help="The order line to refund (default: the whole order)."
)
@once("--key")
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@json_option
@with_start
def refund(
    context: CliContext,
    order_id: int,
    code: str,
    payment_id: int | None,
    amount: str | None,
    kind: str | None,
    owed_after: str | None,
    note: str,
    reference: str,
    line_id: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Record a refund with its letter: it is recorded, not sent, and the gateway makes it.

    Above your limit it is not recorded but awaits approval by another user, and the command is done all the same.
    """
    from subtui.domain.permissions import Permission  # noqa: PLC0415
    from subtui.domain.reasons import find_reason  # noqa: PLC0415
    from subtui.views.orders import RefundDraft  # noqa: PLC0415

    intended = intention()
    with signed_in(context) as backend:
        record = backend.read(GetOrder(order_id))
        currency = record.total.currency
        payment = _payment(record, payment_id)
        draft = RefundDraft(
            payment_id=payment.id,
            intent=intended.key if intended else token_hex(16),
            amount=None if amount is None else _amount(record, amount),
            kind=RefundKind(kind) if kind else usual_kind(payment.method),
            owed_after=None if owed_after is None else read_amount("--owed-after", owed_after, currency),
            reason_code=find_reason(code, record.reasons).code,
            note=note,
            reference=reference,
            order_item_id=_line(record, line_id),
        )
        preview = backend.read(PreviewRefund(order_id, draft))
        if dry_run:
            answer_dry_run(as_it_would_go(backend, preview, Permission.REFUND), as_json=as_json)
            return
        route = f"/orders/{order_id}/refund"
        booked = backend.do(
            RecordRefund(order_id, draft, version=record.version, seen=_seen(record, payment)), route=route
        )
    if as_json:
        say_json({"preview": jsonify(preview), "booked": jsonify(booked), "waiting": booked.waiting})
        return
    say(lines_of(preview))
    say_booked(booked)
    if booked.waiting:
        say(_who_approves(booked))


def _payment(record: "OrderRecord", payment_id: int | None) -> "LedgerRow":
    """The named payment, else the newest refundable one, else the newest, which will be refused.

    Raises WrongInput for a row that is no payment of this order, Invalid when the order has no payment.
    """
    payments = sorted(
        (row for row in record.rows if row.left is not None),
        key=lambda row: (not row.why_not_return, row.paid_on, row.id),
        reverse=True,
    )
    if not payments:
        raise Invalid((Problem("payment", record.why_not_refund),))
    if payment_id is None:
        return payments[0]
    found = next((row for row in payments if row.id == payment_id), None)
    if found is None:
        known = ", ".join(str(row.id) for row in sorted(payments, key=lambda row: row.id))
        raise WrongInput(f"--payment: {payment_id} is not a payment of order {record.id}. Its payments are: {known}.")
    return found


def _line(record: "OrderRecord", line_id: int | None) -> int | None:
    if line_id is not None and line_id not in {item.id for item in record.items}:
        known = ", ".join(str(item.id) for item in record.items)
        raise WrongInput(f"--line: {line_id} is not a line of order {record.id}. Its lines are: {known}.")
    return line_id


def _seen(record: "OrderRecord", payment: "LedgerRow") -> "tuple[Money, Money] | None":
    return None if payment.left is None else (payment.left, record.owed)


def _who_approves(booked: "RefundResult") -> str:
    """The roles that can approve a waiting refund, and the command to type."""
    from subtui.domain.permissions import Permission, Role, allowed  # noqa: PLC0415

    who = " or ".join(role.value for role in Role if allowed(role, Permission.APPROVE_REFUND))
    number = max(row.id for row in booked.order.waiting)
    return f"Another {who} has to approve it: subtui refunds approve {number}"


# --- pending refunds --------------------------------------------------------------------------------------------------


@click.group()
def refunds() -> None:
    """List and finish open refunds."""


@refunds.command("list")
@json_option
@with_start
def list_(context: CliContext, as_json: bool) -> None:
    """List open refunds: promised, awaiting approval, or without a gateway reference."""
    from subtui.cli.screens import say_screen  # noqa: PLC0415

    say_screen(context, "refunds", as_json=as_json)


@refunds.command()
@click.argument("refund_id", metavar="ID", type=ROW_ID)
@once()
@json_option
@with_start
def approve(context: CliContext, refund_id: int, as_json: bool) -> None:
    """Approve a refund, which records it. You cannot approve your own.

    It is not done when its order has changed since it was asked for: then it has to be asked for again.
    """
    with signed_in(context) as backend:
        waiting = backend.read(GetWaitingRefund(refund_id))
        booked = backend.do(ApproveRefund(refund_id, version=waiting.version), route=f"/orders/{waiting.order_id}")
    if booked.waiting:
        # A script that gets 0 would take the refund for recorded.
        raise click.exceptions.Exit(told(Refused(booked.sentence), as_json=as_json, booked=jsonify(booked)))
    if as_json:
        say_json({"booked": jsonify(booked)})
    else:
        say_booked(booked)


@refunds.command()
@click.argument("refund_id", metavar="ID", type=ROW_ID)
@click.option("--note", type=WORDS, required=True, metavar="N", help="The reason for declining.")
@once()
@json_option
@with_start
def decline(context: CliContext, refund_id: int, note: str, as_json: bool) -> None:
    """Decline a refund awaiting approval. Nothing is refunded."""
    with signed_in(context) as backend:
        waiting = backend.read(GetWaitingRefund(refund_id))
        route = f"/orders/{waiting.order_id}"
        booked = backend.do(DeclineRefund(refund_id, note, version=waiting.version), route=route)
    if as_json:
        say_json({"booked": jsonify(booked)})
    else:
        say_booked(booked)


@refunds.command()
@click.argument("subscription_id", metavar="SUBSCRIPTION", type=ROW_ID)
@once()
@json_option
@with_start
def later(context: CliContext, subscription_id: int, as_json: bool) -> None:
    """Note a refund promised with a cancellation; it is listed until it is recorded."""
    with signed_in(context) as backend:
        backend.read(GetSubscription(subscription_id))
        sentence = backend.do(NoteRefund(subscription_id), route=f"/subscriptions/{subscription_id}")
    if as_json:
        say_json({"noted": {"subscription_id": subscription_id, "sentence": sentence}})
    else:
        say(sanitize(sentence))

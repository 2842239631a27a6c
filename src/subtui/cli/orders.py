"""The order commands: show its ledger, add a payment, correct a refund, note its reference."""

from secrets import token_hex

import click

from subtui.acts.orders import AddPayment, CorrectRefund, GetOrder, PreviewPayment, SetReference
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.payment_output import answer_dry_run, as_it_would_go, lines_of, read_amount, row_of, say_booked
from subtui.domain.ledger import RowKind

KINDS = {"payment": RowKind.CHARGE, "credit": RowKind.CREDIT, "adjustment": RowKind.ADJUSTMENT}
"""The kinds of rows that can be added, by their words."""

DATES = "Dates: 2026-03-14, 14 mar, -3d, yesterday or today."


@click.group()
def order() -> None:
    """Show an order and its payments, and correct its balance."""


@order.command()
@click.argument("order_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def show(context: CliContext, order_id: int, as_json: bool) -> None:
    """Print an order: its lines, payments, refunds, balance, and refunds awaiting approval."""
    from subtui.cli.screens import say_screen  # noqa: PLC0415

    say_screen(context, "order", order_id, as_json=as_json)


@order.command(epilog=DATES)
@click.argument("order_id", metavar="ID", type=ROW_ID)
@click.option("--amount", type=WORDS, required=True, metavar="A", help="The amount, in the order's currency.")
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    default="payment",
    show_default=True,
    help="What to add; an adjustment needs a note, and may be below 0.",
)
@click.option("--date", "paid_on", type=WORDS, metavar="D", help="The payment date (default: today).")
@click.option("--type", "method", type=WORDS, default="", metavar="T", help="The payment type, such as Check or Cash.")
@click.option("--note", type=WORDS, default="", metavar="N", help="A note.")
@click.option("--reference", type=WORDS, default="", metavar="R", help="The payment's reference.")
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def pay(
    context: CliContext,
    order_id: int,
    amount: str,
    kind: str,
    paid_on: str | None,
    method: str,
    note: str,
    reference: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add a payment, a credit or an adjustment towards the balance. No card is charged."""
    from subtui.domain.permissions import Permission  # noqa: PLC0415
    from subtui.views.orders import PaymentDraft  # noqa: PLC0415

    with signed_in(context) as backend:
        record = backend.read(GetOrder(order_id))
        draft = PaymentDraft(
            kind=KINDS[kind],
            intent=token_hex(16),
            amount=read_amount("--amount", amount, record.total.currency),
            paid_on=context.read_day("--date", paid_on, today=backend.today, past=True)
            if paid_on is not None
            else None,
            method=method.strip(),
            note=note,
            reference=reference,
        )
        preview = backend.read(PreviewPayment(order_id, draft))
        if dry_run:
            answer_dry_run(as_it_would_go(backend, preview, Permission.RECORD_PAYMENT), as_json=as_json)
            return
        booked = backend.do(AddPayment(order_id, draft, version=record.version), route=f"/orders/{order_id}/payment")
    if as_json:
        say_json({"preview": jsonify(preview), "booked": jsonify(booked)})
        return
    say(lines_of(preview))
    say_booked(booked)


@order.command()
@click.argument("order_id", metavar="ID", type=ROW_ID)
@click.option("--row", "row_id", type=ROW_ID, required=True, metavar="N", help="The refund; `order show` lists it.")
@once()
@json_option
@with_start
def correct(context: CliContext, order_id: int, row_id: int, as_json: bool) -> None:
    """Reverse a refund recorded today, together with its credit."""
    with signed_in(context) as backend:
        record = backend.read(GetOrder(order_id))
        row_of(record, row_id)
        booked = backend.do(CorrectRefund(order_id, row_id, version=record.version), route=f"/orders/{order_id}")
    if as_json:
        say_json({"booked": jsonify(booked)})
    else:
        say_booked(booked)


@order.command()
@click.argument("order_id", metavar="ID", type=ROW_ID)
@click.option("--row", "row_id", type=ROW_ID, required=True, metavar="N", help="The refund; `order show` lists it.")
@click.option("--reference", type=WORDS, required=True, metavar="R", help="The gateway reference.")
@once()
@json_option
@with_start
def reference(context: CliContext, order_id: int, row_id: int, reference: str, as_json: bool) -> None:
    """Enter the gateway reference of a refund, which finishes it; or change it."""
    with signed_in(context) as backend:
        record = backend.read(GetOrder(order_id))
        row_of(record, row_id)
        route = f"/orders/{order_id}"
        booked = backend.do(SetReference(order_id, row_id, reference, version=record.version), route=route)
    if as_json:
        say_json({"booked": jsonify(booked)})
    else:
        say_booked(booked)

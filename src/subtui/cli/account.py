"""The commands about the account itself: billing, cancellation, calls."""

import click

from subtui.acts.tickets import FileCall, GetTicket, WithdrawTicket
from subtui.cli.account_cancel import cancel
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.tickets import TICKET
from subtui.domain.plain_text import sanitize


@click.group()
def account() -> None:
    """Show the account's plan and invoices, and cancel the account."""


account.add_command(cancel)


@account.command()
@json_option
@with_start
def show(context: CliContext, as_json: bool) -> None:
    """Print Billing & Account: plan, fee, notice clock, invoices, and who can cancel the account."""
    from subtui.cli.screens import say_screen  # noqa: PLC0415

    say_screen(context, "billing", as_json=as_json)


@account.command()
@click.argument("ticket", metavar="TICKET", type=TICKET)
@once()
@json_option
@with_start
def withdraw(context: CliContext, ticket: int, as_json: bool) -> None:
    """Withdraw a ticket: an account cancellation until its end date, other tickets while open."""
    with signed_in(context) as backend:
        version = backend.read(GetTicket(ticket)).version
        filed = backend.do(WithdrawTicket(ticket, version=version), route=f"/requests/{ticket}")
    if as_json:
        say_json({"filed": jsonify(filed)})
    else:
        say(sanitize(filed.sentence))


@account.command()
@click.option("--phone", type=WORDS, required=True, metavar="P", help="The number where the team can call you back.")
@click.option("--note", type=WORDS, default="", metavar="T", help="What the team should know before calling.")
@once()
@json_option
@with_start
def call(context: CliContext, phone: str, note: str, as_json: bool) -> None:
    """Log a call for the cancellations team, if you cannot cancel the account yourself."""
    from subtui.domain.requests import CallDraft  # noqa: PLC0415

    with signed_in(context) as backend:
        filed = backend.do(FileCall(CallDraft(phone, note)), route="/account/phone")
    if as_json:
        say_json({"filed": jsonify(filed)})
        return
    say(sanitize(filed.sentence))
    say(f"The ticket: subtui show /requests/{filed.request.id}")

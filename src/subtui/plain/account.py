"""The commands about the account itself: what it pays and until when it can be ended, and how it is ended."""

import click

from subtui.domain.plain_text import sanitize
from subtui.plain.account_cancel import cancel
from subtui.plain.intentions import once
from subtui.plain.jsonify import jsonify
from subtui.plain.output import say, say_json
from subtui.plain.start import WORDS, Start, json_option, signed_in, with_start
from subtui.plain.tickets import TICKET


@click.group()
def account() -> None:
    """Show the account's plan and invoices, and cancel the account."""


account.add_command(cancel)


@account.command()
@json_option
@with_start
def show(start: Start, as_json: bool) -> None:
    """Print Billing & Account: plan, fee, notice clock, invoices, and who can cancel the account."""
    from subtui.plain.account_screens import billing  # noqa: PLC0415

    with signed_in(start) as backend:
        view, local = backend.billing(), start.with_backend(backend)
    if as_json:
        say_json(jsonify(view))
    else:
        say(billing(view, local))


@account.command()
@click.argument("ticket", metavar="TICKET", type=TICKET)
@once()
@json_option
@with_start
def withdraw(start: Start, ticket: int, as_json: bool) -> None:
    """Withdraw a ticket: an account cancellation until its end date, other tickets while open."""
    with signed_in(start) as backend:
        version = backend.request(ticket).version
        filed = backend.withdraw(ticket, version=version, route=f"/requests/{ticket}")
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
def call(start: Start, phone: str, note: str, as_json: bool) -> None:
    """Log a call for the cancellations team, if you cannot cancel the account yourself."""
    from subtui.domain.requests import CallDraft  # noqa: PLC0415

    with signed_in(start) as backend:
        filed = backend.file_call(CallDraft(phone, note), route="/account/phone")
    if as_json:
        say_json({"filed": jsonify(filed)})
        return
    say(sanitize(filed.sentence))
    say(f"The ticket: subtui show /requests/{filed.request.id}")

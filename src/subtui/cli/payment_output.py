"""Shared by the commands that write to an order's ledger: read amounts and rows, print previews and results."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from subtui.cli.jsonify import jsonify
from subtui.cli.output import complain, pairs, say, say_json
from subtui.domain.errors import NotFound, Problem, WrongInput
from subtui.domain.money import Money
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.domain.permissions import Permission
    from subtui.services.backend import Backend
    from subtui.views.contact_merges import MergePreview
    from subtui.views.orders import LedgerRow, OrderRecord, PaymentPreview, RefundResult
    from subtui.views.preview import Preview


def read_amount(option: str, text: str, currency: str) -> Money:
    """Read the amount of an option. Raises WrongInput."""
    try:
        return Money.parse(text, currency)
    except ValueError as error:
        raise WrongInput(f"{option}: {error}") from None


def row_of(record: "OrderRecord", row_id: int) -> "LedgerRow":
    """The ledger row with that id. Raises NotFound when it is not of this order."""
    found = next((row for row in record.rows if row.id == row_id), None)
    if found is None:
        raise NotFound(f"Order {record.id} has no row {row_id}. List its rows with: subtui order show {record.id}")
    return found


def as_it_would_go(backend: "Backend", preview: "PaymentPreview", action: "Permission") -> "PaymentPreview":
    """The preview, with the problems that only the save would find."""
    from subtui.domain.permissions import why_not  # noqa: PLC0415

    person = backend.person
    forbidden = why_not(person.role, action, verified=person.verified) if person else None
    return replace(preview, problems=(*preview.problems, Problem("role", forbidden))) if forbidden else preview


def answer_dry_run(
    preview: "PaymentPreview | Preview | MergePreview", *, as_json: bool, result: str = "booked"
) -> None:
    """Print the preview and its problems; the command exits with 1 if there are any.

    In JSON, `result` is the name under which a save would answer.
    """
    if as_json:
        say_json({"preview": jsonify(preview), result: None})
    else:
        if preview.lines:
            say(lines_of(preview))
        if not preview.problems:
            say("Nothing was saved: this was a dry run.")
    for problem in preview.problems:
        complain(problem.sentence)
    if preview.problems:
        raise click.exceptions.Exit(1)


def lines_of(preview: "PaymentPreview | Preview | MergePreview") -> str:
    """The lines of the preview."""
    return pairs([(line.label, line.text) for line in preview.lines])


def say_booked(booked: "RefundResult") -> None:
    """Print the result, and the route of the letter."""
    say(sanitize(booked.sentence))
    if booked.letter_id:
        say(f"The letter to the customer: subtui show /letters/{booked.letter_id}")

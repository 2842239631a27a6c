"""The commands that change a subscription: cancel, undo, roll."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from subtui.acts.subscriptions import GetSubscription, PreviewSubscription, SaveSubscription, UndoCancellation
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, opened, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.keap_follow import send_by_itself
from subtui.cli.output import say, say_json
from subtui.cli.payment_output import answer_dry_run, lines_of
from subtui.domain.endings import MOST_BILLS
from subtui.domain.errors import Problem, WrongInput
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.domain.cancellation import Draft
    from subtui.services.backend import Backend
    from subtui.views.customers import SaveResult, SubscriptionRecord
    from subtui.views.preview import Preview

DATES = "Dates: 2026-03-14, 14 mar, +10d, eom, today, or paid for paid through."


@click.command(epilog=DATES)
@click.argument("subscription_id", metavar="ID", type=ROW_ID)
@click.option("--end-date", type=WORDS, metavar="D", help="The last day of the customer's access.")
@click.option(
    "--after-bills",
    type=click.IntRange(0, MOST_BILLS),
    metavar="N",
    help="Instead of --end-date: stay Active for N more bills, then Inactive by itself.",
)
@click.option("--reason", "code", type=WORDS, required=True, metavar="CODE", help="A reason code (see `reasons`).")
@click.option("--note", type=WORDS, metavar="N", help="A note; the reason `other` needs one.")
@click.option("--requested-on", type=WORDS, metavar="D", help="The day of the customer's request (default: today).")
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def cancel(
    context: CliContext,
    subscription_id: int,
    end_date: str | None,
    after_bills: int | None,
    code: str,
    note: str | None,
    requested_on: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Set a subscription Inactive, with its end date and reason, and Auto Charge off."""
    if (end_date is None) == (after_bills is None):
        raise WrongInput("Give either --end-date or --after-bills.")
    with signed_in(context) as backend:
        record = backend.read(GetSubscription(subscription_id))
        draft = _draft(context, backend, record, end_date=end_date, code=code, note=note, requested_on=requested_on)
        if after_bills is not None:
            draft = _after_bills(record, draft, after_bills, today=backend.today)
        preview = backend.read(PreviewSubscription(subscription_id, draft))
        if dry_run:
            answer_dry_run(_as_it_would_end(backend, preview), as_json=as_json, result="saved")
            return
        route = f"/subscriptions/{subscription_id}"
        saved = backend.do(SaveSubscription(subscription_id, draft, version=record.version), route=route)
        _say_saved(preview, saved, as_json=as_json)
        send_by_itself(context, backend)


def _say_saved(preview: "Preview", saved: "SaveResult", *, as_json: bool) -> None:
    if as_json:
        say_json({"preview": jsonify(preview), "saved": jsonify(saved)})
        return
    say(lines_of(preview))
    say(sanitize(saved.sentence))
    if saved.letter_id:
        say(f"The letter to the customer: subtui show /letters/{saved.letter_id}")


def _draft(
    context: CliContext,
    backend: "Backend",
    record: "SubscriptionRecord",
    *,
    end_date: str | None,
    code: str,
    note: str | None,
    requested_on: str | None,
) -> "Draft":
    """The draft from the options of the command. Raises WrongInput for an invalid date or code."""
    from subtui.domain.cancellation import draft_of  # noqa: PLC0415
    from subtui.domain.reasons import find_reason  # noqa: PLC0415
    from subtui.domain.subscriptions import Status  # noqa: PLC0415

    stored = draft_of(record.terms)
    if code != stored.reason_code:
        find_reason(code, record.reasons)
    kept = stored.reason_note if code == stored.reason_code else ""
    paid = record.billing.paid_through
    return replace(
        stored,
        status=Status.INACTIVE,
        auto_charge=False,
        end_date=context.read_day("--end-date", end_date, today=backend.today, paid_through=paid)
        if end_date is not None
        else None,
        reason_code=code,
        reason_note=(kept if note is None else note).strip(),
        requested_on=context.read_day("--requested-on", requested_on, today=backend.today, past=True)
        if requested_on
        else stored.requested_on,
    )


def _after_bills(record: "SubscriptionRecord", draft: "Draft", count: int, *, today: date) -> "Draft":
    """The draft of a subscription that stays Active for some more bills; for none it ends with its paid term."""
    from subtui.domain.endings import end_after_bills  # noqa: PLC0415  (for those who cancel)
    from subtui.domain.subscriptions import Status  # noqa: PLC0415

    end = end_after_bills(record.billing, count, today=today)
    if count == 0:
        return replace(draft, end_date=end)
    return replace(draft, end_date=end, status=Status.ACTIVE, auto_charge=record.terms.ending.auto_charge)


def _as_it_would_end(backend: "Backend", preview: "Preview") -> "Preview":
    """The preview, with the problems that only the save would find."""
    from subtui.domain.permissions import Permission, why_not  # noqa: PLC0415

    problems = list(preview.problems)
    person = backend.person
    forbidden = why_not(person.role, Permission.CANCEL_SUBSCRIPTION, verified=person.verified) if person else None
    if forbidden:
        problems.append(Problem("role", forbidden))
    if not preview.saves_something:
        problems.append(Problem("form", "No changes to save."))
    return replace(preview, problems=tuple(problems))


@click.command()
@click.argument("subscription_id", metavar="ID", type=ROW_ID)
@once()
@json_option
@with_start
def undo(context: CliContext, subscription_id: int, as_json: bool) -> None:
    """Undo a cancellation, a pause or a resumption."""
    with signed_in(context) as backend:
        record = backend.read(GetSubscription(subscription_id))
        saved = backend.do(
            UndoCancellation(subscription_id, version=record.version), route=f"/subscriptions/{subscription_id}"
        )
        if as_json:
            say_json({"saved": jsonify(saved)})
        else:
            say(sanitize(saved.sentence))
        send_by_itself(context, backend)


@click.command()
@json_option
@with_start
def roll(context: CliContext, as_json: bool) -> None:
    """End subscriptions past their end date, resume those past their pause. Opening the program does this too."""
    with opened(context) as backend:
        rolled = backend.expire_due()
        today = backend.today
    if as_json:
        say_json({"today": today.isoformat(), "rolled": rolled})
    elif rolled:
        say(f"{rolled} subscription{'s' if rolled > 1 else ''} ended or resumed on {context.day(today)}.")
    else:
        say(f"No subscriptions are past their end date or pause on {context.day(today)}.")

"""The commands that pause a subscription and resume it."""

from typing import TYPE_CHECKING

import click

from subtui.acts.subscriptions import GetSubscription, PreviewPause, SavePause
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.keap_follow import send_by_itself
from subtui.cli.output import say, say_json
from subtui.cli.payment_output import answer_dry_run, lines_of
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.domain.pauses import PauseDraft
    from subtui.services.backend import Backend

NEXT_BILL = "next-bill"
DATES = "Dates: 2026-03-14, 14 mar, +10d, eom, today, or paid for paid through."


@click.command(epilog=DATES)
@click.argument("subscription_id", metavar="ID", type=ROW_ID)
@click.option("--from", "start", type=WORDS, metavar="D", help="The first day, or next-bill (default: today).")
@click.option("--until", type=WORDS, metavar="D", help="The day it resumes (default: until it is resumed).")
@click.option("--new-cycle", is_flag=True, help="Begin a new billing cycle with it, instead of keeping the day.")
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def pause(
    context: CliContext,
    subscription_id: int,
    start: str | None,
    until: str | None,
    new_cycle: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Pause a subscription, or change its pause: no charges meanwhile."""
    from subtui.domain.pauses import PauseDraft, PauseStart  # noqa: PLC0415

    with signed_in(context) as backend:
        paid = backend.read(GetSubscription(subscription_id)).billing.paid_through
        dated = start is not None and start.strip() != NEXT_BILL
        begins = PauseStart.DATE if dated else PauseStart.NEXT_BILL if start else PauseStart.TODAY
        today = backend.today
        draft = PauseDraft(
            start=begins,
            paused_from=context.read_day("--from", start, today=today, paid_through=paid) if dated and start else None,
            resumes_on=context.read_day("--until", until, today=today, paid_through=paid) if until else None,
            restarts_cycle=new_cycle,
        )
        _save(backend, subscription_id, draft, dry_run=dry_run, as_json=as_json)
        send_by_itself(context, backend)


@click.command()
@click.argument("subscription_id", metavar="ID", type=ROW_ID)
@click.option("--new-cycle", is_flag=True, help="Begin a new billing cycle today, instead of keeping the day.")
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def resume(context: CliContext, subscription_id: int, new_cycle: bool, dry_run: bool, as_json: bool) -> None:
    """Resume a paused subscription today, or take back a pause that has not begun."""
    from subtui.domain.pauses import PauseDraft  # noqa: PLC0415

    with signed_in(context) as backend:
        draft = PauseDraft(resume_now=True, restarts_cycle=new_cycle)
        _save(backend, subscription_id, draft, dry_run=dry_run, as_json=as_json)
        send_by_itself(context, backend)


def _save(backend: "Backend", subscription_id: int, draft: "PauseDraft", *, dry_run: bool, as_json: bool) -> None:
    """Preview the draft, save it unless it is a dry run, and print both."""
    record = backend.read(GetSubscription(subscription_id))
    preview = backend.read(PreviewPause(subscription_id, draft))
    if dry_run:
        answer_dry_run(preview, as_json=as_json, result="saved")
        return
    route = f"/subscriptions/{subscription_id}/pause"
    saved = backend.do(SavePause(subscription_id, draft, version=record.version), route=route)
    if as_json:
        say_json({"preview": jsonify(preview), "saved": jsonify(saved)})
        return
    say(lines_of(preview))
    say(sanitize(saved.sentence))
    say(f"The letter to the customer: subtui show /letters/{saved.letter_id}")

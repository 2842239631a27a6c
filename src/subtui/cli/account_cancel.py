"""The command that requests the account cancellation, for the user or for a caller."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from subtui.acts.tickets import (
    CompleteCall,
    GetCancellationForm,
    GetPhoneInstructions,
    GetTicket,
    PreviewCancellation,
    RequestCancellation,
)
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.errors import told
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import text_of
from subtui.cli.output import complain, pairs, say, say_json
from subtui.cli.tickets import TICKET, reach_options
from subtui.domain.errors import Invalid, NotAllowed, Problem
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from datetime import date

    from subtui.domain.requests import CancellationDraft, ContactDetails
    from subtui.services.backend import Backend
    from subtui.views.account import CancelForm, RequestPreview, TicketResult

DATES = "Dates: 2026-03-02, 2 mar 2026, -3d, yesterday or today."


@click.command(epilog=DATES)
@click.option(
    "--reason",
    "code",
    type=WORDS,
    required=True,
    metavar="CODE",
    help="The reason code; an unknown code lists all codes.",
)
@click.option("--comment", type=WORDS, default="", metavar="T", help="A comment on the reason; required for `other`.")
@reach_options
@click.option("--requested-on", type=WORDS, metavar="D", help="The request date; default: today, or that of the call.")
@click.option("--acknowledge", is_flag=True, help="Confirm that you have read the terms.")
@click.option("--for", "ticket", type=TICKET, metavar="TICKET", help="Complete a logged call for the caller.")
@click.option("--dry-run", is_flag=True, help="Show the result and the terms without saving.")
@once()
@json_option
@with_start
def cancel(
    context: CliContext,
    code: str,
    comment: str,
    email: str | None,
    phone: str | None,
    prefer: str | None,
    requested_on: str | None,
    acknowledge: bool,
    ticket: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Cancel the account: records the request, the acknowledged terms, the letter and the log entry.

    For a verified owner or administrator. All other users get the number to call and what to say.
    With --for, e-mail, phone and date default to those of the call.
    """
    from subtui.domain.reasons import find_reason  # noqa: PLC0415
    from subtui.domain.requests import CancellationDraft  # noqa: PLC0415

    with signed_in(context) as backend:
        form = backend.read(GetCancellationForm(ticket))
        _send_to_the_phone(backend, form, as_json=as_json)
        if form.standing is not None and form.call is None:
            _answer(None, _existing(backend, form.standing.id), as_json=as_json)
            return
        draft = CancellationDraft(
            reach=_reach(form, email, phone, prefer),
            reason_code=find_reason(code, form.reasons).code,
            comment=comment,
            requested_on=_asked_on(context, backend, form, requested_on),
            acknowledged=acknowledge,
        )
        preview = backend.read(PreviewCancellation(draft))
        if dry_run:
            _answer_dry_run(_but_for_the_terms(preview, form), as_json=as_json)
            return
        filed = _file(backend, form, draft, preview, as_json=as_json)
    _answer(preview, filed, as_json=as_json)


def _send_to_the_phone(backend: "Backend", form: "CancelForm", *, as_json: bool) -> None:
    """End the command for a user who may not cancel, with the reason and the phone instructions."""
    from subtui.cli.next_commands import commands_section, phone_commands  # noqa: PLC0415
    from subtui.domain.permissions import Permission, why_not  # noqa: PLC0415
    from subtui.views.account_entries import phone_entries  # noqa: PLC0415

    action = Permission.COMPLETE_ACCOUNT_CANCELLATION if form.call else Permission.REQUEST_ACCOUNT_CANCELLATION
    forbidden = why_not(form.person.role, action, verified=form.person.verified)
    if not forbidden:
        return
    route = backend.read(GetPhoneInstructions())
    standing = form.standing
    code = told(NotAllowed(forbidden), as_json=as_json, phone_route=jsonify(route), standing=jsonify(standing))
    if not as_json:
        say(text_of([*phone_entries(replace(route, why="")), *commands_section(phone_commands(route))]))
        if standing is not None:
            say(f"\nThe account is already being cancelled: subtui show /requests/{standing.id}")
    raise click.exceptions.Exit(code)


def _existing(backend: "Backend", request_id: int) -> "TicketResult":
    from subtui.views.account import TicketResult  # noqa: PLC0415

    found = backend.read(GetTicket(request_id))
    sentence = f"A request already exists: {found.ticket} ({found.standing.value}). Nothing was added."
    return TicketResult(found, sentence, existing=True)


def _reach(form: "CancelForm", email: str | None, phone: str | None, prefer: str | None) -> "ContactDetails":
    """The contact details for the answer: as given, else the caller's, else the signed-in user's."""
    from subtui.domain.requests import ContactDetails, Preferred  # noqa: PLC0415

    usual = form.call.preferred if form.call else Preferred.EMAIL
    return ContactDetails(
        email=form.email if email is None else email,
        phone=form.phone if phone is None else phone,
        preferred=Preferred(prefer) if prefer else usual,
    )


def _asked_on(context: CliContext, backend: "Backend", form: "CancelForm", written: str | None) -> "date | None":
    """The requested day as given, else that of the call; None is today."""
    if written is not None:
        return context.read_day("--requested-on", written, today=backend.today, past=True)
    return form.call.requested_on if form.call else None


def _but_for_the_terms(preview: "RequestPreview", form: "CancelForm") -> "RequestPreview":
    """The preview, with the problems that a save with acknowledged terms would have."""
    problems = [problem for problem in preview.problems if problem.field != "acknowledged"]
    if form.call is not None and form.why_not:
        problems.insert(0, Problem("for", form.why_not))
    return replace(preview, problems=tuple(problems))


def _answer_dry_run(preview: "RequestPreview", *, as_json: bool) -> None:
    from subtui.views.account_entries import cancellation_preview  # noqa: PLC0415

    if as_json:
        say_json({"preview": jsonify(preview), "filed": None})
    else:
        say(text_of(cancellation_preview(preview)))
        if not preview.problems:
            say("\nNothing was saved: this was a dry run.")
    for problem in preview.problems:
        complain(problem.sentence)
    if preview.problems:
        raise click.exceptions.Exit(1)


def _file(
    backend: "Backend", form: "CancelForm", draft: "CancellationDraft", preview: "RequestPreview", *, as_json: bool
) -> "TicketResult":
    """Save the request as previewed. Without the acknowledgement it is refused, with the terms."""
    from subtui.views.account_entries import cancellation_preview  # noqa: PLC0415

    try:
        if form.call is None:
            return backend.do(RequestCancellation(draft, expected=preview.found), route="/account/cancel")
        number, version = form.call.id, form.call.version
        return backend.do(
            CompleteCall(number, draft, version=version, expected=preview.found), route=f"/requests/{number}"
        )
    except Invalid as error:
        if draft.acknowledged:
            raise
        if not as_json:
            say(text_of(cancellation_preview(preview)))
        raise click.exceptions.Exit(told(error, as_json=as_json, preview=jsonify(preview))) from None


def _answer(preview: "RequestPreview | None", filed: "TicketResult", *, as_json: bool) -> None:
    if as_json:
        say_json({"preview": jsonify(preview), "filed": jsonify(filed)})
        return
    if preview is not None and not filed.existing:
        say(pairs([(line.label, line.text) for line in preview.lines]))
    say(sanitize(filed.sentence))
    if filed.request.letter_id:
        say(f"The letter: subtui show /letters/{filed.request.letter_id}")

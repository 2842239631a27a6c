"""The tickets of the cancellation team as text: the queue, and one ticket with its thread."""

from typing import TYPE_CHECKING

from subtui.cli.layout import bullets, counted, indented, parts, section, verified_words, yes
from subtui.cli.output import pairs, table
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.domain.requests import DIRECTION_WORDS, KIND_WORDS, TOPIC_WORDS, Kind, Preferred, Standing, Topic, due_words
from subtui.views.account import Entry, RequestRecord, RequestRow
from subtui.views.account_words import NO_INVOICES
from subtui.views.customers import Page

if TYPE_CHECKING:
    from subtui.cli.context import CliContext


def requests(view: Page[RequestRow], context: "CliContext") -> str:
    """The queue of the cancellation team."""
    return parts(counted("Requests", view), request_table(view.rows, context))


def request_table(rows: tuple[RequestRow, ...], context: "CliContext") -> str:
    """A list of tickets."""
    if not rows:
        return "none"
    lines = [
        (
            row.ticket,
            _what(row),
            row.requested_by,
            context.day(row.requested_on),
            _due(row, context),
            row.standing.value,
        )
        for row in rows
    ]
    return table(("Ticket", "Type", "From", "Requested", "Answer due", "Status"), lines)


def _what(row: RequestRow) -> str:
    words = KIND_WORDS[row.kind]
    return f"{words}: {row.subject}" if row.kind is Kind.QUESTION else words


def _due(row: RequestRow | RequestRecord, context: "CliContext") -> str:
    """The due day of the answer; a dash for a ticket that is not open."""
    if row.standing is not Standing.OPEN:
        return "-"
    return due_words(row.answer_due, today=context.today, day=context.day)


def request(view: RequestRecord, context: "CliContext") -> str:
    """A ticket with its thread."""
    thread = "\n".join(_entry(entry, context) for entry in view.thread)
    return parts(
        f"{view.ticket}  {sanitize(view.subject)}",
        pairs((*_asked(view, context), *_answered(view, context))),
        section("Result", pairs(_ending(view, context))) if view.ends_on else "",
        section("Comment", sanitize_lines(view.comment)) if view.comment else "",
        section("Acknowledged", bullets(view.acknowledged)) if view.acknowledged else "",
        section("Correspondence", thread) if thread else "",
    )


def _asked(view: RequestRecord, context: "CliContext") -> tuple[tuple[str, str], ...]:
    phone_first = view.preferred is Preferred.PHONE
    return (
        ("Type", KIND_WORDS[view.kind]),
        ("Topic", TOPIC_WORDS[Topic(view.topic)] if view.topic else ""),
        ("Status", view.standing.value),
        ("From", f"{view.requested_by} ({view.role}, {verified_words(view.verified)})"),
        ("Requested on", context.day(view.requested_on)),
        ("Recorded", f"{context.instant(view.recorded_at)} by {view.recorded_by}"),
        ("Completed by", view.completed_by),
        ("Reason", view.reason),
        ("E-mail", view.email),
        ("Phone", view.phone),
        ("Contact by", "phone" if phone_first else "e-mail"),
    )


def _answered(view: RequestRecord, context: "CliContext") -> tuple[tuple[str, str], ...]:
    decided = f"{context.instant(view.decided_at)} by {view.decided_by}" if view.decided_at else ""
    withdraw = f"subtui account withdraw {view.ticket}"
    return (
        ("Answer due", _due(view, context) if view.standing is Standing.OPEN else context.day(view.answer_due)),
        ("Decided", decided),
        ("Outcome", view.outcome_note),
        ("Withdraw", view.why_not_withdraw or withdraw),
        ("Letter", f"/letters/{view.letter_id}" if view.letter_id else ""),
        ("Version", str(view.version)),
    )


def _ending(view: RequestRecord, context: "CliContext") -> tuple[tuple[str, str], ...]:
    return (
        ("Plan", view.plan),
        ("Next invoice", context.day(view.next_invoice)),
        ("Last safe day", context.day(view.last_safe_day)),
        ("In time", "" if view.in_time is None else yes(view.in_time)),
        ("Last invoice", context.day(view.last_invoice) or NO_INVOICES),
        ("Account ends", context.day(view.ends_on)),
    )


def _entry(entry: Entry, context: "CliContext") -> str:
    head = f"{context.instant(entry.at)}  {DIRECTION_WORDS[entry.direction]}, {sanitize(entry.author)}: "
    letter = f"    subtui show /letters/{entry.letter_id}" if entry.letter_id else ""
    said = (f"{head}{sanitize(entry.subject)}", f"    {indented(entry.body, '    ')}", letter)
    return "\n".join(line.rstrip() for line in said if line)

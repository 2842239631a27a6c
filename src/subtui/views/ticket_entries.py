"""A ticket and the queue of tickets, as entries and as columns of lists."""

from collections.abc import Iterable

from subtui.domain.permissions import Role
from subtui.domain.requests import DIRECTION_WORDS, KIND_WORDS, TOPIC_WORDS, Preferred, Standing, Topic, due_words
from subtui.views.account import Entry as Correspondence
from subtui.views.account import RequestRecord, RequestRow
from subtui.views.account_words import NO_INVOICES, NO_REFUND
from subtui.views.entries import (
    BLANK,
    Entry,
    Heading,
    ListColumn,
    Paragraph,
    Prose,
    Term,
    day_column,
    numbered,
    verified_words,
)
from subtui.views.format import Format


def _due(row: RequestRow, fmt: Format) -> str:
    """The due day of the answer; the status of a closed ticket."""
    is_open = row.standing is Standing.OPEN
    return due_words(row.answer_due, today=fmt.today, day=fmt.day) if is_open else row.standing.value


def _due_tone(row: RequestRow, fmt: Format) -> str:
    if row.standing is not Standing.OPEN:
        return "muted"
    return "warn" if row.overdue or row.answer_due == fmt.today else ""


TICKET_COLUMNS: tuple[ListColumn[RequestRow], ...] = (
    ListColumn("Ticket", 7, text=lambda row, _: row.ticket),
    ListColumn("Type", 12, drop=2, text=lambda row, _: KIND_WORDS[row.kind]),
    ListColumn("Subject", 16, share=3, most=56, text=lambda row, _: row.subject),
    ListColumn("From", 12, share=1, most=24, drop=1, text=lambda row, _: row.requested_by),
    day_column("Requested", lambda row: row.requested_on, drop=3),
    ListColumn("Answer due", 17, share=1, most=20, text=_due, tone=_due_tone),
)


def standing_words(row: RequestRow, fmt: Format) -> str:
    """The cancellation in force: who requested it and when, and when the account ends."""
    past = row.ends_on is not None and row.ends_on < fmt.today
    ends = f"; the account {'ended' if past else 'ends'} on {fmt.day(row.ends_on)}" if row.ends_on else ""
    requested = f"{row.requested_by} requested cancellation on {fmt.day(row.requested_on)}"
    return f"{row.ticket} ({row.standing.value}): {requested}{ends}."


def status_words(record: RequestRecord, fmt: Format) -> str:
    """What follows the status: when the answer to an open ticket is due; who decided a closed one, and when."""
    if record.standing is Standing.OPEN:
        due = due_words(record.answer_due, today=fmt.today, day=fmt.day)
        return f" · {due}" if record.overdue else f" · answer due {due}"
    who = f" by {record.decided_by}" if record.decided_by else ""
    return who + (f" on {fmt.instant(record.decided_at)}" if record.decided_at else "")


def ticket_entries(record: RequestRecord, fmt: Format) -> Iterable[Entry]:
    """A ticket with its correspondence."""
    yield Paragraph(f"{record.ticket}  {record.subject}", "strong")
    yield Paragraph(record.standing.value + status_words(record, fmt))
    yield from request_entries(record, fmt)
    yield from thread_entries(record, fmt)


def request_entries(record: RequestRecord, fmt: Format) -> Iterable[Entry]:
    """The request: who asks for what, its result, and the terms acknowledged."""
    yield Heading("Request")
    yield Term("Type", KIND_WORDS[record.kind])
    yield Term("Topic", TOPIC_WORDS[Topic(record.topic)] if record.topic in tuple(Topic) else "")
    # Verification matters for these two roles only.
    verified = f", {verified_words(record.verified)}" if record.role in (Role.OWNER, Role.ADMIN) else ""
    yield Term("From", f"{record.requested_by} ({record.role}{verified})")
    yield Term("Completed by", record.completed_by)
    yield Term("Requested on", fmt.day(record.requested_on))
    yield Term("Recorded", f"{fmt.instant(record.recorded_at)} by {record.recorded_by}")
    yield Term("Contact by", "phone" if record.preferred is Preferred.PHONE else "e-mail")
    yield Term("E-mail", record.email)
    yield Term("Phone", record.phone)
    yield Term("Reason", record.reason)
    if record.standing is not Standing.OPEN:
        yield Term("Answer due", fmt.day(record.answer_due))
    yield Term("Outcome", record.outcome_note)
    if record.comment:
        yield Heading("Comment")
        yield Prose(record.comment)
    if record.ends_on is not None:
        yield from _result(record, fmt)
    if record.acknowledged:
        yield Heading("Terms acknowledged")
        yield from numbered(record.acknowledged)


def _result(record: RequestRecord, fmt: Format) -> Iterable[Entry]:
    ends = fmt.day(record.ends_on)
    in_time = "In time" if record.in_time else "Too late for the next invoice"
    taken_back = record.standing in (Standing.WITHDRAWN, Standing.REFUSED)
    yield Heading("Result")
    yield Term("Plan", record.plan)
    yield Term("Next invoice", fmt.day(record.next_invoice))
    yield Term("Notice", f"{in_time} (last safe day: {fmt.day(record.last_safe_day)})")
    yield Term("Last invoice", fmt.day(record.last_invoice) or NO_INVOICES)
    yield Term("Ends", f"was {ends} ({record.standing.value})" if taken_back else ends)
    yield Term("Refund", NO_REFUND)


def thread_entries(record: RequestRecord, fmt: Format) -> Iterable[Entry]:
    """The correspondence, each letter or note below its head."""
    yield Heading("Correspondence")
    if not record.thread:
        yield Paragraph("None yet", "muted")
    for at, entry in enumerate(record.thread):
        if at:
            yield BLANK
        yield from _correspondence(entry, fmt)


def _correspondence(entry: Correspondence, fmt: Format) -> Iterable[Entry]:
    yield Paragraph(f"{fmt.instant(entry.at)}  {DIRECTION_WORDS[entry.direction]}  {entry.author}", "muted")
    if entry.subject:
        yield Paragraph(entry.subject, "strong")
    yield Prose(entry.body)
    if entry.letter_id is not None:
        yield Paragraph(f"Letter {entry.letter_id}: recorded, not sent.", "muted")

"""Entries of the log and letters, as entries of a screen or a text."""

from collections.abc import Iterable

from subtui.domain.outbox import SENTENCES, STATE_TONES
from subtui.domain.requests import ticket_number
from subtui.views.customers import EventView, LetterView
from subtui.views.entries import Entry, Paragraph, Term
from subtui.views.format import Format


def change_entries(event: EventView, fmt: Format) -> Iterable[Term]:
    """The fields that an act changed, each with its value before and after."""
    for change in event.changes:
        yield Term(change.field, f"{fmt.logged(change.before)} → {fmt.logged(change.after)}")


def event_entries(event: EventView, fmt: Format) -> Iterable[Entry]:
    """An entry in full: what was done by whom, its hash, and the values before and after."""
    head = f"{event.title}  by {event.actor} ({event.role})   entry {event.id}, {event.hash[:12]}"
    yield Paragraph(head, "strong")
    yield from change_entries(event, fmt)


def letter_head(letter: LetterView, fmt: Format) -> Iterable[Entry]:
    """The lines above a letter: to whom, about what, and whether what it confirms was undone since."""
    yield Term("To", f"{letter.to} <{letter.email}>" if letter.email else f"{letter.to} (no e-mail address)")
    yield Term("Subject", letter.subject, "strong")
    yield Term("Written", f"{fmt.instant(letter.written_at)}, recorded, not sent")
    yield Term("About", _about(letter))
    if letter.keap is not None:
        yield Term("Keap", SENTENCES[letter.keap], STATE_TONES[letter.keap])
    if letter.undone:
        what = "refund" if letter.order_id is not None else "cancellation"
        how = "reversed" if letter.how_undone == "corrected" else letter.how_undone
        yield Paragraph(f"! This {what} has since been {how}.", "warn")


def _about(letter: LetterView) -> str:
    if letter.request_id is not None:
        return f"ticket {ticket_number(letter.request_id)}"
    if letter.order_id is not None:
        return f"order {letter.order_id}"
    return f"subscription {letter.subscription_id}" if letter.subscription_id is not None else ""

"""A customer's timeline: the columns of its list, the details of a line, and the whole list as entries."""

from collections.abc import Iterable, Sequence

from subtui.domain.ledger import ROW_WORDS
from subtui.domain.outbox import SHORT_WORDS, STATE_TONES
from subtui.domain.timeline import ALL, KIND_WORDS, Filter, LineKind, Source
from subtui.views.contact_entries import contact_head
from subtui.views.entries import Entry, Heading, ListColumn, Paragraph, Prose, table
from subtui.views.format import Format
from subtui.views.log_entries import event_entries
from subtui.views.refund_preview import owed_words
from subtui.views.timeline import Timeline, TimelineLine

# The kind says what was done: the subject and the reason come before the title, which a narrow column cuts.
_SUBJECT_FIRST = (LineKind.CANCELLATION, LineKind.ENDED, LineKind.PAUSE, LineKind.RESUMPTION)
_LOST = (LineKind.FAILED_CHARGE, LineKind.CHARGEBACK)


def when_words(line: TimelineLine, fmt: Format) -> str:
    """The day, and the time where it is known."""
    return fmt.day(line.day) if line.day else fmt.instant(line.position.at)


def what_words(line: TimelineLine, fmt: Format) -> str:
    """What happened, in one line: what a log entry is about comes first where its kind says the rest."""
    source = line.position.source
    if source is Source.NOTE:
        return " ".join(line.text.split())
    due = owed_words(line.due) if line.due is not None and line.due.minor > 0 else ""
    parts: tuple[str, ...] = (line.title, due)
    if source is Source.PAYMENT:
        paid_on = f"paid on {fmt.day(line.paid_on)}" if line.paid_on else ""
        parts = (line.title, paid_on, "" if line.state == "approved" else line.text or line.state, _method(line))
    elif source is Source.ENTRY:
        reason = fmt.code(line.reason)
        subject_first = line.kind in _SUBJECT_FIRST
        parts = (line.about, reason, line.title) if subject_first else (line.title, line.about, reason)
    words = " · ".join(part for part in parts if part)
    return f"{words} (undone)" if _is_undone(line) else words


def _method(line: TimelineLine) -> str:
    return "" if line.method in ROW_WORDS.values() else line.method


def _is_undone(line: TimelineLine) -> bool:
    return line.event is not None and line.event.undone


def _tone(line: TimelineLine, _fmt: Format) -> str:
    if line.failed or line.kind in _LOST:
        return "bad"
    return "muted" if _is_undone(line) else ""


def _amount_tone(line: TimelineLine, fmt: Format) -> str:
    return "warn" if line.due is not None and line.due.minor > 0 else _tone(line, fmt)


TIMELINE_COLUMNS: tuple[ListColumn[TimelineLine], ...] = (
    ListColumn("When", 17, text=when_words),
    ListColumn("Kind", 14, text=lambda line, _: KIND_WORDS[line.kind], tone=_tone),
    ListColumn("What", 18, share=4, most=100, text=what_words, tone=_tone),
    ListColumn(
        "Amount",
        13,
        right=True,
        drop=1,
        text=lambda line, _: line.amount.format() if line.amount is not None else "",
        tone=_amount_tone,
    ),
    ListColumn("Who", 12, share=1, most=24, drop=2, text=lambda line, _: line.who),
    ListColumn(
        "Keap",
        16,
        drop=3,
        optional=True,
        text=lambda line, _: SHORT_WORDS[line.event.keap] if line.event and line.event.keap else "",
        tone=lambda line, _: STATE_TONES[line.event.keap] if line.event and line.event.keap else "",
    ),
)
TIMELINE_ROUTE: ListColumn[TimelineLine] = ListColumn("Where", 20, text=lambda line, _: line.route)


def line_entries(line: TimelineLine, fmt: Format, dropped: Sequence[str] = ()) -> Iterable[Entry]:
    """What a line says besides its columns, and those of its columns that were dropped."""
    source = line.position.source
    if source is Source.NOTE:
        yield Paragraph(f"{when_words(line, fmt)}  {line.who}", "muted")
        yield Prose(line.text)
        return
    facts: tuple[str, ...] = ()
    if source is Source.PAYMENT:
        facts = (_method(line), "" if line.state == "approved" else line.state, fmt.code(line.reason), line.text)
        facts += (f"reference {line.reference}" if line.reference else "",)
    elif source is Source.ORDER and line.due is not None and line.due.minor:
        facts = (owed_words(line.due),)
    if source is not Source.ENTRY:
        who = f"by {line.who}" if line.who and "Who" in dropped and line.event is None else ""
        amount = line.amount.format() if line.amount is not None and "Amount" in dropped else ""
        kind = KIND_WORDS[line.kind] if source is Source.PAYMENT else ""
        parts = (kind, line.about, line.title, amount, *facts, who)
        yield Paragraph(" · ".join(part for part in parts if part), "strong" if line.event is None else "")
    if line.event is not None:
        yield from event_entries(line.event, fmt)


def empty_words(chosen: Filter, text: str) -> str:
    """The sentence for a timeline without lines; it names the filter, if there is one."""
    if chosen is ALL and not text:
        return "No activity for this contact yet."
    what = "activity" if chosen is ALL else chosen.title[0].lower() + chosen.title[1:]
    matching = f" with “{text}”" if text else ""
    return f"No {what}{matching}."


def timeline_entries(view: Timeline, chosen: Filter, fmt: Format) -> Iterable[Entry]:
    """The timeline: its lines, then the notes in full and the log entries with what they changed."""
    yield from contact_head(view.contact, view.contact_id)
    more = "+" if view.after is not None else ""
    yield Heading(f"Activity{'' if chosen is ALL else f', {chosen.title.lower()}'}: {len(view.lines):,}{more}")
    yield table((*TIMELINE_COLUMNS, TIMELINE_ROUTE), view.lines, fmt, empty=empty_words(chosen, ""))
    if view.after is not None:
        yield Paragraph("These are the newest. A filter such as ?kind=refunds goes further back.", "muted")
    notes = [line for line in view.lines if line.kind is LineKind.NOTE]
    if notes:
        yield Heading("Notes")
    for line in notes:
        yield from line_entries(line, fmt)

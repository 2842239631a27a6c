"""The outbox and a change in it, as entries and as columns: saved here, sent, and verified in Keap are three things."""

from collections.abc import Iterable, Mapping
from datetime import date

from subtui.domain.outbox import FOR_A_PERSON, SENTENCES, SHORT_WORDS, STATE_TONES, SendState
from subtui.domain.plain_text import counted
from subtui.views.entries import Cell, Column, Entry, Heading, ListColumn, Paragraph, Table, Term, numbered, table
from subtui.views.format import Format
from subtui.views.keap import Choice, FieldSides, OutboxEntry, OutboxRow

NO_CHANGES = "No changes"

_COUNTED = (
    *(*FOR_A_PERSON, SendState.UNKNOWN, SendState.WAITING, SendState.SENDING),
    *(SendState.DONE, SendState.VERIFIED, SendState.LEFT, SendState.REPLACED),
)
"""The states in the order in which they are counted: those that need a person first."""


def counts_words(by_state: Mapping[SendState, int]) -> str:
    """The number of changes by state, those that need a person first: `2 conflicts · 5 verified in Keap`."""
    return " · ".join(_count(state, by_state[state]) for state in _COUNTED if by_state.get(state))


def _count(state: SendState, count: int) -> str:
    if state is SendState.CONFLICT:
        return counted(count, "conflict")
    words = "saved here, not sent" if state is SendState.WAITING else SHORT_WORDS[state]
    return f"{count:,} {words}"


OUTBOX_COLUMNS: tuple[ListColumn[OutboxRow], ...] = (
    ListColumn("State", 16, text=lambda row, _: SHORT_WORDS[row.state], tone=lambda row, _: STATE_TONES[row.state]),
    ListColumn("What", 28, share=4, most=50, text=lambda row, _: row.what),
    ListColumn("Customer", 12, share=1, most=30, text=lambda row, _: row.contact or "-"),
    ListColumn("Saved", 11, right=True, drop=1, text=lambda row, fmt: fmt.instant(row.recorded_at)[: -len(" 00:00")]),
    ListColumn("Who", 12, share=1, most=24, drop=2, text=lambda row, _: row.who),
    ListColumn("Note", 20, share=2, most=60, drop=3, text=lambda row, _: row.note or "-", tone=lambda *_: "muted"),
)
OUTBOX_ID: ListColumn[OutboxRow] = ListColumn("Id", 6, right=True, text=lambda row, _: str(row.id))


def outbox_line(rows: tuple[OutboxRow, ...], limit: int) -> str:
    """The counts above the list of changes."""
    by_state: dict[SendState, int] = {}
    for row in rows:
        by_state[row.state] = by_state.get(row.state, 0) + 1
    newest = f"the newest {limit:,}: " if len(rows) >= limit else ""
    return newest + counts_words(by_state) if rows else ""


def outbox_entries(rows: tuple[OutboxRow, ...], fmt: Format) -> Iterable[Entry]:
    """The list of the open changes."""
    yield Heading(f"Open changes for Keap: {len(rows):,}")
    yield table((OUTBOX_ID, *OUTBOX_COLUMNS), rows, fmt, empty=NO_CHANGES)


DIFFERS = "≠"
_SIDES = (
    Column("", 1),
    Column("Field", 11),
    Column("Keap had", 8, share=1, most=40, drop=1),
    Column("Saved here", 8, share=1, most=40),
    Column("Keap now", 8, share=1, most=40),
)


def _value(words: str, fmt: Format) -> str:
    """A value of Keap's, with a day in the chosen format."""
    try:
        return fmt.day(date.fromisoformat(words)) if len(words) == 10 else words
    except ValueError:
        return words


def _side_cells(side: FieldSides, fmt: Format) -> tuple[Cell, ...]:
    tone = "alert" if side.differs else ""
    now = _value(side.there, fmt) or "not read"
    return (
        Cell(DIFFERS if side.differs else "", tone),
        Cell(side.label, tone or "muted"),
        Cell(_value(side.base, fmt), "muted"),
        Cell(_value(side.here, fmt), tone),
        Cell(now, tone if side.there else "muted"),
    )


def change_headline(entry: OutboxEntry) -> Iterable[Entry]:
    """What was changed, its state in a sentence, and the note."""
    row = entry.row
    yield Paragraph(f"{row.what} · {row.contact}" if row.contact else row.what, "strong")
    yield Paragraph(SENTENCES[row.state], STATE_TONES[row.state])
    if row.note:
        yield Paragraph(row.note)


def change_sides(entry: OutboxEntry, fmt: Format) -> Iterable[Entry]:
    """The three sides of each field, and the steps to do by hand."""
    if entry.sides:
        yield Table(_SIDES, tuple(_side_cells(side, fmt) for side in entry.sides), wraps=True)
        if any(side.differs for side in entry.sides):
            yield Paragraph(f"{DIFFERS} changed on both sides to different values", "muted")
    if entry.steps:
        yield Heading("To do in Keap")
        yield from numbered(entry.steps)


def change_facts(entry: OutboxEntry, fmt: Format) -> Iterable[Entry]:
    """When it was saved here, sent and verified in Keap: three different things; and the entry of the log."""
    row = entry.row
    verified = row.state is SendState.VERIFIED
    read = fmt.instant(entry.checked_at)
    yield Term("Saved here", f"{fmt.instant(row.recorded_at)} by {row.who}")
    tries = f" ({counted(entry.attempts, 'attempt')})" if entry.attempts else ""
    yield Term(
        "Sent", f"{fmt.instant(entry.sent_at)}{tries}" if entry.sent_at else "no", "" if entry.sent_at else "muted"
    )
    yield Term(
        "Verified",
        f"{read} in Keap" if verified else f"no; last read in Keap {read}" if read else "no",
        "good" if verified else "muted",
    )
    if entry.settled_at and not verified:
        by = f" by {entry.settled_by}" if entry.settled_by else ""
        label = {SendState.DONE: "Done by hand", SendState.LEFT: "Decided"}.get(row.state, "Settled")
        yield Term(label, f"{fmt.instant(entry.settled_at)}{by}")
    yield Term("Keap's id", entry.keap_id)
    yield Term("Log entry", str(entry.event_id))
    yield Paragraph(f"Hash {entry.event_hash}", "muted")


def keap_change_entries(entry: OutboxEntry, fmt: Format) -> Iterable[Entry]:
    """A change with everything."""
    yield from change_headline(entry)
    yield from change_sides(entry, fmt)
    yield Heading("Saved, sent, verified")
    yield from change_facts(entry, fmt)


def decision_lines(choice: Choice, entry: OutboxEntry, fmt: Format) -> tuple[str, ...]:
    """What a decision changes, field by field: our record, or Keap."""
    differing = [side for side in entry.sides if side.there and side.there != side.here]
    here = [f"{side.label}: {_value(side.here, fmt)} → {_value(side.there, fmt)}" for side in differing]
    there = [f"{side.label}: {_value(side.there, fmt)} → {_value(side.here, fmt)}" for side in differing]
    match choice:
        case Choice.THEIRS:
            return (
                *(here or ["Nothing differs."]),
                "",
                "Our record is changed, and Keap stays as it is. This cannot be undone.",
            )
        case Choice.OURS:
            return (*there, "", "Keap is changed: our values are sent now, and verified there.")
        case Choice.LEAVE:
            return ("Nothing is changed or sent: the two sides stay different.", "It is taken off the open changes.")


DECISIONS = {
    Choice.THEIRS: ("Take Keap's values?", "Take", "Keap's values are in our record now."),
    Choice.OURS: ("Keep our values and send them?", "Send", "Our values are kept. They are being sent."),
    Choice.LEAVE: ("Leave both sides as they are?", "Leave", "Left as it is: Keap and our record stay different."),
}
"""The question of each decision, the answer that confirms it, and what is said afterwards."""
TICKED_OFF = "Noted as done by hand. The next reading of Keap looks for it there."

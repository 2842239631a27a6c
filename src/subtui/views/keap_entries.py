"""The connection to Keap, the outbox, the rows left out and the findings of a check, as entries and as columns."""

from collections.abc import Iterable, Mapping
from datetime import date

from subtui.domain.outbox import FOR_A_PERSON, SENTENCES, SHORT_WORDS, STATE_TONES, SendState
from subtui.domain.plain_text import counted
from subtui.views.entries import Cell, Column, Entry, Heading, ListColumn, Paragraph, Table, Term, numbered, table
from subtui.views.format import Format
from subtui.views.keap import (
    Choice,
    FieldSides,
    Finding,
    KeapStatus,
    OutboxEntry,
    OutboxRow,
    PullReport,
    PushReport,
    ReadKind,
    Remark,
    age_words,
)

NOTHING_READ, NO_REMARKS = "Nothing read from Keap yet", "Every row of Keap's is here"
NO_CHANGES, NOT_CHECKED = "No changes", "Not checked yet"
NO_CONNECTION = "Not connected to Keap. The owner runs: subtui keap connect"

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


# --- the connection ---------------------------------------------------------------------------------------------------


def _read_words(row: ReadKind, fmt: Format) -> str:
    if row.refused:
        return "not given"
    return "not finished" if row.under_way else fmt.instant(row.read_at) or "-"


def _number(name: str, row: ReadKind) -> str:
    return f"{row.counts[name]:,}" if row.counts.get(name) and not row.refused else "-"


def kind_note(row: ReadKind) -> str:
    """Why Keap does not give a kind; else what was kept, and what will be read further."""
    if row.refused:
        return row.refused
    words = ["goes on from where it stopped"] if row.under_way else []
    kept = row.counts.get("kept", 0)
    return "; ".join([*words, *([f"{kept:,} kept as changed here"] if kept else [])])


KIND_COLUMNS: tuple[ListColumn[ReadKind], ...] = (
    ListColumn("Kind", 15, text=lambda row, _: row.kind),
    ListColumn(
        "Last read",
        17,
        text=_read_words,
        tone=lambda row, _: "warn" if row.refused or row.under_way else "",
    ),
    ListColumn("New", 7, right=True, text=lambda row, _: _number("new", row)),
    ListColumn("Changed", 7, right=True, drop=1, text=lambda row, _: _number("changed", row)),
    ListColumn("Same", 7, right=True, drop=2, text=lambda row, _: _number("same", row)),
    ListColumn(
        "Left out",
        8,
        right=True,
        text=lambda row, _: _number("refused", row),
        tone=lambda row, _: "warn" if row.counts.get("refused") else "",
    ),
    ListColumn("Note", 20, share=1, most=70, drop=3, text=lambda row, _: kind_note(row), tone=lambda *_: "muted"),
)

_CONNECTING = (
    "Connecting binds this database to one Keap account. Its contacts, subscriptions, orders and payments are then "
    "read into it, and the changes that you save here can be sent to Keap and verified there. Nothing is changed in "
    "Keap until the owner allows sending."
)


def keap_headline(status: KeapStatus, fmt: Format) -> Iterable[Entry]:
    """The account and whether it is connected."""
    if status.connected:
        yield Paragraph(status.name or f"Keap account {status.tenant}", "strong")
        since = f"Connected since {fmt.instant(status.connected_at)}, by {status.connected_by}"
        yield Paragraph(since, "good")
        return
    yield Paragraph("Not connected to Keap", "strong")
    yield Paragraph("")
    yield Paragraph(_CONNECTING)
    if status.tenant:
        yield Paragraph("")
        bound = f"“{status.name}” ({status.tenant})" if status.name else status.tenant
        yield Paragraph(f"It was connected before, and stays bound to the Keap account {bound}.")


def keap_facts(status: KeapStatus, fmt: Format) -> Iterable[Entry]:
    """The facts of the connection, the age of the data, and the counts of what is open."""
    if not status.connected:
        yield Term("Command", "subtui keap connect", "strong")
        yield Term("Who can", "the owner")
        return
    yield Term("Keap account", f"{status.tenant} at {status.base_url}")
    yield _sending(status)
    yield _data(status)
    tone = "warn" if any(status.by_state.get(state) for state in FOR_A_PERSON) else ""
    yield Term("Outbox", counts_words(status.by_state) or "no changes saved here yet", tone)
    yield Term("Left out", _remarks_words(status), "warn" if status.left_out or status.gone else "")
    yield Term("Checks", fmt.instant(status.checked_at) or "never run")
    yield from (Paragraph(note, "muted") for note in status.notes)


def _sending(status: KeapStatus) -> Term:
    if not status.writing_allowed:
        return Term("Sending", "read-only; the owner allows it: subtui keap allow-writing", "warn")
    return Term("Sending", "allowed, each change as soon as it is saved" if status.sends_by_itself else "allowed")


def _data(status: KeapStatus) -> Term:
    age = age_words(status.read_at, status.seen_at) if status.seen_at else ""
    if any(kind.under_way for kind in status.kinds) or (status.kinds and status.read_at is None):
        age = age if status.read_at else "not read to the end yet"
        return Term("Data", f"{age}; the next reading goes on from where the last one stopped", "warn")
    return Term("Data", age)


def _remarks_words(status: KeapStatus) -> str:
    words = [f"{counted(status.left_out, 'row')} not taken"] if status.left_out else []
    words += [f"{counted(status.gone, 'row')} no longer in Keap"] if status.gone else []
    return ", ".join(words) or "nothing"


def status_entries(status: KeapStatus, fmt: Format) -> Iterable[Entry]:
    """The connection with everything."""
    yield from keap_headline(status, fmt)
    yield from keap_facts(status, fmt)
    if status.connected:
        yield Heading("What was read")
        yield table(KIND_COLUMNS, status.kinds, fmt, empty=NOTHING_READ)


# --- what a reading or sending has done -------------------------------------------------------------------------------


def pull_line(report: PullReport) -> str:
    """What a reading has brought, in one line."""
    words = [
        f"{count:,} {word}"
        for count, word in (
            *((report.new, "new"), (report.changed, "changed"), (report.left_out, "left out")),
            *((report.gone, "no longer in Keap"), (report.verified, "verified in Keap")),
        )
        if count
    ]
    words += [counted(report.conflicts, "conflict")] if report.conflicts else []
    done = f"{'Kept so far' if report.stopped else 'Read from Keap'}: {', '.join(words) or 'nothing new'}."
    refused = f" Not given by Keap: {', '.join(report.refused)}." if report.refused else ""
    return f"{report.stopped} {done}{refused}".strip()


def push_line(report: PushReport) -> str:
    """What a sending has done, in one line."""
    counts = counts_words(report.by_state).replace(" · ", ", ")
    parts = [report.stopped, f"{counts}." if counts else "", *report.sentences[:2]]
    return " ".join(part for part in parts if part) or "Nothing to send: Keap has every change that can be sent."


def is_settled(report: PullReport | PushReport) -> bool:
    """Whether a reading or sending went through and left nothing that needs a person."""
    if isinstance(report, PullReport):
        return not (report.stopped or report.conflicts)
    return not (report.stopped or any(report.by_state.get(state) for state in FOR_A_PERSON))


# --- the outbox -------------------------------------------------------------------------------------------------------


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
    Column("Keap had", 12, share=1, most=40),
    Column("Saved here", 12, share=1, most=40),
    Column("Keap now", 12, share=1, most=40),
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
TICKED_OFF = "Noted as done by hand. The next reading of Keap verifies it."


# --- rows left out, and the findings of a check -----------------------------------------------------------------------

_WHAT = {"left_out": "not taken", "gone": "gone in Keap"}

REMARK_COLUMNS: tuple[ListColumn[Remark], ...] = (
    ListColumn("Kind", 13, text=lambda row, _: row.kind),
    ListColumn("Keap id", 9, right=True, share=1, most=12, text=lambda row, _: row.keap_id),
    ListColumn("What", 12, text=lambda row, _: _WHAT.get(row.what, row.what.replace("_", " "))),
    ListColumn("Reason", 34, share=4, most=90, text=lambda row, _: row.reason or "-"),
    ListColumn("When", 17, drop=1, text=lambda row, fmt: fmt.instant(row.at)),
)


def no_remarks(status: KeapStatus) -> str:
    """Why there are no rows left out: nothing was read, or everything was taken."""
    if not status.connected:
        return NO_CONNECTION
    return NO_REMARKS if status.read_at else NOTHING_READ


def remarks_line(rows: tuple[Remark, ...]) -> str:
    """The line above the list of rows left out, with their counts."""
    gone = sum(row.what == "gone" for row in rows)
    words = ["Rows not taken, or gone in Keap", *([f"{len(rows) - gone:,} not taken"] if len(rows) > gone else [])]
    return " · ".join([*words, *([f"{gone:,} gone"] if gone else [])])


def remark_in_full(row: Remark, fmt: Format) -> str:
    """A row in full, since the list cuts long texts."""
    return f"{row.kind} {row.keap_id}, {fmt.instant(row.at)}: {row.reason}" if row.reason else ""


def remarks_entries(rows: tuple[Remark, ...], fmt: Format) -> Iterable[Entry]:
    """The rows left out."""
    yield Heading(remarks_line(rows))
    yield table(REMARK_COLUMNS, rows, fmt, empty=NO_REMARKS)


CHECKS = "What this account's Keap can do"
_ANSWER_TONES = {"yes": "good", "no": "warn", "unknown": "muted"}

FINDING_COLUMNS: tuple[ListColumn[Finding], ...] = (
    ListColumn("Question", 40, share=2, most=60, text=lambda row, _: row.question),
    ListColumn(
        "Answer",
        14,
        share=1,
        most=30,
        text=lambda row, _: row.answer,
        tone=lambda row, _: _ANSWER_TONES.get(row.answer, ""),
    ),
    ListColumn("Detail", 20, share=3, most=80, drop=1, text=lambda row, _: row.detail, tone=lambda *_: "muted"),
)


def findings_entries(rows: tuple[Finding, ...], fmt: Format) -> Iterable[Entry]:
    """The findings of the last check."""
    yield Heading(CHECKS)
    yield table(FINDING_COLUMNS, rows, fmt, empty=NOT_CHECKED)

"""The connection to Keap, the rows left out and the findings of a check, as entries and as columns."""

from collections.abc import Iterable

from subtui.domain.outbox import FOR_A_PERSON
from subtui.domain.plain_text import counted
from subtui.views.entries import Entry, Heading, ListColumn, Paragraph, Term, instant_column, table
from subtui.views.format import Format
from subtui.views.keap import (
    Finding,
    KeapStatus,
    PullReport,
    PushReport,
    ReadKind,
    Remark,
    age_words,
)
from subtui.views.outbox_entries import counts_words

NOTHING_READ, NO_REMARKS = "Nothing read from Keap yet", "Every row of Keap's is here"
NOT_CHECKED = "Not checked yet"
NO_CONNECTION = "Not connected to Keap. The owner runs: subtui keap connect"

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


# --- rows left out, and the findings of a check -----------------------------------------------------------------------

_WHAT = {"left_out": "not taken", "gone": "gone in Keap"}


def _what(row: Remark) -> str:
    return _WHAT.get(row.what, row.what.replace("_", " "))


REMARK_COLUMNS: tuple[ListColumn[Remark], ...] = (
    ListColumn("Kind", 13, text=lambda row, _: row.kind),
    ListColumn("Keap id", 9, right=True, share=1, most=12, text=lambda row, _: row.keap_id),
    ListColumn("What", 12, drop=1, text=lambda row, _: _what(row)),
    ListColumn("Reason", 34, share=4, most=90, text=lambda row, _: row.reason or "-"),
    instant_column("When", lambda row: row.at, drop=2),
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
    return f"{row.kind} {row.keap_id} {_what(row)}, {fmt.instant(row.at)}: {row.reason or 'no reason given'}"


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

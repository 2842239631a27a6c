"""The words of the connection to Keap: what a line says of a reading, of a sending, and of the outbox."""

from datetime import UTC, datetime

import pytest

from subtui.domain.outbox import FOR_A_PERSON, SendState
from subtui.views.entries import Item, Paragraph, Table, Term
from subtui.views.format import Format
from subtui.views.imports import Counts
from subtui.views.keap import Choice, FieldSides, KeapStatus, OutboxEntry, OutboxRow, PullReport, PushReport, ReadKind
from subtui.views.keap_entries import is_settled, keap_facts, kind_note, pull_line, push_line, status_entries
from subtui.views.outbox_entries import DIFFERS, change_facts, change_sides, counts_words, decision_lines

FMT = Format()
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def entry(state: SendState = SendState.CONFLICT, **more: object) -> OutboxEntry:
    row = OutboxRow(7, state, "Set Inactive: Gold", "Ann Lee", 1, 2, None, AT, "Dana Reyes")
    sides = (
        FieldSides("Status", "Active", "Inactive", "Active"),
        FieldSides("End date", "none", "2026-03-22", "2026-04-30", differs=True),
        FieldSides("Reason", "none", "Too expensive", "Too expensive"),
    )
    values = {
        "row": row,
        "keap_id": "5",
        "event_id": 23,
        "event_hash": "f" * 64,
        "sides": sides,
        "steps": (),
        "attempts": 0,
        "sent_at": None,
        "checked_at": AT,
        "settled_at": None,
        "settled_by": "",
        "version": 1,
    }
    return OutboxEntry(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by_state", "words"),
    [
        ({}, ""),
        ({SendState.VERIFIED: 5, SendState.CONFLICT: 1}, "1 conflict · 5 verified in Keap"),
        ({SendState.CONFLICT: 2, SendState.WAITING: 3}, "2 conflicts · 3 saved here, not sent"),
        ({SendState.LEFT: 1, SendState.MANUAL: 1_204}, "1,204 to do in Keap · 1 left different"),
    ],
)
def test_changes_are_counted_those_that_need_a_person_first(by_state: dict[SendState, int], words: str) -> None:
    assert counts_words(by_state) == words


def test_every_state_is_counted() -> None:
    for state in SendState:
        assert counts_words({state: 1}), state


def test_the_line_of_a_reading() -> None:
    assert pull_line(PullReport()) == "Read from Keap: nothing new."
    report = PullReport({"contacts": Counts(new=2, changed=1)}, left_out=1, gone=3, verified=1, conflicts=2)
    assert pull_line(report) == (
        "Read from Keap: 2 new, 1 changed, 1 left out, 3 no longer in Keap, 1 verified in Keap, 2 conflicts."
    )
    report = PullReport({"contacts": Counts(new=2)}, refused={"orders": "No."}, stopped="Stopped.")
    assert pull_line(report) == "Stopped. Kept so far: 2 new. Not given by Keap: orders."


def test_the_line_of_a_sending() -> None:
    assert push_line(PushReport()) == "Nothing to send: Keap has every change that can be sent."
    assert push_line(PushReport({SendState.VERIFIED: 5, SendState.CONFLICT: 1})) == "1 conflict, 5 verified in Keap."
    report = PushReport({SendState.WAITING: 1}, sentences=["A.", "B.", "C."], stopped="Keap does not answer.")
    assert push_line(report) == "Keap does not answer. 1 saved here, not sent. A. B."


def test_only_what_went_through_and_needs_no_person_is_settled() -> None:
    assert is_settled(PushReport({SendState.VERIFIED: 5}))
    assert not any(is_settled(PushReport({state: 1})) for state in FOR_A_PERSON)
    assert is_settled(PullReport())
    assert not is_settled(PullReport(conflicts=1))
    assert not is_settled(PullReport(stopped="Stopped."))


def facts(status: KeapStatus) -> dict[str, str]:
    return {term.label: term.text for term in keap_facts(status, FMT) if isinstance(term, Term)}


def test_the_age_of_the_data_and_a_reading_that_stopped() -> None:
    begun = ReadKind("contacts", None, under_way=True, counts={})
    connected = {"connected": True, "seen_at": datetime(2026, 3, 2, 9, 35, tzinfo=UTC)}
    assert facts(KeapStatus(**connected, read_at=AT))["Data"] == "read 5 min ago"  # type: ignore[arg-type]
    on = "; the next reading goes on from where the last one stopped"
    assert facts(KeapStatus(**connected, kinds=(begun,)))["Data"] == f"not read to the end yet{on}"  # type: ignore[arg-type]
    known = facts(KeapStatus(**connected, read_at=AT, kinds=(begun,)))  # type: ignore[arg-type]
    assert known["Data"] == f"read 5 min ago{on}"
    assert known["Sending"] == "read-only; the owner allows it: subtui keap allow-writing"


def test_without_a_connection_nothing_of_one_is_shown() -> None:
    shown = list(status_entries(KeapStatus(), FMT))
    assert shown[0] == Paragraph("Not connected to Keap", "strong")
    assert not [part for part in shown if isinstance(part, Table)]


def test_the_note_of_a_kind() -> None:
    assert kind_note(ReadKind("orders", AT, under_way=False, counts={"kept": 2}, refused="No.")) == "No."
    assert kind_note(ReadKind("orders", AT, under_way=True, counts={"kept": 2})) == (
        "goes on from where it stopped; 2 kept as changed here"
    )
    assert kind_note(ReadKind("orders", AT, under_way=False, counts={})) == ""


def test_what_differs_has_a_sign_and_not_only_a_tone() -> None:
    (sides, legend) = change_sides(entry(), FMT)
    assert isinstance(sides, Table)
    assert [row[0].text for row in sides.rows] == ["", DIFFERS, ""]
    assert [cell.text for cell in sides.rows[1][2:]] == ["none", "22 Mar 2026", "30 Apr 2026"]
    assert isinstance(legend, Paragraph)


def test_the_steps_are_numbered() -> None:
    shown = list(change_sides(entry(SendState.MANUAL, sides=(), steps=("Open it.", "Save.")), FMT))
    assert shown[1:] == [Item("1. ", "Open it."), Item("2. ", "Save.")]


def test_saved_sent_and_verified_are_three_facts() -> None:
    def said(state: SendState, **more: object) -> dict[str, str]:
        shown = change_facts(entry(state, **more), FMT)
        return {term.label: term.text for term in shown if isinstance(term, Term)}

    waiting = said(SendState.WAITING, checked_at=None)
    assert (waiting["Sent"], waiting["Verified"]) == ("no", "no")
    unknown = said(SendState.UNKNOWN, sent_at=AT, attempts=2)
    assert unknown["Sent"] == "2 Mar 2026 09:30 (2 attempts)"
    assert unknown["Verified"] == "no; last read in Keap 2 Mar 2026 09:30"
    verified = said(SendState.VERIFIED, sent_at=AT, attempts=1, settled_at=AT, settled_by="Dana Reyes")
    assert verified["Verified"] == "2 Mar 2026 09:30 in Keap"
    assert "Decided" not in verified
    assert (
        said(SendState.DONE, settled_at=AT, settled_by="Dana Reyes")["Done by hand"] == "2 Mar 2026 09:30 by Dana Reyes"
    )


def test_a_decision_shows_every_field_that_it_changes() -> None:
    assert decision_lines(Choice.THEIRS, entry(), FMT)[:2] == (
        "Status: Inactive → Active",
        "End date: 22 Mar 2026 → 30 Apr 2026",
    )
    assert decision_lines(Choice.OURS, entry(), FMT)[:2] == (
        "Status: Active → Inactive",
        "End date: 30 Apr 2026 → 22 Mar 2026",
    )
    assert "Nothing is changed or sent" in decision_lines(Choice.LEAVE, entry(), FMT)[0]

"""Merging two contacts: every record moves in one transaction, once, and comes back exactly."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subtui.acts.contact_edits import GetContactForm, SaveContact
from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.acts.contacts import CountRecords, FindContacts, GetContact, GetContactOrders, GetOverview, RememberOpened
from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.notes import AddNote, UndoNote
from subtui.domain.errors import NotFound, Refused
from subtui.domain.event_types import Subject, SubjectType
from subtui.services.backend import Backend
from subtui.views.contact_merges import MergeResult

from .asking import TODAY, desk_on
from .database import everything, rows, run, subject_of
from .ordering import ADMIN

KEEP, OTHER, THIRD = 1007, 1002, 1013
MOVING = ("subscription", "order", "credit_card", "note", "automation", "letter", "refund_task", "contact_tag")


@pytest.fixture
def backend(demo_db: Path) -> Iterator[Backend]:
    with desk_on(demo_db, TODAY, ADMIN) as opened:
        yield opened


def merge(backend: Backend, keep: int = KEEP, other: int = OTHER) -> MergeResult:
    seen = backend.read(PreviewMerge(keep, other))
    act = MergeContacts(keep, other, version=seen.version, duplicate_version=seen.duplicate_version)
    return backend.do(act)


def state(path: Path) -> dict[str, list[Any]]:
    """Every row that a merge may touch; versions count up."""
    found = {table: rows(path, f'SELECT * FROM "{table}" ORDER BY 1, 2') for table in (*MOVING, "contact", "payment")}  # noqa: S608
    for row in found["contact"]:
        del row["version"]
    return found


def owned(path: Path, contact: int) -> dict[str, int]:
    return {
        table: len(rows(path, f'SELECT contact_id FROM "{table}" WHERE contact_id = ?', contact))  # noqa: S608
        for table in MOVING
    }


def found(backend: Backend, text: str) -> list[int]:
    return [row.id for row in backend.read(FindContacts(text)).rows]


def test_every_record_moves_with_one_entry_that_names_them(backend: Backend, demo_db: Path) -> None:
    before = {contact: owned(demo_db, contact) for contact in (KEEP, OTHER)}
    result = merge(backend)
    assert result.sentence == "Merged with Smith, James, contact 1002."
    assert owned(demo_db, OTHER) == dict.fromkeys(MOVING, 0)
    after = owned(demo_db, KEEP)
    for table in MOVING[:-1]:
        assert after[table] == before[KEEP][table] + before[OTHER][table], table
    assert after["contact_tag"] == 1, "both had the same tag"
    (event,) = rows(demo_db, "SELECT * FROM event WHERE command = 'contact.merge'")
    assert (subject_of(event), event["contact_id"]) == (f"contact:{KEEP}", KEEP)
    told = json.loads(event["after"])
    assert told["merged"] == OTHER
    assert len(told["moved_order"]) == before[OTHER]["order"]
    assert json.loads(event["before"])["email2"] == ""
    assert told["email2"] == "james@smithcatering.example"
    assert backend.read(VerifyLog()).broken is None


def test_the_search_and_the_lists_have_one_contact(backend: Backend) -> None:
    backend.do(RememberOpened(OTHER))
    contacts = backend.read(CountRecords()).contacts
    assert set(found(backend, "smith james")) == {OTHER, THIRD}
    merge(backend)
    assert found(backend, "smith james") == [THIRD, KEEP], "by its name, and by the address it has now"
    assert found(backend, "james@smithcatering") == [KEEP]
    assert found(backend, "602-555-0117") == [KEEP]
    assert found(backend, str(OTHER)) == [KEEP], "its number leads to the contact that stays"
    assert backend.read(CountRecords()).contacts == contacts - 1
    assert OTHER not in [row.id for row in backend.read(GetOverview()).recent]
    backend.do(UnmergeContact(OTHER))
    assert set(found(backend, "smith james")) == {OTHER, THIRD}
    assert found(backend, "james@smithcatering") == [OTHER]
    assert backend.read(CountRecords()).contacts == contacts


def test_the_duplicate_leads_to_the_contact_that_stays(backend: Backend) -> None:
    backend.do(AddNote(Subject(SubjectType.CONTACT, OTHER), "About James"))
    merge(backend)
    record = backend.read(GetContact(OTHER))
    assert (record.id, record.opened_as, record.merged) == (KEEP, OTHER, (OTHER,))
    assert backend.read(GetContactOrders(OTHER)).contact_id == KEEP
    titles = [event.title for event in backend.read(ListEvents(contact_id=KEEP))]
    assert titles[:2] == ["Contacts merged", "Note added"], "the entries of both"
    assert backend.read(ListEvents(contact_id=OTHER)) == backend.read(ListEvents(contact_id=KEEP))
    form = backend.read(GetContactForm(OTHER))
    with pytest.raises(Refused, match="was merged into contact 1007"):
        backend.do(SaveContact(OTHER, replace(form.draft, email="x@y.example"), version=form.version))


def test_a_note_on_the_duplicate_is_one_on_the_contact_that_stays(backend: Backend) -> None:
    merge(backend)
    backend.do(AddNote(Subject(SubjectType.CONTACT, OTHER), "By an old link"))
    assert backend.read(GetContact(KEEP)).notes[0].text == "By an old link"
    assert backend.read(ListEvents(contact_id=KEEP))[0].subject == "Contact 1007"


def test_a_note_that_was_taken_back_since_is_no_hindrance(backend: Backend) -> None:
    backend.do(AddNote(Subject(SubjectType.ORDER, 1124), "A tpyo"))
    merge(backend)
    backend.do(UndoNote(Subject(SubjectType.ORDER, 1124)))
    assert backend.do(UnmergeContact(OTHER)).sentence.startswith("Undone")


def test_undo_gives_exactly_the_moved_records_back(backend: Backend, demo_db: Path) -> None:
    run(demo_db, "UPDATE contact SET person_notes = 'Likes rye.' WHERE id = 1002")
    before = state(demo_db)
    merge(backend)
    assert "Likes rye." in backend.read(GetContact(KEEP)).person_notes
    done = backend.do(UnmergeContact(OTHER))
    assert done.sentence == "Undone: contact 1002 has its records again."
    assert state(demo_db) == before
    with pytest.raises(Refused, match="is not merged into another one"):
        backend.do(UnmergeContact(OTHER))


def test_what_came_since_stays_where_it_is(backend: Backend, demo_db: Path) -> None:
    merge(backend)
    form = backend.read(GetContactForm(KEEP))
    backend.do(SaveContact(KEEP, replace(form.draft, email2="new@x.example"), version=form.version))
    backend.do(AddNote(Subject(SubjectType.CONTACT, KEEP), "Since then"))
    done = backend.do(UnmergeContact(OTHER))
    assert done.sentence.endswith("E-mail 2 of contact 1007 stay: changed since the merge.")
    record = backend.read(GetContact(KEEP))
    assert record.emails[1] == "new@x.example"
    assert record.notes[0].text == "Since then"
    assert len(record.phones) == 1, "what was not changed since is as before"


def test_undo_is_refused_where_a_moved_record_is_elsewhere_by_now(backend: Backend, demo_db: Path) -> None:
    merge(backend)
    run(demo_db, "UPDATE subscription SET contact_id = 1013 WHERE id = 1056")
    before = everything(demo_db)
    with pytest.raises(Refused, match="Subscriptions: 1056 belongs to contact 1007 no longer"):
        backend.do(UnmergeContact(OTHER))
    assert everything(demo_db) == before


def test_a_merge_of_a_merged_contact_is_taken_back_in_turn(backend: Backend, demo_db: Path) -> None:
    before = state(demo_db)
    merge(backend, OTHER, THIRD)
    merge(backend, KEEP, OTHER)
    assert backend.read(GetContact(THIRD)).id == KEEP
    with pytest.raises(Refused, match="Undo that one first"):
        backend.do(UnmergeContact(THIRD))
    backend.do(UnmergeContact(OTHER))
    assert backend.read(GetContact(THIRD)).id == OTHER
    backend.do(UnmergeContact(THIRD))
    assert state(demo_db) == before


@pytest.mark.parametrize(
    ("keep", "other", "error", "said"),
    [
        (KEEP, KEEP, Refused, "with itself"),
        (KEEP, 99, NotFound, "contact 99"),
        (99, KEEP, NotFound, "no contact 99"),
    ],
)
def test_what_cannot_be_merged(
    keep: int, other: int, error: type[Exception], said: str, backend: Backend, demo_db: Path
) -> None:
    before = everything(demo_db)
    with pytest.raises(error, match=said):
        backend.do(MergeContacts(keep, other, version=1, duplicate_version=1))
    assert everything(demo_db) == before


def test_a_merged_contact_is_not_merged_again(backend: Backend) -> None:
    merge(backend)
    for keep, other in ((THIRD, OTHER), (OTHER, THIRD)):
        assert backend.read(PreviewMerge(keep, other)).problems
        with pytest.raises(Refused, match="merged into contact 1007"):
            backend.do(MergeContacts(keep, other, version=1, duplicate_version=2))


def test_a_change_of_either_since_the_preview_stops_it(backend: Backend) -> None:
    seen = backend.read(PreviewMerge(KEEP, OTHER))
    form = backend.read(GetContactForm(OTHER))
    backend.do(SaveContact(OTHER, replace(form.draft, job_title="Chief"), version=form.version))
    with pytest.raises(Refused, match="changed one of these contacts"):
        backend.do(MergeContacts(KEEP, OTHER, version=seen.version, duplicate_version=seen.duplicate_version))


def test_the_preview_counts_what_moves(backend: Backend) -> None:
    lines = {line.label: line.text for line in backend.read(PreviewMerge(KEEP, OTHER)).lines}
    assert lines["Stays"] == "López, María, contact 1007"
    assert lines["Subscriptions"] == "1, moved here"
    assert lines["Orders"] == "7, moved here"
    assert lines["E-mail 2"] == "becomes james@smithcatering.example"
    assert backend.read(PreviewMerge(KEEP, 0)).problems[0].sentence == "Choose the duplicate."


NUMBERS = st.sampled_from((1001, 1002, 1004, 1007, 1013, 1022))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))
def test_merges_taken_back_in_turn_leave_everything_as_it_was(pairs: list[tuple[int, int]], demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        before, done = state(demo_db), []
        money = sum(row["amount_minor"] for row in before["payment"])
        for keep, other in pairs:
            try:
                merge(backend, keep, other)
                done.append(other)
            except Refused:
                continue
        assert sum(row["amount_minor"] for row in state(demo_db)["payment"]) == money
        for other in reversed(done):
            backend.do(UnmergeContact(other))
    assert state(demo_db) == before

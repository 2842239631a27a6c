"""Notes about contacts, subscriptions and orders: written with their entry, listed, and exported."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from subtui.acts.contacts import GetContact
from subtui.acts.log import ListEvents
from subtui.acts.notes import AddNote, ListNotes, UndoNote
from subtui.acts.orders import GetOrder
from subtui.acts.subscriptions import GetSubscription, SavePause
from subtui.domain.errors import Invalid, NotFound, Refused, Stale
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.pauses import PauseDraft
from subtui.services.backend import Backend

from .asking import TODAY, desk_on
from .database import everything, rows, subject_of
from .ordering import AGENT, MONTHLY, SUBSCRIPTION

CONTACT = 1007
ON_CONTACT = Subject(SubjectType.CONTACT, CONTACT)
ON_SUBSCRIPTION = Subject(SubjectType.SUBSCRIPTION, SUBSCRIPTION)
ON_ORDER = Subject(SubjectType.ORDER, MONTHLY)


@pytest.fixture
def backend(demo_db: Path) -> Iterator[Backend]:
    with desk_on(demo_db, TODAY, AGENT) as opened:
        yield opened


@pytest.mark.parametrize("subject", [ON_CONTACT, ON_SUBSCRIPTION, ON_ORDER], ids=str)
def test_a_note_is_written_with_its_entry(subject: Subject, backend: Backend, demo_db: Path) -> None:
    done = backend.do(AddNote(subject, "  Agreed:\r\nno more calls.\n"))
    assert (done.note.text, done.note.author) == ("Agreed:\nno more calls.", "Dana Reyes")
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", done.event_id)
    assert (event["command"], subject_of(event), event["contact_id"]) == ("note.add", str(subject), CONTACT)
    assert json.loads(event["after"]) == {"note_id": done.note.id, "text": "Agreed:\nno more calls."}
    (note,) = rows(demo_db, "SELECT * FROM note WHERE id = ?", done.note.id)
    assert (note["contact_id"], note["author_id"]) == (CONTACT, backend.person.id if backend.person else 0)
    assert backend.read(ListNotes(subject))[0] == done.note


def test_the_records_show_theirs_and_the_contact_shows_all(backend: Backend) -> None:
    for subject, text in ((ON_SUBSCRIPTION, "first"), (ON_ORDER, "second"), (ON_CONTACT, "third")):
        backend.do(AddNote(subject, text))
    assert [note.text for note in backend.read(GetSubscription(SUBSCRIPTION)).notes] == ["first"]
    assert [note.text for note in backend.read(GetOrder(MONTHLY)).notes] == ["second"]
    notes = backend.read(GetContact(CONTACT)).notes
    assert [note.text for note in notes[:3]] == ["third", "second", "first"]
    title = backend.read(GetOrder(MONTHLY)).title
    assert [note.about for note in notes[:3]] == ["", f"{title}, order {MONTHLY}", "Monthly plan, subscription 1042"]
    assert backend.read(ListNotes(ON_CONTACT)) == notes


def test_the_log_names_it(backend: Backend) -> None:
    backend.do(AddNote(ON_CONTACT, "A word"))
    event = backend.read(ListEvents(contact_id=CONTACT))[0]
    assert (event.title, event.subject) == ("Note added", "Contact 1007")
    assert [(change.field, change.after) for change in event.changes][1] == ("Text", "A word")


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_a_note_without_a_text_or_with_too_much_is_not_saved(text: str, backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Invalid):
        backend.do(AddNote(ON_ORDER, text))
    assert everything(demo_db) == before


@pytest.mark.parametrize("kind", [SubjectType.CONTACT, SubjectType.SUBSCRIPTION, SubjectType.ORDER])
def test_a_note_needs_its_record(kind: SubjectType, backend: Backend) -> None:
    with pytest.raises(NotFound, match=f"There is no {kind} 999999"):
        backend.do(AddNote(Subject(kind, 999999), "A word"))


def test_a_note_is_about_no_other_record(backend: Backend) -> None:
    with pytest.raises(Refused, match="a contact, a subscription or an order"):
        backend.do(AddNote(Subject(SubjectType.USER, 1), "A word"))


def test_a_note_is_no_change_of_the_subscription(backend: Backend, demo_db: Path) -> None:
    version = backend.read(GetSubscription(SUBSCRIPTION)).version
    with desk_on(demo_db, TODAY, "admin") as admin:
        admin.do(AddNote(ON_SUBSCRIPTION, "A word"))
    saved = backend.do(SavePause(SUBSCRIPTION, PauseDraft(), version=version))
    with desk_on(demo_db, TODAY, "admin") as admin:
        admin.do(AddNote(ON_SUBSCRIPTION, "Another"))
    with pytest.raises(Stale) as caught:
        backend.do(SavePause(SUBSCRIPTION, PauseDraft(), version=version))
    assert caught.value.changed_by == "Dana Reyes", "who paused it, and not who wrote the note"
    assert saved.record.can_undo


@pytest.mark.parametrize("subject", [ON_CONTACT, ON_SUBSCRIPTION, ON_ORDER], ids=str)
def test_the_newest_note_is_taken_back_by_its_author(subject: Subject, backend: Backend, demo_db: Path) -> None:
    before = backend.read(ListNotes(subject))
    first, second = (backend.do(AddNote(subject, text)) for text in ("First", "A tpyo"))
    done = backend.do(UndoNote(subject))
    assert (done.sentence, done.note.id) == ("Note taken back. The log keeps it.", second.note.id)
    assert backend.read(ListNotes(subject)) == (first.note, *before)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", done.event_id)
    assert (event["command"], event["undoes_id"], json.loads(event["before"])["text"]) == (
        "note.undo",
        second.event_id,
        "A tpyo",
    )
    backend.do(UndoNote(subject))
    assert backend.read(ListNotes(subject)) == before
    with pytest.raises(Refused):
        backend.do(UndoNote(subject))


def test_a_note_of_another_user_or_day_stays(backend: Backend, demo_db: Path) -> None:
    backend.do(AddNote(ON_ORDER, "A word"))
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, "admin") as admin, pytest.raises(Refused, match="only its author"):
        admin.do(UndoNote(ON_ORDER))
    with (
        desk_on(demo_db, TODAY + timedelta(days=1), AGENT) as later,
        pytest.raises(Refused, match="on its own day only"),
    ):
        later.do(UndoNote(ON_ORDER))
    with pytest.raises(Refused, match="no note to take back"):
        backend.do(UndoNote(ON_SUBSCRIPTION))
    assert everything(demo_db) == before


def test_taking_back_on_the_contact_leaves_the_notes_about_its_records(backend: Backend) -> None:
    backend.do(AddNote(ON_CONTACT, "On the contact"))
    kept = backend.do(AddNote(ON_ORDER, "On the order"))
    assert backend.do(UndoNote(ON_CONTACT)).note.text == "On the contact"
    assert backend.read(ListNotes(ON_ORDER)) == (kept.note,)

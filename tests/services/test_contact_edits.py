"""Correcting a contact: saved with its entry, found at once, undone exactly, refused on an older version."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subtui.acts.contact_edits import GetContactForm, PreviewContact, SaveContact, UndoContactChange
from subtui.acts.contacts import FindContacts, GetContact
from subtui.acts.log import ListEvents
from subtui.acts.notes import AddNote
from subtui.domain.contact_edits import ContactDraft
from subtui.domain.errors import Invalid, NotFound, Refused, Stale
from subtui.domain.event_types import Subject, SubjectType
from subtui.services.backend import Backend
from subtui.views.contact_edits import ContactSaved

from .asking import TODAY, desk_on
from .database import everything, rows, run, subject_of
from .ordering import AGENT

CONTACT = 1007


@pytest.fixture
def backend(demo_db: Path) -> Iterator[Backend]:
    with desk_on(demo_db, TODAY, AGENT) as opened:
        yield opened


def save(backend: Backend, **changes: Any) -> ContactSaved:
    form = backend.read(GetContactForm(CONTACT))
    return backend.do(SaveContact(CONTACT, replace(form.draft, **changes), version=form.version))


def undo(backend: Backend) -> ContactSaved:
    return backend.do(UndoContactChange(CONTACT, version=backend.read(GetContactForm(CONTACT)).version))


def stored(path: Path) -> dict[str, Any]:
    (row,) = rows(path, "SELECT * FROM contact WHERE id = ?", CONTACT)
    tags = rows(path, "SELECT name FROM tag JOIN contact_tag ON tag_id = id WHERE contact_id = ?", CONTACT)
    del row["version"]
    return row | {"tags": sorted(tag["name"] for tag in tags)}


def found(backend: Backend, text: str) -> list[int]:
    return [row.id for row in backend.read(FindContacts(text)).rows]


def test_a_correction_is_saved_with_the_fields_before_and_after(backend: Backend, demo_db: Path) -> None:
    saved = save(backend, last_name=" Vega ", email="m@vega.example", tags=("VIP",))
    assert saved.sentence == "Saved: Last name, E-mail and Tags. u undoes it."
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", saved.event_id)
    assert (event["command"], subject_of(event), event["contact_id"]) == ("contact.save", "contact:1007", CONTACT)
    assert json.loads(event["before"]) == {
        "last_name": "López",
        "email": "maria@bluedoor.example",
        "tags": ["Members"],
    }
    assert json.loads(event["after"]) == {"last_name": "Vega", "email": "m@vega.example", "tags": ["VIP"]}
    record = backend.read(GetContact(CONTACT))
    assert (record.name, record.emails, record.tags, record.why_not_undo) == (
        "Vega, María",
        ("m@vega.example",),
        ("VIP",),
        "",
    )
    shown = backend.read(ListEvents(contact_id=CONTACT))[0]
    assert sorted((change.field, change.before, change.after) for change in shown.changes) == [
        ("E-mail", "maria@bluedoor.example", "m@vega.example"),
        ("Last name", "López", "Vega"),
        ("Tags", "Members", "VIP"),
    ]


def test_the_search_finds_the_new_values_at_once(backend: Backend, demo_db: Path) -> None:
    save(
        backend,
        last_name="Quetzalcoatl",
        email2="rare@address.example",
        phone1="+49 89 5550199",
        billing_address=("1 Main St", "Flagstaff, AZ 86001"),
    )
    for text in ("quetz", "rare@address", "89 555-0199"):
        assert found(backend, text)[0] == CONTACT
    assert CONTACT not in found(backend, "lopez maria")
    assert stored(demo_db)["city_key"] == "flagstaff"
    undo(backend)
    assert CONTACT not in found(backend, "quetz")
    assert CONTACT in found(backend, "lopez maria")


def test_undo_restores_what_was_there(backend: Backend, demo_db: Path) -> None:
    run(demo_db, """UPDATE contact SET more = '{"City": "Phoenix", "State": "AZ", "Fax": "1"}' WHERE id = 1007""")
    before = stored(demo_db)
    saved = save(backend, first_name="M", phone2="1", billing_address=("1 Main St",), tags=("Members", "New one"))
    assert json.loads(stored(demo_db)["more"]) == {"Fax": "1"}, "the parts of the former address are gone"
    undone = undo(backend)
    assert undone.sentence == "Undone: First name, Phone 2, Billing and Tags as before."
    now = stored(demo_db)
    assert json.loads(now.pop("more")) == json.loads(before.pop("more"))
    assert now == before
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", undone.event_id)
    assert (event["command"], event["undoes_id"]) == ("contact.undo", saved.event_id)
    with pytest.raises(Refused, match="There is no correction to undo"):
        undo(backend)


def test_each_undo_takes_one_correction_back(backend: Backend) -> None:
    save(backend, job_title="One")
    save(backend, job_title="Two", website="https://two.example")
    undo(backend)
    assert backend.read(GetContactForm(CONTACT)).draft.job_title == "One"
    undo(backend)
    assert backend.read(GetContactForm(CONTACT)).draft.job_title == "Owner"


def test_undo_is_refused_once_one_of_its_fields_has_changed(backend: Backend, demo_db: Path) -> None:
    save(backend, job_title="One", website="https://one.example")
    run(demo_db, "UPDATE contact SET website = 'https://x.example' WHERE id = 1007")
    assert backend.read(GetContact(CONTACT)).why_not_undo == "Website changed again since: correct it by hand."
    with pytest.raises(Refused, match="Website changed again since"):
        undo(backend)


def test_another_correction_is_shown_and_not_overwritten(backend: Backend, demo_db: Path) -> None:
    form = backend.read(GetContactForm(CONTACT))
    with desk_on(demo_db, TODAY, "admin") as admin:
        save(admin, last_name="Vega", email="m@vega.example")
        admin.do(AddNote(Subject(SubjectType.CONTACT, CONTACT), "A note is no change"))
        by = admin.person.name if admin.person else ""
    before = everything(demo_db)
    with pytest.raises(Stale) as caught:
        backend.do(SaveContact(CONTACT, replace(form.draft, email="x@y.example"), version=form.version))
    assert everything(demo_db) == before
    assert str(caught.value) == f"{by} changed this contact after you opened it. Nothing was saved."
    assert [(each.label, each.mine, each.theirs) for each in caught.value.differences] == [
        ("Last name", "López", "Vega"),
        ("E-mail", "x@y.example", "m@vega.example"),
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "nobody"}, Invalid),
        ({"phone1": "call me"}, Invalid),
        ({"company": "a\x1b[31m"}, Invalid),
        ({}, Refused),
        ({"first_name": "María "}, Refused),
        (dict.fromkeys(("first_name", "last_name", "company", "email", "phone1"), ""), Invalid),
    ],
)
def test_what_is_refused_writes_nothing(
    changes: dict[str, Any], error: type[Exception], backend: Backend, demo_db: Path
) -> None:
    before = everything(demo_db)
    with pytest.raises(error):
        save(backend, **changes)
    assert everything(demo_db) == before


def test_a_contact_that_is_not_there(backend: Backend) -> None:
    with pytest.raises(NotFound, match="There is no contact 99"):
        backend.do(SaveContact(99, ContactDraft(first_name="A"), version=1))


def test_the_preview_says_what_a_save_would_change(backend: Backend) -> None:
    form = backend.read(GetContactForm(CONTACT))
    draft = replace(form.draft, email="m@vega.example", website="", tags=("wholesale", "Brand new"))
    lines = [(line.label, line.text) for line in backend.read(PreviewContact(CONTACT, draft)).lines]
    assert lines == [
        ("E-mail", "maria@bluedoor.example → m@vega.example"),
        ("Website", "https://bluedoor.example → -"),
        ("Add tag", "Wholesale"),
        ("Add tag", "Brand new (a new tag)"),
        ("Remove tag", "Members"),
        ("Undo", "possible while these fields stay as saved"),
    ]
    assert [line.text for line in backend.read(PreviewContact(CONTACT, form.draft)).lines] == ["no changes yet"]


def test_an_added_tag_is_the_one_that_is_there_however_it_is_typed(backend: Backend, demo_db: Path) -> None:
    tags = len(rows(demo_db, "SELECT id FROM tag"))
    save(backend, tags=("Members", "WHOLESALE"))
    assert backend.read(GetContact(CONTACT)).tags == ("Members", "Wholesale")
    assert len(rows(demo_db, "SELECT id FROM tag")) == tags


TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)
DRAFTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("first_name", "last_name", "company", "job_title", "website"), TEXTS),
        **{name: st.lists(TEXTS, max_size=4).map(tuple) for name in ("billing_address", "shipping_address", "tags")},
        "phone3": st.integers(0, 10**12).map(str),
    },
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(DRAFTS, min_size=1, max_size=3))
def test_as_many_undos_as_corrections_lead_back(steps: list[dict[str, Any]], demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        before, done = stored(demo_db), 0
        for changes in steps:
            try:
                save(backend, **changes)
                done += 1
            except Refused:  # nothing changed
                continue
        for _ in range(done):
            undo(backend)
    assert stored(demo_db) == before

"""The form that corrects a contact: what it shows, saves and undoes, and what it does about another's correction."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contact_edits import GetContactForm, SaveContact
from subtui.app.screens.contact_edit import ContactEditForm
from subtui.app.screens.dialogs import LeaveDialog, StaleDialog
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.domain.contact_edits import ContactDraft
from subtui.views.contact_edits import KEAP_KEEPS_ITS_OWN
from tests.app.asking import desk_of
from tests.app.driver import Driver, running
from tests.app.hostile import FORBIDDEN, HOSTILE
from tests.app.keap_office import NOW, office
from tests.services.database import rows

CONTACT, FORM = "/contacts/1007", "/contacts/1007/edit"


def stored(db: Path) -> ContactDraft:
    with desk_of(db) as backend:
        return backend.read(GetContactForm(1007)).draft


def correct(db: Path, **changes: Any) -> None:
    with desk_of(db) as backend:
        form = backend.read(GetContactForm(1007))
        backend.do(SaveContact(1007, replace(form.draft, **changes), version=form.version))


async def fill(driver: Driver, **texts: str) -> None:
    for name, text in texts.items():
        field = driver.here.query_one(f"#{name}")
        field.focus()
        if isinstance(field, NoteBox):
            field.text = text
        elif isinstance(field, TextField):
            field.value = text
    await driver.settle()


async def test_e_opens_it_saving_leads_back_and_u_undoes(demo_db: Path) -> None:
    before = stored(demo_db)
    async with running(demo_db, route=CONTACT) as driver:
        await driver.press("e")
        assert isinstance(driver.here, ContactEditForm)
        await driver.type("X")
        await driver.press("ctrl+s")
        assert driver.route == CONTACT
        assert driver.message == "Saved: First name. u undoes it."
        assert "López, MaríaX" in driver.text
        assert "u Undo" in driver.text
        await driver.press("u")
        assert driver.message == "Undone: First name as before."
        assert "u Undo" not in driver.text
    assert stored(demo_db) == before


async def test_addresses_and_tags_have_a_line_each(demo_db: Path) -> None:
    async with running(demo_db, route=FORM, size=(120, 50)) as driver:
        await fill(driver, billing_address="1 Main St\n\nTucson, AZ 85701", tags="Members\nBrand new")
        assert "Brand new (a new tag)" in driver.text
        await driver.press("ctrl+s")
        assert driver.message == "Saved: Billing and Tags. u undoes it."
    now = stored(demo_db)
    assert (now.billing_address, now.tags) == (("1 Main St", "Tucson, AZ 85701"), ("Brand new", "Members"))


async def test_a_wrong_value_is_said_at_its_field(demo_db: Path) -> None:
    before = stored(demo_db)
    async with running(demo_db, route=FORM) as driver:
        await fill(driver, phone1="call me", email="maria")
        await driver.press("ctrl+s")
        assert driver.message == "Not saved. An email address must have an @-sign."
        assert driver.here.focused is driver.here.query_one("#email")
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
    assert stored(demo_db) == before


@pytest.mark.parametrize(("key", "email"), [("k", "mine@new.example"), ("u", "theirs@new.example")])
async def test_another_correction_is_shown_beside_mine(key: str, email: str, demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await fill(driver, email="mine@new.example")
        correct(demo_db, email="theirs@new.example", job_title="Chief")
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, StaleDialog)
        assert "theirs@new.example" in driver.text
        await driver.press("tab" if key == "u" else "shift+tab")
        dialog = driver.app.screen
        assert isinstance(dialog, StaleDialog)
        dialog.answer(key == "u")
        await driver.settle()
        assert driver.here.query_one("#email", TextField).value == email
        assert driver.here.query_one("#job_title", TextField).value == "Chief"
        await driver.press("ctrl+s")
    assert (stored(demo_db).email, stored(demo_db).job_title) == (email, "Chief")


async def test_a_hostile_contact_can_be_corrected_and_keeps_what_is_not_touched(demo_db: Path) -> None:
    import sqlite3  # noqa: PLC0415

    text = "".join(HOSTILE).replace("\x00", "")  # which no act can hold
    with sqlite3.connect(demo_db) as connection:
        connection.execute("UPDATE contact SET company = ?, job_title = ? WHERE id = 1007", (text, text))
    async with running(demo_db, route=FORM) as driver:
        assert not FORBIDDEN & set(driver.text)
        await driver.type("X")
        preview = driver.here.query_one(PreviewPanel).preview
        assert preview is not None
        assert [line.label for line in preview.lines if line.changed] == ["First name"]
        await driver.press("ctrl+s")
        assert driver.message == "Saved: First name. u undoes it."
    assert stored(demo_db).company == text


async def test_a_viewer_and_a_missing_contact(demo_db: Path) -> None:
    async with running(demo_db, route=CONTACT, who="viewer") as driver:
        await driver.press("e")
        assert driver.message == "A viewer cannot change a contact: ask an agent, an admin or the owner."
    async with running(demo_db, route="/contacts/99/edit") as driver:
        assert "There is no contact 99." in driver.text
        await driver.press("ctrl+s")
        assert driver.message == "There is no contact here."


async def test_where_keap_is_connected_the_form_says_that_it_is_not_told(demo_db: Path) -> None:
    with office(demo_db):
        (known,) = rows(demo_db, "SELECT min(id) AS id FROM contact WHERE keap_id IS NOT NULL")
        async with running(demo_db, route=f"/contacts/{known['id']}/edit", at=NOW) as driver:
            assert KEAP_KEEPS_ITS_OWN in driver.text
        async with running(demo_db, route=FORM, at=NOW) as driver:
            assert KEAP_KEEPS_ITS_OWN not in driver.text, "it is not in Keap"

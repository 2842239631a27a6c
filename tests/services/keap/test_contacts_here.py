"""Contacts that were corrected or merged here, when Keap is read again: Keap is not told, and does not undo it."""

from dataclasses import replace
from typing import Any

from subtui.acts.contact_edits import GetContactForm, PreviewContact, SaveContact
from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.acts.contacts import CountRecords, FindContacts
from subtui.domain.contact_edits import ContactDraft
from subtui.views.contact_edits import KEAP_KEEPS_ITS_OWN
from subtui.views.contact_merges import KEAP_KEEPS_BOTH
from tests.services.database import rows
from tests.services.keap.world import World

ONE, OTHER = 3, 4
LATER = "2026-03-02T17:00:00Z"


def form(world: World, number: int = ONE) -> ContactDraft:
    return world.here.read(GetContactForm(number)).draft


def correct(world: World, **changes: Any) -> ContactDraft:
    view = world.here.read(GetContactForm(ONE))
    world.here.do(SaveContact(ONE, replace(view.draft, **changes), version=view.version))
    return form(world)


def merge(world: World) -> None:
    seen = world.here.read(PreviewMerge(ONE, OTHER))
    world.here.do(MergeContacts(ONE, OTHER, version=seen.version, duplicate_version=seen.duplicate_version))


def owned(world: World, table: str, contact: int) -> set[int]:
    return {row["id"] for row in rows(world.db, f'SELECT id FROM "{table}" WHERE contact_id = ?', contact)}  # noqa: S608


def test_a_correction_stays_and_what_else_changes_in_keap_comes(world: World) -> None:
    here = correct(world, last_name="Quetzal", tags=("Mine",))
    world.account.change("contacts", ONE, {"family_name": "Other", "job_title": "Chief", "update_time": LATER})
    assert world.pull().changed
    assert form(world) == replace(here, job_title="Chief")
    assert [row.id for row in world.here.read(FindContacts("quetzal")).rows] == [ONE]
    world.pull(whole=True)
    assert form(world) == replace(here, job_title="Chief")


def test_keap_is_not_told_and_the_form_says_so(world: World) -> None:
    view = world.here.read(GetContactForm(ONE))
    assert view.in_keap
    lines = world.here.read(PreviewContact(ONE, replace(view.draft, last_name="Quetzal"))).lines
    assert lines[-1].text == KEAP_KEEPS_ITS_OWN
    assert world.here.read(PreviewMerge(ONE, OTHER)).lines[-1].text == KEAP_KEEPS_BOTH
    correct(world, last_name="Quetzal")
    merge(world)
    assert world.outbox() == []


def test_a_merge_here_stays_when_keap_is_read_and_when_it_merges_too(world: World) -> None:
    both = {table: owned(world, table, ONE) | owned(world, table, OTHER) for table in ("subscription", "order")}
    contacts = world.here.read(CountRecords()).contacts
    merge(world)
    world.account.change("contacts", OTHER, {"family_name": "Zzyzx", "update_time": LATER})
    world.pull()
    world.pull(whole=True)
    assert {table: owned(world, table, ONE) for table in both} == both
    assert world.here.read(FindContacts("zzyzx")).rows == ()
    assert world.here.read(CountRecords()).contacts == contacts - 1
    world.account.merge_contacts(ONE, OTHER)
    world.pull()
    assert {table: owned(world, table, ONE) for table in both} == both
    world.here.do(UnmergeContact(OTHER))
    assert {table: owned(world, table, ONE) | owned(world, table, OTHER) for table in both} == both

"""An import and contacts that were corrected here: the corrected fields stay, the others follow the file."""

import json
from dataclasses import replace
from typing import Any

import pytest

from subtui.acts.contact_edits import GetContactForm, SaveContact, UndoContactChange
from subtui.domain.contact_edits import ContactDraft
from subtui.views.contact_edits import ContactForm
from tests.services.importing import Business, left_out
from tests.services.keap_files import CONTACTS_2024, FULL_CONTACT, sheet

REASON = "is not what was corrected here; the corrected value was kept"
FILE: dict[str, Any] = FULL_CONTACT


def bring(business: Business, changes: dict[str, str] | None = None, *, overwrite: bool = False) -> Any:
    return business.bring(sheet(CONTACTS_2024, FILE | (changes or {})), overwrite=overwrite)


def form(business: Business) -> ContactForm:
    return business.backend().read(GetContactForm(business.contact()["id"]))


def correct(business: Business, **changes: Any) -> ContactDraft:
    now = form(business)
    business.backend().do(SaveContact(now.id, replace(now.draft, **changes), version=now.version))
    return form(business).draft


def test_corrected_fields_stay_and_the_others_follow(business: Business) -> None:
    bring(business)
    here = correct(business, last_name="Leigh", email="pat@leigh.example", billing_address=("1 Main St", "Tucson, AZ"))
    report = bring(business, {"Job Title": "Chief"})
    now = form(business).draft
    assert now == replace(here, job_title="Chief")
    said = [(row[2], row[4]) for row in left_out(report)]
    assert sorted(said) == [("Billing", REASON), ("E-mail", REASON), ("Last name", REASON)]
    assert business.found("leigh") == [business.contact()["id"]]
    assert business.found("pat@leigh") == [business.contact()["id"]]
    assert business.value("SELECT city_key FROM contact") == "tucson"
    business.check()


def test_what_was_undone_follows_the_file_again(business: Business) -> None:
    bring(business)
    before = form(business).draft
    correct(business, last_name="Leigh")
    now = form(business)
    business.backend().do(UndoContactChange(now.id, version=now.version))
    report = bring(business, {"Last Name": "Li"})
    assert (form(business).draft, left_out(report)) == (replace(before, last_name="Li"), [])


def test_overwriting_takes_the_file_and_forgets_the_correction(business: Business) -> None:
    bring(business)
    before = form(business).draft
    correct(business, last_name="Leigh", billing_address=("1 Main St",), tags=("Members", "Mine"))
    bring(business, overwrite=True)
    assert form(business).draft == before
    event = business.row("SELECT * FROM event WHERE command = 'data.import_row' AND subject_type = 'contact'")
    assert json.loads(event["before"])["last_name"] == "Leigh"
    report = bring(business, {"Last Name": "Li"})
    assert (form(business).draft.last_name, left_out(report)) == ("Li", [])
    assert business.found("li pat") == [business.contact()["id"]]
    business.check()


def test_tags_added_and_removed_here_stay_so_and_those_of_the_file_come(business: Business) -> None:
    bring(business)
    assert business.tags() == ["Members", "News"]
    correct(business, tags=("News", "Mine"))
    bring(business, {"Tag Ids": "91,92,93", "Tags": "Members,News,Third"} if "Tag Ids" in FILE else {})
    assert {"Mine", "News"} <= set(business.tags())
    assert "Members" not in business.tags()
    business.check()


@pytest.mark.parametrize("again", [1, 3])
def test_the_same_file_again_changes_nothing(business: Business, again: int) -> None:
    bring(business)
    correct(business, last_name="Leigh", billing_address=("1 Main St",), tags=("Mine",))
    for _ in range(again):
        version = form(business).version
        bring(business)
        assert form(business).version == version

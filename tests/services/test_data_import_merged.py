"""Imports and exports after a merge: rows of the duplicate's id go to the contact that stays, and it stays one."""

import csv
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contact_edits import GetContactForm
from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.acts.contacts import CountRecords
from subtui.acts.data import ExportData
from subtui.views.exports import ExportOptions
from subtui.views.imports import Kind
from tests.services.importing import Business, counted

CONTACTS = """Id,First Name,Last Name,Email,Phone 1,Tags
71,Ana,Meyer,ana@x.example,602 555 0101,Members
72,Anna,Mayer,anna@y.example,602 555 0102,"Members,News"
73,Bo,Berg,bo@z.example,602 555 0103,
"""
ORDERS = """Id,Contact Id,Order Title,Order Date,Order Total
901,71,Bread,2026-01-05,10.00
902,72,Rolls,2026-01-06,20.00
"""
NOTES = """Contact Id,Creation Date,Creation Notes
72,2026-01-07 10:00,About Anna
"""


@pytest.fixture
def merged(business: Business) -> Business:
    business.bring({"contacts.csv": CONTACTS, "orders.csv": ORDERS})
    backend = business.backend()
    keep, other = (ours(business, keap_id) for keap_id in ("71", "72"))
    seen = backend.read(PreviewMerge(keep, other))
    backend.do(MergeContacts(keep, other, version=seen.version, duplicate_version=seen.duplicate_version))
    return business


def ours(business: Business, keap_id: str) -> int:
    return int(business.value("SELECT id FROM contact WHERE keap_id = ?", keap_id))


def owners(business: Business, table: str) -> list[Any]:
    rows = business.rows(f'SELECT keap_id FROM contact WHERE id IN (SELECT contact_id FROM "{table}")')  # noqa: S608
    return [row["keap_id"] for row in rows]


def test_the_same_files_again_change_nothing_of_the_contact_that_stays(merged: Business) -> None:
    backend = merged.backend()
    before = backend.read(GetContactForm(ours(merged, "71")))
    for _ in range(2):
        report = merged.bring({"contacts.csv": CONTACTS, "orders.csv": ORDERS})
        assert counted(report) == {"contact": {"same": 3}, "order": {"same": 2}}
    assert backend.read(GetContactForm(ours(merged, "71"))) == before
    assert before.draft.email2 == "anna@y.example"
    assert before.draft.tags == ("Members", "News")
    assert owners(merged, "order") == ["71"]
    merged.check()


def test_new_records_of_the_duplicate_go_to_the_contact_that_stays(merged: Business) -> None:
    more = ORDERS + "903,72,More rolls,2026-02-06,30.00\n"
    merged.bring({"orders.csv": more, "notes.csv": NOTES})
    assert owners(merged, "order") == ["71"]
    assert owners(merged, "note") == ["71"]
    assert merged.value('SELECT count(*) FROM "order"') == 3
    merged.check()


def test_a_changed_row_of_the_duplicate_stays_out_of_the_search(merged: Business) -> None:
    keep = ours(merged, "71")
    merged.bring({"contacts.csv": CONTACTS.replace("Anna,Mayer", "Anna,Quetzal")})
    assert merged.found("quetzal") == []
    assert merged.found("anna@y.example") == [keep]
    assert merged.backend().read(CountRecords()).contacts == 2
    merged.backend().do(UnmergeContact(ours(merged, "72")))
    assert merged.found("quetzal") == [ours(merged, "72")]
    assert merged.tags("72") == ["Members", "News"]
    merged.check()


def test_a_row_without_an_id_is_no_doubt_about_one_contact(merged: Business) -> None:
    merged.run("UPDATE contact SET email = 'ana@x.example' WHERE keap_id = '72'")
    report = merged.bring({"people.csv": "First Name,Last Name,Email,Job Title\nAna,Meyer,ana@x.example,Baker\n"})
    assert counted(report) == {"contact": {"changed": 1}}
    assert merged.value("SELECT job_title FROM contact WHERE keap_id = '71'") == "Baker"


def test_an_export_has_one_contact_with_the_records_of_both(merged: Business, tmp_path: Path) -> None:
    for number, wanted in enumerate(((), (ours(merged, "72"),))):
        folder = tmp_path / f"out{number}"
        options = ExportOptions(kinds=(Kind.CONTACT, Kind.ORDER), contacts=wanted)
        merged.backend().do(ExportData(folder, options))
        with (folder / "contacts.csv").open(encoding="utf-8-sig", newline="") as file:
            contacts = [row["Id"] for row in csv.DictReader(file)]
        with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
            orders = [row["ContactId"] for row in csv.DictReader(file)]
        assert contacts == (["71"] if wanted else ["71", "73"])
        assert orders == ["71", "71"]

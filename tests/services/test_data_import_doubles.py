"""Who a row without an id is: the e-mail tells it, as in Keap, and a contact that may be there twice is named."""

from typing import Any

import pytest

from tests.services.importing import Business, counted, left_out

HEAD = "First Name,Last Name,Email,Phone 1,Company\n"
ANN = "Ann,Lee,ann@x.example,602 555 0142,\n"
TWICE = "appears twice in this file; the first one was imported"


def names(business: Business) -> list[str]:
    return [row["first_name"] for row in business.rows("SELECT first_name FROM contact ORDER BY id")]


def said(business: Business) -> list[tuple[str, str]]:
    assert business.report is not None
    return [(column, reason) for _, _, column, _, reason in left_out(business.report)]


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ("Ann,Lee,ann@x.example,602 555 0199,\n", False),
        ("Ann,Lee,ANN@X.Example,602 555 0142,\n", False),
        ("Ann,Lee, ann@x.example ,,Acme\n", False),
        (",,ann@x.example,602 555 0199,\n", False),
        ("Annie,Lee,ann@x.example,602 555 0199,\n", True),
    ],
)
def test_the_same_e_mail_is_the_same_contact(business: Business, row: str, remark: bool) -> None:
    business.bring(HEAD + ANN)
    dry = business.bring(HEAD + row, dry_run=True)
    assert counted(dry) == {"contact": {"changed": 1}}
    assert counted(business.bring(HEAD + row)) == {"contact": {"changed": 1}}
    expected = [("Email", "is the e-mail of contact 1 (Ann Lee): treated as the same contact")] if remark else []
    assert [(column, reason) for *_, column, _, reason in left_out(dry)] == said(business) == expected
    assert counted(business.bring(HEAD + row)) == {"contact": {"same": 1}}
    assert business.value("SELECT count(*) FROM contact") == 1
    business.check()


def test_a_contact_with_an_id_is_known_by_its_e_mail_too(business: Business) -> None:
    business.bring("Id,First Name,Email\n1204,Ann,Ann@x.example\n")
    business.bring("First Name,Email\nAnna,ann@x.example\n")
    assert business.rows("SELECT keap_id, first_name FROM contact") == [{"keap_id": "1204", "first_name": "Anna"}]


def test_a_contact_that_was_made_here(business: Business, demo_db: Any) -> None:
    business.db = demo_db
    before = business.value("SELECT count(*) FROM contact")
    row = business.row(
        "SELECT id, first_name, last_name, email FROM contact WHERE email != '' AND keap_id IS NULL LIMIT 1"
    )
    business.bring(f"First Name,Last Name,Email\n{row['first_name']},{row['last_name']},{row['email']}\n")
    assert business.value("SELECT count(*) FROM contact") == before
    business.check()


def test_the_same_e_mail_within_one_file(business: Business) -> None:
    rows = ANN + "Bo,Li,bo@x.example,,\n" + "Ann,Lee,Ann@x.example,602 555 0199,\n" + "Anna,Lee,ann@x.example,,\n"
    report = business.bring(HEAD + rows)
    assert names(business) == ["Ann", "Bo"]
    assert [(line, column, reason) for _, line, column, _, reason in left_out(report)] == [
        (4, "Email", TWICE),
        (5, "Email", TWICE),
    ]


def test_the_same_e_mail_with_and_without_an_id_within_one_file(business: Business) -> None:
    report = business.bring(
        "Id,First Name,Email\n7,Ann,ann@x.example\n,Ann,ann@x.example\n,Bo,bo@x.example\n9,Bo,bo@x.example\n"
    )
    assert business.rows("SELECT keap_id, first_name FROM contact ORDER BY keap_id") == [
        {"keap_id": "7", "first_name": "Ann"},
        {"keap_id": "9", "first_name": "Bo"},
    ]
    assert [(line, column) for _, line, column, *_ in left_out(report)] == [(3, "Email")]


def test_in_files_that_are_brought_in_together(business: Business) -> None:
    report = business.bring({"a.csv": HEAD + ANN, "b.csv": HEAD + "Ann,Lee,ann@x.example,602 555 0199,\n"})
    assert counted(report) == {"contact": {"new": 1, "changed": 1}}


def test_in_a_file_of_many_rows(business: Business) -> None:
    rows = "".join(f"P{number},Lee,p{number % 900}@x.example,,\n" for number in range(2_000))
    report = business.bring(HEAD + rows)
    assert counted(report) == {"contact": {"new": 900, "refused": 1_100}}
    assert business.value("SELECT count(DISTINCT email) FROM contact") == 900
    business.check()


def test_several_contacts_with_one_e_mail(business: Business) -> None:
    business.bring("Id,First Name,Email\n1,Ann,us@x.example\n2,Bo,us@x.example\n")
    assert said(business) == []
    business.bring("First Name,Email,Phone 1\nBo,us@x.example,602 555 0142\n")
    assert (said(business), business.value("SELECT phone1 FROM contact WHERE id = 2")) == ([], "602 555 0142")
    report = business.bring("First Name,Email\nCy,us@x.example\n")
    reason = "is the e-mail of 2 contacts, contact 1 (Ann), contact 2 (Bo): added as a new contact"
    assert said(business) == [("Email", reason)]
    assert report.refused == 0
    assert names(business) == ["Ann", "Bo", "Cy"]


@pytest.mark.parametrize(
    ("row", "shared"),
    [
        ("Ann,Lee,,(602) 555-0142,\n", "phone"),
        ("ann,LEE,other@x.example,602-555-0142,\n", "phone"),
        ("Ann,Lee,,602 555 0199,acme\n", "company"),
        ("Ann,Lee,,602 555 0199,\n", ""),
        ("Anna,Lee,,602 555 0142,\n", ""),
    ],
)
def test_the_same_name_with_the_same_phone_or_company(business: Business, row: str, shared: str) -> None:
    business.bring(f"{HEAD}Ann,Lee,ann@x.example,602 555 0142,Acme\n")
    business.bring(HEAD + row, dry_run=True)
    reason = f"has the name and the {shared} of contact 1: added as new, possible duplicate"
    assert said(business) == ([("Name", reason)] if shared else [])
    assert counted(business.bring(HEAD + row)) == {"contact": {"new": 1}}
    business.bring(HEAD + row)
    assert said(business) == []


@pytest.mark.parametrize("keap_id", ["1204", "1"])
def test_a_contact_that_came_without_an_id_gets_one(business: Business, keap_id: str) -> None:
    business.bring(HEAD + ANN)
    report = business.bring(f"Id,First Name,Last Name,Email\n{keap_id},Ann,Lee,ANN@x.example\n")
    assert counted(report) == {"contact": {"changed": 1}}
    assert report.notes == ("Contacts imported without an id before were matched by e-mail and now have one.",)
    assert business.rows("SELECT keap_id, phone1 FROM contact") == [{"keap_id": keap_id, "phone1": "602 555 0142"}]
    assert counted(business.bring(HEAD + ANN)) == {"contact": {"changed": 1}}
    business.check()


def test_another_person_with_an_id_and_the_same_e_mail(business: Business) -> None:
    business.bring(HEAD + ANN)
    business.bring("Id,First Name,Last Name,Email\n1204,Bo,Lee,ann@x.example\n")
    assert said(business) == [
        ("Email", "is the e-mail of contact 1 (Ann Lee) too, which has no id: possible duplicate")
    ]
    assert names(business) == ["Ann", "Bo"]


def test_an_id_that_is_taken_goes_to_no_other_contact(business: Business) -> None:
    business.bring("Id,First Name,Email\n9,Cy,cy@x.example\n")
    business.bring("Id,First Name,Email\n,Bo,bo@x.example\n9,Bo,bo@x.example\n")
    assert business.rows("SELECT first_name, email FROM contact WHERE keap_id = '9'") == [
        {"first_name": "Bo", "email": "bo@x.example"}
    ]
    business.check()

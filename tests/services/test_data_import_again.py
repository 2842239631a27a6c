"""Contacts that come in again are brought up to date and never doubled; what a file does not speak of stays."""

from typing import Any

from subtui.views.imports import Kind
from tests.services.importing import Business, counted, kinds, left_out
from tests.services.keap_files import (
    BESIDE_CONTACT,
    CONTACTS,
    CONTACTS_2017,
    FULL_CONTACT,
    STORED_CONTACT,
    TAGS_DUMP,
    pat,
    sheet,
    table,
)

# --- again ------------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_is_logged_once(business: Business) -> None:
    content = sheet(CONTACTS_2017, FULL_CONTACT, {"First Name": "Without", "Last Name": "Id", "Email": "w@example.com"})
    assert counted(business.bring(content)) == {"contact": {"new": 2}}
    before, events = business.rows("SELECT * FROM contact"), business.value("SELECT count(*) FROM event")
    assert counted(business.bring(content)) == {"contact": {"same": 2}}
    assert business.rows("SELECT * FROM contact") == before
    assert business.value("SELECT count(*) FROM event") == events + 1
    assert business.value("SELECT command FROM event ORDER BY id DESC LIMIT 1") == "data.import"
    business.check()


def test_what_has_changed_is_changed(business: Business) -> None:
    business.bring(CONTACTS)
    assert counted(business.bring(table(pat(Email="new@example.com")))) == {"contact": {"changed": 1}}
    row = business.contact()
    assert (row["email"], row["version"], row["id"]) == ("new@example.com", 2, 1204)


def test_what_is_empty_now_is_emptied(business: Business) -> None:
    business.bring(table(pat(**{"Company Name": "Blue Door", "City": "Mesa", "Nickname": "Patty", "Tags": "News"})))
    business.bring(table(pat(**{"Company Name": "", "City": "", "Nickname": "", "Tags": ""})))
    assert business.contact() == {
        "id": 1204,
        "keap_id": "1204",
        "first_name": "Pat",
        "last_name": "Lee",
        "email": "pat@example.com",
        "version": 2,
    }
    assert business.tags() == []


def test_a_file_with_a_few_columns_leaves_the_others(business: Business) -> None:
    business.bring(sheet(CONTACTS_2017, FULL_CONTACT))
    report = business.bring("Id,Email\n1204,new@example.com\n")
    assert counted(report) == {"contact": {"changed": 1}}
    assert business.contact() == STORED_CONTACT | {"email": "new@example.com", "version": 2, "more": BESIDE_CONTACT}
    assert business.tags() == ["Members", "News"]
    assert business.found("lee pat") == business.found("new@exam") == business.found("602 555") == [1204]
    assert business.found("pat@example") == []
    business.check()


def test_a_file_with_a_part_of_an_address_leaves_the_rest(business: Business) -> None:
    business.bring(sheet(CONTACTS_2017, FULL_CONTACT))
    business.bring("Id,Email,City,State\n1204,pat@example.com,Tempe,\n")
    assert business.contact()["billing_address"] == ["1 Main St", "Suite 4", "Tempe, 85001-1234", "United States"]
    business.bring("Id,Email,Street Address 1\n1204,pat@example.com,9 High St\n")
    row = business.contact()
    assert row["billing_address"] == ["9 High St", "Suite 4", "Tempe, 85001-1234", "United States"]
    assert row["shipping_address"] == STORED_CONTACT["shipping_address"]


def test_the_city_that_is_searched_follows_the_address(business: Business) -> None:
    def city() -> str:
        return str(business.row("SELECT city_key FROM contact WHERE keap_id = '1204'")["city_key"])

    business.bring(sheet(CONTACTS_2017, FULL_CONTACT))
    assert city() == "phoenix"
    business.bring("Id,Email,Street Address 1\n1204,pat@example.com,9 High St\n")
    assert city() == "phoenix"
    business.bring("Id,Email,City\n1204,pat@example.com,San José\n")
    assert city() == "san jose"
    business.bring("Id,Email,City\n1204,pat@example.com,\n")
    assert city() == ""


def test_an_empty_cell_in_a_file_with_a_few_columns_is_no_empty_contact(business: Business) -> None:
    business.bring(CONTACTS)
    assert counted(business.bring("Id,Email,City\n1204,,Mesa\n")) == {"contact": {"changed": 1}}
    assert business.contact()["billing_address"] == ["Mesa"]
    assert business.found("pat@example") == []
    assert business.found("lee") == [1204]


def test_the_same_contact_in_two_files(business: Business) -> None:
    report = business.bring(
        {
            "a.csv": CONTACTS,
            "b.csv": table(pat(Email="new@example.com"), pat(Id=1205, Email="b@example.com")),
            "c.csv": CONTACTS.replace("Pat,", "Patricia,"),
        }
    )
    assert counted(report) == {"contact": {"new": 2, "changed": 2}}
    row = business.contact()
    assert (row["first_name"], row["email"]) == ("Patricia", "pat@example.com")
    assert business.found("patricia") == [1204]
    assert business.found("new@example") == []
    business.check()


def test_an_id_that_is_twice_in_one_file(business: Business) -> None:
    report = business.bring(table(pat(), pat(Email="other@example.com"), pat(Id="1204.0")))
    assert counted(report) == {"contact": {"new": 1, "refused": 2}}
    reason = "appears twice in this file; the first one was imported"
    assert left_out(report) == [("file.csv", line, "Id", "1204", reason) for line in (3, 4)]
    assert business.contact()["email"] == "pat@example.com"


def test_rows_without_an_id_are_known_again_by_what_they_say(business: Business) -> None:
    content = "First Name,Last Name,Email\nPat,Lee,pat@example.com\nPat,Lee,pat@example.com\nAnn,Lee,\nAnn,Lee,\n"
    for what in ("new", "same"):
        report = business.bring(content)
        assert counted(report) == {"contact": {what: 3, "refused": 1}}
        reason = "appears twice in this file; the first one was imported"
        assert left_out(report) == [("file.csv", 3, "Email", "pat@example.com", reason)]


def test_into_an_account_whose_numbers_are_taken(business: Business, demo_db: Any) -> None:
    business.db = demo_db
    before = business.row("SELECT * FROM contact WHERE id = 1007")
    content = table(pat(Id=1007), pat(Id=1008), pat(Id=99))
    assert counted(business.bring(content)) == {"contact": {"new": 3}}
    assert business.row("SELECT * FROM contact WHERE id = 1007") == before
    ids = {
        row["keap_id"]: row["id"] for row in business.rows("SELECT id, keap_id FROM contact WHERE keap_id IS NOT NULL")
    }
    assert ids["99"] == 99
    assert {ids["1007"], ids["1008"]}.isdisjoint({1007, 1008})
    assert counted(business.bring(content)) == {"contact": {"same": 3}}
    business.check()


def test_the_search_follows_a_change_that_comes_after_an_import(business: Business) -> None:
    business.bring(CONTACTS)
    business.run("UPDATE contact SET name_key = ' zimmer pat', sort_key = 'zimmer pat' WHERE id = 1204")
    assert business.found("zimmer") == [1204]
    assert business.found("lee") == []
    business.check()


# --- tags -------------------------------------------------------------------------------------------------------------


def test_tags_are_replaced_by_those_of_the_file(business: Business) -> None:
    business.bring(table(pat(**{"Tag Ids": "91,94", "Tags": "Members,News"})))
    report = business.bring(table(pat(**{"Tag Ids": "94,95", "Tags": "News,Gone, but here"})))
    assert counted(report) == {"contact": {"changed": 1}}
    # A name with a comma in it: which name belongs to which number cannot be told.
    assert business.tags() == ["News", "Tag 95"]
    assert business.contact()["version"] == 2
    business.bring({"tags.csv": 'Id,Group Name,Group Category Id\n95,"Gone, but here",3\n'})
    assert business.tags() == ["Gone, but here", "News"]


def test_tags_that_were_numbers_get_their_names_from_a_contact(business: Business) -> None:
    business.bring({"c.csv": CONTACTS, "t.csv": sheet(TAGS_DUMP, {"ContactId": 1204, "TagId": 91})})
    assert business.tags() == ["Tag 91"]
    assert counted(business.bring(table(pat(**{"Tag Ids": "91", "Tags": "Members"})))) == {"contact": {"same": 1}}
    assert business.tags() == ["Members"]


def test_tags_by_name_alone_are_those_that_are_called_so(business: Business) -> None:
    business.bring(table(pat(**{"Tag Ids": "91", "Tags": "Members"})))
    business.bring(table(pat(Tags="members,Fresh"), pat(Id=1205, Tags="FRESH")))
    assert business.tags() == ["Fresh", "Members"]
    assert business.tags("1205") == ["Fresh"]
    assert business.value("SELECT count(*) FROM tag") == 2


def test_the_dump_of_tags(business: Business) -> None:
    pairs = ({"ContactId": 1204, "TagId": 91}, {"ContactId": 1204, "TagId": 94}, {"ContactId": 9, "TagId": 91})
    dumped = sheet(TAGS_DUMP, *pairs, {"ContactId": 1204})
    report = business.bring({"t.csv": dumped, "n.csv": "Id,GroupName\n91,Members\n", "c.csv": CONTACTS})
    assert kinds(report) == [(Kind.CONTACT_TAG,), (Kind.TAG,), (Kind.CONTACT,)]
    assert counted(report) == {"tag": {"new": 1}, "contact": {"new": 1}, "contact_tag": {"new": 2, "refused": 2}}
    assert left_out(report) == [
        ("t.csv", 4, "Contact Id", "9", "is not a known contact"),
        ("t.csv", 5, "Tag Id", "", "has no tag"),
    ]
    assert business.tags() == ["Members", "Tag 94"]
    assert counted(business.bring({"t.csv": dumped}))["contact_tag"] == {"same": 2, "refused": 2}

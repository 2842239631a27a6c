"""Contacts come in from every form in which Keap hands them out, and are found afterwards."""

from typing import Any

import pytest

from subtui.domain.date_order import DateOrder
from tests.services.importing import Business, counted, left_out
from tests.services.keap_files import (
    BESIDE_CONTACT,
    CONTACTS,
    CONTACTS_2017,
    CONTACTS_2024,
    FULL_CONTACT,
    STORED_CONTACT,
    answer,
    gold,
    pat,
    sheet,
    table,
    wizard,
)

CARD = "4111 1111 1111 1111"

# --- the forms --------------------------------------------------------------------------------------------------------


def test_the_export_of_2017(business: Business) -> None:
    report = business.bring(
        sheet(CONTACTS_2017, FULL_CONTACT | {"SSN": "078-05-1120", "Last 4 SSN": "1120", "Username": "patlee"})
    )
    assert counted(report) == {"contact": {"new": 1}}
    assert report.files[0].dropped == ("SSN", "Last 4 SSN", "Password")
    assert report.files[0].date_order is DateOrder.MONTH_FIRST
    assert business.contact() == STORED_CONTACT | {"more": BESIDE_CONTACT | {"Username": "patlee"}}
    assert business.tags() == ["Members", "News"]
    business.check()


def test_the_export_of_2024(business: Business) -> None:
    report = business.bring(
        sheet(
            CONTACTS_2024,
            FULL_CONTACT | {"Instagram": "@lee", "Notes": "Likes rye.\nCall late.", "Email Status": "Confirmed"},
        )
    )
    assert counted(report) == {"contact": {"new": 1}}
    assert report.files[0].dropped == ("Password",)
    assert business.contact() == STORED_CONTACT | {
        "person_notes": "Likes rye.\nCall late.",
        "more": BESIDE_CONTACT | {"Instagram": "@lee", "Email Status": "Confirmed"},
    }
    assert business.tags() == ["Members", "News"]


V1: dict[str, Any] = {
    "id": 1204,
    "given_name": "Pat",
    "family_name": "Lee",
    "middle_name": None,
    "company": {"id": 7, "company_name": "Blue Door"},
    "job_title": "Baker",
    "email_addresses": [
        {"email": "pat@example.com", "field": "EMAIL1"},
        {"email": "pat@work.example", "field": "EMAIL2"},
    ],
    "phone_numbers": [
        {"number": "(602) 555-0142", "field": "PHONE1", "extension": "12", "type": "Work"},
        {"number": "+1 602 555 0199", "field": "PHONE5"},
    ],
    "addresses": [
        {
            "field": "BILLING",
            "line1": "1 Main St",
            "line2": "Suite 4",
            "locality": "Phoenix",
            "region": "AZ",
            "zip_code": "85001",
            "zip_four": "1234",
            "country_code": "USA",
        },
        {"field": "SHIPPING", "line1": "2 Dock Rd", "locality": "Mesa"},
    ],
    "website": "pat.example",
    "tag_ids": [91, 94],
    "date_created": "2025-01-15T22:04:00.000+0000",
    "custom_fields": [{"id": 5, "content": "rye"}, {"id": 6, "content": None}],
    "opt_in_reason": None,
}


def test_an_answer_of_rest_v1(business: Business) -> None:
    report = business.bring({"contacts.json": answer("contacts", V1, count=1, next="", previous="")})
    assert counted(report) == {"contact": {"new": 1}}
    row = business.contact()
    assert row["billing_address"] == ["1 Main St", "Suite 4", "Phoenix, AZ 85001-1234", "USA"]
    assert row["more"]["Custom field 5"] == "rye"
    assert (row["created_on"], row["company"], row["phone5"]) == ("2025-01-15", "Blue Door", "+1 602 555 0199")
    assert business.tags() == ["Tag 91", "Tag 94"]


def test_an_answer_of_rest_v2(business: Business) -> None:
    v2 = V1 | {
        "id": "1204",
        "company": {"id": "7", "company_name": "Blue Door"},
        "tag_ids": ["91"],
        "create_time": "2025-01-15T22:04:00.000Z",
        "notes": "Likes rye.",
    }
    del v2["date_created"]
    report = business.bring({"contacts.json": answer("contacts", v2, next_page_token="")})
    assert counted(report) == {"contact": {"new": 1}}
    row = business.contact()
    assert (row["email2"], row["person_notes"], row["created_on"]) == ("pat@work.example", "Likes rye.", "2025-01-15")


def test_an_answer_that_lists_few_fields_leaves_the_others(business: Business) -> None:
    business.bring(sheet(CONTACTS_2017, FULL_CONTACT))
    business.bring({"a.json": answer("contacts", {"id": "1204", "given_name": "Patricia"}, next_page_token="")})
    assert business.contact() == STORED_CONTACT | {"first_name": "Patricia", "version": 2, "more": BESIDE_CONTACT}
    assert business.tags() == ["Members", "News"]


def test_a_dump_of_the_table(business: Business) -> None:
    dumped = table(
        {
            "Id": 1204,
            "FirstName": "Pat",
            "LastName": "Lee",
            "Company": "Blue Door",
            "Email": "pat@example.com",
            "Phone1": "(602) 555-0142",
            "StreetAddress1": "1 Main St",
            "City": "Phoenix",
            "Address2Street1": "2 Dock Rd",
            "City2": "Mesa",
            "Groups": "91,94",
            "DateCreated": "2025-01-15 22:04:00 UTC",
            "ContactNotes": "Likes rye.",
            "_Flavour": "rye",
        },
    )
    assert counted(business.bring(dumped)) == {"contact": {"new": 1}}
    row = business.contact()
    assert (row["company"], row["billing_address"], row["shipping_address"]) == (
        "Blue Door",
        ["1 Main St", "Phoenix"],
        ["2 Dock Rd", "Mesa"],
    )
    assert (row["person_notes"], row["more"]["_Flavour"]) == ("Likes rye.", "rye")
    assert business.tags() == ["Tag 91", "Tag 94"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + "Id,First Name,Last Name,Email\n1204,María,López,m@example.com\n".encode(),
        "Id,First Name,Last Name,Email\n1204,María,López,m@example.com\n".encode("utf-16"),
        "Id,First Name,Last Name,Email\n1204,María,López,m@example.com\n".encode("latin-1"),
        "Id;First Name;Last Name;Email\r\n1204;María;López;m@example.com\r\n".encode(),
        "Id\tFirst Name\tLast Name\tEmail\r1204\tMaría\tLópez\tm@example.com\r".encode(),
        "Id,First Name,Last Name,Email\n1204,Mari\u0301a,Lo\u0301pez,m@example.com".encode(),
    ],
    ids=["BOM", "UTF-16", "Latin-1", "semicolons", "CR and tabs", "letters taken apart"],
)
def test_in_every_encoding(business: Business, content: bytes) -> None:
    business.bring(content)
    row = business.contact()
    assert (row["first_name"], row["last_name"], row["email"]) == ("María", "López", "m@example.com")
    assert business.found("lopez maria") == [1204]


# --- columns ----------------------------------------------------------------------------------------------------------


def test_columns_are_known_by_their_names_wherever_they_stand(business: Business) -> None:
    row = pat(**{"Company Name": "Blue Door", "Tag Ids": "91"})
    business.bring(table(dict(reversed(row.items()))))
    once = business.contact()
    assert counted(business.bring(table(row))) == {"contact": {"same": 1}}
    assert business.contact() == once


def test_columns_that_are_there_twice(business: Business) -> None:
    report = business.bring("Id,Email,First Name,email,Flavour,Flavour\n1204,pat@example.com,Pat,other,rye,oat\n")
    assert counted(report) == {"contact": {"new": 1}}
    row = business.contact()
    assert (row["email"], row["more"]) == (
        "pat@example.com",
        {"email": "other", "Flavour": "rye", "Flavour (2)": "oat"},
    )


def test_columns_that_nobody_knows_stay_beside_the_contact(business: Business) -> None:
    business.bring(table(pat(**{"Señas": "x", "": "", " ": "", "Favourite, if any": "rye"})))
    assert business.contact()["more"] == {"Señas": "x", "Favourite, if any": "rye"}


def test_a_name_in_one_column(business: Business) -> None:
    report = business.bring(
        'Id,Name,Email\n1,"López, María",a@x.example\n2,María José López,b@x.example\n3,Cher,c@x.example\n4,,d@x'
    )
    assert counted(report) == {"contact": {"new": 4}}
    names = business.rows("SELECT first_name, last_name FROM contact ORDER BY id")
    assert [(row["first_name"], row["last_name"]) for row in names] == [
        ("María", "López"),
        ("María José", "López"),
        ("", "Cher"),
        ("", ""),
    ]


def test_an_owner_who_is_nobody_here_is_remembered(business: Business) -> None:
    business.bring(table(pat(Owner="Somebody Else"), pat(Id=1205, Owner="NED ADMIN")))
    rows = business.rows("SELECT owner_id, more FROM contact ORDER BY id")
    assert rows == [{"owner_id": None, "more": '{"Owner":"Somebody Else"}'}, {"owner_id": 2, "more": "{}"}]


# --- rows that are strange --------------------------------------------------------------------------------------------


def test_strange_rows_are_left_out_with_their_reason(business: Business) -> None:
    rows: list[dict[str, object]] = [
        pat(Id=1),
        pat(Id=2, **{"First Name": "", "Last Name": "", "Email": ""}),
        pat(Id=3, **{"Last Name": "\x1b[31mRed"}),
        pat(Id="9" * 5000),
        pat(Id=CARD.replace(" ", "")),
        pat(Id=5, **{"Date Created": "31/31/2020"}),
        pat(Id=6, **{"Date Created": "1/15/1899"}),
        pat(Id=7, **{"Date Created": "1/15/25"}),
        pat(Id=8, **{"Date Created": "yesterday"}),
    ]
    report = business.bring(table(*rows))
    assert counted(report) == {"contact": {"new": 1, "refused": 8}}
    assert left_out(report) == [
        ("file.csv", 3, "Name", "", "has no name, company, e-mail or phone"),
        ("file.csv", 4, "Last Name", "␛[31mRed", "contains control characters"),
        ("file.csv", 5, "Id", "9" * 79 + "…", "is not a valid id"),
        ("file.csv", 6, "Id", "···· 1111", "is a card number, not an id"),
        ("file.csv", 7, "Date Created", "31/31/2020", "does not exist (month 31)"),
        ("file.csv", 8, "Date Created", "1/15/1899", "must have a year from 1900 to 2200"),
        ("file.csv", 9, "Date Created", "1/15/25", "has a two-digit year; write all four digits"),
        ("file.csv", 10, "Date Created", "yesterday", "is not a date"),
    ]


def test_what_is_only_long_is_taken(business: Business) -> None:
    email = "p" * 300 + "@example.com"
    report = business.bring(table(pat(Id="7" * 30, Email=email, **{"Last Name": "Ł" * 5000, "Zip Four": "0"})))
    assert counted(report) == {"contact": {"new": 1}}
    row = business.row("SELECT id, keap_id, email, length(last_name) AS long FROM contact")
    assert row == {"id": 1, "keap_id": "7" * 30, "email": email, "long": 5000}
    assert business.found("p" * 20) == [1]


def test_formulas_stay_as_they_are(business: Business) -> None:
    formula = '=HYPERLINK("http://x.example","y")'
    business.bring(table(pat(**{"Last Name": formula, "Company Name": "'=1+1", "Phone 1": "+1 602 555 0142"})))
    row = business.contact()
    # An apostrophe before a formula is a spreadsheet's, not the customer's.
    assert (row["last_name"], row["company"], row["phone1"]) == (formula, "=1+1", "+1 602 555 0142")


@pytest.mark.files_only("looks into the bytes of the file")
def test_no_password_ssn_or_card_number_gets_into_the_database(business: Business) -> None:
    backend = business.backend()  # holds the database open, so that its log of writes stays beside it
    rows = [
        FULL_CONTACT
        | {
            "Id": number,
            "SSN": "078-05-1120",
            "Last 4 SSN": "9911",
            "Password": "hunter2",
            "Assistant Name": f"card {CARD}",
            "Job Title": CARD.replace(" ", ""),
            "Phone 2": CARD.replace(" ", "-"),
            "Nickname": CARD.replace(" ", "\u00a0"),
            "Spouse Name": CARD.replace(" ", "–"),
        }
        for number in range(1, 40)
    ]
    secret = {"id": 1300, "given_name": "Ann", "card": {"card_number": "5555555555554444", "cvv2": "981", "brand": "x"}}
    report = business.bring({"c.csv": sheet(CONTACTS_2017, *rows), "c.json": answer("contacts", secret)})
    assert counted(report) == {"contact": {"new": 40}}
    raw = b"".join(path.read_bytes() for path in business.folder.glob("business.db*"))
    backend.close()
    assert "···· 1111".encode() in raw
    for word in (
        "hunter2",
        "078-05-1120",
        "9911",
        CARD,
        CARD.replace(" ", ""),
        CARD.replace(" ", "-"),
        CARD.replace(" ", "\u00a0"),
        CARD.replace(" ", "–"),
        "5555555",
        "981",
    ):
        assert word.encode() not in raw, word


def test_what_no_file_says_what_it_is(business: Business) -> None:
    assert business.refusal("colour,shape\nred,round\n") == (
        "file.csv: its columns (colour, shape…) do not show what it contains. "
        "Import a Keap file with its header: contacts, orders, subscriptions, payments, products or tags."
    )
    assert "(···· 1111, x…)" in business.refusal(f"{CARD},x\n")
    assert business.refusal({"x.json": '[{"colour": "red"}]'}).startswith("x.json: its columns (colour…)")


def test_an_object_that_is_nothing_is_refused_too(business: Business) -> None:
    content = '{"given_name": "Ann", "id": 1}\n{"colour": "red", "id": 2}\n{"id": 3\n'
    report = business.bring({"c.jsonl": content})
    assert (counted(report), report.unknown, report.refused) == ({"contact": {"new": 1}}, 2, 2)
    assert left_out(report) == [
        ("c.jsonl", 2, "", "", "is of an unknown kind"),
        ("c.jsonl", 3, "", '{"id": 3', "the line is not JSON: it breaks off"),
    ]
    assert business.refusal({"c.jsonl": content}, strict=True) == "2 rows were rejected, so nothing was imported."


def test_bytes_that_are_no_letters(business: Business) -> None:
    content = "Id,First Name,Email\n1,Mé,a@x\n2,Zoë,b@x\n".encode() + b"3,M\xe9,c@x\n"
    report = business.bring(content)
    assert counted(report) == {"contact": {"new": 2, "refused": 1}}
    assert left_out(report) == [("file.csv", 4, "First Name", "M�", "the cell contains bytes that are not UTF-8")]


# --- what hangs on them -----------------------------------------------------------------------------------------------


def test_cards_without_their_numbers(business: Business) -> None:
    card = {"Id": 77, "ContactId": 1204, "Last4": "4242", "ExpirationMonth": 8, "ExpirationYear": 2027, "Status": 3}
    number = CARD.replace(" ", "")
    cards = table(
        card | {"CardType": "Visa", "CardNumber": number, "CVV2": "981"},
        card | {"Id": 78, "ExpirationMonth": 13},
        card | {"Id": 79, "Last4": number, "ExpirationYear": 28, "Status": 1},
        card | {"Id": 80, "ContactId": 9},
    )
    report = business.bring(
        {"k.csv": cards, "s.csv": wizard(gold(**{"Credit Card Id": 77}))["subscriptions.csv"], "c.csv": CONTACTS}
    )
    assert report.files[0].dropped == ("CardNumber", "CVV2")
    assert left_out(report) == [
        ("k.csv", 3, "Expiration Month", "13/2027", "is not a month"),
        ("k.csv", 5, "Contact Id", "9", "is not a known contact"),
    ]
    rows = business.rows("SELECT id, brand, last4, expires_month, expires_year, active FROM credit_card")
    assert [tuple(row.values()) for row in rows] == [(77, "Visa", "4242", 8, 2027, 1), (79, "Card", "1111", 8, 2028, 0)]
    assert business.subscription()["credit_card_id"] == 77


def test_notes(business: Business) -> None:
    note = {"Id": 1, "ContactId": 1204, "CreationDate": "2025-01-15 10:00:00", "CreationNotes": "Called.\nTwice."}
    notes = table(note, note | {"CreationDate": ""}, note | {"ContactId": 9})
    report = business.bring({"n.csv": notes, "c.csv": CONTACTS})
    assert counted(report)["note"] == {"new": 1, "refused": 2}
    assert business.row("SELECT at, text FROM note") == {"at": "2025-01-15 10:00:00.000000", "text": "Called.\nTwice."}
    assert counted(business.bring({"n.csv": notes}))["note"] == {"same": 1, "refused": 2}

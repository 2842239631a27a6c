"""What a spreadsheet has done to a file is understood and said, or refused. It never makes a customer."""

import pytest

from tests.services.importing import Business, counted, left_out

ROUNDED = "was rounded by a spreadsheet, so the id is lost."
FORMATTED = "is a number formatted by a spreadsheet, not an id"
ERROR = "is a spreadsheet error"


def brought(business: Business, keap_id: str, separator: str = "\t") -> list[str]:
    """The ids of the contacts after a file with this id was brought in; the first of them is there before."""
    business.bring("Id,First Name,Email\n1042,Pat,pat@x.example\n")
    business.bring(
        separator.join(("Id", "First Name", "Email\n")) + separator.join((keap_id, "Pat", "new@x.example\n"))
    )
    return [row["keap_id"] for row in business.rows("SELECT keap_id FROM contact ORDER BY id")]


@pytest.mark.parametrize(
    ("keap_id", "reason"),
    [
        ("1.23E+15", ROUNDED),
        ("1,23E+15", ROUNDED),
        ("1.2e5", ROUNDED),
        ("1E+05", ROUNDED),
        ("1234567890123450000", ROUNDED),
        ("1,042", FORMATTED),
        ("1.042", FORMATTED),
        ("1 042", FORMATTED),
        ("1\u00a0042", FORMATTED),
        ("1\u202f042", FORMATTED),
        ("1'042", FORMATTED),
        ("1,234,567.00", FORMATTED),
        ("1042.5", "is not a whole number, so not an id"),
        ("-1042", "is not a whole number, so not an id"),
        ("$1042", "is not a whole number, so not an id"),
        ("42%", "is not a whole number, so not an id"),
        ("Jan-42", "is a date, not an id"),
        ("1/2/2026", "is a date, not an id"),
        ("#REF!", ERROR),
        ("#N/A", ERROR),
        ("#NAME?", ERROR),
        ("#DIV/0!", ERROR),
        ("######", ERROR),
        ("Err:502", ERROR),
        ('=HYPERLINK("http://x.example/1042","1042")', "is a formula, not an id"),
        ("=A2", "is a formula, not an id"),
    ],
)
def test_ids_that_cannot_be_told_any_more(business: Business, keap_id: str, reason: str) -> None:
    assert brought(business, keap_id) == ["1042"]
    assert business.report is not None
    ((_, line, column, _, said),) = left_out(business.report)
    assert (line, column) == (2, "Id")
    assert said.startswith(reason)
    assert business.value("SELECT email FROM contact") == "pat@x.example"


@pytest.mark.parametrize(
    ("keap_id", "said"),
    [
        ("1042", False),
        (" 1042 ", False),
        ("01042", False),
        ("1042.0", True),
        ("1042,00", True),
        ('="1042"', True),
        ("=1042", True),
        ("'1042", True),
    ],
)
def test_ids_that_are_understood(business: Business, keap_id: str, said: bool) -> None:
    assert brought(business, keap_id) == ["1042"]
    assert business.report is not None
    expected = (f"file.csv: cells of Id such as {keap_id} were read as 1042.",) if said else ()
    assert business.report.notes == expected
    assert business.value("SELECT email FROM contact") == "new@x.example"


def test_ids_that_other_rows_name(business: Business) -> None:
    business.bring("Id,First Name\n1042,Pat\n")
    head = "Id,Contact Id,Billing Cycle,Price,Status,Start Date\n"
    report = business.bring(f"{head}1,1.04E+03,Month,9,Active,2026-01-01\n2,#N/A,Month,9,Active,2026-01-01\n")
    assert [(row.column, row.value) for row in report.left_out] == [("Contact Id", "1.04E+03"), ("Contact Id", "#N/A")]
    assert business.rows("SELECT id FROM subscription") == []


def test_texts(business: Business) -> None:
    link = '"=HYPERLINK(""mailto:pat@x.example"",""pat@x.example"")"'
    rows = f'1,Pat,{link},"=""0601"""\n2,#NAME?,bo@x.example,\n3,Cy,#N/A,\n4,Di,di@x.example,,#N/A\n'
    report = business.bring(f"Id,First Name,Email,Phone 1,Our Score\n{rows}")
    assert business.rows("SELECT first_name, email, phone1 FROM contact ORDER BY id") == [
        {"first_name": "Pat", "email": "pat@x.example", "phone1": "0601"},
        {"first_name": "Di", "email": "di@x.example", "phone1": ""},
    ]
    assert [(row.line, row.column, row.value) for row in report.left_out] == [
        (3, "First Name", "#NAME?"),
        (4, "Email", "#N/A"),
    ]
    assert any("cells of Phone 1" in note for note in report.notes)


# --- rows that are no data --------------------------------------------------------------------------------------------

PEOPLE = "Id,First Name,Last Name,Balance\n1,Pat,Lee,5.00\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Id,First Name,Last Name,Balance", "is the header repeated"),
        ("ID,first name,LAST NAME,balance", "is the header repeated"),
        ("Total,,,5.00", "is a line of totals"),
        ("TOTAL:,,,$5.00", "is a line of totals"),
        ("Grand Total,,,5.00", "is a line of totals"),
        (",Total,,5.00", "is a line of totals"),
        (",,Subtotal,5.00", "is a line of totals"),
        ("Sum,1,,5.00", "is a line of totals"),
        ("Total records: 1,,,", "is a line about the file"),
        (",1 record,,", "is a line about the file"),
        ("Generated on 2026-03-01,,,", "is a line about the file"),
    ],
)
def test_rows_that_are_no_data_are_passed_over_and_named(business: Business, row: str, reason: str) -> None:
    report = business.bring(f"{PEOPLE}{row}\n2,Bo,Li,\n", strict=True)
    assert [contact["first_name"] for contact in business.rows("SELECT first_name FROM contact")] == ["Pat", "Bo"]
    ((_, line, _, _, said),) = left_out(report)
    assert line == 3
    assert said.startswith(reason)
    assert counted(report)["contact"] == {"new": 2}


def test_people_who_are_called_so(business: Business) -> None:
    rows = "First Name,Last Name,Company,Email\nSum,Li,,sum@x.example\nJo,Total,,jo@x.example\n,,Total,info@x.example\n"
    assert counted(business.bring(rows))["contact"] == {"new": 3}


def test_another_header_in_the_middle(business: Business) -> None:
    assert business.refusal(f"{PEOPLE}Last Name,First Name,Id,Balance\nLi,Bo,2,\n") == (
        "file.csv, line 3: another header starts here with different columns. Split the file here."
    )


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\r\nId;First Name;Email\r\n7;Pat;pat@x.example\r\n",
        '"sep=;"\nId;First Name;Email\n7;Pat;pat@x.example\n',
        "sep=|\nId|First Name|Email\n7|Pat|pat@x.example\n",
        "\ufeffsep=,\nId,First Name,Email\n7,Pat,pat@x.example\n",
        "sep=;\nId,First Name,Email\n7,Pat,pat@x.example\n",
        "Id|First Name|Email\n7|Pat|pat@x.example\n",
        "Id;First Name;Email\n7;Pat;pat@x.example\n",
        "Id\tFirst Name\tEmail\n7\tPat\tpat@x.example\n",
        "Id (text),First Name (text),Email [required]\n7,Pat,pat@x.example\n",
        "Id:,First Name :,Email 1:\n7,Pat,pat@x.example\n",
        "\u00a0Id\u00a0,First\u00a0Name,E-Mail*\n7,Pat,pat@x.example\n",
        "Id,First Name,Email,Id\n7,Pat,pat@x.example,9\n",
        "Id,First Name,Email,Id.1\n7,Pat,pat@x.example,9\n",
        "Contacts of March\n\nId,First Name,Email\n7,Pat,pat@x.example\n",
        "Contacts of March,,\r\nMade on:,2026-03-01,\r\n,,\r\nId,First Name,Email\r\n7,Pat,pat@x.example\r\n",
        "Contacts of March\rId,First Name,Email\r7,Pat,pat@x.example\r",
    ],
)
def test_headers(business: Business, content: str) -> None:
    business.bring(content)
    assert business.rows("SELECT keap_id, first_name, email FROM contact") == [
        {"keap_id": "7", "first_name": "Pat", "email": "pat@x.example"}
    ]


def test_lines_above_the_header_are_named_and_counted(business: Business) -> None:
    report = business.bring("Contacts of March\n\nId,First Name,Date Created\n7,Pat,never\n")
    assert report.notes[0] == "file.csv: the lines above the header (“Contacts of March”) were skipped."
    assert left_out(report)[0][1] == 4


def test_no_row_of_data_is_taken_for_a_header(business: Business) -> None:
    sentence = business.refusal("Field,Kind\nEmail,text\nFirst Name,text\n")
    assert "its columns (Field, Kind…)" in sentence

"""What is in an archive beside the data is passed over and named; an archive without data is refused."""

import re

import pytest

from tests.services.importing import Business, counted
from tests.tabular.corpus import gz, zipped

PEOPLE = "Id,First Name,Email\n1,Pat,pat@x.example\n"
NOT_DATA: dict[str, bytes | str] = {
    "README.txt": "Your export, made on Monday.\nThank you; see you.\n",
    "README": "Thank you.",
    "docs/guide.pdf": b"%PDF-1.7\n1 0 obj\n",
    "docs/page.html": '<html><body>"Hello"</body></html>',
    "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "logo.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "desktop.ini": "[.ShellClassInfo]\nIconResource=x\n",
    "notes/polish.txt": "Łukasz, dziękuję".encode("cp1250"),
    "inner.zip": zipped({"a": "b"}),
    "empty.csv": "",
    "nothing": "",
}
LEFT_BY_A_SYSTEM: dict[str, bytes | str] = {"__MACOSX/a/._people.csv": b"\0\1", "a/.DS_Store": b"\0\1"}


@pytest.mark.parametrize("name", [*NOT_DATA, *LEFT_BY_A_SYSTEM])
def test_what_is_no_data_is_passed_over_and_named(business: Business, name: str) -> None:
    content = (NOT_DATA | LEFT_BY_A_SYSTEM)[name]
    report = business.bring({"all.zip": zipped({name: content, "a/b/people.csv": PEOPLE})})
    assert counted(report) == {"contact": {"new": 1}}
    assert report.passed_over == (f"all.zip: {name}",)
    assert [note for note in report.notes if note.startswith(f"all.zip: {name} was skipped: ")]


def test_all_of_it_at_once(business: Business) -> None:
    members = NOT_DATA | {"people.csv": PEOPLE} | LEFT_BY_A_SYSTEM
    report = business.bring({"all.zip": zipped(members)}, strict=True)
    assert counted(report) == {"contact": {"new": 1}}
    assert set(report.passed_over) == {f"all.zip: {name}" for name in members if name != "people.csv"}


def test_what_can_be_told_is_data_whatever_it_is_called(business: Business) -> None:
    report = business.bring({"all.zip": zipped({"people.txt": PEOPLE, "more": '[{"given_name": "Bo", "id": 2}]'})})
    assert counted(report) == {"contact": {"new": 2}}
    assert report.passed_over == ()


@pytest.mark.parametrize("name", NOT_DATA)
def test_an_archive_without_data(business: Business, name: str) -> None:
    assert business.refusal({"all.zip": zipped({name: NOT_DATA[name]})}).startswith(f"all.zip: {name}")


def test_an_archive_without_data_beside_a_file(business: Business) -> None:
    files: dict[str, str | bytes] = {"all.zip": zipped({"README.txt": "x"}), "people.csv": PEOPLE}
    assert business.refusal(files).startswith("all.zip: README.txt: its columns")
    several = business.refusal(
        {"all.zip": zipped({"a.csv": "", "logo.png": NOT_DATA["logo.png"]}), "people.csv": PEOPLE}
    )
    assert several == "all.zip: it contains nothing to import. all.zip: a.csv is empty."


@pytest.mark.parametrize("name", ["people.csv", "people.json", "people.tsv"])
def test_what_is_called_data_and_cannot_be_told_is_an_error(business: Business, name: str) -> None:
    content = '[{"colour": "red"}]' if name.endswith("json") else "Colour,Size\nred,2\n"
    sentence = business.refusal({"all.zip": zipped({name: content, "a.csv": PEOPLE})})
    assert re.match(rf"all\.zip: {re.escape(name)}: its columns \(.+…\) do not show what it contains\. ", sentence)
    assert sentence.endswith("Remove it from the archive if it is not one of these.")


def test_files_that_were_named_by_hand(business: Business) -> None:
    readme = str(NOT_DATA["README.txt"])
    assert business.refusal({"people.csv": PEOPLE, "README.txt": readme}).startswith(
        "README.txt: its columns (Your export, made on Monday.…) do not show"
    )
    assert business.refusal({"empty.csv": ""}) == "empty.csv is empty."
    assert business.refusal({"empty.csv": "", "none.csv": " \n"}) == "empty.csv is empty."
    report = business.bring({"people.csv": PEOPLE, "empty.csv": "", "packed.gz": gz("")})
    assert report.passed_over == ("empty.csv", "packed.gz")
    assert report.notes == ("empty.csv was skipped: empty.", "packed.gz was skipped: empty.")

"""Finding a contact by whatever the customer says: name, e-mail, phone, company, id."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from subtui.acts.contacts import FindContacts, GetContact
from subtui.domain.errors import Cancelled, NotAllowed
from subtui.services.backend import Backend
from subtui.services.unit_of_work import cancellable
from tests.seeds import small_seed, write_seed

MARIA, LOPA, NORA = 1007, 1008, 1003


def ids(backend: Backend, text: str) -> list[int]:
    found = backend.read(FindContacts(text))
    assert found.query == text
    assert found.total == len(found.rows)
    return [row.id for row in found.rows]


@pytest.mark.parametrize(
    "text",
    [
        "maria lopez",
        "lopez maria",
        "López, María",
        "LOPEZ",
        "  lopez   mari ",
        "lópez",
        "maria@bluedoor.example",
        "maria@blue",
        "@bluedoor",
        "MARIA@BLUEDOOR.EXAMPLE",
        "(602) 555-0142",
        "602-555-0142",
        "602.555.0142",
        "6025550142",
        "+1 602 555 0142",
        "555-0142",
        "blue door",
        "door bakery lopez",
        "1007",
        "#1007",
    ],
)
def test_one_customer_is_found_in_many_ways(backend: Backend, text: str) -> None:
    assert ids(backend, text) == [MARIA]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lop mar", [MARIA, LOPA]),
        ("obrien", [NORA]),
        ("o'brien", [NORA]),
        ("O’Brien", [NORA]),
        ("orsted", [1024]),
        ("wojcik", [1025]),
        ("yildirim", [1031]),
        ("nguyen", [1041, 1026]),
        ("παπαδοπουλος", [1032]),
        ("шевченко", [1033]),
        ("حداد", [1014]),
        ("כהן", [1015]),
        ("陈", [1005]),
        ("陈伟", [1005]),
        ("陈 伟", [1005]),
        ("伟 陈", [1005]),
        ("山田花子", [1006]),
        ("🥐", [1044]),
        ("[sales]", [1016]),
        ("[/b]", [1017]),
        ("+49 30 23125018", [1010]),
        ("030 23125018", [1010]),
        ("abernathy@mail.example", [1046, 1045]),
        ("desert farmers", [1021]),
    ],
)
def test_names_of_every_kind(backend: Backend, text: str, found: list[int]) -> None:
    assert ids(backend, text) == found


@pytest.mark.parametrize("text", ["", "   ", ",", "%", "_", "%%", "\\", "*", "x" * 100, "maria zzz", "'; DROP TABLE x"])
def test_what_matches_nobody(backend: Backend, text: str) -> None:
    assert ids(backend, text) == []


def test_a_name_comes_before_a_word_inside_another(backend: Backend) -> None:
    found = backend.read(FindContacts("baker")).rows
    assert found[0].name == "Baker, Tom"
    assert len(found) > 1
    assert all("baker" not in row.name.lower() for row in found[1:])


def test_the_exact_name_comes_first_and_the_id_before_a_phone_that_holds_it(backend: Backend, tmp_path: Path) -> None:
    seed = small_seed()
    seed["contacts"] += [
        {"id": 2, "first_name": "Annabel", "last_name": "Lee"},
        {"id": 3, "first_name": "Ann", "last_name": "Leeds"},
        {"id": 4, "last_name": "Lee", "company": "Ann & Sons"},
        {"id": 555, "last_name": "Zimmer"},
        {"id": 6, "last_name": "Abel", "phone1": "020 555 1234"},
    ]
    with Backend.open(str(tmp_path / "my.db"), seed=write_seed(tmp_path, seed)) as small:
        small.sign_in_demo("owner")
        assert ids(small, "ann lee") == [1, 2, 3, 4]
        assert ids(small, "lee ann")[0] == 1
        assert ids(small, "555") == [555, 6]


def test_people_of_the_same_name_are_told_apart_by_company(backend: Backend) -> None:
    found = backend.read(FindContacts("james smith")).rows
    assert [(row.name, row.company) for row in found] == [
        ("Smith, James", "Smith & Sons Catering"),
        ("Smith, James", "The Leeds Loaf"),
    ]


def test_a_row_shows_the_active_subscriptions_and_the_last_order(backend: Backend) -> None:
    (row,) = backend.read(FindContacts("maria lopez")).rows
    assert (row.active, str(row.last_order)) == (1, "2026-02-15")
    assert (row.email, row.phone) == ("maria@bluedoor.example", "(602) 555-0142")


def test_more_matches_than_shown_are_counted(backend: Backend) -> None:
    found = backend.read(FindContacts("a", limit=5))
    assert len(found.rows) == 5
    assert found.total == 12
    assert not found.capped


def test_a_contact_is_called_by_whatever_there_is(backend: Backend) -> None:
    names = {row_id: backend.read(GetContact(row_id)).name for row_id in (1019, 1020, 1021)}
    assert names == {1019: "Suharti", 1020: "Okafor, Ines", 1021: "Desert Bloom Farmers' Market"}


def test_nobody_searches_without_signing_in(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as backend, pytest.raises(NotAllowed, match="Sign in first"):
        backend.read(FindContacts("maria"))


def test_a_search_is_broken_off_when_nobody_waits_for_it(backend: Backend) -> None:
    asked: list[bool] = []

    def is_cancelled() -> bool:
        asked.append(True)
        return True

    with Session(backend._engine) as session, pytest.raises(Cancelled), cancellable(session, is_cancelled):
        session.execute(text("SELECT count(*) FROM contact a, contact b, contact c, contact d")).scalar()
    assert asked
    with Session(backend._engine) as session, cancellable(session, lambda: False):
        assert session.execute(text("SELECT count(*) FROM contact")).scalar() == 64
    assert backend.read(FindContacts("lop"), is_cancelled=lambda: False).total == 2


def test_a_fault_is_no_giving_up(backend: Backend) -> None:
    with (
        Session(backend._engine) as session,
        pytest.raises(DBAPIError),
        cancellable(session, lambda: False),
    ):
        session.execute(text("SELECT * FROM nothing_of_that_name"))

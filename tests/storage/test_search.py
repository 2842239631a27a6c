"""The search on more contacts than can be ranked whole: order, pages, parts, slips, and an index that keeps up."""

import random
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from subtui.domain.typos import neighbours
from subtui.services.backend import Backend
from subtui.storage.database import database_url
from subtui.storage.dialects.sqlite_engine import open_engine
from subtui.storage.dialects.sqlite_search import RANKED_WHOLE
from subtui.storage.search import COUNT_CAP, contact_keys, find_contact_ids
from tests.made_contacts import put
from tests.seeds import small_seed, write_seed

FIRST = ("Maria", "Mark", "Amara", "Jo", "José", "Wei", "花子", "Olga")
LAST = ("Marsh", "Lopez", "Smith", "Marlow", "Zed", "山田", "O'Brien", "Amari")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four thousand contacts with few names, so that most texts have more matches than are ranked."""
    folder = tmp_path_factory.mktemp("many")
    path = folder / "many.db"
    Backend.open(str(path), seed=write_seed(folder, small_seed())).close()
    dice = random.Random(5)  # noqa: S311  (names, no secrets)
    with closing(sqlite3.connect(path)) as connection:
        for number in range(10, 4010):
            first, last = dice.choice(FIRST), dice.choice(LAST)
            put(
                connection,
                number,
                first_name=first,
                last_name=last,
                company="Marble Works" if number % 7 == 0 else "",
                email=f"c{number}@bluedoor{number % 90}.example",
                phone1=f"+1 (602) 555-{number:04d}",
            )
        for number in range(4010, 4330):
            put(connection, number, first_name="Q#uill" if number < 4320 else "Q uill", last_name="Quince")
        put(
            connection,
            5000,
            first_name="Zoë",
            last_name="Żukowska-Reed",
            email="zoe@quartz.example",
            phone1="0049 30 1",
        )
        connection.commit()
    return path


@pytest.fixture
def session(many: Path) -> Iterator[Session]:
    engine = open_engine(database_url(str(many)))
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def everything(session: Session, text: str, *, limit: int = 50, recent: tuple[int, ...] = ()) -> list[int]:
    """Every page of a search, one after the other."""
    hits = find_contact_ids(session, text, limit=limit, recent=recent)
    ids = list(hits.ids)
    while hits.after is not None:
        hits = find_contact_ids(session, text, limit=limit, recent=recent, after=hits.after)
        assert len(hits.ids) <= limit
        assert hits.ids
        ids += hits.ids
    return ids


def keys_of(session: Session, columns: str) -> dict[int, str]:
    found = session.connection().exec_driver_sql(f"SELECT id, {columns} FROM contact").all()  # noqa: S608
    return {row.id: row[1] for row in found}


def matching(session: Session, sql: str) -> set[int]:
    return {number for (number,) in session.connection().exec_driver_sql(sql)}


@pytest.mark.parametrize("text", ["quince q#uill", "q#uill quince", "quince q#u", "q#u"])
def test_a_sign_that_was_typed_counts_in_every_kind_of_match(session: Session, text: str) -> None:
    assert sorted(everything(session, text)) == list(range(4010, 4320))


@pytest.mark.parametrize("recent", [(), (900, 13, 4000)])
@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("mar", "' ' || name_key || ' ' || rest_key LIKE '% mar%'"),
        ("lopez", "last_name = 'Lopez'"),
        ("maria lopez", "last_name = 'Lopez' AND first_name = 'Maria'"),
        ("lop mar", "last_name = 'Lopez' AND (first_name LIKE 'Mar%' OR company != '')"),
        ("花", "first_name = '花子'"),
        ("山田花子", "last_name = '山田' AND first_name = '花子'"),
        ("marble", "company != ''"),
    ],
)
def test_the_pages_hold_every_match_once(session: Session, text: str, condition: str, recent: tuple[int, ...]) -> None:
    wanted = matching(session, f"SELECT id FROM contact WHERE {condition}")  # noqa: S608
    assert len(wanted) > 40
    found = everything(session, text, recent=recent)
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_what_is_counted_is_what_there_is(session: Session) -> None:
    lopez = len(matching(session, "SELECT id FROM contact WHERE last_name = 'Lopez'"))
    assert RANKED_WHOLE < lopez < COUNT_CAP
    hits = find_contact_ids(session, "lopez", limit=50)
    assert (len(hits.ids), hits.total, hits.capped) == (50, lopez, False)
    hits = find_contact_ids(session, "m", limit=50)
    assert (len(hits.ids), hits.total, hits.capped) == (50, COUNT_CAP, True)
    hits = find_contact_ids(session, "maria lopez", limit=50)
    assert hits.total == len(matching(session, "SELECT id FROM contact WHERE sort_key = 'lopez maria'"))


def test_names_that_begin_so_come_first_then_first_names_then_companies(session: Session) -> None:
    rows = keys_of(session, "sort_key || '/' || rest_key")
    kinds = []
    for number in everything(session, "mar"):
        name = rows[number].split("/")[0]
        kinds.append(0 if name.startswith("mar") else 1 if " mar" in name else 2)
    assert kinds == sorted(kinds)
    assert set(kinds) == {0, 1, 2}


def test_exact_names_come_before_longer_ones_in_either_order(session: Session) -> None:
    keys = keys_of(session, "sort_key")
    for text in ("mark smith", "smith mark"):
        found = [keys[number] for number in everything(session, text)]
        assert found[0] == "smith mark"
        assert found == sorted(found, key=lambda key: key != "smith mark")


def test_recently_opened_ones_come_first_among_equals_only(session: Session) -> None:
    keys = keys_of(session, "sort_key || '/' || rest_key")
    lopez = [number for number, key in keys.items() if key.startswith("lopez maria")][-3:]
    company = next(number for number, key in keys.items() if "marble" in key and "mar" not in key.split("/")[0])
    recent = (lopez[1], company, lopez[0])
    assert everything(session, "maria lopez", recent=recent)[:2] == [lopez[1], lopez[0]]
    found = everything(session, "mar", recent=recent)
    assert found[:2] == [lopez[1], lopez[0]]
    names = [number for number, key in keys.items() if " mar" in f" {key.split('/')[0]}"]
    assert found.index(company) == len(names)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("c77@blue", 77),
        ("c77@bluedoor77.example", 77),
        ("oor77.exam", 77),
        ("602 555 0123", 123),
        ("+1-602-555-0123", 123),
        ("(602) 5550123", 123),
        ("55-0123", 123),
        ("00-49", 49),
        ("zoe\0", 5000),
        ("2350", 2350),
        ("#2350", 2350),
        ("zukowska", 5000),
        ("reed zoe", 5000),
        ("zukowska-reed", 5000),
        ("żukowska zoe", 5000),
        ("uartz", 5000),
        ("<zoe@quartz.example>", 5000),
        ("zoe uartz", 5000),
    ],
)
def test_parts_of_addresses_and_numbers(session: Session, text: str, first: int) -> None:
    hits = find_contact_ids(session, text, limit=50)
    assert hits.ids[0] == first
    assert hits.total >= 1


@pytest.mark.parametrize(
    "text", ["zukowksa", "zukwska", "zukowskka", "zukawska", "zukoswka", "zoe zukowksa", "rede zukowska", "qaurtz"]
)
def test_a_slip_of_a_key_still_finds(session: Session, text: str) -> None:
    hits = find_contact_ids(session, text, limit=50)
    assert (list(hits.ids), hits.total, hits.similar) == ([5000], 0, 1)


@pytest.mark.parametrize("text", ["zukwosak", "xukawska", "zed", "dez", "550123x", "%%", "[zukowska]", "@"])
def test_two_slips_short_words_and_signs_do_not(session: Session, text: str) -> None:
    hits = find_contact_ids(session, text, limit=5)
    assert 5000 not in hits.ids
    assert hits.similar == 0


def test_slips_are_shown_below_what_is_spelled_so_and_not_counted(session: Session, many: Path) -> None:
    with closing(sqlite3.connect(many)) as connection:
        put(connection, 5001, last_name="Zukowskia")
        connection.commit()
    hits = find_contact_ids(session, "zukowskia", limit=50)
    assert (list(hits.ids), hits.total, hits.similar) == ([5001, 5000], 1, 1)
    with closing(sqlite3.connect(many)) as connection:
        connection.execute("DELETE FROM contact WHERE id = 5001")
        connection.commit()


@pytest.mark.parametrize("word", ["smith", "anna", "çelik", "иванов"])
def test_neighbours_are_one_edit_away(word: str) -> None:
    whole, begun = neighbours(word, "".join(sorted(set(word) | set("abc"))))
    assert word not in whole
    assert word not in begun
    assert not set(whole) & set(begun)
    assert all(abs(len(other) - len(word)) <= 1 for other in (*whole, *begun))
    assert word[:-1] in whole
    assert word[1] + word[0] + word[2:] in begun


def test_the_index_follows_every_write_and_a_rollback(many: Path, session: Session) -> None:
    with closing(sqlite3.connect(many)) as connection:
        put(connection, 6000, last_name="Vanishing", email="gone@nowhere.example")
        connection.rollback()
        put(connection, 6001, last_name="Renamed", email="old@quux.example", phone1="+44 20 7946 0999")
        connection.commit()
        assert find_contact_ids(session, "vanishing", limit=5).total == 0
        assert list(find_contact_ids(session, "renamed", limit=5).ids) == [6001]
        session.rollback()
        keys = contact_keys({"last_name": "Married", "email": "new@corge.example"})
        connection.execute(
            "UPDATE contact SET name_key = ?, rest_key = ?, phone_key = ?, sort_key = ? WHERE id = 6001",
            [keys[name] for name in ("name_key", "rest_key", "phone_key", "sort_key")],
        )
        connection.commit()
        for gone in ("renamed", "quux", "7946 0999"):
            assert find_contact_ids(session, gone, limit=5).total == 0
        for there in ("married", "orge.exa"):
            assert list(find_contact_ids(session, there, limit=5).ids) == [6001]
        session.rollback()
        connection.execute("DELETE FROM contact WHERE id = 6001")
        connection.commit()
        assert find_contact_ids(session, "married", limit=5).total == 0
        for index in ("contact_words", "contact_parts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


@pytest.mark.parametrize("text", ["lorem ipsum " * 400, '" OR 1 AND NEAR(" * ^ - : {', "x" * 5000, "602 " * 2000])
def test_a_page_of_text_is_no_trouble(session: Session, text: str) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    assert find_contact_ids(session, text, limit=5).total == 0
    assert len(asked) < 100


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("수민", "김수민"),
        ("수민", unicodedata.normalize("NFD", "김수민")),
        (unicodedata.normalize("NFD", "수민"), "김수민"),
        ("김#수", "김#수민"),
        ("#수민", "김#수민"),
        ("[김", "[김수민]"),
    ],
)
def test_a_part_of_a_name_is_found_however_its_signs_are_put_together(
    many: Path, session: Session, text: str, name: str
) -> None:
    with closing(sqlite3.connect(many)) as connection:
        put(connection, 6002, last_name=name, company="한국전자", email="soo@한국.example")
        connection.commit()
        try:
            for asked in (text, "국전", "국.exa"):
                session.rollback()
                assert list(find_contact_ids(session, asked, limit=5).ids) == [6002], asked
        finally:
            connection.execute("DELETE FROM contact WHERE id = 6002")
            connection.commit()


@pytest.mark.parametrize("text", ["2350", "#2350", "602 555 0123", "+1 (602) 555-0123"])
def test_no_number_is_looked_for_in_the_whole_table(many: Path, session: Session, text: str) -> None:
    """Also where Keap's ids are all empty, and the planner knows it."""
    with closing(sqlite3.connect(many)) as connection:
        connection.execute("ANALYZE")
        connection.commit()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, values))

    event.listen(session.connection(), "before_cursor_execute", note)
    find_contact_ids(session, text, limit=50)
    assert asked
    # Each form of a phone number is the end of a longer one: the shortest finds them all.
    assert sum("phone_key LIKE" in statement for statement, _ in asked) <= 1
    for statement, values in list(asked):
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        assert not [row for row in plan if row[3].startswith(("SCAN c", "SCAN contact")) and "INDEX" not in row[3]], (
            statement
        )

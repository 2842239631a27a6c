"""The search on a server answers as the one in a file: the same contacts, order, totals, pages and slips."""

import random
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.engine import make_url

from subtui.made_data import Wanted, generate
from subtui.services.backend import Backend
from subtui.storage.database import database_url, url_of
from subtui.storage.dialects import dialect_of
from subtui.storage.dialects.base import BUSY_MS, COUNT_CAP, WRITES, Hits
from subtui.storage.dialects.sqlite_engine import open_engine as open_file
from subtui.storage.tables import Contact
from subtui.views.customers import SearchCursor
from tests.made_contacts import put
from tests.postgres_places import Copies, ServerPlace
from tests.postgres_server import PostgresServer
from tests.seeds import small_seed, write_seed

FIRST = ("Maria", "Mark", "Amara", "Jo", "José", "Wei", "花子", "Olga", "Ольга", "Mar#k")
LAST = ("Marsh", "Lopez", "Smith", "Marlow", "Zed", "山田", "O'Brien", "Amari", "Петров")
NASTY = (
    {"first_name": "Zoë", "last_name": "Żukowska-Reed", "email": "zoe@quartz.example"},
    {"first_name": "Ann-Marie", "last_name": "O’Brien", "email": "a.m.obrien+keap@sub.mail.example"},
    {"first_name": "An", "last_name": "Ng", "email": "a.b@c.d", "phone1": "123"},
    {"first_name": "50%_off", "last_name": "100% Ltd", "company": "50%off\\here _under_score_"},
    {"first_name": "50 off", "last_name": "100 Ltd", "company": "50 off here under score"},
    {"last_name": "김수민", "company": "한국전자", "email": "soo@한국.example"},
    {"last_name": unicodedata.normalize("NFD", "김수민"), "company": "김#수민"},
    {"first_name": "משה", "last_name": "כהן", "company": "מאפייה"},
    {"first_name": "Ольга", "last_name": "Иванова-Петрова", "email": "olga@пример.example"},
    {"first_name": "ลลิตา", "last_name": "สุขใจ"},
    {"first_name": "花子", "last_name": "山田", "company": "山田パン店"},
    {"last_name": "", "company": "[Sales] | Pipes & Sons"},
    {"email": "only.mail@nameless.example"},
    {"first_name": "🥐", "last_name": "Croissant", "company": "🥐🥐 bakery"},
    {"first_name": "ℂomplex", "last_name": "Ⅷth"},
    {"first_name": "x\x01y", "last_name": "tab\tbed", "company": "a  b"},
    {"first_name": "ᚠᚡ", "last_name": "Rune"},
    {"last_name": "Smith", "phone1": "+49 (0)30 23125-018", "phone2": "0049 30 23125019"},
    {"last_name": "De la Cruz", "first_name": "Ana", "email": "ana.de.la.cruz@ex-ample.example"},
    {"last_name": "2350", "first_name": "1042", "company": "7 Eleven", "email": "42@42.example"},
)
ASKED = (
    *("m", "ma", "mar", "mar lop", "lopez", "maria lopez", "lopez maria", "mar#", "mar#k", "#k", "mar#k lopez"),
    *("zukowska", "żukowska-reed", "zukowksa", "zoe zukwska", "qaurtz", "uartz", "zoe uartz", "<zoe@quartz.example>"),
    *("o'brien", "obrien", "O’Brien ann", "ann-marie", "annmarie", "a.m.", "a.m.ob", "m.obrien+k", "+keap@sub", ".b@"),
    *("a.b", "a.b@c.d", "@c.d", "b@c", "123", "12", "ng an", "an ng", "n g"),
    *("50%", "%", "%%", "50%_off", "0%o", "_under", "r_s", "\\here", "f\\h", "100% ltd", "100 ltd", "50 off", "[%]"),
    *("김수민", "수민", "김#수", "#수민", "국전", "국.exa", "한국", "전자", unicodedata.normalize("NFD", "수민")),
    *("כהן", "משה כהן", "אפיי", "ол", "ольга", "петров ольга", "петрво", "иванова-п", "ример", "ลลิ", "สุข"),
    *("山", "山田", "山田花子", "花子 山", "パン", "ハン店", "[sales]", "sales |", "|", "pipes & sons", "es & so"),
    *("only", "nameless", "only.mail", "ly.ma", "🥐", "🥐🥐", "🥐 cr", "c", "complex", "omplex", "viii", "Ⅷ"),
    *("x", "x\x01y", "x\x00y", "tab", "tab\tbed", "a b", "a  b", "ᚠ", "ᚠᚡ", "rune"),
    *("+49 30 23125018", "030 23125018", "23125-018", "0049", "00493023125019", "smith 23125", "555"),
    *("+1 (602) 555-0123", "00-49", "2350", "#2350", "1042", "42", "#42", "7", "42@42", "1042 2350", "7 eleven"),
    *("bluedoor", "bluedoor7", "@bluedoor", "c77@blue", "c77@bluedoor77.example", "oor77.exam", "oor77.exam mar"),
    *("example", "xample", "marble", "marble works", "marb ma", "bakery", "de la cruz", "de la", "la c", "ex-ample"),
    *("", " ", "@", "'", "x" * 80, "smith " * 20, "lorem ipsum dolor sit amet " * 8, "\\", "_", "'; DROP"),
)  # fmt: skip
TO_THE_END = frozenset(
    ("m", "mar lop", "lopez", "maria lopez", "marble works", "bluedoor7", "example", "xample", "mar#")
)
RECENT = ((), (900, 13, 5001, 77))


class Pair(NamedTuple):
    """The same contacts in a file and on the server."""

    file: Engine
    server: Engine


@pytest.fixture(scope="module", params=["few names", "made"])
def pair(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    path, copies = folder / "file.db", Copies(postgres_server)
    if request.param == "made":
        generate(url_of(path), Wanted(2500, 3))
    else:
        Backend.open(str(path), seed=write_seed(folder, small_seed())).close()
        _fill_with_few_names(path)
    server = _copied(path, copies.empty())
    opened = open_file(database_url(str(path)))
    yield Pair(opened, server)
    opened.dispose()
    server.dispose()
    copies.remove()


def _fill_with_few_names(path: Path) -> None:
    dice = random.Random(5)  # noqa: S311  (names, no secrets)
    with closing(sqlite3.connect(path)) as connection:
        for number in range(10, 4010):
            put(
                connection,
                number,
                first_name=dice.choice(FIRST),
                last_name=dice.choice(LAST),
                company="Marble Works" if number % 7 == 0 else "",
                email=f"c{number}@bluedoor{number % 90}.example",
                phone1=f"+1 (602) 555-{number:04d}",
            )
        for number, row in enumerate(NASTY, 5000):
            put(connection, number, **row)
        connection.execute("UPDATE contact SET keap_id = '2350' WHERE id = 77")
        connection.commit()


def _copied(path: Path, place: ServerPlace) -> Engine:
    """A database on the server with the contacts of a file."""
    Backend.open(place, empty=True, create=True).close()
    engine = dialect_of(make_url(place)).open_database(
        make_url(place), lambda _: None, busy_ms=BUSY_MS, read_only=False, create=False
    )
    table = Contact.__table__  # type: ignore[attr-defined]
    columns = [column for column in table.c if column.name != "owner_id"]
    reading = open_file(database_url(str(path)))
    with reading.connect() as file:
        rows = [tuple(row) for row in file.execute(select(*columns).order_by(table.c.id))]
    reading.dispose()
    with engine.connect().execution_options(**{WRITES: True}) as server, server.begin():
        dialect_of(server).insert_rows(server, table, [column.name for column in columns], rows)
        dialect_of(server).renew_statistics(server, ["contact"])
    return engine


def answer(connection: Connection, text: str, recent: tuple[int, ...], most: int) -> list[tuple[object, ...]]:
    """So many pages of a search."""
    pages: list[tuple[object, ...]] = []
    after: SearchCursor | None = None
    while len(pages) < most:
        hits: Hits = dialect_of(connection).find_contacts(connection, text, limit=50, recent=recent, after=after)
        pages.append((list(hits.ids), hits.total, hits.capped, hits.similar, hits.after))
        after = hits.after
        if after is None:
            break
    return pages


def _drawn(pair: Pair) -> list[str]:
    """Texts from the data: beginnings of names, words in any order, parts of addresses and numbers, slips, ids."""
    dice = random.Random(11)  # noqa: S311  (names, no secrets)
    with pair.file.connect() as file:
        rows = file.exec_driver_sql("SELECT id, first_name, last_name, company, email, phone1 FROM contact").all()
    found = []
    for number, first, last, company, email, phone in dice.sample(list(rows), 60):
        name = f"{last} {first}".lower()
        found += [last[:2], last[:3], first[:1], name, f"{first[:2]} {last[:2]}", name[: dice.randint(1, len(name))]]
        found += [str(number), f"{last[:3]} {company.split()[0] if company else 'bakery'}"]
        if email:
            at = dice.randrange(len(email))
            found += [email[: at + 1], email[at : at + 5], f"{first} {email[at : at + 4]}"]
        if phone:
            found += [phone, phone[-8:], "".join(sign for sign in phone if sign.isdigit())[2:7]]
        if len(last) > 4:
            found += [last[:2] + last[3] + last[2] + last[4:], f"{first} {last[1:]}", last[:-1] + "q"]
    return found


@pytest.mark.parametrize("planner", ["", "SET enable_seqscan = off"])
def test_every_search_answers_as_in_a_file(pair: Pair, planner: str) -> None:
    """Also with the plans of a database that has many more."""
    different, firsts, longest = [], [], 0
    with pair.file.connect() as file, pair.server.connect() as server:
        if planner:
            server.exec_driver_sql(planner)
        for number, text in enumerate(dict.fromkeys([*ASKED, *_drawn(pair)])):
            recent, most = RECENT[number % 2], 60 if text in TO_THE_END else 2
            here, there = answer(file, text, recent, most), answer(server, text, recent, most)
            if here != there:
                different.append((text, here, there))
            firsts.append(there[0])
            longest = max(longest, len(there))
    assert not different
    # Every kind was compared: few and many, counted and not, several pages, slips.
    totals = {total for _, total, *_ in firsts}
    assert COUNT_CAP in totals
    assert any(300 < total < COUNT_CAP for total in totals if isinstance(total, int))
    assert any(similar for *_, similar, _ in firsts)
    assert longest > 20


@pytest.mark.parametrize("word", ["mar", "lopez", "a.b", "obrien", "50%", "%", "山田", "петров", "c77@blue", "[sales]"])
def test_the_contacts_with_a_word_are_those_of_a_file(pair: Pair, word: str) -> None:
    found = []
    for engine in pair:
        with engine.connect() as connection:
            for _ in range(7):  # the driver prepares what is asked often
                ids = connection.execute(dialect_of(connection).contacts_with(word)).scalars().all()
            found.append(sorted(ids))
    assert found[0] == found[1]

"""Made-up data: the same every time, sound in every row, and shaped as real accounts are."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from subtui.acts.contacts import FindContacts, GetContactOrders, GetOverview
from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.subscriptions import UndoCancellation
from subtui.clock import Clock
from subtui.domain.billing import Cycle, bill_date, bills_until, next_bill_date
from subtui.domain.errors import Refused
from subtui.domain.progress import Progress
from subtui.domain.reasons import CANCELLING
from subtui.made_data import Made, Wanted, generate
from subtui.made_data.days import Calendar
from subtui.services.backend import Backend
from subtui.storage.database import url_of
from subtui.storage.search import contact_keys

DAY = date(2026, 3, 2)
CONTACTS, OF_ONE = 2000, 60
SALES = {
    "subscription": "id, contact_id, plan_id, quantity, price_minor, start_date, anchor, status, auto_charge,"
    " credit_card_id, paid_through, next_bill_date, end_date, reason_code, reason_note, requested_on, recorded_at",
    "order": "id, contact_id, subscription_id, title, ordered_on, currency, total_minor",
    "order_item": "id, order_id, product_id, quantity, price_minor",
    "payment": "id, order_id, returns_payment_id, refund_id, kind, method, state, paid_on, amount_minor,"
    " gateway_reference, reason_code",
    "refund_line": "payment_id, order_item_id, amount_minor",
    "credit_card": "id, contact_id, brand, last4, expires_month, expires_year",
}
SALES_OF_300 = "12f1bd3e0b5ea633"
"""The digest of the sales of 300 contacts with seed 5. It changes with the generator, never with machine or Python."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.db"
    generate(url_of(path), Wanted(CONTACTS, 1, OF_ONE))
    return path


@pytest.fixture
def rows(made: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(made)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def everything(path: Path) -> list[str]:
    """Every row of every table, as SQL; the full-text indexes hold what the contacts do."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if line.startswith("INSERT") and "_data" not in line]


def share(rows: sqlite3.Connection, table: str, condition: str, among: str = "1") -> float:
    """The share of rows of which something is true."""
    (found,) = rows.execute(f'SELECT avg({condition}) FROM "{table}" WHERE {among}').fetchone()  # noqa: S608
    return float(found)


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- the same every time ---------------------------------------------------------------------------------------------


def test_the_same_number_and_seed_make_the_same_rows(tmp_path: Path) -> None:
    wanted = Wanted(300, 5, 20)
    counts = [generate(url_of(tmp_path / name), wanted).rows for name in ("a.db", "b.db")]
    assert counts[0] == counts[1]
    assert everything(tmp_path / "a.db") == everything(tmp_path / "b.db")
    generate(url_of(tmp_path / "c.db"), Wanted(300, 6, 20))
    assert everything(tmp_path / "c.db") != everything(tmp_path / "a.db")


def test_what_was_sold_is_the_same_on_every_machine(tmp_path: Path) -> None:
    generate(url_of(tmp_path / "a.db"), Wanted(300, 5))
    digest = sha256()
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for table, columns in SALES.items():
            for row in connection.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2'):  # noqa: S608
                digest.update(repr(row).encode())
    assert digest.hexdigest()[:16] == SALES_OF_300


# --- a sound database ------------------------------------------------------------------------------------------------


def test_the_database_is_sound(rows: sqlite3.Connection) -> None:
    assert [tuple(row) for row in rows.execute("PRAGMA integrity_check")] == [("ok",)]
    assert rows.execute("PRAGMA foreign_key_check").fetchall() == []
    for index in ("contact_words", "contact_parts"):
        rows.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    rows.rollback()


def test_it_has_the_indexes_and_triggers_of_any_other(rows: sqlite3.Connection, demo_db: Path) -> None:
    wanted = (
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') OR sql LIKE 'CREATE VIRTUAL%'"
        " ORDER BY type, name"
    )
    with closing(sqlite3.connect(demo_db)) as connection:
        assert [tuple(row) for row in rows.execute(wanted)] == connection.execute(wanted).fetchall()
    assert rows.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0] > 10


def test_ids_are_dense_from_one(rows: sqlite3.Connection) -> None:
    for table in ("contact", "credit_card", "note", "automation", "subscription", "order", "order_item", "payment"):
        (least, most, many) = rows.execute(f'SELECT min(id), max(id), count(*) FROM "{table}"').fetchone()  # noqa: S608
        assert (least, most) == (1, many), table
    assert rows.execute("SELECT count(*) FROM contact").fetchone()[0] == CONTACTS


def test_the_first_contact_has_so_many_more(tmp_path: Path) -> None:
    found = []
    for more in (0, 40):
        generate(url_of(tmp_path / f"{more}.db"), Wanted(1, 2, more))
        with closing(sqlite3.connect(tmp_path / f"{more}.db")) as connection:
            counted = (connection.execute(f'SELECT count(*) FROM "{t}"') for t in ("subscription", "order"))  # noqa: S608
            found += [cursor.fetchone()[0] for cursor in counted]
    assert found[2:] == [found[0] + 40, found[1] + 40]


def test_the_search_columns_are_those_of_the_program(rows: sqlite3.Connection) -> None:
    for row in rows.execute("SELECT * FROM contact"):
        keys = contact_keys(dict(row))
        assert {name: row[name] for name in keys} == keys


def test_no_e_mail_or_phone_is_anybodys(rows: sqlite3.Connection) -> None:
    for row in rows.execute("SELECT email, email2, email3, website FROM contact"):
        assert all(not text or text.endswith(".example") for text in row)
        assert all(len(text) <= 75 for text in row)
    american = "SELECT phone1 FROM contact WHERE phone1 GLOB '([2-9][0-9][0-9]) *'"
    assert all(") 555-01" in row["phone1"] for row in rows.execute(american))


# --- subscriptions ---------------------------------------------------------------------------------------------------


def subscriptions(rows: sqlite3.Connection) -> list[sqlite3.Row]:
    return rows.execute("SELECT * FROM subscription").fetchall()


def test_active_ones_bill_next_by_the_rule(rows: sqlite3.Connection) -> None:
    active = [row for row in subscriptions(rows) if row["status"] == "Active"]
    for row in active:
        anchor, cycle, frequency = day(row["anchor"]), Cycle(row["cycle"]), row["frequency"]
        upcoming = next_bill_date(anchor, cycle, frequency, after=DAY)
        assert day(row["next_bill_date"]) == upcoming > DAY
        assert row["end_date"] is None or day(row["end_date"]) >= DAY
        assert row["paid_through"] is None or day(row["paid_through"]) < upcoming
        assert row["credit_card_id"] is not None or not row["auto_charge"]
    assert {(row["cycle"], row["frequency"]) for row in active} >= {
        ("month", 1),
        ("month", 3),
        ("year", 1),
        ("week", 2),
    }
    assert {day(row["anchor"]).day for row in active if row["cycle"] == "month"} == set(range(1, 32))
    assert any(row["anchor"][5:] == "02-29" for row in active if row["cycle"] == "year")
    assert any(row["anchor"] > row["start_date"] for row in active)


def test_inactive_ones_have_ended(rows: sqlite3.Connection) -> None:
    for row in subscriptions(rows):
        assert row["start_date"] <= row["anchor"]
        assert row["end_date"] is None or row["end_date"] >= row["start_date"]
        if row["status"] == "Inactive":
            assert row["next_bill_date"] is None


def test_a_recorded_ending_is_whole(rows: sqlite3.Connection) -> None:
    needs_note = {reason.code for reason in CANCELLING if reason.needs_note}
    for row in subscriptions(rows):
        recorded = [row[name] for name in ("recorded_at", "recorded_by", "requested_on", "charging_stops_on")]
        assert len({part is None for part in recorded}) == 1
        assert (row["reason_code"] is None) == (row["recorded_at"] is None)
        if row["recorded_at"] is not None:
            assert row["start_date"] <= row["requested_on"] <= row["recorded_at"][:10] <= DAY.isoformat()
            assert row["end_date"] is not None
            assert not (row["status"] == "Inactive" and row["auto_charge"])
        assert row["reason_note"] or row["reason_code"] not in needs_note


def test_cards_are_the_contacts_own(rows: sqlite3.Connection) -> None:
    strange = (
        "SELECT count(*) FROM subscription s JOIN credit_card c ON c.id = s.credit_card_id"
        " WHERE c.contact_id <> s.contact_id"
    )
    assert rows.execute(strange).fetchone()[0] == 0


# --- orders and money ------------------------------------------------------------------------------------------------


def test_orders_are_of_bill_dates_and_cost_what_is_billed(rows: sqlite3.Connection) -> None:
    known = {row["id"]: row for row in subscriptions(rows)}
    for order in rows.execute('SELECT * FROM "order" WHERE subscription_id IS NOT NULL'):
        row = known[order["subscription_id"]]
        anchor, cycle = day(row["anchor"]), Cycle(row["cycle"])
        number = bills_until(anchor, cycle, row["frequency"], day(order["ordered_on"])) - 1
        assert bill_date(anchor, cycle, row["frequency"], number) == day(order["ordered_on"]) <= DAY
        assert (order["contact_id"], order["currency"]) == (row["contact_id"], row["currency"])
        assert order["total_minor"] == row["price_minor"] * row["quantity"]


def test_the_total_is_the_sum_of_the_lines(rows: sqlite3.Connection) -> None:
    wrong = (
        'SELECT count(*) FROM "order" o WHERE total_minor <>'
        " (SELECT sum(price_minor * quantity) FROM order_item i WHERE i.order_id = o.id)"
    )
    assert rows.execute(wrong).fetchone()[0] == 0


def test_what_triggers_would_have_kept_is_kept(rows: sqlite3.Connection) -> None:
    approved = "FROM payment p WHERE p.order_id = o.id AND p.state = 'approved'"
    wrong = (
        f'SELECT count(*) FROM "order" o WHERE received_minor <> coalesce((SELECT sum(amount_minor) {approved}), 0)'  # noqa: S608
        f" OR refunded_minor <> -coalesce((SELECT sum(amount_minor) {approved} AND kind = 'refund'), 0)"
    )
    assert rows.execute(wrong).fetchone()[0] == 0


def test_the_books_are_right(rows: sqlite3.Connection) -> None:
    payments: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in rows.execute("SELECT * FROM payment ORDER BY id"):
        payments[row["order_id"]].append(row)
    for order in rows.execute('SELECT * FROM "order"'):
        of_it = payments[order["id"]]
        by_id = {row["id"]: row for row in of_it}
        returned: dict[int, int] = defaultdict(int)
        for row in of_it:
            assert order["ordered_on"] <= row["paid_on"] <= DAY.isoformat()
            back = row["kind"] in ("refund", "void")
            assert (row["amount_minor"] < 0) is back
            assert (row["returns_payment_id"] is not None) is back
            if back:
                original = by_id[row["returns_payment_id"]]
                assert (original["kind"], original["state"]) == ("charge", "approved")
                returned[original["id"]] -= row["amount_minor"]
            if row["kind"] == "void":
                assert row["paid_on"] == original["paid_on"]
            if row["refund_id"] is not None:
                assert by_id[row["refund_id"]]["amount_minor"] == -row["amount_minor"]
        assert all(amount <= by_id[number]["amount_minor"] for number, amount in returned.items())
        paid = sum(row["amount_minor"] for row in of_it if row["state"] == "approved")
        assert 0 <= order["total_minor"] - paid <= order["total_minor"]


def test_refunds_fall_on_the_lines_of_their_orders(rows: sqlite3.Connection) -> None:
    wrong = (
        "SELECT count(*) FROM payment p WHERE kind = 'refund' AND -amount_minor <>"
        " (SELECT sum(l.amount_minor) FROM refund_line l JOIN order_item i ON i.id = l.order_item_id"
        " WHERE l.payment_id = p.id AND i.order_id = p.order_id)"
    )
    assert rows.execute(wrong).fetchone()[0] == 0
    assert rows.execute("SELECT count(*) FROM refund_line").fetchone()[0] > 20


# --- the shape -------------------------------------------------------------------------------------------------------


def per_contact(rows: sqlite3.Connection, table: str) -> list[int]:
    """How many rows each contact has, but for the first, who may have more."""
    sql = f'SELECT count(t.id) FROM contact c LEFT JOIN "{table}" t ON t.contact_id = c.id WHERE c.id > 1 GROUP BY c.id'  # noqa: S608
    return [count for (count,) in rows.execute(sql)]


@pytest.mark.parametrize(("table", "mean"), [("subscription", 1.5), ("order", 2.0)])
def test_many_have_none_and_some_have_dozens(rows: sqlite3.Connection, table: str, mean: float) -> None:
    counts = per_contact(rows, table)
    assert sum(counts) / len(counts) == pytest.approx(mean, rel=0.2)
    assert counts.count(0) > 0.4 * len(counts)
    assert max(counts) > 24


@pytest.mark.parametrize(
    ("table", "condition", "among", "wanted"),
    [
        ("subscription", "status = 'Inactive'", "1", 0.42),
        ("subscription", "end_date IS NULL", "status = 'Inactive'", 0.10),
        ("subscription", "auto_charge", "status = 'Inactive'", 0.08),
        ("subscription", "reason_code IS NULL", "status = 'Inactive'", 0.60),
        ("subscription", "end_date IS NOT NULL", "status = 'Active'", 0.03),
        ("subscription", "currency = 'EUR'", "1", 0.20),
        ("order", "subscription_id IS NULL", "contact_id > 1", 0.22),
        ("payment", "state = 'failed'", "1", 0.05),
        ("payment", "kind = 'refund'", "1", 0.03),
        ("contact", "company <> ''", "1", 0.46),
        ("contact", "first_name || last_name GLOB '*[^ -~]*'", "1", 0.28),
    ],
)
def test_shares_are_about_those_of_real_accounts(
    rows: sqlite3.Connection, table: str, condition: str, among: str, wanted: float
) -> None:
    assert share(rows, table, condition, among) == pytest.approx(wanted, rel=0.3)


@pytest.mark.parametrize(
    "condition",
    [
        "last_name LIKE '%''%' OR last_name LIKE '%’%'",
        "last_name LIKE '%-%'",
        "last_name LIKE '[%'",
        "length(last_name) > 50",
        "first_name || last_name = '' AND company <> ''",
        "first_name || last_name || company = '' AND email <> ''",
        "last_name = '' AND first_name <> ''",
        "email = '' AND phone1 = ''",
        "name_key GLOB '*[א-ת]*'",
        "name_key GLOB '*[ء-ي]*'",
        "name_key GLOB '*[а-я]*'",
        "name_key GLOB '*[α-ω]*'",
        "name_key GLOB '*[一-鿿]*'",
        "name_key GLOB '*[가-힣]*'",
        "last_name GLOB '*[ığşİ]*'",
        "company GLOB '*[🌾-🧁]*' OR first_name GLOB '*[🌾-🧁]*'",
    ],
)
def test_strange_names_are_among_them(rows: sqlite3.Connection, condition: str) -> None:
    assert 0 < share(rows, "contact", condition) < 0.1


def test_some_share_a_name_and_some_an_address(rows: sqlite3.Connection) -> None:
    for column in ("sort_key", "email"):
        sql = f"SELECT count(*) FROM (SELECT 1 FROM contact WHERE {column} <> '' GROUP BY {column} HAVING count(*) > 1)"  # noqa: S608
        assert rows.execute(sql).fetchone()[0] > 5


# --- in use ----------------------------------------------------------------------------------------------------------


def test_a_desk_opens_on_it_and_finds_people(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        known = connection.execute(
            "SELECT id, first_name || ' ' || last_name, email FROM contact WHERE email <> '' AND last_name <> ''"
            " AND id % 97 = 0"
        ).fetchall()
    with Backend.open(str(made), clock=Clock(DAY), read_only=True) as backend:
        place = backend.session_info()
        assert (place.demo, place.today, place.rolled) == (True, DAY, 0)
        backend.sign_in_demo("agent")
        for number, name, email in known:
            assert number in [hit.id for hit in backend.read(FindContacts(name)).rows]
            assert number in [hit.id for hit in backend.read(FindContacts(email)).rows]
        assert backend.read(GetOverview()).loose_ends
        assert backend.read(GetContactOrders(1)).contact is not None


def test_nothing_is_rolled_and_the_log_is_whole(tmp_path: Path) -> None:
    made = generate(url_of(tmp_path / "a.db"), Wanted(300, 3))
    with Backend.open(str(tmp_path / "a.db"), clock=Clock(DAY)) as backend:
        assert backend.session_info().rolled == 0
        verdict = backend.read(VerifyLog())
        backend.sign_in_demo("owner")
        newest_first = backend.read(ListEvents(limit=1000))
        instants = [entry.at for entry in reversed(newest_first)]
    assert instants == sorted(instants)
    assert instants[-1] <= Clock(DAY).now("America/Phoenix")
    assert verdict.broken is None
    assert verdict.entries == made.rows["event"] > 5


def test_an_ending_in_the_log_can_be_undone(tmp_path: Path) -> None:
    generate(url_of(tmp_path / "a.db"), Wanted(300, 3))
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        standing = connection.execute(
            "SELECT s.id, s.status FROM subscription s"
            " JOIN event e ON e.subject_type = 'subscription' AND e.subject_id = s.id"
            " WHERE s.end_date >= ? ORDER BY s.id",
            (DAY.isoformat(),),
        ).fetchall()
    assert {status for _, status in standing} == {"Active", "Inactive"}
    with Backend.open(str(tmp_path / "a.db"), clock=Clock(DAY)) as backend:
        backend.sign_in_demo("agent")
        for number, _ in standing:
            ending = backend.do(UndoCancellation(number, version=1)).record.terms.ending
            assert (ending.status, ending.end_date, ending.recorded_at) == ("Active", None, None)
            assert ending.next_bill_date is not None


# --- making it -------------------------------------------------------------------------------------------------------


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[Progress] = []
    generate(url_of(tmp_path / "a.db"), Wanted(1500, 1), told.append)
    assert {step.doing for step in told} == {"Making rows", "Making indexes"}
    assert all(0 <= step.done <= step.total for step in told)
    rows = [step.rows for step in told]
    assert rows == sorted(rows)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError])
def test_what_is_broken_off_leaves_nothing(tmp_path: Path, problem: type[BaseException]) -> None:
    def stop(progress: Progress) -> None:
        if progress.doing == "Making indexes" and progress.done > 5:
            raise problem

    with pytest.raises(problem):
        generate(url_of(tmp_path / "a.db"), Wanted(10, 1), stop)
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_else_made_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    def meanwhile(_progress: Progress) -> None:
        if not path.exists():
            Backend.open(str(path), empty=True).close()

    with pytest.raises(Refused, match="already"):
        generate(url_of(path), Wanted(10, 1), meanwhile)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM contact").fetchone() == (0,)


def test_the_counts_are_those_of_the_tables(tmp_path: Path) -> None:
    made: Made = generate(url_of(tmp_path / "a.db"), Wanted(50, 1))
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        for table, count in made.rows.items():
            assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (count,)  # noqa: S608


@pytest.mark.parametrize("anchor", [date(2024, 2, 29), date(2025, 8, 31), DAY, DAY + timedelta(9), DAY - timedelta(1)])
@pytest.mark.parametrize("rhythm", [(Cycle.MONTH, 1), (Cycle.MONTH, 3), (Cycle.YEAR, 1), (Cycle.WEEK, 2)])
def test_a_calendar_looks_bills_up_that_the_rule_computes(anchor: date, rhythm: tuple[Cycle, int]) -> None:
    cycle, frequency = rhythm
    bills = list(Calendar(DAY).bills(anchor.toordinal(), cycle, frequency))
    many = bills_until(anchor, cycle, frequency, DAY)
    assert bills == [bill_date(anchor, cycle, frequency, number).toordinal() for number in range(many + 1)]
    assert bills[-1] == next_bill_date(anchor, cycle, frequency, after=DAY).toordinal()

"""What came in and went back on an order stands beside it, kept by triggers."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session

from subtui.services.ledger import books_of, load_order
from subtui.services.reports import count_left_a_balance, left_a_balance
from subtui.storage.database import database_url
from subtui.storage.dialects.sqlite_engine import open_engine

WRONG = """
SELECT o.id FROM "order" o WHERE received_minor !=
    coalesce((SELECT sum(amount_minor) FROM payment p WHERE p.order_id = o.id AND p.state = 'approved'), 0)
"""
COLUMNS = "order_id, kind, method, state, paid_on, amount_minor, gateway_reference, note, reason_code, recorded_by"


def sums(connection: sqlite3.Connection, order_id: int) -> tuple[int, int]:
    found: tuple[int, int] = connection.execute(
        'SELECT received_minor, refunded_minor FROM "order" WHERE id = ?', (order_id,)
    ).fetchone()
    return found


def add(connection: sqlite3.Connection, order_id: int, kind: str, amount: int, **more: object) -> int:
    row = {"state": "approved", "returns_payment_id": None} | more
    cursor = connection.execute(
        f"INSERT INTO payment ({COLUMNS}, returns_payment_id)"  # noqa: S608
        " VALUES (?, ?, '', ?, '2026-03-02', ?, '', '', '', '', ?)",
        (order_id, kind, row["state"], amount, row["returns_payment_id"]),
    )
    return cursor.lastrowid or 0


def test_they_are_right_in_the_demo_data(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        assert connection.execute(WRONG).fetchall() == []
        orders = [number for (number,) in connection.execute('SELECT id FROM "order"')]
    engine = open_engine(database_url(str(demo_db)))
    with Session(engine) as session:
        for number in orders:
            order = load_order(session, number)
            books = books_of(session, order)
            assert order.total_minor - order.received_minor == books.owed.minor
            assert order.refunded_minor == books.refunded.minor
        owing = [
            number
            for number in orders
            for books in [books_of(session, load_order(session, number))]
            if 0 < books.owed.minor <= books.refunded.minor
        ]
        assert {order.id for order, _, _ in left_a_balance(session, limit=100)} == set(owing)
        assert count_left_a_balance(session) == len(owing) > 0
        assert len(left_a_balance(session, limit=2)) == 2
    engine.dispose()


def test_they_follow_every_row_of_money(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        order_id = connection.execute('SELECT id FROM "order" WHERE received_minor = 0 LIMIT 1').fetchone()[0]
        charge = add(connection, order_id, "charge", 5000)
        assert sums(connection, order_id) == (5000, 0)
        add(connection, order_id, "charge", 700, state="failed")
        assert sums(connection, order_id) == (5000, 0)
        refund = add(connection, order_id, "refund", -2000, returns_payment_id=charge)
        assert sums(connection, order_id) == (3000, 2000)
        add(connection, order_id, "credit", 2000)
        assert sums(connection, order_id) == (5000, 2000)
        correction = add(connection, order_id, "refund_correction", 2000)
        assert sums(connection, order_id) == (7000, 2000)
        connection.execute("UPDATE payment SET returns_payment_id = ? WHERE id = ?", (refund, correction))
        assert sums(connection, order_id) == (7000, 0)
        connection.execute("UPDATE payment SET state = 'pending' WHERE id = ?", (charge,))
        assert sums(connection, order_id) == (2000, 0)
        connection.execute("DELETE FROM payment WHERE id = ?", (correction,))
        assert sums(connection, order_id) == (0, 2000)
        assert connection.execute(WRONG).fetchall() == []


@pytest.mark.parametrize("kind", ["void", "chargeback"])
def test_what_is_no_refund_is_not_counted_as_one(demo_db: Path, kind: str) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        order_id = connection.execute('SELECT id FROM "order" WHERE received_minor = 0 LIMIT 1').fetchone()[0]
        charge = add(connection, order_id, "charge", 5000)
        add(connection, order_id, kind, -5000, returns_payment_id=charge)
        assert sums(connection, order_id) == (0, 0)

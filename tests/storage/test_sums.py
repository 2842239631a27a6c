"""What came in and went back on an order stands beside it, written with every row of its ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, text, update
from sqlmodel import Session

from subtui.services.ledger import books_of
from subtui.services.reports import count_left_a_balance, left_a_balance
from subtui.storage.database import database_url
from subtui.storage.dialects.sqlite_engine import open_engine
from subtui.storage.ledger import post_entries, post_entry, recompute_sums
from subtui.storage.tables import Order
from subtui.storage.tables.core import PAYMENT

WRONG = """
SELECT o.id FROM "order" o WHERE received_minor !=
    coalesce((SELECT sum(amount_minor) FROM payment p WHERE p.order_id = o.id AND p.state = 'approved'), 0)
"""


@pytest.fixture
def connection(demo_db: Path) -> Iterator[Connection]:
    engine = open_engine(database_url(str(demo_db)))
    with engine.connect() as opened:
        yield opened
        assert opened.execute(text(WRONG)).all() == []
    engine.dispose()


@pytest.fixture
def order_id(connection: Connection) -> int:
    """An order that nothing came in on."""
    found: int = connection.execute(text('SELECT id FROM "order" WHERE received_minor = 0 LIMIT 1')).scalar_one()
    return found


def sums(connection: Connection, order_id: int) -> tuple[int, int]:
    stored = text('SELECT received_minor, refunded_minor FROM "order" WHERE id = :id')
    received, refunded = connection.execute(stored, {"id": order_id}).one()
    return received, refunded


def add(connection: Connection, order_id: int, kind: str, amount: int, **more: object) -> int:
    return post_entry(connection, order_id=order_id, kind=kind, amount_minor=amount, paid_on=date(2026, 3, 2), **more)


def test_they_are_right_in_the_demo_data(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        assert connection.execute(WRONG).fetchall() == []
        orders = [number for (number,) in connection.execute('SELECT id FROM "order"')]
    engine = open_engine(database_url(str(demo_db)))
    with Session(engine) as session:
        for number in orders:
            order = session.get_one(Order, number)
            books = books_of(session, order)
            assert order.total_minor - order.received_minor == books.owed.minor
            assert order.refunded_minor == books.refunded.minor
        owing = [
            number
            for number in orders
            for books in [books_of(session, session.get_one(Order, number))]
            if 0 < books.owed.minor <= books.refunded.minor
        ]
        assert {order.id for order, _, _ in left_a_balance(session, limit=100)} == set(owing)
        assert count_left_a_balance(session) == len(owing) > 0
        assert len(left_a_balance(session, limit=2)) == 2
    engine.dispose()


def test_they_follow_every_row_of_money(connection: Connection, order_id: int) -> None:
    charge = add(connection, order_id, "charge", 5000)
    assert sums(connection, order_id) == (5000, 0)
    add(connection, order_id, "charge", 700, state="failed")
    assert sums(connection, order_id) == (5000, 0)
    refund = add(connection, order_id, "refund", -2000, returns_payment_id=charge)
    assert sums(connection, order_id) == (3000, 2000)
    add(connection, order_id, "credit", 2000)
    assert sums(connection, order_id) == (5000, 2000)
    add(connection, order_id, "refund_correction", 2000, returns_payment_id=refund)
    assert sums(connection, order_id) == (7000, 0)


def test_they_are_brought_in_line_with_rows_that_were_changed(connection: Connection, order_id: int) -> None:
    last = connection.execute(text("SELECT max(id) FROM payment")).scalar_one()
    rows = [("charge", 5000, None), ("refund", -2000, last + 1), ("refund_correction", 2000, None)]
    same = {"order_id": order_id, "paid_on": date(2026, 3, 2)}
    post_entries(
        connection,
        [
            same | {"id": last + at, "kind": kind, "amount_minor": amount, "returns_payment_id": returns}
            for at, (kind, amount, returns) in enumerate(rows, 1)
        ],
    )
    assert sums(connection, order_id) == (5000, 2000), "a correction of nothing corrects no refund"
    connection.execute(update(PAYMENT).where(PAYMENT.c.id == last + 3).values(returns_payment_id=last + 2))
    connection.execute(update(PAYMENT).where(PAYMENT.c.id == last + 1).values(state="pending"))
    recompute_sums(connection, [order_id])
    assert sums(connection, order_id) == (0, 0)
    connection.execute(delete(PAYMENT).where(PAYMENT.c.id == last + 3))
    recompute_sums(connection, [order_id])
    assert sums(connection, order_id) == (-2000, 2000)


@pytest.mark.parametrize("kind", ["void", "chargeback"])
def test_what_is_no_refund_is_not_counted_as_one(connection: Connection, order_id: int, kind: str) -> None:
    charge = add(connection, order_id, "charge", 5000)
    add(connection, order_id, kind, -5000, returns_payment_id=charge)
    assert sums(connection, order_id) == (0, 0)

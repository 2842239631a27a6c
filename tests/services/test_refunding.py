"""Refunding an order: the rows of money, the letter and the log in one transaction; and what it leaves alone."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contacts import GetContact, GetContactOrders
from subtui.acts.log import FindInLog, GetLetter, ListEvents, VerifyLog
from subtui.acts.orders import GetOrder, ListPendingRefunds, PreviewRefund, RecordRefund
from subtui.acts.subscriptions import GetSubscription
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.services.backend import Backend
from tests.services.database import subject_of

from .asking import desk_on
from .database import changed_tables, everything, rows
from .ordering import (
    MARIA,
    MONTHLY,
    OF_TODAY,
    PAYMENT,
    SUBSCRIPTION,
    TODAY,
    TWO_LINES,
    UNPAID,
    WRITTEN,
    add,
    balance_of,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    refused,
    rows_of,
    set_inactive,
    usd,
)

ROUTE = f"/orders/{MONTHLY}/refund"


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_refund_is_written_with_its_credit_its_lines_its_letter_and_its_entry(
    backend: Backend, demo_db: Path
) -> None:
    before = everything(demo_db)
    booked = backend.do(RecordRefund(MONTHLY, draft(), version=1), route=ROUTE)
    after = everything(demo_db)
    assert changed_tables(before, after) == WRITTEN
    assert {name: len(after[name]) - len(before[name]) for name in sorted(WRITTEN)} == {
        "event": 1,
        "letter": 1,
        "order": 0,
        "payment": 2,
        "refund_line": 1,
    }
    assert [row for row in before["order"] if row not in after["order"]] == [
        row for row in before["order"] if row[0] == MONTHLY
    ]
    assert rows(demo_db, 'SELECT version FROM "order" WHERE id = ?', MONTHLY) == [{"version": 2}]
    assert booked.sentence == "Recorded, not sent: 49.00 USD back to López, María; nothing due."
    assert not booked.waiting
    assert booked.order == backend.read(GetOrder(MONTHLY))
    assert backend.read(VerifyLog()).broken is None


def test_the_rows_name_the_payment_the_refund_and_who_recorded_them(backend: Backend, demo_db: Path) -> None:
    backend.do(RecordRefund(MONTHLY, draft(reference=" RF-1 ", note=" By phone. "), version=1))
    back, credit = rows(demo_db, "SELECT * FROM payment WHERE order_id = ? AND id > ?", MONTHLY, PAYMENT)
    common = {"order_id": MONTHLY, "state": "approved", "paid_on": "2026-03-02", "recorded_by": "Dana Reyes"}
    common |= {"recorded_at": "2026-03-02 16:30:00.000000"}
    assert back.items() >= (common | {"kind": "refund", "amount_minor": -4900, "method": "Refund"}).items()
    assert (back["returns_payment_id"], back["refund_id"], back["intent"]) == (PAYMENT, None, "a key")
    assert (back["gateway_reference"], back["note"], back["reason_code"]) == (
        "RF-1",
        "By phone.",
        "requested_by_customer",
    )
    assert credit.items() >= (common | {"kind": "credit", "amount_minor": 4900, "method": "Credit"}).items()
    assert (credit["returns_payment_id"], credit["refund_id"], credit["intent"]) == (None, back["id"], None)
    assert credit["note"] == "Credit with the refund; balance: nothing due"
    assert rows(demo_db, "SELECT * FROM refund_line WHERE payment_id = ?", back["id"]) == [
        {"payment_id": back["id"], "order_item_id": 20409, "amount_minor": 4900}
    ]


def test_the_entry_of_the_log_says_who_when_where_and_what(backend: Backend, demo_db: Path) -> None:
    booked = backend.do(RecordRefund(MONTHLY, draft(amount=usd("10"), note="Late."), version=1), route=ROUTE)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["actor"], event["actor_id"], event["role"]) == ("Dana Reyes", 3, "agent")
    assert (event["command"], event["route"], event["reason"]) == ("order.refund", ROUTE, "requested_by_customer")
    assert (subject_of(event), event["contact_id"]) == (f"order:{MONTHLY}", MARIA)
    assert json.loads(event["before"]) == {"balance": "0.00 USD", "left": "49.00 USD"}
    (back,) = rows_of(booked.order, RowKind.REFUND)
    assert json.loads(event["after"]) == {
        "balance": "0.00 USD",
        "left": "39.00 USD",
        "refund": "10.00 USD",
        "refund_id": back,
        "payment_id": PAYMENT,
        "how": "refund",
        "credit": "10.00 USD",
        "reference": "",
        "note": "Late.",
    }
    assert backend.read(ListEvents(contact_id=MARIA, limit=1))[0].title == "Refund recorded"


def test_the_letter_says_recorded_and_not_sent_and_carries_the_hash_of_its_entry(
    backend: Backend, demo_db: Path
) -> None:
    booked = backend.do(RecordRefund(MONTHLY, draft(), version=1))
    assert booked.letter_id is not None
    assert booked.letter_id == booked.order.letter_id
    letter = backend.read(GetLetter(booked.letter_id))
    (event,) = rows(demo_db, "SELECT hash FROM event WHERE id = ?", booked.event_id)
    assert letter.log_hash == event["hash"]
    assert backend.read(FindInLog(letter.log_hash[:16])) == booked.event_id
    assert (letter.to, letter.email) == ("López, María", "maria@bluedoor.example")
    assert (letter.contact_id, letter.order_id, letter.subscription_id) == (MARIA, MONTHLY, None)
    assert letter.written_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert letter.subject == "Your refund of 49.00 USD for “Monthly plan” has been recorded"
    for fact in (
        "Dear María López,",
        "Monthly plan (no. 1881)",
        "Paid on      15 Feb 2026",
        "49.00 USD",
        "Requested by customer",
        "Reference    to follow",
        "Balance      none",
        "the refund was recorded, not sent",
        "Dana Reyes\nJuniper & Rye",
        f"Record {letter.log_hash[:16]}",
    ):
        assert fact in letter.body
    assert not letter.undone


@pytest.mark.parametrize(
    ("change", "sentence", "expected", "written"),
    [
        (
            {},
            "Recorded, not sent: 49.00 USD back to López, María; nothing due.",
            ("49.00", "49.00", "49.00", "0.00"),
            2,
        ),
        (
            {"owed_after": usd("49")},
            "Recorded, not sent: 49.00 USD back to López, María; 49.00 USD due.",
            ("49.00", "49.00", "0.00", "49.00"),
            1,
        ),
        (
            {"amount": usd("10"), "owed_after": usd("4")},
            "Recorded, not sent: 10.00 USD back to López, María; 4.00 USD due.",
            ("49.00", "10.00", "6.00", "4.00"),
            2,
        ),
    ],
    ids=["the usual", "owed again", "some of it owed again"],
)
def test_what_is_owed_afterwards_is_what_was_chosen(
    backend: Backend,
    demo_db: Path,
    change: dict[str, Any],
    sentence: str,
    expected: tuple[str, str, str, str],
    written: int,
) -> None:
    booked = backend.do(RecordRefund(MONTHLY, draft(**change), version=1))
    assert booked.sentence == sentence
    assert figures(booked.order) == expected
    assert len(money_of(demo_db)) == 1 + written
    assert balance_of(demo_db) == booked.order.owed.minor


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.OWNER])
def test_agents_and_above_may_refund(desk_as: Callable[[Role], Backend], role: Role) -> None:
    backend = desk_as(role)
    booked = refund(backend)
    assert backend.read(ListEvents(limit=1))[0].role == role
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")


def test_what_is_typed_is_kept_as_it_is(backend: Backend) -> None:
    note = "[bold]Très cher[/bold] — 太贵了\n\u202eevil\u202c \x1b[31m 'quoted'"
    booked = refund(backend, note=note, reference="[link]RF'1")
    (row,) = [row for row in booked.order.rows if row.kind is RowKind.REFUND]
    assert (row.note, row.reference) == (note, "[link]RF'1")
    assert booked.letter_id is not None
    assert "[link]RF'1" in backend.read(GetLetter(booked.letter_id)).body


# --- the order and its panel ------------------------------------------------------------------------------------------


def test_the_order_shows_its_rows_below_the_payment_they_return(backend: Backend) -> None:
    order = refund(backend, amount=usd("10")).order
    assert [(row.kind, row.depth, row.amount.format_amount(), row.reason) for row in order.rows] == [
        (RowKind.CHARGE, 0, "49.00", ""),
        (RowKind.REFUND, 1, "-10.00", "Requested by customer"),
        (RowKind.CREDIT, 2, "10.00", ""),
    ]
    charge, back, credit = order.rows
    assert (charge.left, back.left, credit.left) == (usd("39"), None, None)
    assert (charge.why_not_return, back.why_not_correct, order.why_not_refund) == ("", "", "")
    assert back.why_not_return == "This is not a payment. Choose the payment it belongs to."
    assert charge.why_not_correct == credit.why_not_correct == "Only a refund or a void can be reversed."
    assert (order.contact, order.subscription) == ("López, María", f"Monthly plan, {SUBSCRIPTION}")
    assert [reason.code for reason in order.reasons][:2] == ["requested_by_customer", "duplicate"]


def test_the_panel_says_what_is_written_and_writes_nothing(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    form = draft(payment_of(backend.read(GetOrder(TWO_LINES))), amount=usd("10"))
    preview = backend.read(PreviewRefund(TWO_LINES, form))
    assert everything(demo_db) == before
    assert (preview.problems, preview.amount, preview.needs_approval) == ((), usd("10"), False)
    assert [(line.label, line.text) for line in preview.lines] == [
        ("Refund", "-10.00 USD of the payment on 18 Dec 2025 (Credit Card)"),
        ("Credit", "+10.00 USD (balance stays at zero)"),
        ("Balance", "nothing due (unchanged)"),
        ("Left", "46.50 USD of this payment"),
        ("On line", "Proofing basket: 5.76 USD"),
        ("On line", "Sourdough handbook: 4.24 USD"),
        ("Sent", "nothing; refund it at the gateway too"),
        ("Letter", "ready after saving"),
        ("Reverse", "possible today only"),
    ]
    booked = backend.do(RecordRefund(TWO_LINES, form, version=1))
    assert [item.left.format_amount() for item in booked.order.items] == ["26.74", "19.76"]


def test_a_viewer_may_look_at_the_panel(desk_as: Callable[[Role], Backend]) -> None:
    viewer = desk_as(Role.VIEWER)
    preview = viewer.read(PreviewRefund(MONTHLY, draft()))
    assert preview.problems == ()
    assert ("Continues", f"Subscription {SUBSCRIPTION} unaffected") in [
        (line.label, line.text) for line in preview.lines
    ]


# --- the way back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [None, usd("65")])
def test_a_payment_of_today_can_be_voided_whole(backend: Backend, demo_db: Path, amount: Money | None) -> None:
    booked = refund(backend, OF_TODAY, kind=RefundKind.VOID, amount=amount)
    assert money_of(demo_db, OF_TODAY) == [("charge", 6500), ("void", -6500), ("credit", 6500)]
    assert rows(demo_db, "SELECT method FROM payment WHERE kind = 'void' AND recorded_at IS NOT NULL") == [
        {"method": "Void"}
    ]
    assert figures(booked.order) == ("0.00", "0.00", "65.00", "0.00")
    assert booked.order.why_not_refund == "This payment was voided, so there is nothing to refund."
    assert booked.letter_id is not None
    assert "The charge is voided" in backend.read(GetLetter(booked.letter_id)).body


def test_a_payment_added_today_can_be_voided_and_is_due_again(desk_as: Callable[[Role], Backend]) -> None:
    add(desk_as(Role.AGENT), UNPAID, RowKind.CHARGE, usd("960"))
    booked = refund(desk_as(Role.ADMIN), UNPAID, kind=RefundKind.VOID, owed_after=usd("960"))
    assert figures(booked.order) == ("0.00", "0.00", "0.00", "960.00")


def test_a_payment_is_voided_on_its_own_day_on_a_desk_of_that_day(demo_db: Path) -> None:
    with desk_on(demo_db, date(2026, 2, 15), "agent") as backend:
        assert refund(backend, kind=RefundKind.VOID).order.paid == usd("0")
    with desk_on(demo_db, TODAY, "agent") as backend:
        assert (
            backend.read(GetOrder(MONTHLY)).why_not_refund == "This payment was voided, so there is nothing to refund."
        )


@pytest.mark.parametrize(
    ("order_id", "change"), [(MONTHLY, {}), (OF_TODAY, {"amount": usd("64.99")})], ids=["another day", "a part"]
)
def test_a_void_of_another_day_or_of_a_part_is_refused(backend: Backend, order_id: int, change: dict[str, Any]) -> None:
    error = refused(lambda: refund(backend, order_id, kind=RefundKind.VOID, **change))
    assert [problem.field for problem in error.problems] == ["kind"]


def test_after_a_refund_of_a_part_nothing_is_voided_that_day(backend: Backend) -> None:
    refund(backend, OF_TODAY, amount=usd("5"))
    error = refused(lambda: refund(backend, OF_TODAY, "b", kind=RefundKind.VOID))
    assert [problem.field for problem in error.problems] == ["kind"]


def test_a_refund_paid_back_outside_is_a_record_that_waits_for_nothing(backend: Backend, demo_db: Path) -> None:
    booked = refund(backend, kind=RefundKind.MANUAL, note="Cash at the counter.")
    (row,) = rows(demo_db, "SELECT method, kind FROM payment WHERE intent = 'a key'")
    assert row == {"method": "Manual refund", "kind": "refund"}
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert backend.read(ListPendingRefunds()) == ()
    assert booked.letter_id is not None
    letter = backend.read(GetLetter(booked.letter_id)).body
    assert "is paid outside the card system" in letter
    assert "recorded, not sent" in letter


# --- what a refund leaves alone, and where it is seen -----------------------------------------------------------------


@pytest.mark.parametrize("ended", [False, True], ids=["active", "set Inactive"])
def test_a_full_refund_does_not_touch_the_subscription(backend: Backend, demo_db: Path, *, ended: bool) -> None:
    if ended:
        set_inactive(backend)
    before, terms = everything(demo_db), backend.read(GetSubscription(SUBSCRIPTION)).terms
    refund(backend)
    assert everything(demo_db)["subscription"] == before["subscription"]
    assert backend.read(GetSubscription(SUBSCRIPTION)).terms == terms


def test_a_refund_in_the_list_of_orders_reads_as_on_the_order_itself(backend: Backend) -> None:
    refund(backend, amount=usd("10"), owed_after=usd("10"))
    (row,) = [row for row in backend.read(GetContactOrders(MARIA, orders=100)).orders.rows if row.id == MONTHLY]
    assert (row.paid, row.refunded, row.due, row.why_not_refund) == (usd("49"), usd("10"), usd("10"), "")


def test_what_a_contact_owes_is_what_all_their_orders_owe(backend: Backend) -> None:
    (owed,) = backend.read(GetContact(MARIA)).balance
    refund(backend, intent="a")
    assert backend.read(GetContact(MARIA)).balance == (owed,)
    refund(backend, 1790, "b", amount=usd("10"), owed_after=usd("10"))
    assert backend.read(GetContact(MARIA)).balance == (owed + usd("10"),)

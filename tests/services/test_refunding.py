"""Refunding an order: the rows of money, what falls on the lines, the letter and the log in one transaction, once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.domain.books import RowKind
from subtui.domain.errors import Difference, Invalid, NotAllowed, NotFound, Refused, Stale
from subtui.domain.money import Money
from subtui.domain.order_views import RefundDraft
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.services.desk import Desk

from .asking import desk_on
from .database import changed_tables, everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    BASKET,
    HANDBOOK,
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
    charge_back,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    rows_of,
    set_inactive,
    usd,
)

ROUTE = f"/orders/{MONTHLY}/refund"


def refused(act: Callable[[], object]) -> Invalid:
    """A form that is refused."""
    with pytest.raises(Invalid) as found:
        act()
    return found.value


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_refund_is_written_with_its_credit_its_lines_its_letter_and_its_entry(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    booked = desk.refund(MONTHLY, draft(), version=1, route=ROUTE)
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
    assert booked.order == desk.order(MONTHLY)
    assert desk.verify_log().broken is None


def test_the_rows_name_the_payment_the_refund_and_who_recorded_them(desk: Desk, demo_db: Path) -> None:
    desk.refund(MONTHLY, draft(reference=" RF-1 ", note=" By phone. "), version=1)
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
    assert credit["note"] == "Written with the refund; after it: nothing due"
    assert rows(demo_db, "SELECT * FROM refund_line WHERE payment_id = ?", back["id"]) == [
        {"payment_id": back["id"], "order_item_id": 20409, "amount_minor": 4900}
    ]


def test_the_entry_of_the_log_says_who_when_where_and_what(desk: Desk, demo_db: Path) -> None:
    booked = desk.refund(MONTHLY, draft(amount=usd("10"), note="Late."), version=1, route=ROUTE)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["actor"], event["actor_id"], event["role"]) == ("Dana Reyes", 3, "agent")
    assert (event["command"], event["route"], event["reason"]) == ("order.refund", ROUTE, "requested_by_customer")
    assert (event["subject"], event["contact_id"]) == (f"order:{MONTHLY}", MARIA)
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
    assert desk.log(contact_id=MARIA, limit=1)[0].title == "Refund recorded"


def test_the_letter_says_recorded_and_not_sent_and_carries_the_hash_of_its_entry(desk: Desk, demo_db: Path) -> None:
    booked = desk.refund(MONTHLY, draft(), version=1)
    assert booked.letter_id is not None
    assert booked.letter_id == booked.order.letter_id
    letter = desk.letter(booked.letter_id)
    (event,) = rows(demo_db, "SELECT hash FROM event WHERE id = ?", booked.event_id)
    assert letter.log_hash == event["hash"]
    assert desk.find_in_log(letter.log_hash[:16]) == booked.event_id
    assert (letter.to, letter.email) == ("López, María", "maria@bluedoor.example")
    assert (letter.contact_id, letter.order_id, letter.subscription_id) == (MARIA, MONTHLY, None)
    assert letter.written_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert letter.subject == "A refund of 49.00 USD for “Monthly plan” is recorded"
    for fact in (
        "Dear María López,",
        "Monthly plan (no. 1881)",
        "of 15 Feb 2026",
        "49.00 USD",
        "Requested by customer",
        "Reference    follows",
        "nothing due",
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
    desk: Desk,
    demo_db: Path,
    change: dict[str, Any],
    sentence: str,
    expected: tuple[str, str, str, str],
    written: int,
) -> None:
    booked = desk.refund(MONTHLY, draft(**change), version=1)
    assert booked.sentence == sentence
    assert figures(booked.order) == expected
    assert len(money_of(demo_db)) == 1 + written
    assert balance_of(demo_db) == booked.order.owed.minor


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.OWNER])
def test_agents_and_above_may_refund(desk_as: Callable[[Role], Desk], role: Role) -> None:
    desk = desk_as(role)
    booked = refund(desk)
    assert desk.log(limit=1)[0].role == role
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")


def test_what_is_typed_is_kept_as_it_is(desk: Desk) -> None:
    note = "[bold]Très cher[/bold] — 太贵了\n\u202eevil\u202c \x1b[31m 'quoted'"
    booked = refund(desk, note=note, reference="[link]RF'1")
    (row,) = [row for row in booked.order.rows if row.kind is RowKind.REFUND]
    assert (row.note, row.reference) == (note, "[link]RF'1")
    assert booked.letter_id is not None
    assert "[link]RF'1" in desk.letter(booked.letter_id).body


# --- the order and its panel ------------------------------------------------------------------------------------------


def test_the_order_shows_its_rows_below_the_payment_they_return(desk: Desk) -> None:
    order = refund(desk, amount=usd("10")).order
    assert [(row.kind, row.depth, row.amount.format_amount(), row.reason) for row in order.rows] == [
        (RowKind.CHARGE, 0, "49.00", ""),
        (RowKind.REFUND, 1, "-10.00", "Requested by customer"),
        (RowKind.CREDIT, 2, "10.00", ""),
    ]
    charge, back, credit = order.rows
    assert (charge.left, back.left, credit.left) == (usd("39"), None, None)
    assert (charge.why_not_return, back.why_not_correct, order.why_not_refund) == ("", "", "")
    assert back.why_not_return == "This line is no payment: choose the payment that it belongs to."
    assert charge.why_not_correct == credit.why_not_correct == "Only a refund or a void can be corrected."
    assert (order.contact, order.subscription) == ("López, María", f"Monthly plan, {SUBSCRIPTION}")
    assert [reason.code for reason in order.reasons][:2] == ["requested_by_customer", "duplicate"]


def test_the_panel_says_what_is_written_and_writes_nothing(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    form = draft(payment_of(desk.order(TWO_LINES)), amount=usd("10"))
    preview = desk.preview_refund(TWO_LINES, form)
    assert everything(demo_db) == before
    assert (preview.problems, preview.amount, preview.needs_approval) == ((), usd("10"), False)
    assert [(line.label, line.text) for line in preview.lines] == [
        ("Refund", "-10.00 USD of the payment of 18 Dec 2025 by Credit Card"),
        ("Credit", "+10.00 USD, so that it is no debt"),
        ("Balance", "nothing due, as before"),
        ("Left", "46.50 USD of this payment"),
        ("On line", "Proofing basket: 5.76 USD"),
        ("On line", "Sourdough handbook: 4.24 USD"),
        ("Sent", "nothing: refund it at the gateway as well"),
        ("Letter", "written, ready to copy"),
        ("Correct", "possible today only, by a counter entry"),
    ]
    booked = desk.refund(TWO_LINES, form, version=1)
    assert [item.left.format_amount() for item in booked.order.items] == ["26.74", "19.76"]


def test_a_viewer_may_look_at_the_panel(desk_as: Callable[[Role], Desk]) -> None:
    viewer = desk_as(Role.VIEWER)
    preview = viewer.preview_refund(MONTHLY, draft())
    assert preview.problems == ()
    assert ("Goes on", f"Monthly plan, {SUBSCRIPTION}: not changed by it") in [
        (line.label, line.text) for line in preview.lines
    ]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"amount": usd("0")}, ["amount"]),
        ({"amount": usd("-1")}, ["amount"]),
        ({"amount": usd("49.01")}, ["amount"]),
        ({"amount": Money(1000, "EUR")}, ["amount"]),
        ({"owed_after": usd("49.01")}, ["owed_after"]),
        ({"owed_after": usd("-0.01")}, ["owed_after"]),
        ({"owed_after": Money(0, "EUR")}, ["owed_after"]),
        ({"kind": RefundKind.VOID}, ["kind"]),
        ({"reason_code": None}, ["reason"]),
        ({"reason_code": "too_expensive"}, ["reason"]),
        ({"reason_code": "other"}, ["note"]),
        ({"note": "x" * 501, "reference": "x" * 101}, ["note", "reference"]),
        ({"order_item_id": BASKET}, ["line"]),
        ({"payment_id": 40328}, ["payment"]),
        ({"payment_id": 0}, ["payment"]),
        ({"payment_id": 99999}, ["payment"]),
    ],
    ids=str,
)
def test_a_form_with_a_mistake_records_nothing_and_names_its_fields(
    desk: Desk, demo_db: Path, change: dict[str, Any], problems: list[str]
) -> None:
    form = replace(draft(), **change)
    before = everything(demo_db)
    error = refused(lambda: desk.refund(MONTHLY, form, version=1))
    assert [problem.field for problem in error.problems] == problems
    assert desk.preview_refund(MONTHLY, form).problems == error.problems
    assert everything(demo_db) == before


def test_a_form_without_a_key_of_its_own_is_refused(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    error = refused(lambda: desk.refund(MONTHLY, draft(intent=""), version=1))
    assert str(error) == "This refund has no key of its own: open the form again."
    assert everything(demo_db) == before


@pytest.mark.parametrize(
    ("order_id", "sentence"),
    [
        (1965, "This payment is pending. Wait until it is approved; before that there is nothing to return."),
        (1957, "This payment failed: no money came in, so none can go back."),
        (1817, "This payment was voided: it is as if it had never been made."),
        (1925, "All of this payment has been returned already."),
    ],
)
def test_a_payment_of_which_nothing_can_be_returned_says_why(
    desk: Desk, demo_db: Path, order_id: int, sentence: str
) -> None:
    before = everything(demo_db)
    order = desk.order(order_id)
    assert order.why_not_refund == sentence
    error = refused(lambda: desk.refund(order_id, draft(payment_of(order)), version=order.version))
    assert [(problem.field, problem.sentence) for problem in error.problems] == [("payment", sentence)]
    assert everything(demo_db) == before


@pytest.mark.parametrize("order_id", [UNPAID, 1784])
def test_an_order_on_which_nothing_was_paid_has_nothing_to_refund(desk: Desk, order_id: int) -> None:
    order = desk.order(order_id)
    assert order.why_not_refund == "Nothing has been paid on this order, so there is nothing to refund."
    error = refused(lambda: desk.refund(order_id, draft(), version=1))
    assert str(error) == "Choose the payment that is to be returned."


def test_a_row_that_is_no_payment_cannot_be_returned(desk: Desk) -> None:
    (back,) = rows_of(refund(desk, amount=usd("10")).order, RowKind.REFUND)
    error = refused(lambda: desk.refund(MONTHLY, draft(back, "b"), version=2))
    assert str(error) == "Choose the payment that is to be returned."


@pytest.mark.parametrize(
    ("who", "error", "sentence"),
    [
        ("viewer", NotAllowed, "A viewer cannot refund an order: ask an agent, an admin or the owner."),
        ("nobody", NotAllowed, "Sign in first."),
        ("read-only", Refused, "This is read-only mode: nothing can be changed."),
    ],
)
def test_who_may_not_refund_changes_nothing(demo_db: Path, who: str, error: type[Refused], sentence: str) -> None:
    before = everything(demo_db)
    acts: list[Callable[[Desk], object]] = [
        lambda desk: desk.refund(MONTHLY, draft(), version=1),
        lambda desk: desk.correct_refund(MONTHLY, PAYMENT, version=1),
        lambda desk: desk.set_reference(MONTHLY, PAYMENT, "RF-1", version=1),
    ]
    with desk_on(demo_db, TODAY, "viewer" if who == "viewer" else "agent", read_only=who == "read-only") as desk:
        if who == "nobody":
            desk.sign_out()
        for act in acts:
            with pytest.raises(error) as found:
                act(desk)
            assert str(found.value) == sentence
    assert everything(demo_db) == before


def test_an_unknown_order_is_not_found(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    for act in (
        lambda: desk.order(9),
        lambda: desk.preview_refund(9, draft()),
        lambda: desk.refund(9, draft(), version=1),
        lambda: desk.correct_refund(9, 1, version=1),
        lambda: desk.set_reference(9, 1, "RF-1", version=1),
    ):
        with pytest.raises(NotFound, match=r"^There is no order 9\.$"):
            act()
    assert everything(demo_db) == before


def test_an_order_that_somebody_else_has_changed_since_is_refused_with_both_versions(
    desk_as: Callable[[Role], Desk], demo_db: Path
) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    opened = mine.order(MONTHLY)
    refund(theirs, amount=usd("10"), owed_after=usd("10"))
    before = everything(demo_db)
    with pytest.raises(Stale) as found:
        mine.refund(MONTHLY, draft(intent="mine"), version=opened.version, seen=(usd("49"), opened.owed))
    assert str(found.value) == "Theo Lindqvist changed this order after you opened it. Nothing was saved."
    assert (found.value.changed_by, found.value.version) == ("Theo Lindqvist", 2)
    assert found.value.differences == (
        Difference("Left to return", "49.00 USD", "39.00 USD"),
        Difference("Balance", "nothing due", "10.00 USD due"),
    )
    assert everything(demo_db) == before
    again = mine.refund(MONTHLY, draft(intent="mine"), version=found.value.version)
    assert figures(again.order) == ("49.00", "49.00", "39.00", "10.00")


@pytest.mark.parametrize("seen", [None, (usd("49"), usd("0"))])
def test_a_version_from_the_future_is_refused_and_nothing_reads_differently(
    desk: Desk, seen: tuple[Money, Money] | None
) -> None:
    with pytest.raises(Stale) as found:
        desk.refund(MONTHLY, draft(), version=2, seen=seen)
    assert (found.value.version, found.value.differences) == (1, ())


# --- one intention, once ----------------------------------------------------------------------------------------------


def test_an_intention_is_recorded_once(desk_as: Callable[[Role], Desk], demo_db: Path) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    mine.refund(MONTHLY, draft(amount=usd("10")), version=1)
    before = everything(demo_db)
    for desk, version in ((mine, 1), (mine, 2), (theirs, 2)):
        with pytest.raises(Refused) as found:
            desk.refund(MONTHLY, draft(amount=usd("10")), version=version)
        assert str(found.value) == "This refund has been recorded already, by Dana Reyes. It was not done again."
    assert everything(demo_db) == before


@pytest.mark.parametrize("order_id", [MONTHLY, TWO_LINES, OF_TODAY])
def test_an_intention_is_recorded_once_whatever_payment_it_names(desk: Desk, demo_db: Path, order_id: int) -> None:
    refund(desk, amount=usd("1"))
    before = everything(demo_db)
    with pytest.raises(Refused, match="has been recorded already"):
        refund(desk, order_id, amount=usd("2"))
    assert everything(demo_db) == before


def test_an_intention_that_was_corrected_is_not_recorded_again(desk: Desk) -> None:
    (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    desk.correct_refund(MONTHLY, back, version=2)
    with pytest.raises(Refused, match="has been recorded already"):
        refund(desk)
    assert refund(desk, intent="another key").order.refunded == usd("49")


def test_what_was_refused_can_be_sent_again_under_its_key(desk: Desk, demo_db: Path) -> None:
    refused(lambda: refund(desk, amount=usd("490")))
    with pytest.raises(Stale):
        desk.refund(MONTHLY, draft(amount=usd("10")), version=7)
    assert refund(desk, amount=usd("10")).order.refunded == usd("10")
    assert money_of(demo_db) == [("charge", 4900), ("refund", -1000), ("credit", 1000)]


# --- several refunds --------------------------------------------------------------------------------------------------


def test_refunds_of_a_part_follow_each_other_until_the_remainder(desk: Desk, demo_db: Path) -> None:
    for number, amount in enumerate(("16.33", "16.33", None)):
        booked = refund(desk, intent=f"{number}", amount=usd(amount) if amount else None)
    assert [amount for kind, amount in money_of(demo_db) if kind == "refund"] == [-1633, -1633, -1634]
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert [item.left for item in booked.order.items] == [usd("0")]
    assert booked.order.why_not_refund == "All of this payment has been returned already."
    assert "All of this payment has been returned already." in str(refused(lambda: refund(desk, intent="more")))
    assert balance_of(demo_db) == 0
    assert desk.order(MONTHLY).version == 4


def test_a_refund_from_before_the_record_counts(desk: Desk) -> None:
    order = desk.order(1671)
    assert figures(order) == ("68.00", "15.00", "15.00", "0.00")
    assert refund(desk, 1671).order.refunded == usd("68")


def test_a_refund_that_left_a_debt_can_be_written_off_and_the_rest_returned(desk: Desk, demo_db: Path) -> None:
    assert figures(desk.order(1687)) == ("120.00", "15.00", "0.00", "15.00")
    assert figures(refund(desk, 1687).order) == ("120.00", "120.00", "105.00", "15.00")
    assert figures(add(desk, 1687, RowKind.CREDIT, usd("15")).order) == ("120.00", "120.00", "120.00", "0.00")
    assert balance_of(demo_db, 1687) == 0


def test_each_of_two_payments_is_returned_for_itself(desk: Desk, demo_db: Path) -> None:
    add(desk, UNPAID, RowKind.CHARGE, usd("60"), "one")
    second = add(desk, UNPAID, RowKind.CHARGE, usd("100"), "two").order
    newest = payment_of(second)
    refund(desk, UNPAID, "b", amount=usd("100"))
    error = refused(lambda: desk.refund(UNPAID, draft(newest, "c"), version=4))
    assert str(error) == "All of this payment has been returned already."
    (older,) = [row.id for row in second.rows if row.id != newest]
    order = desk.refund(UNPAID, draft(older, "d"), version=4).order
    assert figures(order) == ("160.00", "160.00", "160.00", "800.00")
    assert balance_of(demo_db, UNPAID) == 80000


# --- the way back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [None, usd("65")])
def test_a_payment_of_today_can_be_voided_whole(desk: Desk, demo_db: Path, amount: Money | None) -> None:
    booked = refund(desk, OF_TODAY, kind=RefundKind.VOID, amount=amount)
    assert money_of(demo_db, OF_TODAY) == [("charge", 6500), ("void", -6500), ("credit", 6500)]
    assert rows(demo_db, "SELECT method FROM payment WHERE kind = 'void' AND recorded_at IS NOT NULL") == [
        {"method": "Void"}
    ]
    assert figures(booked.order) == ("0.00", "0.00", "65.00", "0.00")
    assert booked.order.why_not_refund == "This payment was voided: it is as if it had never been made."
    assert booked.letter_id is not None
    assert "The charge is voided" in desk.letter(booked.letter_id).body


def test_a_payment_added_today_can_be_voided_and_is_due_again(desk_as: Callable[[Role], Desk]) -> None:
    add(desk_as(Role.AGENT), UNPAID, RowKind.CHARGE, usd("960"))
    booked = refund(desk_as(Role.ADMIN), UNPAID, kind=RefundKind.VOID, owed_after=usd("960"))
    assert figures(booked.order) == ("0.00", "0.00", "0.00", "960.00")


def test_a_payment_is_voided_on_its_own_day_on_a_desk_of_that_day(demo_db: Path) -> None:
    with desk_on(demo_db, date(2026, 2, 15), "agent") as desk:
        assert refund(desk, kind=RefundKind.VOID).order.paid == usd("0")
    with desk_on(demo_db, TODAY, "agent") as desk:
        assert desk.order(MONTHLY).why_not_refund == "This payment was voided: it is as if it had never been made."


@pytest.mark.parametrize(
    ("order_id", "change"), [(MONTHLY, {}), (OF_TODAY, {"amount": usd("64.99")})], ids=["another day", "a part"]
)
def test_a_void_of_another_day_or_of_a_part_is_refused(desk: Desk, order_id: int, change: dict[str, Any]) -> None:
    error = refused(lambda: refund(desk, order_id, kind=RefundKind.VOID, **change))
    assert [problem.field for problem in error.problems] == ["kind"]


def test_after_a_refund_of_a_part_nothing_is_voided_that_day(desk: Desk) -> None:
    refund(desk, OF_TODAY, amount=usd("5"))
    error = refused(lambda: refund(desk, OF_TODAY, "b", kind=RefundKind.VOID))
    assert [problem.field for problem in error.problems] == ["kind"]


def test_a_refund_paid_back_outside_is_a_record_that_waits_for_nothing(desk: Desk, demo_db: Path) -> None:
    booked = refund(desk, kind=RefundKind.MANUAL, note="Cash at the counter.")
    (row,) = rows(demo_db, "SELECT method, kind FROM payment WHERE intent = 'a key'")
    assert row == {"method": "Manual refund", "kind": "refund"}
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert desk.to_do() == ()
    assert booked.letter_id is not None
    letter = desk.letter(booked.letter_id).body
    assert "It is paid back outside of the card system" in letter
    assert "recorded, not sent" in letter


# --- the reference ----------------------------------------------------------------------------------------------------


def test_a_refund_without_its_reference_is_to_be_finished(desk: Desk) -> None:
    assert (desk.to_do(), desk.overview().refunds_to_finish) == ((), 0)
    refund(desk)
    (entry,) = desk.to_do()
    assert (entry.kind, entry.words) == ("reference", "recorded, waits for the gateway reference")
    assert (entry.contact, entry.since, entry.amount) == ("López, María", TODAY, usd("49"))
    assert entry.route == f"/orders/{MONTHLY}"
    assert desk.overview().refunds_to_finish == 1


@pytest.mark.parametrize("order_id", [MONTHLY, OF_TODAY], ids=["refund", "void"])
def test_a_reference_noted_later_is_no_further_money(desk: Desk, demo_db: Path, order_id: int) -> None:
    kind = RefundKind.VOID if order_id == OF_TODAY else RefundKind.REFUND
    booked = refund(desk, order_id, kind=kind)
    (back,) = rows_of(booked.order, RowKind.VOID if order_id == OF_TODAY else RowKind.REFUND)
    money, before = money_of(demo_db, order_id), everything(demo_db)
    noted = desk.set_reference(order_id, back, " RF-77 ", version=2, route="/orders")
    assert changed_tables(before, everything(demo_db)) == {"payment", "order", "event"}
    assert money_of(demo_db, order_id) == money
    assert noted.sentence == "Noted: RF-77."
    assert [row.reference for row in noted.order.rows if row.id == back] == ["RF-77"]
    assert (noted.order.version, figures(noted.order)) == (3, figures(booked.order))
    assert desk.to_do() == ()
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", noted.event_id)
    assert (event["command"], json.loads(event["before"]), json.loads(event["after"])) == (
        "order.reference",
        {"reference": ""},
        {"reference": "RF-77", "refund_id": back},
    )
    assert desk.verify_log().broken is None


def test_a_refund_recorded_with_its_reference_is_finished(desk: Desk) -> None:
    (back,) = rows_of(refund(desk, reference="RF-1").order, RowKind.REFUND)
    assert desk.to_do() == ()
    with pytest.raises(Refused) as found:
        desk.set_reference(MONTHLY, back, "RF-2", version=2)
    assert str(found.value) == "This refund has its reference already: RF-1."


@pytest.mark.parametrize("reference", ["", "  ", "x" * 101])
def test_a_reference_has_some_characters_and_not_too_many(desk: Desk, demo_db: Path, reference: str) -> None:
    (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    before = everything(demo_db)
    error = refused(lambda: desk.set_reference(MONTHLY, back, reference, version=2))
    assert [problem.field for problem in error.problems] == ["text"]
    assert everything(demo_db) == before
    assert desk.set_reference(MONTHLY, back, "x" * 100, version=2).order.version == 3


def test_only_a_refund_of_this_order_at_its_version_gets_a_reference(desk: Desk, demo_db: Path) -> None:
    order = refund(desk).order
    (back,), (credit,) = rows_of(order, RowKind.REFUND), rows_of(order, RowKind.CREDIT)
    before = everything(demo_db)
    for order_id, row_id, version in (
        (MONTHLY, PAYMENT, 2),
        (MONTHLY, credit, 2),
        (MONTHLY, 99999, 2),
        (TWO_LINES, back, 1),
    ):
        with pytest.raises(Refused, match="only these have a reference of the gateway"):
            desk.set_reference(order_id, row_id, "RF-1", version=version)
    with pytest.raises(Refused, match="Somebody changed this order after you opened it"):
        desk.set_reference(MONTHLY, back, "RF-1", version=1)
    assert everything(demo_db) == before


def test_a_refund_that_was_corrected_waits_for_no_reference_and_takes_none(desk: Desk, demo_db: Path) -> None:
    (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    desk.correct_refund(MONTHLY, back, version=2)
    assert desk.to_do() == ()
    before = everything(demo_db)
    with pytest.raises(Refused) as found:
        desk.set_reference(MONTHLY, back, "RF-1", version=3)
    assert str(found.value) == "This refund has been corrected: nothing goes back, so there is no reference."
    assert everything(demo_db) == before


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_line_is_returned_in_parts_and_never_beyond_itself(desk: Desk, demo_db: Path) -> None:
    refund(desk, TWO_LINES, "1", amount=usd("20"), order_item_id=HANDBOOK)
    order = refund(desk, TWO_LINES, "2", amount=usd("3"), order_item_id=HANDBOOK).order
    assert [(item.id, item.left) for item in order.items] == [(BASKET, usd("32.50")), (HANDBOOK, usd("1"))]
    before = everything(demo_db)
    error = refused(lambda: refund(desk, TWO_LINES, "3", amount=usd("1.01"), order_item_id=HANDBOOK))
    assert [(problem.field, problem.sentence) for problem in error.problems] == [
        ("line", "More than is left of this line.")
    ]
    assert everything(demo_db) == before
    # Without a line, what goes back falls on what is left of them: nothing more on the handbook than its last dollar.
    order = refund(desk, TWO_LINES, "4").order
    assert [item.left for item in order.items] == [usd("0"), usd("0")]
    shares = rows(
        demo_db,
        "SELECT order_item_id AS line, sum(amount_minor) AS sum FROM refund_line"
        " WHERE order_item_id IN (?, ?) GROUP BY order_item_id",
        BASKET,
        HANDBOOK,
    )
    assert shares == [{"line": BASKET, "sum": 3250}, {"line": HANDBOOK, "sum": 2400}]


def test_what_falls_on_the_lines_adds_up_to_each_refund(desk: Desk, demo_db: Path) -> None:
    for number, amount in enumerate(("0.01", "7.77", "33.33", None)):
        refund(desk, TWO_LINES, f"{number}", amount=usd(amount) if amount else None)
    for found in rows(
        demo_db,
        "SELECT p.amount_minor AS amount, sum(l.amount_minor) AS lines FROM payment p"
        " JOIN refund_line l ON l.payment_id = p.id GROUP BY p.id",
    ):
        assert found["lines"] == -found["amount"]
    assert [item.left for item in desk.order(TWO_LINES).items] == [usd("0"), usd("0")]


def test_a_line_that_was_returned_by_mistake_is_left_again_when_that_is_corrected(desk: Desk) -> None:
    order = refund(desk, TWO_LINES, amount=usd("24"), order_item_id=HANDBOOK).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("0")]
    (back,) = rows_of(order, RowKind.REFUND)
    order = desk.correct_refund(TWO_LINES, back, version=2).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("24")]
    order = refund(desk, TWO_LINES, "b", amount=usd("24"), order_item_id=HANDBOOK).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("0")]


def test_the_lines_of_a_payment_that_was_voided_are_left_for_the_next_payment(desk: Desk) -> None:
    (item,) = refund(desk, OF_TODAY, kind=RefundKind.VOID, owed_after=usd("65")).order.items
    assert item.left == usd("65")
    add(desk, OF_TODAY, RowKind.CHARGE, usd("65"))
    order = refund(desk, OF_TODAY, "b", amount=usd("30"), order_item_id=item.id).order
    assert [item.left for item in order.items] == [usd("35")]


def test_a_refund_from_before_the_record_has_fallen_on_the_lines_too(desk: Desk) -> None:
    assert [(item.amount, item.left) for item in desk.order(1671).items] == [(usd("68"), usd("53"))]


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_counters_the_refund_and_its_credit_and_keeps_all_four(desk: Desk, demo_db: Path) -> None:
    booked = refund(desk)
    (back,) = rows_of(booked.order, RowKind.REFUND)
    before = everything(demo_db)
    corrected = desk.correct_refund(MONTHLY, back, version=2, route="/orders")
    after = everything(demo_db)
    assert changed_tables(before, after) == {"payment", "order", "event"}
    assert money_of(demo_db) == [
        ("charge", 4900),
        ("refund", -4900),
        ("credit", 4900),
        ("refund_correction", 4900),
        ("credit_correction", -4900),
    ]
    assert corrected.sentence == "Corrected by a counter entry; nothing due."
    assert (corrected.order.version, figures(corrected.order)) == (3, ("49.00", "0.00", "0.00", "0.00"))
    assert desk.to_do() == ()
    assert booked.letter_id is not None
    assert (desk.letter(booked.letter_id).undone, desk.letter(booked.letter_id).how_undone) == (True, "corrected")
    assert [entry.title for entry in desk.log(subject=f"order:{MONTHLY}")] == ["Refund corrected", "Refund recorded"]
    (event,) = rows(demo_db, "SELECT before, after FROM event WHERE id = ?", corrected.event_id)
    assert json.loads(event["before"]) == {"balance": "0.00 USD", "refunded": "49.00 USD"}
    assert json.loads(event["after"]) == {"balance": "0.00 USD", "refunded": "0.00 USD", "corrects": back}
    assert desk.verify_log().broken is None


def test_what_was_corrected_can_be_refunded_again(desk: Desk, demo_db: Path) -> None:
    (back,) = rows_of(refund(desk, amount=usd("49")).order, RowKind.REFUND)
    assert desk.correct_refund(MONTHLY, back, version=2).order.why_not_refund == ""
    assert figures(refund(desk, intent="b", amount=usd("4.90")).order) == ("49.00", "4.90", "4.90", "0.00")
    assert balance_of(demo_db) == 0


def test_a_refund_is_corrected_once(desk: Desk, demo_db: Path) -> None:
    (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    corrected = desk.correct_refund(MONTHLY, back, version=2).order
    before = everything(demo_db)
    with pytest.raises(Refused, match=r"^This refund has been corrected already\.$"):
        desk.correct_refund(MONTHLY, back, version=3)
    for row in corrected.rows:
        if row.id != back:
            with pytest.raises(Refused, match=r"^Only a refund or a void can be corrected\.$"):
                desk.correct_refund(MONTHLY, row.id, version=3)
    with pytest.raises(Refused, match=r"^Only a refund or a void can be corrected\.$"):
        desk.correct_refund(MONTHLY, 99999, version=3)
    assert everything(demo_db) == before


def test_a_refund_is_corrected_on_its_own_day_only(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as desk:
        (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    before = everything(demo_db)
    with desk_on(demo_db, date(2026, 3, 3), "agent") as desk:
        (row,) = [row for row in desk.order(MONTHLY).rows if row.id == back]
        assert "on its own day only" in row.why_not_correct
        with pytest.raises(Refused) as found:
            desk.correct_refund(MONTHLY, back, version=2)
    assert str(found.value) == row.why_not_correct
    assert everything(demo_db) == before


def test_a_refund_of_another_order_or_version_is_not_corrected(desk: Desk, demo_db: Path) -> None:
    (back,) = rows_of(refund(desk).order, RowKind.REFUND)
    before = everything(demo_db)
    with pytest.raises(Refused, match=r"^Only a refund or a void can be corrected\.$"):
        desk.correct_refund(TWO_LINES, back, version=1)
    with pytest.raises(Refused, match="Somebody changed this order after you opened it"):
        desk.correct_refund(MONTHLY, back, version=1)
    assert everything(demo_db) == before


# --- what a refund leaves alone, and what is in its way ---------------------------------------------------------------


@pytest.mark.parametrize("ended", [False, True], ids=["active", "set Inactive"])
def test_a_full_refund_does_not_touch_the_subscription(desk: Desk, demo_db: Path, *, ended: bool) -> None:
    if ended:
        set_inactive(desk)
    before, terms = everything(demo_db), desk.subscription(SUBSCRIPTION).terms
    refund(desk)
    assert everything(demo_db)["subscription"] == before["subscription"]
    assert desk.subscription(SUBSCRIPTION).terms == terms


def test_a_payment_that_was_charged_back_is_not_refunded_until_that_is_reversed(desk: Desk, demo_db: Path) -> None:
    charge_back(demo_db, MONTHLY, PAYMENT, -4900)
    order = desk.order(MONTHLY)
    assert (order.owed, order.why_not_refund) == (
        usd("49"),
        "This payment was charged back: the bank has returned it already.",
    )
    before = everything(demo_db)
    assert str(refused(lambda: refund(desk))) == order.why_not_refund
    assert everything(demo_db) == before
    charge_back(demo_db, MONTHLY, PAYMENT, 4900)
    assert figures(refund(desk, amount=usd("10")).order) == ("49.00", "10.00", "10.00", "0.00")
    assert balance_of(demo_db) == 0


def test_a_chargeback_that_comes_while_the_form_is_open_is_seen_when_it_is_saved(desk: Desk, demo_db: Path) -> None:
    form = draft()
    assert desk.preview_refund(MONTHLY, form).problems == ()
    charge_back(demo_db, MONTHLY, PAYMENT, -4900)
    error = refused(lambda: desk.refund(MONTHLY, form, version=1))
    assert str(error) == "This payment was charged back: the bank has returned it already."


def test_what_the_bank_took_in_part_is_no_longer_left(desk: Desk, demo_db: Path) -> None:
    charge_back(demo_db, MONTHLY, PAYMENT, -4000)
    error = refused(lambda: refund(desk, amount=usd("10")))
    assert str(error) == "At most 9.00 USD is left to return of this payment."
    assert refund(desk).order.refunded == usd("9")


def test_whoever_lost_the_right_meanwhile_refunds_nothing(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        run(demo_db, "UPDATE user SET role = 'viewer' WHERE id = 3")
        before = everything(demo_db)
        with pytest.raises(NotAllowed):
            refund(desk)
        assert everything(demo_db) == before


def test_a_refund_in_the_list_of_orders_reads_as_on_the_order_itself(desk: Desk) -> None:
    refund(desk, amount=usd("10"), owed_after=usd("10"))
    (row,) = [row for row in desk.orders(MARIA, orders=100).orders.rows if row.id == MONTHLY]
    assert (row.paid, row.refunded, row.due, row.why_not_refund) == (usd("49"), usd("10"), usd("10"), "")


def test_what_a_contact_owes_is_what_all_their_orders_owe(desk: Desk) -> None:
    (owed,) = desk.contact(MARIA).balance
    refund(desk, intent="a")
    assert desk.contact(MARIA).balance == (owed,)
    refund(desk, 1790, "b", amount=usd("10"), owed_after=usd("10"))
    assert desk.contact(MARIA).balance == (owed + usd("10"),)


def test_the_amounts_of_a_draft_that_are_left_out_are_worked_out_when_it_is_saved(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        form = RefundDraft(PAYMENT, "late", reason_code="duplicate")
        refund(desk, amount=usd("9"))
        booked = desk.refund(MONTHLY, form, version=2)
        assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert money_of(demo_db)[3:] == [("refund", -4000), ("credit", 4000)]

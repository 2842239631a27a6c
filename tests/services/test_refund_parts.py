"""Refunds of a part: one after the other until the remainder, and what falls on the lines of the order."""

from pathlib import Path

from subtui.acts.orders import CorrectRefund, GetOrder, RecordRefund
from subtui.domain.ledger import RowKind
from subtui.domain.refunds import RefundKind
from subtui.services.backend import Backend
from subtui.views.orders import RefundDraft

from .asking import desk_on
from .database import everything, rows
from .ordering import (
    ADMIN,
    BASKET,
    HANDBOOK,
    MONTHLY,
    OF_TODAY,
    PAYMENT,
    TODAY,
    TWO_LINES,
    UNPAID,
    add,
    balance_of,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    refused,
    rows_of,
    usd,
)

# --- several refunds --------------------------------------------------------------------------------------------------


def test_refunds_of_a_part_follow_each_other_until_the_remainder(backend: Backend, demo_db: Path) -> None:
    for number, amount in enumerate(("16.33", "16.33", None)):
        booked = refund(backend, intent=f"{number}", amount=usd(amount) if amount else None)
    assert [amount for kind, amount in money_of(demo_db) if kind == "refund"] == [-1633, -1633, -1634]
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert [item.left for item in booked.order.items] == [usd("0")]
    assert booked.order.why_not_refund == "This payment has already been refunded in full."
    assert "This payment has already been refunded in full." in str(refused(lambda: refund(backend, intent="more")))
    assert balance_of(demo_db) == 0
    assert backend.read(GetOrder(MONTHLY)).version == 4


def test_after_a_full_refund_no_line_has_anything_left(backend: Backend, demo_db: Path) -> None:
    """Also where a credit had made the order cheaper than its lines."""
    add(backend, UNPAID, RowKind.CREDIT, usd("900"))
    add(backend, UNPAID, RowKind.CHARGE, usd("60"), "paid")
    refund(backend, UNPAID, "part", amount=usd("10"))
    assert [item.left for item in backend.read(GetOrder(UNPAID)).items] == [usd("950")]
    order = refund(backend, UNPAID, "rest").order
    assert order.refunded == usd("60")
    assert [item.left for item in order.items] == [usd("0")]


def test_a_refund_from_before_the_record_counts(backend: Backend) -> None:
    order = backend.read(GetOrder(1671))
    assert figures(order) == ("68.00", "15.00", "15.00", "0.00")
    assert refund(backend, 1671).order.refunded == usd("68")


def test_a_refund_that_left_a_debt_can_be_written_off_and_the_rest_returned(backend: Backend, demo_db: Path) -> None:
    assert figures(backend.read(GetOrder(1687))) == ("120.00", "15.00", "0.00", "15.00")
    assert figures(refund(backend, 1687).order) == ("120.00", "120.00", "105.00", "15.00")
    assert figures(add(backend, 1687, RowKind.CREDIT, usd("15")).order) == ("120.00", "120.00", "120.00", "0.00")
    assert balance_of(demo_db, 1687) == 0


def test_each_of_two_payments_is_returned_for_itself(backend: Backend, demo_db: Path) -> None:
    add(backend, UNPAID, RowKind.CHARGE, usd("60"), "one")
    second = add(backend, UNPAID, RowKind.CHARGE, usd("100"), "two").order
    newest = payment_of(second)
    refund(backend, UNPAID, "b", amount=usd("100"))
    error = refused(lambda: backend.do(RecordRefund(UNPAID, draft(newest, "c"), version=4)))
    assert str(error) == "This payment has already been refunded in full."
    (older,) = [row.id for row in second.rows if row.id != newest]
    order = backend.do(RecordRefund(UNPAID, draft(older, "d"), version=4)).order
    assert figures(order) == ("160.00", "160.00", "160.00", "800.00")
    assert balance_of(demo_db, UNPAID) == 80000


def test_the_amounts_of_a_draft_that_are_left_out_are_worked_out_when_it_is_saved(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        form = RefundDraft(PAYMENT, "late", reason_code="duplicate")
        refund(backend, amount=usd("9"))
        booked = backend.do(RecordRefund(MONTHLY, form, version=2))
        assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert money_of(demo_db)[3:] == [("refund", -4000), ("credit", 4000)]


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_line_is_returned_in_parts_and_never_beyond_itself(backend: Backend, demo_db: Path) -> None:
    refund(backend, TWO_LINES, "1", amount=usd("20"), order_item_id=HANDBOOK)
    order = refund(backend, TWO_LINES, "2", amount=usd("3"), order_item_id=HANDBOOK).order
    assert [(item.id, item.left) for item in order.items] == [(BASKET, usd("32.50")), (HANDBOOK, usd("1"))]
    before = everything(demo_db)
    error = refused(lambda: refund(backend, TWO_LINES, "3", amount=usd("1.01"), order_item_id=HANDBOOK))
    assert [(problem.field, problem.sentence) for problem in error.problems] == [
        ("line", "More than is left of this line.")
    ]
    assert everything(demo_db) == before
    # Without a line, what goes back falls on what is left of them: nothing more on the handbook than its last dollar.
    order = refund(backend, TWO_LINES, "4").order
    assert [item.left for item in order.items] == [usd("0"), usd("0")]
    shares = rows(
        demo_db,
        "SELECT order_item_id AS line, sum(amount_minor) AS sum FROM refund_line"
        " WHERE order_item_id IN (?, ?) GROUP BY order_item_id",
        BASKET,
        HANDBOOK,
    )
    assert shares == [{"line": BASKET, "sum": 3250}, {"line": HANDBOOK, "sum": 2400}]


def test_what_falls_on_the_lines_adds_up_to_each_refund(backend: Backend, demo_db: Path) -> None:
    for number, amount in enumerate(("0.01", "7.77", "33.33", None)):
        refund(backend, TWO_LINES, f"{number}", amount=usd(amount) if amount else None)
    for found in rows(
        demo_db,
        "SELECT p.amount_minor AS amount, sum(l.amount_minor) AS lines FROM payment p"
        " JOIN refund_line l ON l.payment_id = p.id GROUP BY p.id",
    ):
        assert found["lines"] == -found["amount"]
    assert [item.left for item in backend.read(GetOrder(TWO_LINES)).items] == [usd("0"), usd("0")]


def test_a_line_that_was_returned_by_mistake_is_left_again_when_that_is_corrected(backend: Backend) -> None:
    order = refund(backend, TWO_LINES, amount=usd("24"), order_item_id=HANDBOOK).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("0")]
    (back,) = rows_of(order, RowKind.REFUND)
    order = backend.do(CorrectRefund(TWO_LINES, back, version=2)).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("24")]
    order = refund(backend, TWO_LINES, "b", amount=usd("24"), order_item_id=HANDBOOK).order
    assert [item.left for item in order.items] == [usd("32.50"), usd("0")]


def test_the_lines_of_a_payment_that_was_voided_are_left_for_the_next_payment(backend: Backend) -> None:
    (item,) = refund(backend, OF_TODAY, kind=RefundKind.VOID, owed_after=usd("65")).order.items
    assert item.left == usd("65")
    add(backend, OF_TODAY, RowKind.CHARGE, usd("65"))
    order = refund(backend, OF_TODAY, "b", amount=usd("30"), order_item_id=item.id).order
    assert [item.left for item in order.items] == [usd("35")]


def test_a_refund_from_before_the_record_has_fallen_on_the_lines_too(backend: Backend) -> None:
    assert [(item.amount, item.left) for item in backend.read(GetOrder(1671)).items] == [(usd("68"), usd("53"))]

"""Refunds that are put right afterwards: the reference noted later, and the correction by a counter entry."""

import json
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.contacts import GetOverview
from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.orders import CorrectRefund, GetOrder, ListPendingRefunds, SetReference
from subtui.domain.errors import Refused
from subtui.domain.event_types import Subject
from subtui.domain.ledger import RowKind
from subtui.domain.refunds import RefundKind
from subtui.services.backend import Backend

from .asking import desk_on
from .database import changed_tables, everything, rows
from .ordering import (
    MONTHLY,
    OF_TODAY,
    PAYMENT,
    TODAY,
    TWO_LINES,
    balance_of,
    figures,
    money_of,
    refund,
    refused,
    rows_of,
    usd,
)

# --- the reference ----------------------------------------------------------------------------------------------------


def test_a_refund_without_its_reference_is_to_be_finished(backend: Backend) -> None:
    assert (backend.read(ListPendingRefunds()), backend.read(GetOverview()).refunds_to_finish) == ((), 0)
    refund(backend)
    (entry,) = backend.read(ListPendingRefunds())
    assert (entry.kind, entry.words) == ("reference", "recorded, gateway reference missing")
    assert (entry.contact, entry.since, entry.amount) == ("López, María", TODAY, usd("49"))
    assert entry.route == f"/orders/{MONTHLY}"
    assert backend.read(GetOverview()).refunds_to_finish == 1


@pytest.mark.parametrize("order_id", [MONTHLY, OF_TODAY], ids=["refund", "void"])
def test_a_reference_noted_later_is_no_further_money(backend: Backend, demo_db: Path, order_id: int) -> None:
    kind = RefundKind.VOID if order_id == OF_TODAY else RefundKind.REFUND
    booked = refund(backend, order_id, kind=kind)
    (back,) = rows_of(booked.order, RowKind.VOID if order_id == OF_TODAY else RowKind.REFUND)
    money, before = money_of(demo_db, order_id), everything(demo_db)
    noted = backend.do(SetReference(order_id, back, " RF-77 ", version=2), route="/orders")
    assert changed_tables(before, everything(demo_db)) == {"payment", "order", "event"}
    assert money_of(demo_db, order_id) == money
    assert noted.sentence == "Reference saved: RF-77."
    assert [row.reference for row in noted.order.rows if row.id == back] == ["RF-77"]
    assert (noted.order.version, figures(noted.order)) == (3, figures(booked.order))
    assert backend.read(ListPendingRefunds()) == ()
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", noted.event_id)
    assert (event["command"], json.loads(event["before"]), json.loads(event["after"])) == (
        "order.reference",
        {"reference": ""},
        {"reference": "RF-77", "refund_id": back},
    )
    assert backend.read(VerifyLog()).broken is None


def test_a_refund_recorded_with_its_reference_is_finished(backend: Backend) -> None:
    refund(backend, reference="RF-1")
    assert backend.read(ListPendingRefunds()) == ()


def test_a_reference_is_corrected_with_before_and_after_in_the_log(backend: Backend, demo_db: Path) -> None:
    (back,) = rows_of(refund(backend, reference="RF-1").order, RowKind.REFUND)
    with pytest.raises(Refused) as found:
        backend.do(SetReference(MONTHLY, back, "RF-1", version=2))
    assert str(found.value) == "The reference is already RF-1."
    noted = backend.do(SetReference(MONTHLY, back, "RF\n-2", version=2))
    assert noted.sentence == "Reference changed from RF-1 to RF -2."
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", noted.event_id)
    assert (json.loads(event["before"]), json.loads(event["after"])) == (
        {"reference": "RF-1"},
        {"reference": "RF -2", "refund_id": back},
    )
    with pytest.raises(Refused, match="Another user changed this order after you opened it"):
        backend.do(SetReference(MONTHLY, back, "RF-3", version=2))
    assert backend.read(VerifyLog()).broken is None


@pytest.mark.parametrize("reference", ["", "  ", "x" * 101])
def test_a_reference_has_some_characters_and_not_too_many(backend: Backend, demo_db: Path, reference: str) -> None:
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    before = everything(demo_db)
    error = refused(lambda: backend.do(SetReference(MONTHLY, back, reference, version=2)))
    assert [problem.field for problem in error.problems] == ["text"]
    assert everything(demo_db) == before
    assert backend.do(SetReference(MONTHLY, back, "x" * 100, version=2)).order.version == 3


def test_only_a_refund_of_this_order_at_its_version_gets_a_reference(backend: Backend, demo_db: Path) -> None:
    order = refund(backend).order
    (back,), (credit,) = rows_of(order, RowKind.REFUND), rows_of(order, RowKind.CREDIT)
    before = everything(demo_db)
    for order_id, row_id, version in (
        (MONTHLY, PAYMENT, 2),
        (MONTHLY, credit, 2),
        (MONTHLY, 99999, 2),
        (TWO_LINES, back, 1),
    ):
        with pytest.raises(Refused, match="only these have a gateway reference"):
            backend.do(SetReference(order_id, row_id, "RF-1", version=version))
    with pytest.raises(Refused, match="Another user changed this order after you opened it"):
        backend.do(SetReference(MONTHLY, back, "RF-1", version=1))
    assert everything(demo_db) == before


def test_a_refund_that_was_corrected_waits_for_no_reference_and_takes_none(backend: Backend, demo_db: Path) -> None:
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    backend.do(CorrectRefund(MONTHLY, back, version=2))
    assert backend.read(ListPendingRefunds()) == ()
    before = everything(demo_db)
    with pytest.raises(Refused) as found:
        backend.do(SetReference(MONTHLY, back, "RF-1", version=3))
    assert str(found.value) == "This refund was reversed, so it has no gateway reference."
    assert everything(demo_db) == before


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_counters_the_refund_and_its_credit_and_keeps_all_four(backend: Backend, demo_db: Path) -> None:
    booked = refund(backend)
    (back,) = rows_of(booked.order, RowKind.REFUND)
    before = everything(demo_db)
    corrected = backend.do(CorrectRefund(MONTHLY, back, version=2), route="/orders")
    after = everything(demo_db)
    assert changed_tables(before, after) == {"payment", "order", "event"}
    assert money_of(demo_db) == [
        ("charge", 4900),
        ("refund", -4900),
        ("credit", 4900),
        ("refund_correction", 4900),
        ("credit_correction", -4900),
    ]
    assert corrected.sentence == "Refund reversed; nothing due."
    assert (corrected.order.version, figures(corrected.order)) == (3, ("49.00", "0.00", "0.00", "0.00"))
    assert backend.read(ListPendingRefunds()) == ()
    assert booked.letter_id is not None
    assert (backend.read(GetLetter(booked.letter_id)).undone, backend.read(GetLetter(booked.letter_id)).how_undone) == (
        True,
        "corrected",
    )
    assert [entry.title for entry in backend.read(ListEvents(subject=Subject.read(f"order:{MONTHLY}")))] == [
        "Refund reversed",
        "Refund recorded",
    ]
    (event,) = rows(demo_db, "SELECT before, after FROM event WHERE id = ?", corrected.event_id)
    assert json.loads(event["before"]) == {"balance": "0.00 USD", "refunded": "49.00 USD"}
    assert json.loads(event["after"]) == {"balance": "0.00 USD", "refunded": "0.00 USD", "corrects": back}
    assert backend.read(VerifyLog()).broken is None


def test_what_was_corrected_can_be_refunded_again(backend: Backend, demo_db: Path) -> None:
    (back,) = rows_of(refund(backend, amount=usd("49")).order, RowKind.REFUND)
    assert backend.do(CorrectRefund(MONTHLY, back, version=2)).order.why_not_refund == ""
    assert figures(refund(backend, intent="b", amount=usd("4.90")).order) == ("49.00", "4.90", "4.90", "0.00")
    assert balance_of(demo_db) == 0


def test_a_refund_is_corrected_once(backend: Backend, demo_db: Path) -> None:
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    corrected = backend.do(CorrectRefund(MONTHLY, back, version=2)).order
    before = everything(demo_db)
    with pytest.raises(Refused, match=r"^This refund has already been reversed\.$"):
        backend.do(CorrectRefund(MONTHLY, back, version=3))
    for row in corrected.rows:
        if row.id != back:
            with pytest.raises(Refused, match=r"^Only a refund or a void can be reversed\.$"):
                backend.do(CorrectRefund(MONTHLY, row.id, version=3))
    with pytest.raises(Refused, match=r"^Only a refund or a void can be reversed\.$"):
        backend.do(CorrectRefund(MONTHLY, 99999, version=3))
    assert everything(demo_db) == before


def test_a_refund_is_corrected_on_its_own_day_only(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as backend:
        (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    before = everything(demo_db)
    with desk_on(demo_db, date(2026, 3, 3), "agent") as backend:
        (row,) = [row for row in backend.read(GetOrder(MONTHLY)).rows if row.id == back]
        assert "on its own day" in row.why_not_correct
        with pytest.raises(Refused) as found:
            backend.do(CorrectRefund(MONTHLY, back, version=2))
    assert str(found.value) == row.why_not_correct
    assert everything(demo_db) == before


def test_a_refund_of_another_order_or_version_is_not_corrected(backend: Backend, demo_db: Path) -> None:
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    before = everything(demo_db)
    with pytest.raises(Refused, match=r"^Only a refund or a void can be reversed\.$"):
        backend.do(CorrectRefund(TWO_LINES, back, version=1))
    with pytest.raises(Refused, match="Another user changed this order after you opened it"):
        backend.do(CorrectRefund(MONTHLY, back, version=1))
    assert everything(demo_db) == before

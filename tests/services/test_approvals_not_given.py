"""Refunds that waited in vain: their order changed meanwhile, or somebody declined them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.acts.log import VerifyLog
from subtui.acts.orders import (
    ApproveRefund,
    CorrectRefund,
    DeclineRefund,
    GetOrder,
    GetWaitingRefund,
    ListPendingRefunds,
    RecordRefund,
    SetReference,
)
from subtui.domain.errors import Invalid, Refused
from subtui.domain.ledger import RowKind
from subtui.services.backend import Backend

from .approving import REQUEST, ask, request_row
from .asking import desk_on
from .database import changed_tables, everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    OTHER_AGENT,
    TODAY,
    add,
    charge_back,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    rows_of,
    usd,
)

# --- dying ------------------------------------------------------------------------------------------------------------


def test_it_dies_when_the_order_has_changed_since(demo_db: Path) -> None:
    ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        refund(backend, LARGE, "another key", amount=usd("10"))
        before = everything(demo_db)
        booked = backend.do(ApproveRefund(REQUEST, version=1), route=f"/orders/{LARGE}")
        assert changed_tables(before, everything(demo_db)) == {"refund_request", "event"}
        assert booked.waiting
        assert booked.sentence == (
            "Not recorded: the order has changed since the refund was requested. Request the refund again."
        )
        assert figures(booked.order) == ("300.00", "10.00", "10.00", "0.00")
        assert booked.order.waiting == ()
        assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["reference"]
        row = request_row(demo_db)
        assert (row["standing"], row["decision_note"], row["refund_id"], row["version"]) == (
            "died",
            "the order has changed since the refund was requested",
            None,
            2,
        )
        (event,) = rows(demo_db, "SELECT command, after FROM event WHERE id = ?", booked.event_id)
        assert event["command"] == "refund.drop"
        assert json.loads(event["after"]) == {"standing": "died", "asked_by": "Dana Reyes"}
        with pytest.raises(Refused) as found:
            backend.do(ApproveRefund(REQUEST, version=2))
        assert (
            str(found.value)
            == "This refund request has lapsed: its order changed afterwards. Request the refund again."
        )
        assert backend.read(VerifyLog()).broken is None
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert refund(backend, LARGE, "asked again").waiting


def test_it_dies_with_a_payment_a_reference_or_a_correction_on_the_order_too(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        (back,) = rows_of(refund(backend, LARGE, "1", amount=usd("50"), owed_after=usd("50")).order, RowKind.REFUND)
    changes: list[Callable[[Backend], object]] = [
        lambda backend: add(backend, LARGE, RowKind.CHARGE, usd("10")),
        lambda backend: backend.do(SetReference(LARGE, back, "RF-1", version=backend.read(GetOrder(LARGE)).version)),
        lambda backend: backend.do(CorrectRefund(LARGE, back, version=backend.read(GetOrder(LARGE)).version)),
    ]
    payment = min(row["id"] for row in rows(demo_db, "SELECT id FROM payment WHERE order_id = ?", LARGE))
    for number, change in enumerate(changes, start=1):
        with desk_on(demo_db, TODAY, AGENT) as backend:
            form = draft(payment, f"ask {number}", amount=usd("240"))
            assert backend.do(RecordRefund(LARGE, form, version=backend.read(GetOrder(LARGE)).version)).waiting
        with desk_on(demo_db, TODAY, ADMIN) as backend:
            change(backend)
            assert backend.do(ApproveRefund(number, version=1)).sentence.startswith(
                "Not recorded: the order has changed"
            )
    assert [row["standing"] for row in rows(demo_db, "SELECT standing FROM refund_request")] == ["died"] * 3


def test_of_two_that_wait_on_one_order_the_approval_of_one_ends_the_other(demo_db: Path) -> None:
    ask(demo_db, intent="one", amount=usd("250"))
    ask(demo_db, OTHER_AGENT, intent="two", amount=usd("260"))
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert len(backend.read(GetOrder(LARGE)).waiting) == 2
        assert not backend.do(ApproveRefund(2, version=1)).waiting
        assert backend.do(ApproveRefund(1, version=1)).waiting
    assert [row["standing"] for row in rows(demo_db, "SELECT standing FROM refund_request ORDER BY id")] == [
        "died",
        "approved",
    ]
    assert money_of(demo_db, LARGE) == [("charge", 30000), ("refund", -26000), ("credit", 26000)]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (-30000, "Not recorded: This payment was charged back: the bank has already returned it."),
        (-10000, "Not recorded: At most 200.00 USD of this payment can still be refunded."),
    ],
)
def test_it_dies_when_the_amount_is_no_longer_left(demo_db: Path, amount: int, sentence: str) -> None:
    booked = ask(demo_db)
    charge_back(demo_db, LARGE, payment_of(booked.order), amount)
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert backend.do(ApproveRefund(REQUEST, version=1)).sentence == (f"{sentence} Request the refund again.")
        assert backend.read(ListPendingRefunds()) == ()
    assert request_row(demo_db)["standing"] == "died"
    assert [kind for kind, _ in money_of(demo_db, LARGE)] == ["charge", "chargeback"]


def test_it_dies_when_its_reason_is_no_longer_on_the_list(demo_db: Path) -> None:
    ask(demo_db)
    run(demo_db, "UPDATE account SET refund_reasons = '[]'")
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert backend.do(ApproveRefund(REQUEST, version=1)).waiting
    assert request_row(demo_db)["standing"] == "died"


# --- declining --------------------------------------------------------------------------------------------------------


def test_it_is_declined_with_a_reason_and_returns_nothing(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        for note in ("", " \n"):
            with pytest.raises(Invalid) as found:
                backend.do(DeclineRefund(REQUEST, note, version=1))
            assert [(problem.field, problem.sentence) for problem in found.value.problems] == [
                ("text", "Enter the reason for declining.")
            ]
        assert everything(demo_db) == before
        booked = backend.do(DeclineRefund(REQUEST, " It was used. ", version=1), route=f"/orders/{LARGE}")
        assert changed_tables(before, everything(demo_db)) == {"refund_request", "event"}
        assert booked.sentence == "Declined. Nothing was refunded."
        assert (booked.order.waiting, booked.order.version, backend.read(ListPendingRefunds())) == ((), 1, ())
        row = request_row(demo_db)
        assert (row["standing"], row["decided_by"], row["decision_note"], row["version"]) == (
            "declined",
            "Theo Lindqvist",
            "It was used.",
            2,
        )
        (event,) = rows(demo_db, "SELECT command, actor, reason, after FROM event WHERE id = ?", booked.event_id)
        assert (event["command"], event["actor"], event["reason"]) == (
            "refund.decline",
            "Theo Lindqvist",
            "It was used.",
        )
        assert json.loads(event["after"])["asked_by"] == "Dana Reyes"
        with pytest.raises(Refused) as refused:
            backend.do(ApproveRefund(REQUEST, version=2))
        assert str(refused.value) == "This refund is already declined."
        waiting = backend.read(GetWaitingRefund(REQUEST))
        assert (waiting.standing, waiting.decided_by, waiting.decision_note) == (
            "declined",
            "Theo Lindqvist",
            "It was used.",
        )
    with desk_on(demo_db, TODAY, AGENT) as backend, pytest.raises(Refused) as refused:
        refund(backend, LARGE)
    assert str(refused.value) == "This refund was already requested and is declined. It was not requested again."

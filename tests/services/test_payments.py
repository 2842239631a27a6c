"""Payments, credits and adjustments on an order, and refunds that were promised and are still to do."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contacts import GetOverview
from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.orders import AddPayment, ApproveRefund, CorrectRefund, GetOrder, ListPendingRefunds, PreviewPayment
from subtui.acts.subscriptions import NoteRefund
from subtui.clock import Clock
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Refused
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.orders import PaymentDraft, PendingRefund
from tests.services.database import subject_of

from .asking import desk_on
from .database import changed_tables, everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    MARIA,
    MONTHLY,
    SUBSCRIPTION,
    TODAY,
    UNPAID,
    WRITTEN,
    add,
    balance_of,
    eur,
    figures,
    money_of,
    refund,
    rows_of,
    set_inactive,
    usd,
)

ADDED = (RowKind.CHARGE, RowKind.CREDIT, RowKind.ADJUSTMENT)
ORDERED_ON = date(2026, 2, 11)
"""The day of the order that has not been paid."""


def form(amount: Money, kind: RowKind = RowKind.CHARGE, intent: str = "a key", **change: Any) -> PaymentDraft:
    """The form of a payment, with a note."""
    return PaymentDraft(kind, intent, amount, **{"note": "Agreed.", **change})


def overpay(path: Path) -> None:
    """María's order is worth 9.00 less than was paid."""
    run(path, f'UPDATE "order" SET total_minor = 4000 WHERE id = {MONTHLY:d}')  # noqa: S608


# --- what is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected", "sentence"),
    [
        (RowKind.CHARGE, ("100.00", "0.00", "0.00", "860.00"), "Payment recorded; 860.00 USD due."),
        (RowKind.CREDIT, ("0.00", "0.00", "100.00", "860.00"), "Credit recorded; 860.00 USD due."),
        (RowKind.ADJUSTMENT, ("0.00", "0.00", "100.00", "860.00"), "Adjustment recorded; 860.00 USD due."),
    ],
)
def test_money_is_added_as_one_row_with_its_entry(
    backend: Backend, demo_db: Path, kind: RowKind, expected: tuple[str, str, str, str], sentence: str
) -> None:
    before = everything(demo_db)
    booked = backend.do(AddPayment(UNPAID, form(usd("100"), kind), version=1), route=f"/orders/{UNPAID}")
    assert changed_tables(before, everything(demo_db)) == {"payment", "order", "event"}
    assert (booked.sentence, booked.letter_id, booked.waiting) == (sentence, None, False)
    assert (figures(booked.order), booked.order.version) == (expected, 2)
    assert money_of(demo_db, UNPAID) == [(kind.value, 10000)]
    assert balance_of(demo_db, UNPAID) == 86000
    assert backend.read(VerifyLog()).broken is None


def test_the_row_and_the_entry_say_who_when_and_why(backend: Backend, demo_db: Path) -> None:
    draft = form(usd("100"), paid_on=ORDERED_ON, method="Cash", note=" At the counter. ", reference=" R-1 ")
    booked = backend.do(AddPayment(UNPAID, draft, version=1), route="/orders")
    (row,) = rows(demo_db, "SELECT * FROM payment WHERE order_id = ?", UNPAID)
    assert (row["paid_on"], row["method"], row["state"]) == ("2026-02-11", "Cash", "approved")
    assert (row["note"], row["gateway_reference"], row["intent"]) == ("At the counter.", "R-1", "a key")
    assert (row["recorded_by"], row["recorded_at"]) == ("Dana Reyes", "2026-03-02 16:30:00.000000")
    assert (row["returns_payment_id"], row["refund_id"]) == (None, None)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["command"], subject_of(event), event["actor"]) == ("order.money", f"order:{UNPAID}", "Dana Reyes")
    assert json.loads(event["before"]) == {"balance": "960.00 USD"}
    after = json.loads(event["after"])
    assert after.pop("payment_id") == row["id"]
    assert after == {"balance": "860.00 USD", "kind": "charge", "amount": "100.00 USD"}


@pytest.mark.parametrize(
    ("kind", "method"), [(RowKind.CHARGE, "Payment"), (RowKind.CREDIT, "Credit"), (RowKind.ADJUSTMENT, "Adjustment")]
)
def test_without_a_day_and_a_method_it_is_of_today_and_named_for_what_it_is(
    backend: Backend, kind: RowKind, method: str
) -> None:
    (row,) = backend.do(AddPayment(UNPAID, form(usd("100"), kind), version=1)).order.rows
    assert (row.kind, row.paid_on, row.method) == (kind, TODAY, method)


def test_money_is_added_step_by_step_until_nothing_is_due(backend: Backend, demo_db: Path) -> None:
    add(backend, UNPAID, RowKind.CHARGE, usd("900"), "1")
    add(backend, UNPAID, RowKind.CREDIT, usd("50.01"), "2")
    booked = add(backend, UNPAID, RowKind.ADJUSTMENT, usd("9.99"), "3")
    assert booked.sentence == "Adjustment recorded; nothing due."
    assert figures(booked.order) == ("900.00", "0.00", "60.00", "0.00")
    assert balance_of(demo_db, UNPAID) == 0
    for kind in ADDED:
        with pytest.raises(Invalid, match="Nothing is due on this order"):
            add(backend, UNPAID, kind, usd("0.01"), "4")


def test_a_balance_in_the_customers_favour_is_adjusted_back(backend: Backend, demo_db: Path) -> None:
    overpay(demo_db)
    assert backend.read(GetOrder(MONTHLY)).owed == usd("-9")
    booked = add(backend, MONTHLY, RowKind.ADJUSTMENT, usd("-9"))
    assert booked.sentence == "Adjustment recorded; nothing due."
    assert balance_of(demo_db) == 0


def test_or_it_is_refunded_and_nothing_is_written_off(backend: Backend, demo_db: Path) -> None:
    overpay(demo_db)
    assert figures(refund(backend, amount=usd("9")).order) == ("49.00", "9.00", "0.00", "0.00")
    assert balance_of(demo_db) == 0


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"amount": usd("0")}, ["amount"]),
        ({"amount": usd("-1")}, ["amount"]),
        ({"amount": usd("960.01")}, ["amount"]),
        ({"amount": eur("1")}, ["amount"]),
        ({"paid_on": date(2026, 3, 3)}, ["paid_on"]),
        ({"paid_on": date(2026, 2, 10)}, ["paid_on"]),
        ({"note": "x" * 501}, ["note"]),
        ({"reference": "x" * 101}, ["reference"]),
        ({"kind": RowKind.ADJUSTMENT, "note": " "}, ["note"]),
        ({"kind": RowKind.REFUND}, ["kind"]),
        ({"kind": RowKind.CHARGEBACK}, ["kind"]),
        ({"kind": RowKind.CREDIT_CORRECTION}, ["kind"]),
        (
            {"amount": usd("961"), "paid_on": date(2026, 3, 3), "reference": "x" * 101},
            ["amount", "paid_on", "reference"],
        ),
    ],
    ids=str,
)
def test_a_form_with_a_mistake_records_nothing_and_names_its_fields(
    backend: Backend, demo_db: Path, change: dict[str, Any], fields: list[str]
) -> None:
    draft = replace(form(usd("100")), **change)
    before = everything(demo_db)
    with pytest.raises(Invalid) as found:
        backend.do(AddPayment(UNPAID, draft, version=1))
    assert [problem.field for problem in found.value.problems] == fields
    if fields != ["kind"]:
        assert backend.read(PreviewPayment(UNPAID, draft)).problems == found.value.problems
    assert everything(demo_db) == before


@pytest.mark.parametrize("kind", [RowKind.CHARGE, RowKind.CREDIT])
def test_nothing_is_added_to_what_is_in_the_customers_favour(backend: Backend, demo_db: Path, kind: RowKind) -> None:
    overpay(demo_db)
    with pytest.raises(Invalid, match=r"^9\.00 USD is in the customer's favour: refund it, or add an adjustment\.$"):
        add(backend, MONTHLY, kind, usd("9"))


def test_the_panel_says_what_it_does_to_the_balance_and_writes_nothing(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    preview = backend.read(PreviewPayment(UNPAID, form(usd("100"))))
    assert everything(demo_db) == before
    assert (preview.problems, preview.amount, preview.needs_approval) == ((), usd("100"), False)
    assert [(line.label, line.text) for line in preview.lines] == [
        ("Payment", "+100.00 USD"),
        ("Balance", "960.00 USD due → 860.00 USD due"),
        ("Sent", "nothing; no card is charged"),
    ]


@pytest.mark.parametrize("order_id", [UNPAID, LARGE])
def test_an_intention_is_recorded_once(backend: Backend, demo_db: Path, order_id: int) -> None:
    add(backend, UNPAID, RowKind.CHARGE, usd("100"), "a key")
    before = everything(demo_db)
    with pytest.raises(Refused) as found:
        add(backend, order_id, RowKind.CHARGE, usd("100"), "a key")
    assert str(found.value) == "This was already recorded. It was not recorded again."
    with pytest.raises(Refused, match="was already recorded"):
        refund(backend, MONTHLY, "a key")
    assert everything(demo_db) == before


def test_a_form_without_a_key_of_its_own_is_refused(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused):
        add(backend, UNPAID, RowKind.CHARGE, usd("100"), "")
    assert everything(demo_db) == before


@pytest.mark.parametrize("version", [1, 3])
def test_an_order_of_another_version_is_refused(backend: Backend, demo_db: Path, version: int) -> None:
    add(backend, UNPAID, RowKind.CHARGE, usd("100"), "1")
    before = everything(demo_db)
    with pytest.raises(Refused) as found:
        backend.do(AddPayment(UNPAID, form(usd("100"), intent="2"), version=version))
    assert str(found.value) == (
        "Another user changed this order after you opened it. Nothing was saved. Open it again."
    )
    assert everything(demo_db) == before
    assert backend.do(AddPayment(UNPAID, form(usd("100"), intent="2"), version=2)).order.version == 3


@pytest.mark.parametrize(
    ("who", "error", "sentence"),
    [
        ("viewer", NotAllowed, "A viewer cannot record a payment: ask an agent, an admin or the owner."),
        ("nobody", NotAllowed, "Sign in first."),
        ("read-only", Refused, "This is read-only mode: nothing can be changed."),
    ],
)
def test_who_may_not_record_a_payment_changes_nothing(
    demo_db: Path, who: str, error: type[Refused], sentence: str
) -> None:
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, "viewer" if who == "viewer" else "agent", read_only=who == "read-only") as backend:
        if who == "nobody":
            backend.sign_out()
        with pytest.raises(error) as found:
            backend.do(AddPayment(UNPAID, form(usd("100")), version=1))
        assert str(found.value) == sentence
    assert everything(demo_db) == before


def test_an_unknown_order_is_not_found(backend: Backend) -> None:
    acts: list[Callable[[], object]] = [
        lambda: backend.read(PreviewPayment(9, form(usd("1")))),
        lambda: backend.do(AddPayment(9, form(usd("1")), version=1)),
    ]
    for act in acts:
        with pytest.raises(NotFound, match=r"^There is no order 9\.$"):
            act()


def test_a_viewer_may_look_at_the_panel(desk_as: Callable[[Role], Backend]) -> None:
    assert desk_as(Role.VIEWER).read(PreviewPayment(UNPAID, form(usd("1")))).problems == ()


# --- refunds that are still to do -------------------------------------------------------------------------------------


def test_what_was_promised_with_a_cancellation_is_to_do_until_it_is_refunded(backend: Backend, demo_db: Path) -> None:
    set_inactive(backend)
    before = everything(demo_db)
    assert backend.do(NoteRefund(SUBSCRIPTION), route=f"/subscriptions/{SUBSCRIPTION}").startswith(
        "Refund noted as pending."
    )
    assert changed_tables(before, everything(demo_db)) == {"refund_task", "event"}
    assert backend.read(ListPendingRefunds()) == (
        PendingRefund("to_do", "cancelled, refund pending", "López, María", TODAY, f"/orders/{MONTHLY}"),
    )
    assert backend.read(GetOverview()).refunds_to_finish == 1
    assert backend.read(ListEvents(limit=1))[0].title == "Refund noted as pending"

    before = everything(demo_db)
    booked = refund(backend, reference="RF-1")
    assert changed_tables(before, everything(demo_db)) == WRITTEN | {"refund_task"}
    assert (backend.read(ListPendingRefunds()), backend.read(GetOverview()).refunds_to_finish) == ((), 0)
    (task,) = rows(demo_db, "SELECT * FROM refund_task")
    (back,) = rows_of(booked.order, RowKind.REFUND)
    assert (task["subscription_id"], task["contact_id"]) == (SUBSCRIPTION, MARIA)
    assert (task["noted_by"], task["done_by"], task["refund_id"]) == ("Dana Reyes", "Dana Reyes", back)
    (event,) = rows(demo_db, "SELECT after FROM event WHERE id = ?", booked.event_id)
    assert json.loads(event["after"])["to_do_done"] == 1
    assert backend.read(VerifyLog()).broken is None


def test_any_order_of_the_subscription_closes_it_and_no_other(backend: Backend) -> None:
    set_inactive(backend)
    backend.do(NoteRefund(SUBSCRIPTION))
    refund(backend, 1671, "another subscription", reference="RF-1")
    assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["to_do"]
    refund(backend, 1600, "an older order", amount=usd("1"), reference="RF-2")
    assert backend.read(ListPendingRefunds()) == ()


def test_what_waits_for_approval_is_still_to_do(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        set_inactive(backend, 1043, end_date=date(2027, 2, 27))
        backend.do(NoteRefund(1043))
        assert refund(backend, LARGE).waiting
        assert sorted(entry.kind for entry in backend.read(ListPendingRefunds())) == ["approval", "to_do"]
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert not backend.do(ApproveRefund(1, version=1)).waiting
        assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["reference"]


def test_a_refund_that_is_corrected_is_still_to_do_again(backend: Backend) -> None:
    set_inactive(backend)
    backend.do(NoteRefund(SUBSCRIPTION))
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["reference"]
    backend.do(CorrectRefund(MONTHLY, back, version=2))
    assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["to_do"]
    refund(backend, intent="b", kind=RefundKind.MANUAL)
    assert backend.read(ListPendingRefunds()) == ()


def test_a_subscription_that_goes_on_has_nothing_to_note(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused) as found:
        backend.do(NoteRefund(SUBSCRIPTION))
    assert str(found.value) == "This subscription has not been cancelled: refund one of its orders instead."
    assert everything(demo_db) == before


@pytest.mark.parametrize("change", [{}, {"status": Status.ACTIVE, "end_date": date(2026, 3, 31)}], ids=str)
def test_it_is_noted_once_at_a_time_also_for_one_that_ends_later(
    backend: Backend, demo_db: Path, change: dict[str, Any]
) -> None:
    set_inactive(backend, **change)
    backend.do(NoteRefund(SUBSCRIPTION))
    before = everything(demo_db)
    with pytest.raises(Refused, match=r"^A refund is already noted as pending\.$"):
        backend.do(NoteRefund(SUBSCRIPTION))
    assert everything(demo_db) == before
    refund(backend, amount=usd("10"), reference="RF-1")
    backend.do(NoteRefund(SUBSCRIPTION))
    assert [entry.kind for entry in backend.read(ListPendingRefunds())] == ["to_do"]


def test_a_viewer_notes_nothing(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    set_inactive(desk_as(Role.AGENT))
    before = everything(demo_db)
    with pytest.raises(NotAllowed, match="A viewer cannot refund an order"):
        desk_as(Role.VIEWER).do(NoteRefund(SUBSCRIPTION))
    assert everything(demo_db) == before


def test_it_is_to_do_since_the_accounts_local_day(demo_db: Path) -> None:
    evening = Clock(datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
    with Backend.open(str(demo_db), clock=evening) as backend:
        backend.sign_in_demo(AGENT)
        set_inactive(backend)
        backend.do(NoteRefund(SUBSCRIPTION))
        assert (backend.today, [entry.since for entry in backend.read(ListPendingRefunds())]) == (TODAY, [TODAY])


def test_what_is_half_done_is_listed_the_oldest_first(demo_db: Path) -> None:
    with desk_on(demo_db, date(2026, 2, 28), AGENT) as backend:
        refund(backend)
    with desk_on(demo_db, date(2026, 3, 1), AGENT) as backend:
        refund(backend, LARGE, "b")
    with desk_on(demo_db, TODAY, AGENT) as backend:
        set_inactive(backend)
        backend.do(NoteRefund(SUBSCRIPTION))
        assert [(entry.kind, entry.since.day) for entry in backend.read(ListPendingRefunds())] == [
            ("reference", 28),
            ("approval", 1),
            ("to_do", 2),
        ]
        assert backend.read(GetOverview()).refunds_to_finish == 3

"""Four eyes: a refund above somebody's limit waits for another person, for this amount on this order as it is."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.clock import Clock
from subtui.domain.books import RowKind
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from subtui.domain.money import Money
from subtui.domain.order_views import Booked, ToDo
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.services.desk import Desk

from .asking import as_typed, desk_on
from .database import changed_tables, everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    LARGE_EUR,
    MONTHLY,
    OTHER_ADMIN,
    OTHER_AGENT,
    OWNER,
    TODAY,
    UNPAID,
    VIEWER,
    WRITTEN,
    add,
    balance_of,
    charge_back,
    draft,
    eur,
    figures,
    money_of,
    payment_of,
    refund,
    rows_of,
    usd,
)

REQUEST = 1


def ask(path: Path, who: str = AGENT, order_id: int = LARGE, **change: Any) -> Booked:
    """Somebody asks for a refund above their limit."""
    with desk_on(path, TODAY, who) as desk:
        booked = refund(desk, order_id, **change)
    assert booked.waiting
    return booked


def request_row(path: Path, request_id: int = REQUEST) -> dict[str, Any]:
    """The refund that waits, as it is stored."""
    (row,) = rows(path, "SELECT * FROM refund_request WHERE id = ?", request_id)
    return row


def set_limits(path: Path, limits: str) -> None:
    """The owner sets the limits of the roles anew."""
    with desk_on(path, TODAY, OWNER) as desk:
        view = desk.account_settings()
        desk.save_account_settings(as_typed(view, limits=limits), version=view.version)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_above_the_limit_nothing_is_returned_yet(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    form = draft(payment_of(desk.order(LARGE)), note=" Late. ", reference=" RF-1 ")
    booked = desk.refund(LARGE, form, version=1, route=f"/orders/{LARGE}/refund")
    after = everything(demo_db)
    assert changed_tables(before, after) == {"refund_request", "event"}
    assert (booked.waiting, booked.letter_id) == (True, None)
    assert booked.sentence == ("300.00 USD is above 200.00 USD: it waits for another person. Nothing was returned yet.")
    assert figures(booked.order) == ("300.00", "0.00", "0.00", "0.00")
    assert booked.order.version == 1
    row = request_row(demo_db)
    assert {name: row[name] for name in ("order_id", "order_version", "kind", "amount_minor", "currency")} == {
        "order_id": LARGE,
        "order_version": 1,
        "kind": "refund",
        "amount_minor": 30000,
        "currency": "USD",
    }
    assert (row["owed_after_minor"], row["order_item_id"], row["intent"]) == (0, None, "a key")
    assert (row["reason_code"], row["note"], row["gateway_reference"]) == ("requested_by_customer", "Late.", "RF-1")
    assert (row["requested_by"], row["requested_by_id"], row["standing"], row["version"]) == (
        "Dana Reyes",
        3,
        "waiting",
        1,
    )
    assert (row["decided_by"], row["decided_at"], row["refund_id"]) == ("", None, None)


def test_the_entry_of_the_log_says_who_asked_for_what(demo_db: Path) -> None:
    booked = ask(demo_db)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["command"], event["actor"], event["role"]) == ("refund.ask", "Dana Reyes", "agent")
    assert event["subject"] == f"order:{LARGE}"
    assert json.loads(event["after"]).items() >= {"refund": "300.00 USD", "order_version": 1}.items()


def test_what_waits_stands_on_the_order_and_in_the_list_of_what_is_half_done(demo_db: Path) -> None:
    booked = ask(demo_db, note="Late.")
    (waiting,) = booked.order.waiting
    assert (waiting.amount, waiting.kind, waiting.reason, waiting.note) == (
        usd("300"),
        RefundKind.REFUND,
        "Requested by customer",
        "Late.",
    )
    assert (waiting.requested_by, waiting.standing, waiting.order_id) == ("Dana Reyes", "waiting", LARGE)
    assert waiting.requested_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        assert desk.to_do() == (
            ToDo(
                "approval",
                "waits for approval, asked by Dana Reyes",
                waiting.contact,
                TODAY,
                f"/orders/{LARGE}",
                usd("300"),
            ),
        )
        assert desk.overview().refunds_to_finish == 1
        assert desk.waiting_refund(REQUEST).why_not_approve == ""


def test_it_waits_since_the_accounts_local_day(demo_db: Path) -> None:
    evening = Clock(datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
    with Desk.open(str(demo_db), clock=evening) as desk:
        desk.sign_in_demo(AGENT)
        refund(desk, LARGE)
        assert (desk.today, [entry.since for entry in desk.to_do()]) == (TODAY, [TODAY])


def test_an_intention_is_asked_for_once(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    for who in (AGENT, ADMIN):
        with desk_on(demo_db, TODAY, who) as desk, pytest.raises(Refused) as found:
            refund(desk, LARGE)
        assert str(found.value) == (
            "This refund has been asked for already, and is waiting. It was not asked for again."
        )
    with desk_on(demo_db, TODAY, AGENT) as desk, pytest.raises(Refused, match="has been asked for already"):
        refund(desk, MONTHLY)
    assert everything(demo_db) == before


def test_what_is_wrong_is_said_before_it_is_asked_for(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    for change in ({"amount": usd("300.01")}, {"reason_code": None}, {"owed_after": usd("301")}):
        with pytest.raises(Invalid):
            refund(desk, LARGE, **change)
    with pytest.raises(Stale):
        desk.refund(LARGE, draft(payment_of(desk.order(LARGE))), version=2)
    assert everything(demo_db) == before


def test_the_panel_says_that_it_would_wait(desk: Desk) -> None:
    form = draft(payment_of(desk.order(LARGE)))
    preview = desk.preview_refund(LARGE, form)
    assert (preview.needs_approval, preview.problems) == (True, ())
    texts = {line.label: line.text for line in preview.lines}
    assert texts["Approval"] == "waits for another person: above 200.00 USD"
    assert texts["Letter"] == "written once it is approved"


# --- the limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "order_id", "amount", "waits"),
    [
        (AGENT, LARGE, usd("200.00"), False),
        (AGENT, LARGE, usd("200.01"), True),
        (OTHER_AGENT, LARGE, usd("300"), True),
        (AGENT, LARGE_EUR, eur("180.00"), False),
        (AGENT, LARGE_EUR, eur("180.01"), True),
        (AGENT, LARGE_EUR, eur("200.00"), True),
        (ADMIN, LARGE, usd("300"), False),
        (ADMIN, LARGE_EUR, eur("450"), False),
        (OWNER, LARGE, usd("300"), False),
    ],
)
def test_the_limit_is_that_of_the_role_in_the_currency_of_the_payment(
    demo_db: Path, who: str, order_id: int, amount: Money, *, waits: bool
) -> None:
    with desk_on(demo_db, TODAY, who) as desk:
        preview = desk.preview_refund(order_id, draft(payment_of(desk.order(order_id)), amount=amount))
        booked = refund(desk, order_id, amount=amount)
    assert (booked.waiting, preview.needs_approval) == (waits, waits)
    assert len(rows(demo_db, "SELECT id FROM refund_request")) == waits
    assert (booked.letter_id is None) is waits


@pytest.mark.parametrize(
    ("limits", "who", "order_id", "amount", "waits"),
    [
        ("", AGENT, LARGE, usd("300"), False),
        ("agent 10.00 USD", AGENT, MONTHLY, usd("10.01"), True),
        ("agent 10.00 USD", AGENT, MONTHLY, usd("10.00"), False),
        ("agent 10.00 EUR", AGENT, MONTHLY, usd("49.00"), False),
        ("agent 0.00 USD", AGENT, MONTHLY, usd("0.01"), True),
        ("admin 100.00 USD", ADMIN, LARGE, usd("100.01"), True),
        ("admin 100.00 USD", AGENT, LARGE, usd("300"), False),
        ("owner 100.00 USD", OWNER, LARGE, usd("300"), True),
    ],
)
def test_the_limits_are_those_of_the_settings(
    demo_db: Path, limits: str, who: str, order_id: int, amount: Money, *, waits: bool
) -> None:
    set_limits(demo_db, limits)
    with desk_on(demo_db, TODAY, who) as desk:
        assert refund(desk, order_id, amount=amount).waiting is waits


def test_a_limit_counts_at_the_moment_of_saving(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        form = draft(payment_of(desk.order(MONTHLY)))
        assert not desk.preview_refund(MONTHLY, form).needs_approval
        set_limits(demo_db, "agent 20.00 USD")
        assert desk.refund(MONTHLY, form, version=1).waiting


def test_a_role_given_or_taken_away_meanwhile_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        run(demo_db, "UPDATE user SET role = 'admin' WHERE id = 3")
        assert not refund(desk, LARGE).waiting
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        run(demo_db, "UPDATE user SET role = 'agent' WHERE id = 2")
        assert refund(desk, LARGE_EUR, "b").waiting


def test_several_refunds_of_one_order_by_one_person_count_together(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        assert not refund(desk, LARGE, "1", amount=usd("150")).waiting
        assert not refund(desk, LARGE, "2", amount=usd("50")).waiting
        assert desk.preview_refund(LARGE, draft(payment_of(desk.order(LARGE)), "3", amount=usd("0.01"))).needs_approval
        assert refund(desk, LARGE, "3", amount=usd("0.01")).waiting
        assert not refund(desk, MONTHLY, "4").waiting
    with desk_on(demo_db, TODAY, OTHER_AGENT) as desk:
        assert not refund(desk, LARGE, "5", amount=usd("50")).waiting
    assert balance_of(demo_db, LARGE) == 0


def test_a_refund_that_two_people_saw_does_not_count_towards_the_limit_of_either(demo_db: Path) -> None:
    ask(demo_db, AGENT, amount=usd("250.00"))
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        desk.approve_refund(REQUEST, version=1)
    set_limits(demo_db, "admin 200.00 USD; agent 200.00 USD")
    for number, who in enumerate((ADMIN, AGENT)):
        with desk_on(demo_db, TODAY, who) as desk:
            assert not refund(desk, LARGE, f"another {number}", amount=usd("20.00")).waiting


def test_a_refund_that_was_corrected_does_not_count_towards_the_limit(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        (back,) = rows_of(refund(desk, LARGE, "1", amount=usd("150")).order, RowKind.REFUND)
        desk.correct_refund(LARGE, back, version=2)
        assert not refund(desk, LARGE, "2", amount=usd("200")).waiting


# --- approving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "error", "sentence"),
    [
        (AGENT, NotAllowed, "An agent cannot approve a refund: ask an admin or the owner."),
        (OTHER_AGENT, NotAllowed, "An agent cannot approve a refund: ask an admin or the owner."),
        (VIEWER, NotAllowed, "A viewer cannot approve a refund: ask an admin or the owner."),
    ],
)
def test_neither_an_agent_nor_a_viewer_decides(demo_db: Path, who: str, error: type[Refused], sentence: str) -> None:
    ask(demo_db)
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, who) as desk:
        with pytest.raises(error) as found:
            desk.approve_refund(REQUEST, version=1)
        assert str(found.value) == sentence
        with pytest.raises(error) as found:
            desk.decline_refund(REQUEST, "No.", version=1)
        assert str(found.value) == sentence
        assert desk.waiting_refund(REQUEST).why_not_approve != ""
    assert everything(demo_db) == before


def test_nobody_decides_without_signing_in_or_in_read_only_mode(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        desk.sign_out()
        with pytest.raises(NotAllowed, match=r"^Sign in first\.$"):
            desk.approve_refund(REQUEST, version=1)
    with desk_on(demo_db, TODAY, ADMIN, read_only=True) as desk:
        with pytest.raises(Refused, match="This is read-only mode"):
            desk.approve_refund(REQUEST, version=1)
        with pytest.raises(Refused, match="This is read-only mode"):
            desk.decline_refund(REQUEST, "No.", version=1)
    assert everything(demo_db) == before


def test_whoever_asked_does_not_approve_and_another_admin_does(demo_db: Path) -> None:
    set_limits(demo_db, "admin 100.00 USD")
    ask(demo_db, ADMIN)
    before = everything(demo_db)
    own = "You asked for this refund yourself: another person has to approve it."
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        assert desk.waiting_refund(REQUEST).why_not_approve == own
        with pytest.raises(Refused) as found:
            desk.approve_refund(REQUEST, version=1)
        assert str(found.value) == own
        with pytest.raises(Refused) as found:
            desk.decline_refund(REQUEST, "Changed my mind.", version=1)
        assert str(found.value) == own
    assert everything(demo_db) == before
    with desk_on(demo_db, TODAY, OTHER_ADMIN) as desk:
        assert figures(desk.approve_refund(REQUEST, version=1).order) == ("300.00", "300.00", "300.00", "0.00")


def test_an_agent_who_became_an_admin_does_not_approve_what_they_asked_for(demo_db: Path) -> None:
    ask(demo_db)
    run(demo_db, "UPDATE user SET role = 'admin' WHERE id = 3")
    with desk_on(demo_db, TODAY, AGENT) as desk, pytest.raises(Refused, match="You asked for this refund yourself"):
        desk.approve_refund(REQUEST, version=1)


@pytest.mark.parametrize("who", [ADMIN, OTHER_ADMIN, OWNER])
def test_an_approval_records_the_refund_that_was_asked_for(demo_db: Path, who: str) -> None:
    ask(demo_db, amount=usd("250"), owed_after=usd("50"), note="Late.", reference="RF-1")
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, who) as desk:
        assert desk.person is not None
        name = desk.person.name
        booked = desk.approve_refund(REQUEST, version=1, route=f"/orders/{LARGE}")
        assert (desk.to_do(), desk.overview().refunds_to_finish) == ((), 0)
        assert desk.verify_log().broken is None
        assert booked.letter_id is not None
        letter = desk.letter(booked.letter_id).body
    assert changed_tables(before, everything(demo_db)) == WRITTEN | {"refund_request"}
    assert not booked.waiting
    assert booked.sentence.startswith("Recorded, not sent: 250.00 USD back to ")
    assert figures(booked.order) == ("300.00", "250.00", "200.00", "50.00")
    assert (booked.order.waiting, booked.order.version) == ((), 2)
    assert money_of(demo_db, LARGE) == [("charge", 30000), ("refund", -25000), ("credit", 20000)]
    (back,) = rows(demo_db, "SELECT * FROM payment WHERE intent = 'a key'")
    assert (back["recorded_by"], back["note"], back["gateway_reference"]) == (name, "Late.", "RF-1")
    row = request_row(demo_db)
    assert (row["standing"], row["decided_by"], row["refund_id"], row["version"]) == ("approved", name, back["id"], 2)
    assert "the refund was recorded, not sent" in letter
    assert name in letter


def test_the_log_of_an_approval_names_both(demo_db: Path) -> None:
    ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        booked = desk.approve_refund(REQUEST, version=1)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["command"], event["actor"], event["role"]) == ("refund.approve", "Theo Lindqvist", "admin")
    assert json.loads(event["after"])["asked_by"] == "Dana Reyes"
    assert [entry["command"] for entry in rows(demo_db, "SELECT command FROM event ORDER BY id DESC LIMIT 2")] == [
        "refund.approve",
        "refund.ask",
    ]


def test_an_approval_is_given_once(demo_db: Path) -> None:
    ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        desk.approve_refund(REQUEST, version=1)
        before = everything(demo_db)
        with pytest.raises(Refused, match="This refund was changed after you opened it"):
            desk.approve_refund(REQUEST, version=1)
        with pytest.raises(Refused) as found:
            desk.approve_refund(REQUEST, version=2)
        assert str(found.value) == "This refund is approved already."
        with pytest.raises(Refused, match="This refund is approved already"):
            desk.decline_refund(REQUEST, "No.", version=2)
    with desk_on(demo_db, TODAY, AGENT) as desk, pytest.raises(Refused) as found:
        refund(desk, LARGE)
    assert str(found.value) == "This refund has been recorded already, by Theo Lindqvist. It was not done again."
    assert everything(demo_db) == before


def test_a_void_is_approved_on_the_day_of_its_payment_only(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        add(desk, UNPAID, RowKind.CHARGE, usd("960"))
        assert refund(desk, UNPAID, kind=RefundKind.VOID, owed_after=usd("960")).waiting
    with desk_on(demo_db, date(2026, 3, 3), ADMIN) as desk:
        booked = desk.approve_refund(REQUEST, version=1)
        assert booked.sentence == (
            "Not done: A void is possible on the day of the payment only, 2 Mar 2026. "
            "Ask for the refund again on the order as it is now."
        )
        assert desk.to_do() == ()
    assert money_of(demo_db, UNPAID) == [("charge", 96000)]


# --- dying ------------------------------------------------------------------------------------------------------------


def test_it_dies_when_the_order_has_changed_since(demo_db: Path) -> None:
    ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        refund(desk, LARGE, "another key", amount=usd("10"))
        before = everything(demo_db)
        booked = desk.approve_refund(REQUEST, version=1, route=f"/orders/{LARGE}")
        assert changed_tables(before, everything(demo_db)) == {"refund_request", "event"}
        assert booked.waiting
        assert booked.sentence == (
            "Not done: the order has changed since it was asked for. "
            "Ask for the refund again on the order as it is now."
        )
        assert figures(booked.order) == ("300.00", "10.00", "10.00", "0.00")
        assert booked.order.waiting == ()
        assert [entry.kind for entry in desk.to_do()] == ["reference"]
        row = request_row(demo_db)
        assert (row["standing"], row["decision_note"], row["refund_id"], row["version"]) == (
            "died",
            "the order has changed since it was asked for",
            None,
            2,
        )
        (event,) = rows(demo_db, "SELECT command, after FROM event WHERE id = ?", booked.event_id)
        assert event["command"] == "refund.drop"
        assert json.loads(event["after"]) == {"standing": "died", "asked_by": "Dana Reyes"}
        with pytest.raises(Refused) as found:
            desk.approve_refund(REQUEST, version=2)
        assert str(found.value) == "This refund has lapsed: its order changed after it was asked for."
        assert desk.verify_log().broken is None
    with desk_on(demo_db, TODAY, AGENT) as desk:
        assert refund(desk, LARGE, "asked again").waiting


def test_it_dies_with_a_payment_a_reference_or_a_correction_on_the_order_too(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as desk:
        (back,) = rows_of(refund(desk, LARGE, "1", amount=usd("50"), owed_after=usd("50")).order, RowKind.REFUND)
    changes: list[Callable[[Desk], object]] = [
        lambda desk: add(desk, LARGE, RowKind.CHARGE, usd("10")),
        lambda desk: desk.set_reference(LARGE, back, "RF-1", version=desk.order(LARGE).version),
        lambda desk: desk.correct_refund(LARGE, back, version=desk.order(LARGE).version),
    ]
    payment = min(row["id"] for row in rows(demo_db, "SELECT id FROM payment WHERE order_id = ?", LARGE))
    for number, change in enumerate(changes, start=1):
        with desk_on(demo_db, TODAY, AGENT) as desk:
            form = draft(payment, f"ask {number}", amount=usd("240"))
            assert desk.refund(LARGE, form, version=desk.order(LARGE).version).waiting
        with desk_on(demo_db, TODAY, ADMIN) as desk:
            change(desk)
            assert desk.approve_refund(number, version=1).sentence.startswith("Not done: the order has changed")
    assert [row["standing"] for row in rows(demo_db, "SELECT standing FROM refund_request")] == ["died"] * 3


def test_of_two_that_wait_on_one_order_the_approval_of_one_ends_the_other(demo_db: Path) -> None:
    ask(demo_db, intent="one", amount=usd("250"))
    ask(demo_db, OTHER_AGENT, intent="two", amount=usd("260"))
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        assert len(desk.order(LARGE).waiting) == 2
        assert not desk.approve_refund(2, version=1).waiting
        assert desk.approve_refund(1, version=1).waiting
    assert [row["standing"] for row in rows(demo_db, "SELECT standing FROM refund_request ORDER BY id")] == [
        "died",
        "approved",
    ]
    assert money_of(demo_db, LARGE) == [("charge", 30000), ("refund", -26000), ("credit", 26000)]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (-30000, "Not done: This payment was charged back: the bank has returned it already."),
        (-10000, "Not done: At most 200.00 USD is left to return of this payment."),
    ],
)
def test_it_dies_when_the_amount_is_no_longer_left(demo_db: Path, amount: int, sentence: str) -> None:
    booked = ask(demo_db)
    charge_back(demo_db, LARGE, payment_of(booked.order), amount)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        assert desk.approve_refund(REQUEST, version=1).sentence == (
            f"{sentence} Ask for the refund again on the order as it is now."
        )
        assert desk.to_do() == ()
    assert request_row(demo_db)["standing"] == "died"
    assert [kind for kind, _ in money_of(demo_db, LARGE)] == ["charge", "chargeback"]


def test_it_dies_when_its_reason_is_no_longer_on_the_list(demo_db: Path) -> None:
    ask(demo_db)
    run(demo_db, "UPDATE account SET refund_reasons = '[]'")
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        assert desk.approve_refund(REQUEST, version=1).waiting
    assert request_row(demo_db)["standing"] == "died"


# --- declining --------------------------------------------------------------------------------------------------------


def test_it_is_declined_with_a_reason_and_returns_nothing(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as desk:
        for note in ("", " \n"):
            with pytest.raises(Invalid) as found:
                desk.decline_refund(REQUEST, note, version=1)
            assert [(problem.field, problem.sentence) for problem in found.value.problems] == [
                ("text", "Say why it is not approved.")
            ]
        assert everything(demo_db) == before
        booked = desk.decline_refund(REQUEST, " It was used. ", version=1, route=f"/orders/{LARGE}")
        assert changed_tables(before, everything(demo_db)) == {"refund_request", "event"}
        assert booked.sentence == "Not approved. Nothing was returned."
        assert (booked.order.waiting, booked.order.version, desk.to_do()) == ((), 1, ())
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
            desk.approve_refund(REQUEST, version=2)
        assert str(refused.value) == "This refund is declined already."
        waiting = desk.waiting_refund(REQUEST)
        assert (waiting.standing, waiting.decided_by, waiting.decision_note) == (
            "declined",
            "Theo Lindqvist",
            "It was used.",
        )
    with desk_on(demo_db, TODAY, AGENT) as desk, pytest.raises(Refused) as refused:
        refund(desk, LARGE)
    assert str(refused.value) == "This refund has been asked for already, and is declined. It was not asked for again."


@pytest.mark.parametrize("version", [0, 2])
def test_a_decision_on_another_version_is_refused(demo_db: Path, version: int) -> None:
    ask(demo_db)
    before = everything(demo_db)
    acts: list[Callable[[Desk], object]] = [
        lambda desk: desk.approve_refund(REQUEST, version=version),
        lambda desk: desk.decline_refund(REQUEST, "No.", version=version),
    ]
    for act in acts:
        with desk_on(demo_db, TODAY, ADMIN) as desk, pytest.raises(Refused) as found:
            act(desk)
        assert str(found.value) == "This refund was changed after you opened it. Nothing was saved: open it again."
    assert everything(demo_db) == before


def test_a_refund_that_nobody_asked_for_is_not_found(desk_as: Callable[[Role], Desk]) -> None:
    admin = desk_as(Role.ADMIN)
    acts: list[Callable[[], object]] = [
        lambda: admin.waiting_refund(9),
        lambda: admin.approve_refund(9, version=1),
        lambda: admin.decline_refund(9, "No.", version=1),
    ]
    for act in acts:
        with pytest.raises(NotFound, match=r"^There is no refund 9 that waits for approval\.$"):
            act()

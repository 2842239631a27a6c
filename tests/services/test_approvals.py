"""Four eyes: a refund above somebody's limit waits for another person, for this amount on this order as it is."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from subtui.acts.contacts import GetOverview
from subtui.acts.log import GetLetter, VerifyLog
from subtui.acts.orders import (
    ApproveRefund,
    DeclineRefund,
    GetOrder,
    GetWaitingRefund,
    ListPendingRefunds,
    PreviewRefund,
    RecordRefund,
)
from subtui.clock import Clock
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from subtui.domain.ledger import RowKind
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.services.backend import Backend
from subtui.views.orders import PendingRefund
from tests.services.database import subject_of

from .approving import REQUEST, ask, request_row, set_limits
from .asking import desk_on
from .database import changed_tables, everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    MONTHLY,
    OTHER_ADMIN,
    OTHER_AGENT,
    OWNER,
    TODAY,
    UNPAID,
    VIEWER,
    WRITTEN,
    add,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    usd,
)

# --- asking -----------------------------------------------------------------------------------------------------------


def test_above_the_limit_nothing_is_returned_yet(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    form = draft(payment_of(backend.read(GetOrder(LARGE))), note=" Late. ", reference=" RF-1 ")
    booked = backend.do(RecordRefund(LARGE, form, version=1), route=f"/orders/{LARGE}/refund")
    after = everything(demo_db)
    assert changed_tables(before, after) == {"refund_request", "event"}
    assert (booked.waiting, booked.letter_id) == (True, None)
    assert booked.sentence == (
        "300.00 USD is above 200.00 USD, so another user has to approve it. Nothing has been refunded yet."
    )
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
    assert subject_of(event) == f"order:{LARGE}"
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
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert backend.read(ListPendingRefunds()) == (
            PendingRefund(
                "approval",
                "awaiting approval, requested by Dana Reyes",
                waiting.contact,
                TODAY,
                f"/orders/{LARGE}",
                usd("300"),
            ),
        )
        assert backend.read(GetOverview()).refunds_to_finish == 1
        assert backend.read(GetWaitingRefund(REQUEST)).why_not_approve == ""


def test_it_waits_since_the_accounts_local_day(demo_db: Path) -> None:
    evening = Clock(datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
    with Backend.open(str(demo_db), clock=evening) as backend:
        backend.sign_in_demo(AGENT)
        refund(backend, LARGE)
        assert (backend.today, [entry.since for entry in backend.read(ListPendingRefunds())]) == (TODAY, [TODAY])


def test_an_intention_is_asked_for_once(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    for who in (AGENT, ADMIN):
        with desk_on(demo_db, TODAY, who) as backend, pytest.raises(Refused) as found:
            refund(backend, LARGE)
        assert str(found.value) == ("This refund was already requested and is waiting. It was not requested again.")
    with desk_on(demo_db, TODAY, AGENT) as backend, pytest.raises(Refused, match="was already requested"):
        refund(backend, MONTHLY)
    assert everything(demo_db) == before


def test_what_is_wrong_is_said_before_it_is_asked_for(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    for change in ({"amount": usd("300.01")}, {"reason_code": None}, {"owed_after": usd("301")}):
        with pytest.raises(Invalid):
            refund(backend, LARGE, **change)
    with pytest.raises(Stale):
        backend.do(RecordRefund(LARGE, draft(payment_of(backend.read(GetOrder(LARGE)))), version=2))
    assert everything(demo_db) == before


def test_the_panel_says_that_it_would_wait(backend: Backend) -> None:
    form = draft(payment_of(backend.read(GetOrder(LARGE))))
    preview = backend.read(PreviewRefund(LARGE, form))
    assert (preview.needs_approval, preview.problems) == (True, ())
    texts = {line.label: line.text for line in preview.lines}
    assert texts["Approval"] == "needed from another user (above 200.00 USD)"
    assert texts["Letter"] == "written after approval"


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
    with desk_on(demo_db, TODAY, who) as backend:
        with pytest.raises(error) as found:
            backend.do(ApproveRefund(REQUEST, version=1))
        assert str(found.value) == sentence
        with pytest.raises(error) as found:
            backend.do(DeclineRefund(REQUEST, "No.", version=1))
        assert str(found.value) == sentence
        assert backend.read(GetWaitingRefund(REQUEST)).why_not_approve != ""
    assert everything(demo_db) == before


def test_nobody_decides_without_signing_in_or_in_read_only_mode(demo_db: Path) -> None:
    ask(demo_db)
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        backend.sign_out()
        with pytest.raises(NotAllowed, match=r"^Sign in first\.$"):
            backend.do(ApproveRefund(REQUEST, version=1))
    with desk_on(demo_db, TODAY, ADMIN, read_only=True) as backend:
        with pytest.raises(Refused, match="This is read-only mode"):
            backend.do(ApproveRefund(REQUEST, version=1))
        with pytest.raises(Refused, match="This is read-only mode"):
            backend.do(DeclineRefund(REQUEST, "No.", version=1))
    assert everything(demo_db) == before


def test_whoever_asked_does_not_approve_and_another_admin_does(demo_db: Path) -> None:
    set_limits(demo_db, "admin 100.00 USD")
    ask(demo_db, ADMIN)
    before = everything(demo_db)
    own = "You requested this refund yourself, so another user has to approve it."
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        assert backend.read(GetWaitingRefund(REQUEST)).why_not_approve == own
        with pytest.raises(Refused) as found:
            backend.do(ApproveRefund(REQUEST, version=1))
        assert str(found.value) == own
        with pytest.raises(Refused) as found:
            backend.do(DeclineRefund(REQUEST, "Changed my mind.", version=1))
        assert str(found.value) == own
    assert everything(demo_db) == before
    with desk_on(demo_db, TODAY, OTHER_ADMIN) as backend:
        assert figures(backend.do(ApproveRefund(REQUEST, version=1)).order) == ("300.00", "300.00", "300.00", "0.00")


def test_an_agent_who_became_an_admin_does_not_approve_what_they_asked_for(demo_db: Path) -> None:
    ask(demo_db)
    run(demo_db, "UPDATE user SET role = 'admin' WHERE id = 3")
    with desk_on(demo_db, TODAY, AGENT) as backend, pytest.raises(Refused, match="You requested this refund yourself"):
        backend.do(ApproveRefund(REQUEST, version=1))


@pytest.mark.parametrize("who", [ADMIN, OTHER_ADMIN, OWNER])
def test_an_approval_records_the_refund_that_was_asked_for(demo_db: Path, who: str) -> None:
    ask(demo_db, amount=usd("250"), owed_after=usd("50"), note="Late.", reference="RF-1")
    before = everything(demo_db)
    with desk_on(demo_db, TODAY, who) as backend:
        assert backend.person is not None
        name = backend.person.name
        booked = backend.do(ApproveRefund(REQUEST, version=1), route=f"/orders/{LARGE}")
        assert (backend.read(ListPendingRefunds()), backend.read(GetOverview()).refunds_to_finish) == ((), 0)
        assert backend.read(VerifyLog()).broken is None
        assert booked.letter_id is not None
        letter = backend.read(GetLetter(booked.letter_id)).body
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
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        booked = backend.do(ApproveRefund(REQUEST, version=1))
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", booked.event_id)
    assert (event["command"], event["actor"], event["role"]) == ("refund.approve", "Theo Lindqvist", "admin")
    assert json.loads(event["after"])["asked_by"] == "Dana Reyes"
    assert [entry["command"] for entry in rows(demo_db, "SELECT command FROM event ORDER BY id DESC LIMIT 2")] == [
        "refund.approve",
        "refund.ask",
    ]


def test_an_approval_is_given_once(demo_db: Path) -> None:
    ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        backend.do(ApproveRefund(REQUEST, version=1))
        before = everything(demo_db)
        with pytest.raises(Refused, match="This refund was changed after you opened it"):
            backend.do(ApproveRefund(REQUEST, version=1))
        with pytest.raises(Refused) as found:
            backend.do(ApproveRefund(REQUEST, version=2))
        assert str(found.value) == "This refund is already approved."
        with pytest.raises(Refused, match="This refund is already approved"):
            backend.do(DeclineRefund(REQUEST, "No.", version=2))
    with desk_on(demo_db, TODAY, AGENT) as backend, pytest.raises(Refused) as found:
        refund(backend, LARGE)
    assert str(found.value) == "This refund was already recorded by Theo Lindqvist. It was not recorded again."
    assert everything(demo_db) == before


def test_a_void_is_approved_on_the_day_of_its_payment_only(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        add(backend, UNPAID, RowKind.CHARGE, usd("960"))
        assert refund(backend, UNPAID, kind=RefundKind.VOID, owed_after=usd("960")).waiting
    with desk_on(demo_db, date(2026, 3, 3), ADMIN) as backend:
        booked = backend.do(ApproveRefund(REQUEST, version=1))
        assert booked.sentence == (
            "Not recorded: A payment can only be voided on its own day (2 Mar 2026). Refund it instead. "
            "Request the refund again."
        )
        assert backend.read(ListPendingRefunds()) == ()
    assert money_of(demo_db, UNPAID) == [("charge", 96000)]


@pytest.mark.parametrize("version", [0, 2])
def test_a_decision_on_another_version_is_refused(demo_db: Path, version: int) -> None:
    ask(demo_db)
    before = everything(demo_db)
    acts: list[Callable[[Backend], object]] = [
        lambda backend: backend.do(ApproveRefund(REQUEST, version=version)),
        lambda backend: backend.do(DeclineRefund(REQUEST, "No.", version=version)),
    ]
    for act in acts:
        with desk_on(demo_db, TODAY, ADMIN) as backend, pytest.raises(Refused) as found:
            act(backend)
        assert str(found.value) == "This refund was changed after you opened it. Nothing was saved. Open it again."
    assert everything(demo_db) == before


def test_a_refund_that_nobody_asked_for_is_not_found(desk_as: Callable[[Role], Backend]) -> None:
    admin = desk_as(Role.ADMIN)
    acts: list[Callable[[], object]] = [
        lambda: admin.read(GetWaitingRefund(9)),
        lambda: admin.do(ApproveRefund(9, version=1)),
        lambda: admin.do(DeclineRefund(9, "No.", version=1)),
    ]
    for act in acts:
        with pytest.raises(NotFound, match=r"^There is no refund 9 awaiting approval\.$"):
            act()

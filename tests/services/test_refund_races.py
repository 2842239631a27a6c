"""A refund is recorded whole and once: however many press Enter at the same moment, and wherever it fails."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from subtui.acts.log import VerifyLog
from subtui.acts.orders import (
    AddPayment,
    ApproveRefund,
    CorrectRefund,
    DeclineRefund,
    GetOrder,
    RecordRefund,
    SetReference,
)
from subtui.acts.subscriptions import NoteRefund
from subtui.clock import Clock
from subtui.domain.errors import Refused, Stale
from subtui.domain.ledger import RowKind
from subtui.services import approvals, order_queries, payments, refunds
from subtui.services.backend import Backend
from subtui.storage import audit_log
from subtui.storage.tables import Payment
from subtui.views.orders import PaymentDraft, RefundResult

from .asking import desk_on
from .database import everything, rows
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    MONTHLY,
    OTHER_ADMIN,
    OTHER_AGENT,
    OWNER,
    PAYMENT,
    SUBSCRIPTION,
    TODAY,
    TWO_LINES,
    UNPAID,
    balance_of,
    draft,
    money_of,
    refund,
    set_inactive,
    usd,
)

LARGE_PAYMENT, TWO_LINES_PAYMENT = 40475, 40328
UTF8 = {**os.environ, "PYTHONIOENCODING": "utf-8"}
RECORDED = "This refund was already recorded by {}. It was not recorded again."


def together(path: Path, *acts: tuple[str, Callable[[Backend], Any]]) -> list[Any]:
    """What each act answered, all of them done at the same moment, each in a thread with a backend of its own."""
    barrier = Barrier(len(acts), timeout=60)

    def work(who: str, act: Callable[[Backend], Any]) -> Any:
        with Backend.open(str(path), clock=Clock(TODAY)) as backend:
            backend.sign_in_demo(who)
            backend.read(GetOrder(MONTHLY))
            barrier.wait()
            try:
                return act(backend)
            except Refused as error:
                return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result() for done in [threads.submit(work, *one) for one in acts]]


def one_of(answers: list[Any]) -> tuple[RefundResult, list[Refused]]:
    """The one act that was done, and the refusals of all others."""
    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    (done,) = [answer for answer in answers if not isinstance(answer, Refused)]
    assert isinstance(done, RefundResult)
    return done, refusals


def check_one_refund(path: Path, order_id: int = MONTHLY, amount: int = 4900) -> None:
    """There is one refund with its credit, one letter and one entry, and the money adds up."""
    assert money_of(path, order_id) == [("charge", amount), ("refund", -amount), ("credit", amount)]
    assert balance_of(path, order_id) == 0
    counts = {
        "letter": "SELECT count(*) AS found FROM letter WHERE order_id = ?",
        "event": "SELECT count(*) AS found FROM event WHERE subject_type = 'order' AND subject_id = ?"
        " AND command IN ('order.refund', 'refund.approve')",
        "order": 'SELECT version - 1 AS found FROM "order" WHERE id = ?',
    }
    assert {name: rows(path, query, order_id)[0]["found"] for name, query in counts.items()} == dict.fromkeys(counts, 1)
    (lines,) = rows(
        path,
        "SELECT sum(l.amount_minor) AS sum FROM refund_line l JOIN payment p ON p.id = l.payment_id"
        " WHERE p.order_id = ?",
        order_id,
    )
    assert lines["sum"] == amount
    with Backend.open(str(path)) as backend:
        assert backend.read(VerifyLog()).broken is None


# --- at the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who",
    [(AGENT, AGENT), (AGENT, ADMIN), (AGENT, OTHER_AGENT, ADMIN, OWNER)],
    ids=["one person", "two people", "four people"],
)
def test_one_intention_sent_twice_at_the_same_moment_is_recorded_once(demo_db: Path, who: tuple[str, ...]) -> None:
    answers = together(
        demo_db, *((one, lambda backend: backend.do(RecordRefund(MONTHLY, draft(), version=1))) for one in who)
    )
    done, refusals = one_of(answers)
    by = done.order.rows[1].recorded_by
    assert [str(refusal) for refusal in refusals] == [RECORDED.format(by)] * (len(who) - 1)
    check_one_refund(demo_db)


def test_of_two_refunds_on_one_version_one_is_recorded_and_the_other_sees_both_versions(demo_db: Path) -> None:
    seen = (usd("49"), usd("0"))
    answers = together(
        demo_db,
        *(
            (who, lambda backend, who=who: backend.do(RecordRefund(MONTHLY, draft(intent=who), version=1, seen=seen)))
            for who in (AGENT, ADMIN)
        ),
    )
    done, (refusal,) = one_of(answers)
    assert isinstance(refusal, Stale)
    by = done.order.rows[1].recorded_by
    assert str(refusal) == f"{by} changed this order after you opened it. Nothing was saved."
    assert [(each.label, each.mine, each.theirs) for each in refusal.differences] == [
        ("Left to refund", "49.00 USD", "0.00 USD")
    ]
    check_one_refund(demo_db)


def test_refunds_of_two_orders_do_not_stand_in_each_others_way(demo_db: Path) -> None:
    orders = ((MONTHLY, PAYMENT), (TWO_LINES, TWO_LINES_PAYMENT))
    answers = together(
        demo_db,
        *(
            (
                AGENT,
                lambda backend, order=order, paid=paid: backend.do(
                    RecordRefund(order, draft(paid, f"{order}"), version=1)
                ),
            )
            for order, paid in orders
        ),
    )
    assert [type(answer) for answer in answers] == [RefundResult, RefundResult]
    check_one_refund(demo_db)
    check_one_refund(demo_db, TWO_LINES, 5650)


def test_one_intention_on_two_orders_at_the_same_moment_is_recorded_once(demo_db: Path) -> None:
    answers = together(
        demo_db,
        (AGENT, lambda backend: backend.do(RecordRefund(MONTHLY, draft(), version=1))),
        (AGENT, lambda backend: backend.do(RecordRefund(TWO_LINES, draft(TWO_LINES_PAYMENT), version=1))),
    )
    _, refusals = one_of(answers)
    assert [str(refusal) for refusal in refusals] == [RECORDED.format("Dana Reyes")]
    assert len(rows(demo_db, "SELECT id FROM payment WHERE intent = 'a key'")) == 1


def test_one_intention_above_the_limit_is_asked_for_once(demo_db: Path) -> None:
    form = draft(LARGE_PAYMENT)
    answers = together(demo_db, *[(AGENT, lambda backend: backend.do(RecordRefund(LARGE, form, version=1)))] * 2)
    done, (refusal,) = one_of(answers)
    assert done.waiting
    assert str(refusal).startswith("This refund was already requested")
    assert len(rows(demo_db, "SELECT id FROM refund_request")) == 1
    assert money_of(demo_db, LARGE) == [("charge", 30000)]


def test_of_two_approvals_at_the_same_moment_one_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert refund(backend, LARGE).waiting
    answers = together(
        demo_db,
        *((who, lambda backend: backend.do(ApproveRefund(1, version=1))) for who in (ADMIN, OTHER_ADMIN, OWNER)),
    )
    _, refusals = one_of(answers)
    assert {str(refusal) for refusal in refusals} == {
        "This refund was changed after you opened it. Nothing was saved. Open it again."
    }
    check_one_refund(demo_db, LARGE, 30000)


def test_an_approval_and_a_refusal_at_the_same_moment_one_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert refund(backend, LARGE).waiting
    answers = together(
        demo_db,
        (ADMIN, lambda backend: backend.do(ApproveRefund(1, version=1))),
        (OWNER, lambda backend: backend.do(DeclineRefund(1, "It was used.", version=1))),
    )
    one_of(answers)
    (row,) = rows(demo_db, "SELECT standing, version FROM refund_request")
    assert row["version"] == 2
    if row["standing"] == "approved":
        check_one_refund(demo_db, LARGE, 30000)
    else:
        assert (row["standing"], money_of(demo_db, LARGE)) == ("declined", [("charge", 30000)])


def test_an_approval_and_another_refund_of_the_order_never_return_more_than_was_paid(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert refund(backend, LARGE).waiting
    together(
        demo_db,
        (ADMIN, lambda backend: backend.do(ApproveRefund(1, version=1))),
        (OWNER, lambda backend: backend.do(RecordRefund(LARGE, draft(LARGE_PAYMENT, "another key"), version=1))),
    )
    check_one_refund(demo_db, LARGE, 30000)
    (row,) = rows(demo_db, "SELECT standing FROM refund_request")
    assert row["standing"] in ("approved", "died")


def test_a_refund_is_corrected_once_at_the_same_moment(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        back = refund(backend).order.rows[1].id
    answers = together(
        demo_db, *((who, lambda backend: backend.do(CorrectRefund(MONTHLY, back, version=2))) for who in (AGENT, ADMIN))
    )
    _, (refusal,) = one_of(answers)
    assert "Another user changed this order after you opened it" in str(refusal)
    assert [kind for kind, _ in money_of(demo_db)][3:] == ["refund_correction", "credit_correction"]
    assert balance_of(demo_db) == 0


@pytest.mark.parametrize("intents", [("a key", "a key"), ("one", "other")], ids=["one intention", "two intentions"])
def test_money_added_twice_at_the_same_moment_is_recorded_once(demo_db: Path, intents: tuple[str, str]) -> None:
    answers = together(
        demo_db,
        *(
            (
                AGENT,
                lambda backend, intent=intent: backend.do(
                    AddPayment(UNPAID, PaymentDraft(RowKind.CHARGE, intent, usd("960")), version=1)
                ),
            )
            for intent in intents
        ),
    )
    one_of(answers)
    assert money_of(demo_db, UNPAID) == [("charge", 96000)]
    assert balance_of(demo_db, UNPAID) == 0


def test_a_refund_still_to_do_is_noted_once_at_the_same_moment(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        set_inactive(backend)
    answers = together(
        demo_db, *((who, lambda backend: backend.do(NoteRefund(SUBSCRIPTION))) for who in (AGENT, ADMIN))
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert len(rows(demo_db, "SELECT id FROM refund_task")) == 1


# --- two processes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intents", "refusals"),
    [
        (
            ("a key", "a key"),
            {RECORDED.format("Dana Reyes"), RECORDED.format("Theo Lindqvist")},
        ),
        (
            ("one key", "another key"),
            {
                "Dana Reyes changed this order after you opened it. Nothing was saved.",
                "Theo Lindqvist changed this order after you opened it. Nothing was saved.",
            },
        ),
    ],
    ids=["one intention", "two intentions"],
)
def test_two_processes_that_refund_at_the_same_moment_record_one_refund(
    demo_db: Path, intents: tuple[str, str], refusals: set[str]
) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.refund_worker", str(demo_db), who, str(MONTHLY), intent],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=UTF8,
            cwd=Path(__file__).parents[2],
        )
        for who, intent in zip((AGENT, ADMIN), intents, strict=True)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = sorted(worker.communicate(timeout=60)[0].strip() for worker in workers)
    assert [worker.returncode for worker in workers] == [0, 0]
    done, refused = said
    assert done == "done: Recorded, not sent: 49.00 USD back to López, María; nothing due."
    assert refused.removeprefix("refused: ") in refusals
    check_one_refund(demo_db)


# --- whatever fails in the middle -------------------------------------------------------------------------------------


class PowerCut(Exception):
    """What nothing in the program expects."""


def cut(*_: Any, **__: Any) -> Any:
    raise PowerCut


def waits(_backend: Backend, db: Path) -> None:
    """An agent has asked for a refund above the limit."""
    with desk_on(db, TODAY, AGENT) as agent:
        assert refund(agent, LARGE).waiting


def was_refunded(backend: Backend, _db: Path) -> None:
    """María's order was refunded, in part, and its subscription ended with a refund still to do."""
    refund(backend, intent="before", amount=usd("10"))
    set_inactive(backend)
    backend.do(NoteRefund(SUBSCRIPTION))


def correct(backend: Backend) -> None:
    order = backend.read(GetOrder(MONTHLY))
    backend.do(CorrectRefund(MONTHLY, order.rows[1].id, version=order.version))


def note_reference(backend: Backend) -> None:
    order = backend.read(GetOrder(MONTHLY))
    backend.do(SetReference(MONTHLY, order.rows[1].id, "RF-1", version=order.version))


def died(backend: Backend, db: Path) -> None:
    """The order has changed since the refund was asked for."""
    waits(backend, db)
    refund(backend, LARGE, "another key", amount=usd("1"))


ACTS: dict[str, tuple[Callable[[Backend, Path], object] | None, Callable[[Backend], object]]] = {
    "refund": (was_refunded, refund),
    "ask": (None, lambda backend: refund(backend, LARGE)),
    "approve": (waits, lambda backend: backend.do(ApproveRefund(1, version=1))),
    "drop": (died, lambda backend: backend.do(ApproveRefund(1, version=1))),
    "decline": (waits, lambda backend: backend.do(DeclineRefund(1, "It was used.", version=1))),
    "correct": (was_refunded, correct),
    "reference": (was_refunded, note_reference),
    "money": (
        None,
        lambda backend: backend.do(AddPayment(UNPAID, PaymentDraft(RowKind.CHARGE, "a key", usd("1")), version=1)),
    ),
    "to do": (lambda backend, _db: set_inactive(backend), lambda backend: backend.do(NoteRefund(SUBSCRIPTION))),
}
WHO = {"ask": AGENT}
BOOKS = ("refund", "approve")
ON_THE_ORDER = ("correct", "reference", "money")

FAILURES = [
    *((act, (audit_log, "append"), "before the log") for act in ACTS),
    *((act, (audit_log, "entry_hash"), "while the log is sealed") for act in ACTS),
    *((act, (order_queries, "record"), "after everything is written") for act in ACTS if act != "to do"),
    *((act, (refunds, "bump"), "before the first row") for act in BOOKS),
    *((act, (refunds, "post_credit"), "between the refund and its credit") for act in BOOKS),
    *((act, (refunds, "RefundLine"), "before what falls on the lines") for act in BOOKS),
    *((act, (refunds, "_close_tasks"), "before what was still to do") for act in BOOKS),
    *((act, (refunds, "confirm_refund"), "before the letter") for act in BOOKS),
    *((act, (refunds, "_write_letter"), "between the log and the letter") for act in BOOKS),
    *((act, (payments, "bump"), "before the first row") for act in ON_THE_ORDER),
    ("approve", (approvals, "book"), "between the approval and the refund"),
]


@pytest.mark.parametrize(
    ("act", "where"), [(act, where) for act, where, _ in FAILURES], ids=[f"{act}, {when}" for act, _, when in FAILURES]
)
def test_an_act_that_fails_halfway_leaves_every_table_as_it_was(
    demo_db: Path, monkeypatch: pytest.MonkeyPatch, act: str, where: tuple[Any, str]
) -> None:
    prepare, do = ACTS[act]
    with desk_on(demo_db, TODAY, WHO.get(act, ADMIN)) as backend:
        if prepare:
            prepare(backend, demo_db)
        before = everything(demo_db)
        with monkeypatch.context() as patch:
            patch.setattr(*where, cut)
            with pytest.raises(PowerCut):
                do(backend)
        assert everything(demo_db) == before
        do(backend)
        assert everything(demo_db) != before
        assert backend.read(VerifyLog()).broken is None


def test_money_that_is_written_without_an_entry_is_not_committed(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with (
        pytest.raises(AssertionError, match="wrote nothing to the log"),
        backend._work.transaction(backend.person) as tx,
    ):
        tx.session.get_one(Payment, PAYMENT).amount_minor = 1
    assert everything(demo_db) == before

"""Payment plans that charge on after a cancellation: known from a reading, listed, and asked for apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.keap import GetKeapStanding, GetOutboxEntry, ListOutbox, PullFromKeap, StopPlans, TickOff
from subtui.domain.errors import Refused
from subtui.domain.outbox import SendState
from subtui.flows.keap import MockLine
from subtui.keap_mock import MockKeap
from subtui.services.backend import Backend

from .asking import TODAY, desk_on
from .keap_account import SUBSCRIPTION_THERE, connect, mock_of
from .ordering import AGENT, OWNER, SUBSCRIPTION

ORDER_THERE = "990001"
PLAN: dict[str, Any] = {
    "auto_charge": True,
    "plan_start_date": "2026-03-15",
    "number_of_payments": 2,
    "days_between_payments": 30,
    "payment_plan_items": [
        {"status": "PAID", "due_date": "2026-02-15", "amount_due": {"amount": 5000, "currency_code": "USD"}},
        {
            "status": "UNPAID_AUTOCHARGE",
            "due_date": "2026-03-15",
            "amount_due": {"amount": 5000, "currency_code": "USD"},
        },
        {
            "status": "UNPAID_AUTOCHARGE",
            "due_date": "2026-04-14",
            "amount_due": {"amount": 5000, "currency_code": "USD"},
        },
    ],
}


@pytest.fixture
def keap(demo_db: Path) -> Iterator[MockKeap]:
    with mock_of(demo_db, TODAY) as server:
        contact = server.account.row("subscriptions", SUBSCRIPTION_THERE)
        assert contact is not None
        server.account.add(
            "orders",
            {
                "id": ORDER_THERE,
                "title": "Oven",
                "status": "SENT",
                "contact": {"id": contact["contact_id"]},
                "order_time": "2026-02-15T09:00:00.000Z",
                "modification_time": "2026-02-15T09:00:00.000Z",
                "total": {"amount": 15000, "currency_code": "USD"},
                "order_items": [
                    {
                        "id": "1",
                        "name": "Oven",
                        "quantity": 1,
                        "price_per_unit": {"amount": 15000, "currency_code": "USD"},
                        "subscription_id": SUBSCRIPTION_THERE,
                    }
                ],
                "payment_plan": PLAN,
            },
        )
        with desk_on(demo_db, TODAY, OWNER) as owner:
            owner.do(PullFromKeap(connect(owner, server)))
        yield server


@pytest.fixture
def agent(demo_db: Path, keap: MockKeap) -> Iterator[Backend]:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        yield backend


def test_what_would_still_charge_is_known_from_a_reading(agent: Backend) -> None:
    (plan,) = agent.read(GetKeapStanding(SUBSCRIPTION)).plans
    assert (plan.order_keap_id, plan.words, plan.asked) == (
        ORDER_THERE,
        "2 payments, 50.00 USD on 2026-03-15 first",
        False,
    )


def test_asking_makes_a_task_with_its_steps_once(agent: Backend) -> None:
    assert agent.do(StopPlans(SUBSCRIPTION)) == "1 payment plan is on the list of what is to be done in Keap."
    (task,) = [row for row in agent.read(ListOutbox()) if row.state is SendState.MANUAL]
    steps = agent.read(GetOutboxEntry(task.id)).steps
    assert steps[1] == f"Open order {ORDER_THERE}."
    assert "it would still charge 2 payments, 50.00 USD on 2026-03-15 first" in steps[2]
    assert steps[3] == "Set Auto Charge to No, and save."
    assert agent.read(GetKeapStanding(SUBSCRIPTION)).plans[0].asked
    with pytest.raises(Refused, match="all are on the list already"):
        agent.do(StopPlans(SUBSCRIPTION))


def test_it_is_verified_by_the_reading_that_shows_it_stopped(agent: Backend, keap: MockKeap) -> None:
    agent.do(StopPlans(SUBSCRIPTION))
    (task,) = [row for row in agent.read(ListOutbox()) if row.state is SendState.MANUAL]
    agent.do(TickOff(task.id, version=agent.read(GetOutboxEntry(task.id)).version))
    agent.do(PullFromKeap(MockLine(keap), whole=True))
    assert agent.read(GetOutboxEntry(task.id)).row.state is SendState.DONE
    keap.account.change("orders", ORDER_THERE, {"payment_plan": PLAN | {"auto_charge": False}})
    agent.do(PullFromKeap(MockLine(keap), whole=True))
    assert agent.read(GetOutboxEntry(task.id)).row.state is SendState.VERIFIED
    assert agent.read(GetKeapStanding(SUBSCRIPTION)).plans == ()
    assert [call.path for call in keap.calls if call.method != "GET"] == []

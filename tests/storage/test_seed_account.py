"""What a seed file says about the account itself: its plan, its invoices and its tickets, checked whole first."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.account import GetBilling, GetSettings
from subtui.acts.tickets import GetTicket, ListTickets
from subtui.clock import Clock
from subtui.domain.errors import FileProblem
from subtui.domain.requests import Direction, Kind, Standing
from subtui.services.backend import Backend
from subtui.storage.seed import read_seed
from tests.seeds import small_seed, write_seed

Spoil = Callable[[dict[str, Any]], object]

WRONG: dict[str, tuple[Spoil, str]] = {
    "missing user": (
        lambda s: s["requests"][0].update(requested_by_id=9),
        "$.requests[0].requested_by_id: there is no user 9",
    ),
    "nobody asked": (lambda s: s["requests"][0].pop("requested_by_id"), "`requested_by_id`"),
    "a request twice": (lambda s: s["requests"].append(s["requests"][0]), "$.requests[1].id: 1 appears twice"),
    "an invoice twice": (
        lambda s: s["account_invoices"].append(s["account_invoices"][0]),
        "$.account_invoices[1].id: 1 appears twice",
    ),
    "an id of zero": (lambda s: s["requests"][0].update(id=0), "$.requests[0].id"),
    "an invoice without its day": (lambda s: s["account_invoices"][0].pop("issued_on"), "`issued_on`"),
    "an amount that is a float": (
        lambda s: s["account_invoices"][0].update(amount_minor=99.5),
        "$.account_invoices[0].amount_minor",
    ),
    "no such country": (lambda s: s["account"].update(country="us"), "$.account.country"),
    "a country of three letters": (lambda s: s["account"].update(country="USA"), "$.account.country"),
    "no country": (lambda s: s["account"].update(country=""), "$.account.country"),
    "no such time zone": (lambda s: s["account"].update(time_zone="Mars/Base"), "$.account.time_zone"),
    "no such currency": (lambda s: s["account"].update(fee_currency="usd"), "$.account.fee_currency"),
    "a negative fee": (lambda s: s["account"].update(fee_minor=-1), "$.account.fee_minor"),
    "no such cycle": (lambda s: s["account"].update(cycle="fortnight"), "$.account.cycle"),
    "a frequency of none": (lambda s: s["account"].update(frequency=0), "$.account.frequency"),
    "a negative notice": (lambda s: s["account"].update(notice_days=-1), "$.account.notice_days"),
    "an answer after all measure": (lambda s: s["account"].update(answer_days=61), "$.account.answer_days"),
    "a term of none": (lambda s: s["account"].update(minimum_months=0), "$.account.minimum_months"),
    "a holiday that is none": (lambda s: s["account"].update(own_holidays=["2026-02-30"]), "$.account.own_holidays"),
    "no such kind": (lambda s: s["requests"][0].update(kind="complaint"), "$.requests[0].kind"),
    "no such standing": (lambda s: s["requests"][0].update(standing="done"), "$.requests[0].standing"),
    "no such topic": (lambda s: s["requests"][0].update(topic="weather"), "$.requests[0].topic"),
    "no such way to answer": (lambda s: s["requests"][0].update(preferred="fax"), "$.requests[0].preferred"),
    "an instant without its zone": (
        lambda s: s["requests"][0].update(recorded_at="2026-02-27T10:00:00"),
        "$.requests[0].recorded_at",
    ),
    "no such direction": (
        lambda s: s["requests"][0]["correspondence"][0].update(direction="sideways"),
        "$.requests[0].correspondence[0].direction",
    ),
    "unknown key of a ticket": (lambda s: s["requests"][0].update(ticket="T-1"), "unknown field `ticket`"),
    "unknown key of an invoice": (lambda s: s["account_invoices"][0].update(paid=True), "unknown field `paid`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_seed_is_refused_by_file_place_and_reason_and_nothing_is_made(name: str, tmp_path: Path) -> None:
    spoil, words = WRONG[name]
    seed = small_seed()
    spoil(seed)
    path = write_seed(tmp_path, seed)
    with pytest.raises(FileProblem) as refused:
        Backend.open(str(tmp_path / "my.db"), seed=path)
    assert str(path) in str(refused.value)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")
    assert [file.name for file in tmp_path.iterdir()] == ["seed.json"]


def opened(folder: Path, seed: dict[str, Any]) -> Backend:
    backend = Backend.open(str(folder / "my.db"), seed=write_seed(folder, seed), clock=Clock(date(2026, 3, 2)))
    backend.sign_in_demo("owner")
    return backend


def test_the_account_its_invoices_and_its_tickets_are_what_the_file_says(tmp_path: Path) -> None:
    with opened(tmp_path, small_seed()) as backend:
        billing, ticket = backend.read(GetBilling()), backend.read(GetTicket(1))
    assert billing.plan is not None
    assert (billing.plan.name, billing.plan.price_words, billing.plan.anchor) == (
        "Classic",
        "99.00 USD a month",
        date(2024, 1, 19),
    )
    assert (billing.plan.notice_days, billing.plan.answer_days, billing.plan.minimum_months) == (10, 2, None)
    assert [(one.number, one.amount.format(), one.paid_on) for one in billing.invoices] == [("I-1", "99.00 USD", None)]
    assert (ticket.kind, ticket.standing, ticket.requested_by) == (Kind.QUESTION, Standing.OPEN, "Ada Owner")
    assert (ticket.role, ticket.verified, ticket.recorded_by, ticket.version) == ("owner", True, "Ada Owner", 1)
    assert [(entry.direction, entry.body) for entry in ticket.thread] == [(Direction.INCOMING, "Soon?")]


def test_the_fee_and_its_invoices_may_be_in_a_currency_of_their_own(tmp_path: Path) -> None:
    seed = small_seed()
    seed["account"] |= {"fee_currency": "EUR", "minimum_months": 24, "own_holidays": ["2026-03-03"]}
    with opened(tmp_path, seed) as backend:
        billing = backend.read(GetBilling())
        settings = backend.read(GetSettings())
    assert billing.plan is not None
    assert (billing.plan.fee.currency, billing.plan.minimum_months) == ("EUR", 24)
    assert [one.amount.currency for one in billing.invoices] == ["EUR"]
    assert (settings.currency, settings.own_holidays) == ("EUR", (date(2026, 3, 3),))
    assert billing.now is not None
    assert billing.now.answer_due == date(2026, 3, 5)


def test_a_seed_without_a_plan_makes_an_account_without_one(tmp_path: Path) -> None:
    seed = small_seed()
    seed["account"] = {"name": "Corner Shop", "currency": "USD"}
    del seed["account_invoices"], seed["requests"]
    with opened(tmp_path, seed) as backend:
        assert backend.read(GetBilling()).plan is None
        assert backend.read(ListTickets(only_open=False)).rows == ()


def test_a_ticket_takes_who_asked_from_the_users_of_the_file(tmp_path: Path) -> None:
    seed = small_seed()
    seed["users"].append({**seed["users"][0], "id": 2, "email": "new@shop.example", "name": "Bo New", "role": "admin"})
    seed["users"][1]["verified"] = False
    seed["requests"][0]["requested_by_id"] = 2
    path = write_seed(tmp_path, seed)
    assert read_seed(path).requests[0].requested_by_id == 2
    with opened(tmp_path, seed) as backend:
        ticket = backend.read(GetTicket(1))
    assert (ticket.requested_by, ticket.role, ticket.verified) == ("Bo New", "admin", False)

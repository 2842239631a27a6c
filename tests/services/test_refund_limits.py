"""The limits of refunds: of which role, in which currency, and what counts towards them."""

from pathlib import Path

import pytest

from subtui.acts.orders import ApproveRefund, CorrectRefund, GetOrder, PreviewRefund, RecordRefund
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money

from .approving import REQUEST, ask, set_limits
from .asking import desk_on
from .database import rows, run
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    LARGE_EUR,
    MONTHLY,
    OTHER_AGENT,
    OWNER,
    TODAY,
    balance_of,
    draft,
    eur,
    payment_of,
    refund,
    rows_of,
    usd,
)


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
    with desk_on(demo_db, TODAY, who) as backend:
        preview = backend.read(
            PreviewRefund(order_id, draft(payment_of(backend.read(GetOrder(order_id))), amount=amount))
        )
        booked = refund(backend, order_id, amount=amount)
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
    with desk_on(demo_db, TODAY, who) as backend:
        assert refund(backend, order_id, amount=amount).waiting is waits


def test_a_limit_counts_at_the_moment_of_saving(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        form = draft(payment_of(backend.read(GetOrder(MONTHLY))))
        assert not backend.read(PreviewRefund(MONTHLY, form)).needs_approval
        set_limits(demo_db, "agent 20.00 USD")
        assert backend.do(RecordRefund(MONTHLY, form, version=1)).waiting


def test_a_role_given_or_taken_away_meanwhile_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        run(demo_db, "UPDATE user SET role = 'admin' WHERE id = 3")
        assert not refund(backend, LARGE).waiting
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        run(demo_db, "UPDATE user SET role = 'agent' WHERE id = 2")
        assert refund(backend, LARGE_EUR, "b").waiting


def test_several_refunds_of_one_order_by_one_person_count_together(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert not refund(backend, LARGE, "1", amount=usd("150")).waiting
        assert not refund(backend, LARGE, "2", amount=usd("50")).waiting
        assert backend.read(
            PreviewRefund(LARGE, draft(payment_of(backend.read(GetOrder(LARGE))), "3", amount=usd("0.01")))
        ).needs_approval
        assert refund(backend, LARGE, "3", amount=usd("0.01")).waiting
        assert not refund(backend, MONTHLY, "4").waiting
    with desk_on(demo_db, TODAY, OTHER_AGENT) as backend:
        assert not refund(backend, LARGE, "5", amount=usd("50")).waiting
    assert balance_of(demo_db, LARGE) == 0


def test_a_refund_that_two_people_saw_does_not_count_towards_the_limit_of_either(demo_db: Path) -> None:
    ask(demo_db, AGENT, amount=usd("250.00"))
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        backend.do(ApproveRefund(REQUEST, version=1))
    set_limits(demo_db, "admin 200.00 USD; agent 200.00 USD")
    for number, who in enumerate((ADMIN, AGENT)):
        with desk_on(demo_db, TODAY, who) as backend:
            assert not refund(backend, LARGE, f"another {number}", amount=usd("20.00")).waiting


def test_a_refund_that_was_corrected_does_not_count_towards_the_limit(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        (back,) = rows_of(refund(backend, LARGE, "1", amount=usd("150")).order, RowKind.REFUND)
        backend.do(CorrectRefund(LARGE, back, version=2))
        assert not refund(backend, LARGE, "2", amount=usd("200")).waiting


def test_two_people_of_one_name_have_each_their_own_limit(demo_db: Path) -> None:
    run(demo_db, "UPDATE user SET name = 'Dana Reyes' WHERE role = 'agent'")
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert not refund(backend, LARGE, "1", amount=usd("200")).waiting
    with desk_on(demo_db, TODAY, OTHER_AGENT) as backend:
        assert not refund(backend, LARGE, "2", amount=usd("50")).waiting


def test_a_new_name_makes_no_new_limit(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert not refund(backend, LARGE, "1", amount=usd("200")).waiting
    run(demo_db, "UPDATE user SET name = 'Dana Newname' WHERE id = 3")
    with desk_on(demo_db, TODAY, AGENT) as backend:
        assert refund(backend, LARGE, "2", amount=usd("0.01")).waiting

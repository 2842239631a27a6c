"""A record is put together once for as long as the database stays as it is, and never told when it has changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from subtui.acts.orders import GetOrder, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.domain.cancellation import draft_of
from subtui.domain.subscriptions import Status
from subtui.services import subscription_record
from subtui.services.backend import Backend
from subtui.services.unit_of_work import Reader, UnitOfWork
from subtui.views.orders import RefundDraft

from .asking import TODAY, desk_on
from .database import run
from .ordering import AGENT, MONTHLY, PAYMENT, SUBSCRIPTION, usd


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The subscriptions that were put together, in order."""
    ids: list[int] = []
    real = subscription_record._record

    def counted(reader: Reader, subscription_id: int) -> object:
        ids.append(subscription_id)
        return real(reader, subscription_id)

    monkeypatch.setattr(subscription_record, "_record", counted)
    return ids


def quantity(backend: Backend) -> int:
    return backend.read(GetSubscription(SUBSCRIPTION)).terms.quantity


def test_it_is_put_together_once(backend: Backend, made: list[int]) -> None:
    assert quantity(backend) == quantity(backend) == 1
    backend.read(GetOrder(MONTHLY))
    assert quantity(backend) == 1
    assert made == [SUBSCRIPTION]


@pytest.mark.files_only("a server's log is asked, which another program would not write")
def test_another_program_changes_it(backend: Backend, demo_db: Path, made: list[int]) -> None:
    assert quantity(backend) == 1
    run(demo_db, "UPDATE subscription SET quantity = 4 WHERE id = 1042")
    assert quantity(backend) == 4
    assert made == [SUBSCRIPTION, SUBSCRIPTION]


def test_another_user_saves_it(backend: Backend, demo_db: Path) -> None:
    record = backend.read(GetSubscription(SUBSCRIPTION))
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        other.do(SaveSubscription(SUBSCRIPTION, replace(draft_of(record.terms), quantity=3), version=record.version))
    assert quantity(backend) == 3


def test_what_the_same_user_does_is_seen_at_once(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        record = backend.read(GetSubscription(SUBSCRIPTION))
        left = record.invoices[0]
        draft = RefundDraft(PAYMENT, "a key", usd("10"), reason_code="duplicate")
        backend.do(RecordRefund(MONTHLY, draft, version=backend.read(GetOrder(MONTHLY)).version))
        assert backend.read(GetSubscription(SUBSCRIPTION)).invoices[0] != left
        ended = replace(draft_of(record.terms), status=Status.INACTIVE, end_date=TODAY, reason_code="unused")
        saved = backend.do(SaveSubscription(SUBSCRIPTION, ended, version=record.version)).record
        assert backend.read(GetSubscription(SUBSCRIPTION)) == replace(saved, invoices=saved.invoices)
        undone = backend.do(UndoCancellation(SUBSCRIPTION, version=saved.version)).record
        assert undone.terms.ending.status is Status.ACTIVE
        assert backend.read(GetSubscription(SUBSCRIPTION)) == undone


def test_what_was_rolled_back_is_not_remembered(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        record = backend.read(GetSubscription(1047))

        def fails(_work: UnitOfWork, _session: object) -> None:
            raise OSError("no commit")

        with monkeypatch.context() as patch:
            patch.setattr(UnitOfWork, "_commit", fails)
            with pytest.raises(OSError, match="no commit"):
                backend.do(UndoCancellation(1047, version=record.version))
        assert backend.read(GetSubscription(1047)) == record

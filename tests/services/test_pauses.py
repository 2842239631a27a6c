"""Pausing and resuming: recorded, lettered, undone, resumed by itself, listed, reported, and refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.reports import GetReport
from subtui.acts.subscriptions import (
    GetSubscription,
    ListSubscriptions,
    PreviewPause,
    SavePause,
    SaveSubscription,
    UndoCancellation,
)
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Invalid, Refused, Stale
from subtui.domain.event_types import Subject
from subtui.domain.pauses import PauseDraft
from subtui.domain.reports import ReportName
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.customers import SaveResult, SubscriptionFilter

from .asking import desk_on
from .database import rows, run, subject_of
from .ordering import AGENT

TODAY = date(2026, 3, 2)
PAID = 1042
"""Of the demo: monthly, paid through 14 March, next bill 15 March."""
SUMMER = PauseDraft(resumes_on=date(2026, 6, 1))


@pytest.fixture
def backend(demo_db: Path) -> Iterator[Backend]:
    with desk_on(demo_db, TODAY, AGENT) as opened:
        yield opened


def save(backend: Backend, draft: PauseDraft = SUMMER) -> SaveResult:
    return backend.do(SavePause(PAID, draft, version=backend.read(GetSubscription(PAID)).version))


def undo(backend: Backend) -> SaveResult:
    return backend.do(UndoCancellation(PAID, version=backend.read(GetSubscription(PAID)).version))


def next_bill(backend: Backend) -> date | None:
    return backend.read(GetSubscription(PAID)).terms.ending.next_bill_date


def test_a_pause_is_recorded_with_its_entry_and_its_letter(backend: Backend, demo_db: Path) -> None:
    before = backend.read(GetSubscription(PAID))
    saved = save(backend)
    assert saved.sentence == "Saved. Monthly plan is Paused until 1 Jun 2026, no charges meanwhile."
    assert (saved.record.version, saved.record.terms.state(TODAY)) == (before.version + 1, "Paused")
    assert saved.record.terms.ending == replace(before.terms.ending, next_bill_date=date(2026, 6, 15))
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", saved.event_id)
    assert (event["command"], subject_of(event), event["contact_id"]) == (
        "subscription.pause",
        "subscription:1042",
        1007,
    )
    was, now = json.loads(event["before"]), json.loads(event["after"])
    assert {name: (was[name], now[name]) for name in now if was[name] != now[name]} == {
        "next_bill_date": ("2026-03-15", "2026-06-15"),
        "paused_from": (None, "2026-03-02"),
        "resumes_on": (None, "2026-06-01"),
    }
    assert saved.letter_id is not None
    letter = backend.read(GetLetter(saved.letter_id))
    assert letter.subject == "Your subscription “Monthly plan” has been paused"
    for said in ("from 2 Mar 2026 until 1 Jun 2026", "It resumes by itself on 1 Jun 2026.", letter.log_hash[:16]):
        assert said in letter.body
    assert backend.read(VerifyLog()).broken is None


def test_the_preview_says_what_the_save_does(backend: Backend) -> None:
    preview = backend.read(PreviewPause(PAID, SUMMER))
    said = {line.label: line.text for line in preview.lines}
    assert said["Charges"] == "3 bills of 49.00 USD are not made"
    assert said["Next bill"] == "49.00 USD on 15 Jun 2026"
    assert said["Paid days"] == "13 days already paid fall into the pause"
    assert save(backend).record.terms.ending.next_bill_date == date(2026, 6, 15)


def test_access_goes_by_the_setting_of_the_account(backend: Backend, demo_db: Path) -> None:
    assert backend.read(PreviewPause(PAID, SUMMER)).lines[-4].text == "stops during the pause"
    run(demo_db, "UPDATE account SET access_in_pause = 1")
    with desk_on(demo_db, TODAY, AGENT) as later:
        said = {line.label: line.text for line in later.read(PreviewPause(PAID, SUMMER)).lines}
        assert (said["Access"], "Paid days" in said) == ("goes on during the pause", False)
        pause = save(later).record.terms.pause
        assert pause is not None
        assert pause.access_in_pause
        assert later.read(GetSubscription(PAID)).terms.pause == pause


def test_it_is_undone_and_then_there_is_nothing_to_undo(backend: Backend) -> None:
    before = backend.read(GetSubscription(PAID)).terms
    save(backend)
    assert backend.read(GetSubscription(PAID)).can_undo
    assert undo(backend).sentence == "Undone. Monthly plan is Active again; next bill 15 Mar 2026."
    assert backend.read(GetSubscription(PAID)).terms == before
    assert backend.read(ListEvents(subject=Subject.read("subscription:1042")))[0].title == "Pause undone"
    with pytest.raises(Refused):
        undo(backend)


def test_a_price_changed_since_is_kept_when_a_pause_is_undone(backend: Backend) -> None:
    paused = save(backend).record
    draft = replace(draft_of(paused.terms), quantity=3)
    backend.do(SaveSubscription(PAID, draft, version=paused.version))
    undo(backend)
    terms = backend.read(GetSubscription(PAID)).terms
    assert (terms.pause, terms.quantity, terms.ending.next_bill_date) == (None, 3, date(2026, 3, 15))


def test_resuming_by_hand_is_undone_too(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        paused = save(backend).record.terms
    later = date(2026, 4, 20)
    with desk_on(demo_db, later, AGENT) as backend:
        resumed = save(backend, PauseDraft(resume_now=True, restarts_cycle=True)).record.terms
        assert (resumed.pause, resumed.anchor, resumed.ending.next_bill_date) == (None, later, later)
        undo(backend)
        assert backend.read(GetSubscription(PAID)).terms == paused


def test_it_resumes_by_itself_once_with_an_entry_of_the_system(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        save(backend, replace(SUMMER, restarts_cycle=True))
    with desk_on(demo_db, date(2026, 5, 31), AGENT) as backend:
        backend.expire_due()
        assert backend.read(GetSubscription(PAID)).terms.state(date(2026, 5, 31)) == "Paused"
    for _ in range(2):
        with desk_on(demo_db, date(2026, 6, 3), AGENT) as backend:
            backend.expire_due()
            record = backend.read(GetSubscription(PAID))
            assert (record.terms.pause, record.billing.anchor) == (None, date(2026, 6, 1))
            assert next_bill(backend) == date(2026, 6, 1)
            newest = backend.read(ListEvents(subject=Subject.read("subscription:1042")))
            assert [(entry.title, entry.actor) for entry in newest[:1]] == [("Subscription resumed", "system")]
            assert not record.can_undo, "the pause is over"
            assert len(newest) == 2


def test_a_cancellation_ends_a_pause_and_undoing_it_brings_it_back(backend: Backend) -> None:
    paused = save(backend).record
    draft = replace(
        draft_of(paused.terms),
        status=Status.INACTIVE,
        end_date=date(2026, 3, 14),
        reason_code="unused",
        auto_charge=False,
    )
    ended = backend.do(SaveSubscription(PAID, draft, version=paused.version)).record
    assert (ended.terms.pause, ended.terms.state(TODAY)) == (None, "Inactive")
    undo(backend)
    assert backend.read(GetSubscription(PAID)).terms.pause == paused.terms.pause


def test_it_is_listed_and_reported(backend: Backend) -> None:
    wanted = ListSubscriptions(SubscriptionFilter(state="paused"))
    assert backend.read(wanted).rows == ()
    save(backend)
    (row,) = backend.read(wanted).rows
    assert (row.id, row.state, row.status) == (PAID, "Paused", Status.ACTIVE)
    report = backend.read(GetReport(ReportName.PAUSED))
    assert [line.cells[:3] for line in report.rows] == [(TODAY, date(2026, 6, 1), "López, María")]
    assert report.sums == ("1 paused or to be paused",)


def test_what_is_refused(backend: Backend) -> None:
    with pytest.raises(Invalid, match=r"after 2 Mar 2026"):
        save(backend, PauseDraft(resumes_on=TODAY))
    with pytest.raises(Invalid, match="not paused"):
        save(backend, PauseDraft(resume_now=True))
    save(backend)
    with pytest.raises(Refused, match="No changes"):
        save(backend)
    with pytest.raises(Stale):
        backend.do(SavePause(PAID, PauseDraft(), version=1))

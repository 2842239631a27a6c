"""Many subscriptions at once: as if done one by one, stopped anywhere, undone, and above a limit by four eyes."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtui.acts.account import GetSettings, SaveSettings
from subtui.acts.batches import (
    ApproveBatch,
    CountWaitingBatches,
    DeclineBatch,
    DropBatch,
    GetBatch,
    ListBatches,
    MatchingIds,
    PreviewBatch,
    RunBatch,
    StartBatch,
    StopBatch,
    UndoBatch,
)
from subtui.acts.contacts import GetOverview
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription, SavePause, SaveSubscription
from subtui.domain.batches import BatchAction, BatchDraft, BatchStanding, RowState, plan_row
from subtui.domain.cancellation import Draft, draft_of
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Refused
from subtui.domain.pauses import PauseDraft, PauseStart
from subtui.services import batch_running
from subtui.services.backend import Backend
from subtui.views.batches import Selection
from subtui.views.customers import SubscriptionFilter

from .asking import TODAY, as_typed, desk_on
from .database import everything, rows
from .ordering import ADMIN, AGENT, OTHER_AGENT, SUBSCRIPTION, VIEWER
from .valid_batch_acts import CANCEL, ask, begin, limit, prepare

PAUSE = BatchDraft(action=BatchAction.PAUSE, start=PauseStart.NEXT_BILL, resumes_on=date(2026, 9, 1))
LOOSE = BatchDraft(action=BatchAction.SET_REASON, paid_through=True, reason_code="unused", reason_note="old rows")
ACTIVE = (1038, SUBSCRIPTION, 1062, 1071, 1080, 1040)
ALL = tuple(range(1029, 1120))


def single(backend: Backend, draft: BatchDraft, number: int) -> None:
    """The same act on one subscription, by the form of it; nothing where the batch refuses it."""
    record = backend.read(GetSubscription(number))
    plan = plan_row(draft, record.terms, record.billing, reasons=record.reasons, today=TODAY)
    if isinstance(plan.draft, PauseDraft):
        backend.do(SavePause(number, plan.draft, version=record.version))
    elif isinstance(plan.draft, Draft):
        backend.do(SaveSubscription(number, plan.draft, version=record.version))


def story(path: Path) -> dict[str, Any]:
    """Subscriptions, letters and log entries, without what names the batch, the hashes and the place in the log."""
    entries = rows(
        path,
        "SELECT command, reason, subject_id, contact_id, actor, role, before, after FROM event "
        "WHERE command LIKE 'subscription.%' ORDER BY id",
    )
    for entry in entries:
        for side in ("before", "after"):
            told = json.loads(entry[side]) if isinstance(entry[side], str) else dict(entry[side])
            told.pop("batch", None)
            entry[side] = told
    letters = rows(path, "SELECT subscription_id, contact_id, subject, body, log_hash FROM letter ORDER BY id")
    for letter in letters:
        letter["body"] = letter["body"].replace(letter.pop("log_hash")[:16], "HASH")
    found = {"subscription": rows(path, "SELECT * FROM subscription ORDER BY id"), "letter": letters, "event": entries}
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return plain


DRAFTS = st.one_of(
    st.builds(
        BatchDraft,
        action=st.sampled_from([action for action in BatchAction if action is not BatchAction.PAUSE]),
        end_date=st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 1, 1))),
        paid_through=st.booleans(),
        reason_code=st.sampled_from(["too_expensive", "unused", "other"]),
        reason_note=st.sampled_from(["", "said so", "[/] {x} \u200b"]),
    ),
    st.builds(
        BatchDraft,
        action=st.just(BatchAction.PAUSE),
        start=st.sampled_from([PauseStart.TODAY, PauseStart.NEXT_BILL]),
        resumes_on=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1))),
        restarts_cycle=st.booleans(),
    ),
)


@settings(max_examples=25)
@given(draft=DRAFTS, ids=st.lists(st.sampled_from(ALL), min_size=1, max_size=12, unique=True))
def test_a_batch_is_the_same_as_each_act_alone(demo_file: Path, draft: BatchDraft, ids: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        together, alone = (Path(shutil.copy(demo_file, f"{folder}/{name}.db")) for name in ("together", "alone"))
        with desk_on(together, TODAY, AGENT) as backend:
            known = {row["id"] for row in rows(together, "SELECT id FROM subscription")}
            numbers = tuple(sorted(set(ids) & known))
            found = backend.read(PreviewBatch(draft, Selection(numbers)))
            if found.problems or not found.done:
                with pytest.raises(Refused):
                    backend.do(StartBatch(draft, found.versions, "some", found.done))
                return
            done = backend.do(RunBatch(backend.do(StartBatch(draft, found.versions, "some", found.done)).batch.id))
            assert done.batch.summary.count(RowState.DONE) == found.done
            assert done.batch.summary.count(RowState.REFUSED) == found.refused
            assert backend.read(VerifyLog()).broken is None
        with desk_on(alone, TODAY, AGENT) as backend:
            for number in numbers:
                single(backend, draft, number)
        assert story(together) == story(alone)


def test_every_entry_names_its_batch_and_every_row_its_entry(backend: Backend, demo_db: Path) -> None:
    batch = backend.do(RunBatch(begin(backend).id)).batch
    assert batch.summary.standing is BatchStanding.DONE
    (line,) = rows(demo_db, "SELECT * FROM batch_row WHERE subscription_id = ?", SUBSCRIPTION)
    (entry,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", line["event_id"])
    after = json.loads(entry["after"]) if isinstance(entry["after"], str) else entry["after"]
    assert (after["batch"], entry["subject_id"], entry["command"]) == (batch.id, SUBSCRIPTION, "subscription.save")
    assert backend.read(VerifyLog()).broken is None


def test_the_dry_run_writes_nothing_and_counts_money_by_currency(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    found = backend.read(PreviewBatch(CANCEL, Selection((SUBSCRIPTION, 1047, 1052, 1069, 999_999))))
    assert everything(demo_db) == before
    outcomes = {row.id: row.outcome for row in found.rows}
    assert outcomes[SUBSCRIPTION] == "Inactive, access until 14 Mar 2026, 49.00 USD a month stops"
    assert outcomes[1052] == "Already Inactive."
    assert "There is no such subscription." in dict(found.refusals)
    assert [amount.currency for amount in found.stops] == sorted({amount.currency for amount in found.stops})


def test_a_form_without_reason_or_end_is_refused_as_a_whole(backend: Backend) -> None:
    wrong = BatchDraft(action=BatchAction.CANCEL)
    found = backend.read(PreviewBatch(wrong, Selection((SUBSCRIPTION,))))
    assert {problem.field for problem in found.problems} == {"end_date", "reason"}
    with pytest.raises(Invalid):
        backend.do(StartBatch(wrong, ((SUBSCRIPTION, 1),), "one", 1))


def test_more_than_was_confirmed_is_refused(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused, match="would be done"):
        backend.do(replace(prepare(backend, ids=ACTIVE), count=1))
    assert everything(demo_db) == before


def test_all_that_match_a_filter_are_found(backend: Backend) -> None:
    ids = backend.read(MatchingIds(SubscriptionFilter(text="status:loose reason:none")))
    found = backend.read(PreviewBatch(LOOSE, Selection(wanted=SubscriptionFilter(text="status:loose reason:none"))))
    assert ids == tuple(number for number, _ in found.versions)
    assert found.done == len(ids) > 0
    backend.do(RunBatch(begin(backend, LOOSE, ids).id))
    assert backend.read(MatchingIds(SubscriptionFilter(text="status:loose reason:none"))) == ()


def test_a_subscription_changed_since_is_refused_not_overwritten(backend: Backend, demo_db: Path) -> None:
    act = prepare(backend, ids=ACTIVE)
    first, second = ACTIVE[:2]

    def change(number: int) -> None:
        with desk_on(demo_db, TODAY, OTHER_AGENT) as other:
            record = other.read(GetSubscription(number))
            other.do(SaveSubscription(number, replace(draft_of(record.terms), quantity=7), version=record.version))

    change(first)
    batch = backend.do(act).batch
    change(second)
    done = backend.do(RunBatch(batch.id)).batch
    reasons = {row.id: row.reason for row in done.rows if row.state is RowState.REFUSED}
    assert set(reasons) == {first, second}
    assert all("hanged" in reason for reason in reasons.values())
    assert backend.read(GetSubscription(first)).terms.quantity == 7
    assert done.summary.count(RowState.DONE) == len(ACTIVE) - 2


# --- stopping, being killed, going on ---------------------------------------------------------------------------------

_DIES = """
import os, signal, sys
from datetime import date
from subtui.acts.batches import RunBatch
from subtui.clock import Clock
from subtui.services import batch_running
from subtui.services.backend import Backend
batch_running.ROWS_AT_ONCE = 2
note, left = batch_running._note, [int(sys.argv[3])]
def die(*words):
    note(*words)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
batch_running._note = die
backend = Backend.open(sys.argv[1], clock=Clock(date(2026, 3, 2)))
backend.sign_in_demo("agent")
backend.do(RunBatch(int(sys.argv[2])))
"""


@pytest.mark.parametrize("rows_done", [1, 3, 6])
def test_killed_in_the_middle_it_goes_on_to_the_same_end(
    backend: Backend, demo_db: Path, demo_file: Path, tmp_path: Path, rows_done: int
) -> None:
    batch = begin(backend, ids=ACTIVE)
    killed = subprocess.run([sys.executable, "-c", _DIES, str(demo_db), str(batch.id), str(rows_done)], check=False)
    assert killed.returncode == -signal.SIGKILL
    half = backend.read(GetBatch(batch.id)).summary
    # The pair of rows under way is gone as a whole; the ones before it are done and listed.
    assert half.count(RowState.DONE) == (rows_done - 1) // 2 * 2
    assert half.standing is BatchStanding.RUNNING
    whole = backend.do(RunBatch(batch.id)).batch
    assert whole.summary.standing is BatchStanding.DONE
    undisturbed = Path(shutil.copy(demo_file, tmp_path / "undisturbed.db"))
    with desk_on(undisturbed, TODAY, AGENT) as other:
        other.do(RunBatch(begin(other, ids=ACTIVE).id))
    mine, other_rows = (
        [{k: str(v) for k, v in row.items() if k in ("id", "status", "end_date", "reason_code")} for row in found]
        for found in (
            rows(demo_db, "SELECT * FROM subscription ORDER BY id"),
            rows(undisturbed, "SELECT * FROM subscription ORDER BY id"),
        )
    )
    assert mine == other_rows
    assert backend.read(VerifyLog()).broken is None


def test_stopped_it_can_go_on_or_be_dropped(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_running, "ROWS_AT_ONCE", 2)
    batch, asked = begin(backend, ids=ACTIVE), iter((False, True))
    stopped = backend.do(RunBatch(batch.id, stop=lambda: next(asked)))
    assert stopped.batch.summary.standing is BatchStanding.STOPPED
    assert stopped.batch.summary.counts == {RowState.DONE: 2, RowState.PLANNED: 4}
    dropped = backend.do(DropBatch(batch.id)).batch
    assert dropped.summary.standing is BatchStanding.DROPPED
    with pytest.raises(Refused, match="nothing left"):
        backend.do(RunBatch(batch.id))
    undone = backend.do(UndoBatch(batch.id)).batch
    assert undone.summary.counts == {RowState.UNDONE: 2, RowState.PLANNED: 4}


def test_stopped_by_another_program_it_ends_with_the_rows_under_way(
    backend: Backend, demo_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_running, "ROWS_AT_ONCE", 2)
    batch, told = begin(backend, ids=ACTIVE), []

    def stop_it(progress: Any) -> None:
        told.append(progress.done)
        if progress.done == 2 and told.count(2) == 1:
            with desk_on(demo_db, TODAY, OTHER_AGENT) as other:
                other.do(StopBatch(batch.id))

    done = backend.do(RunBatch(batch.id, tell=stop_it)).batch
    assert done.summary.count(RowState.DONE) == 2
    assert done.summary.standing is BatchStanding.STOPPED


# --- undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draft", [CANCEL, PAUSE], ids=["cancel", "pause"])
def test_undo_brings_every_row_back_but_those_changed_since(backend: Backend, draft: BatchDraft) -> None:
    before = {number: backend.read(GetSubscription(number)).terms for number in ACTIVE}
    batch = backend.do(RunBatch(begin(backend, draft, ACTIVE).id)).batch
    done = [row.id for row in batch.rows if row.state is RowState.DONE]
    record = backend.read(GetSubscription(done[0]))
    backend.do(SaveSubscription(done[0], replace(draft_of(record.terms), quantity=9), version=record.version))
    result = backend.do(UndoBatch(batch.id))
    assert result.batch.summary.standing is BatchStanding.UNDONE
    assert result.batch.summary.count(RowState.UNDONE) == len(done)
    for number in done[1:]:
        assert backend.read(GetSubscription(number)).terms == before[number]
    assert backend.read(GetSubscription(done[0])).terms.quantity == 9
    with pytest.raises(Refused, match="nothing to undo"):
        backend.do(UndoBatch(batch.id))


def test_what_cannot_be_undone_is_listed_with_its_reason(backend: Backend, demo_db: Path) -> None:
    batch = backend.do(RunBatch(begin(backend, ids=ACTIVE).id)).batch
    with desk_on(demo_db, date(2026, 4, 20), AGENT) as later:
        result = later.do(UndoBatch(batch.id))
    stayed = [row for row in result.batch.rows if row.state is RowState.DONE]
    assert stayed
    assert all("has passed" in row.reason for row in stayed)
    assert "could not be undone" in result.sentence


def test_a_correction_is_not_taken_for_a_cancellation_to_undo(backend: Backend) -> None:
    ids = backend.read(MatchingIds(SubscriptionFilter(text="status:loose reason:none")))
    batch = backend.do(RunBatch(begin(backend, LOOSE, ids).id)).batch
    result = backend.do(UndoBatch(batch.id)).batch
    assert result.summary.count(RowState.UNDONE) == 0
    assert result.summary.standing is BatchStanding.DONE


# --- four eyes --------------------------------------------------------------------------------------------------------


def test_above_the_limit_nothing_is_done_before_another_user_approves(backend: Backend, demo_db: Path) -> None:
    limit(demo_db, most=2)
    found = backend.read(PreviewBatch(CANCEL, Selection(ACTIVE)))
    assert found.limit == 2
    waiting = begin(backend, ids=ACTIVE)
    assert waiting.summary.standing is BatchStanding.WAITING
    assert backend.read(CountWaitingBatches()) == backend.read(GetOverview()).batches_waiting == 1
    with pytest.raises(Refused, match="awaits approval"):
        backend.do(RunBatch(waiting.id))
    with pytest.raises(NotAllowed):
        backend.do(ApproveBatch(waiting.id, version=waiting.version))
    with desk_on(demo_db, TODAY, ADMIN) as admin:
        approved = admin.do(ApproveBatch(waiting.id, version=waiting.version)).batch
        done = admin.do(RunBatch(approved.id)).batch
        assert admin.person is not None
        assert (done.decided_by, done.summary.standing) == (admin.person.name, BatchStanding.DONE)
    assert done.summary.count(RowState.DONE) == found.done


def test_below_the_limit_nobody_is_asked(backend: Backend, demo_db: Path) -> None:
    limit(demo_db, most=50)
    assert begin(backend).summary.standing is BatchStanding.RUNNING


def test_the_requester_does_not_approve_and_may_drop(demo_db: Path) -> None:
    limit(demo_db, role="admin")
    with desk_on(demo_db, TODAY, ADMIN) as admin:
        waiting = begin(admin)
        with pytest.raises(Refused, match="another user"):
            admin.do(ApproveBatch(waiting.id, version=waiting.version))
    with desk_on(demo_db, TODAY, OTHER_AGENT) as other, pytest.raises(Refused, match="ask them"):
        other.do(DropBatch(waiting.id))
    with desk_on(demo_db, TODAY, ADMIN) as admin:
        assert admin.do(DropBatch(waiting.id)).batch.summary.standing is BatchStanding.DROPPED


def test_declining_takes_a_note(demo_db: Path) -> None:
    waiting = ask(demo_db)
    with desk_on(demo_db, TODAY, ADMIN) as admin:
        with pytest.raises(Invalid):
            admin.do(DeclineBatch(waiting.id, " ", version=waiting.version))
        declined = admin.do(DeclineBatch(waiting.id, " Not these. ", version=waiting.version)).batch
        assert (declined.summary.standing, declined.decision_note) == (BatchStanding.DECLINED, "Not these.")
        assert [row.standing for row in admin.read(ListBatches())] == [BatchStanding.DECLINED]


def test_a_viewer_sees_batches_and_begins_none(backend: Backend, demo_db: Path) -> None:
    batch, act = begin(backend), prepare(backend, ids=ACTIVE)
    with desk_on(demo_db, TODAY, VIEWER) as viewer:
        assert viewer.read(GetBatch(batch.id)).id == batch.id
        with pytest.raises(NotAllowed):
            viewer.do(act)
    with pytest.raises(NotFound):
        backend.read(GetBatch(999))


def test_the_owner_sets_the_limits_in_the_account_settings(owner: Backend, demo_db: Path) -> None:
    view = owner.read(GetSettings())
    with pytest.raises(Invalid, match="agent 50"):
        owner.do(SaveSettings(as_typed(view, batch_limits="viewer 5"), version=view.version))
    owner.do(SaveSettings(as_typed(view, batch_limits="agent 2; admin 500"), version=view.version))
    assert owner.read(GetSettings()).batch_limits == "agent 2; admin 500"
    with desk_on(demo_db, TODAY, AGENT) as agent:
        assert begin(agent, ids=ACTIVE).summary.standing is BatchStanding.WAITING

"""The handler that sends to Keap: one subscription at a time, read before and read after, each step kept beforehand."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from subtui.acts.keap import PushToKeap
from subtui.domain.errors import Refused
from subtui.domain.outbox import SendState
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.keap.patches import path_of
from subtui.keap.wire import Image, image_of
from subtui.keap_api.calls import Caller
from subtui.keap_api.errors import (
    CallFailed,
    CallStopped,
    Declined,
    KeyRefused,
    LimitReached,
    NoAnswer,
    NotPermitted,
    NotThere,
    Unreachable,
)
from subtui.services.keap import outbox
from subtui.services.keap.catching_up import note_begun_pauses
from subtui.services.keap.connection import Connected, connected, line_to
from subtui.services.keap.gone import mark_gone
from subtui.services.keap.sending import (
    DEACTIVATE,
    EVERYTHING,
    Refusal,
    Sending,
    not_taken,
    settle_after_reading,
    without_refused,
)
from subtui.services.registry import Job, runs
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import KEAP_OUTBOX
from subtui.views.keap import PushReport

_TO_SEND = (SendState.WAITING.value, SendState.UNKNOWN.value, SendState.SENDING.value)
_CLAIM = timedelta(minutes=2)
"""How long another program leaves a subscription alone whose changes are about to be sent."""

_IN_FLIGHT = timedelta(minutes=6)
"""The same once a request is sent: longer than an answer is waited for, so that no older one comes after a newer."""

_TRIES = 3
"""Requests without an answer, each followed by a reading, before a change is left for the next time."""

_REFUSALS = 3
"""Times that Keap may call a request a conflict, each followed by a reading, before that counts as refused."""

_STEPS = 12
"""The most rounds of reading and sending for one subscription."""

_FAILURES_BORNE = 3
"""Subscriptions in a row whose calls fail before the rest is left for the next time."""


class Stopped(Refused):
    """The user stopped the sending. What was not sent stays in the outbox."""

    def __init__(self) -> None:
        super().__init__("Stopped. What was not sent stays in the outbox.")


@runs(PushToKeap)
def push(job: Job, act: PushToKeap) -> PushReport:
    """Handle `PushToKeap`."""
    found = connected(job, writes=True)
    started, report = time.perf_counter(), PushReport()
    with job.transaction(Permission.SYNC_KEAP) as tx:
        note_begun_pauses(tx)
    subscriptions = _waiting(job, act.subscription_id)
    if not subscriptions:
        return report
    try:
        with line_to(found, act.open_calls, act.stop) as caller:
            _Pushing(job, act, caller, found, report).run(subscriptions)
    except (Stopped, CallStopped, LimitReached) as stop:
        report.stopped = str(stop)
    report.seconds = time.perf_counter() - started
    return report


def _waiting(job: Job, subscription_id: int | None) -> list[int]:
    """The subscriptions with something to send, in the order of their oldest change."""
    wanted = select(KEAP_OUTBOX.c.subscription_id).where(
        KEAP_OUTBOX.c.state.in_(_TO_SEND), KEAP_OUTBOX.c.subscription_id.is_not(None)
    )
    if subscription_id is not None:
        wanted = wanted.where(KEAP_OUTBOX.c.subscription_id == subscription_id)
    with job.work.read() as session:
        return list(dict.fromkeys(session.execute(wanted.order_by(KEAP_OUTBOX.c.id)).scalars()))


class _TakenOver(Exception):
    """Another program has claimed the subscription: it sends the changes."""


@dataclass
class _Pushing:
    """One sending under way."""

    job: Job
    act: PushToKeap
    caller: Caller
    found: Connected
    report: PushReport
    _failed: int = field(default=0)
    _claims: set[datetime] = field(default_factory=set)  # until when this program holds rows of the subscription

    def run(self, subscriptions: Sequence[int]) -> None:
        """Send the changes of each. A call that fails leaves its changes for the next time."""
        for done, number in enumerate(subscriptions):
            if self.act.tell is not None:
                self.act.tell(Progress(done, len(subscriptions), done, "sending"))
            if self.act.stop():
                raise Stopped
            rows = self._claim(number)
            if not rows:
                continue
            try:
                self._one(number, rows)
                self._failed = 0
            except _TakenOver:
                continue
            except (LimitReached, KeyRefused, CallStopped):
                self._let_go(number)
                raise
            except (Unreachable, NoAnswer, Declined, NotPermitted) as failure:
                self._let_go(number)
                # What Keap refuses says nothing about the next one, as silence does.
                self._failed += isinstance(failure, Unreachable | NoAnswer)
                self.report.sentences.append(f"Subscription {rows[0].keap_id}: {failure}")
                if self._failed >= _FAILURES_BORNE:
                    self.report.stopped = "Keap does not answer. What was not sent stays in the outbox."
                    break
            finally:
                self._count(number, rows)

    def _claim(self, number: int) -> list[Any]:
        """The rows of a subscription, for this program alone; none while another one sends any of them.

        A newer change waits too: sent by another program it would be undone by the older one that is still on its way.
        """
        now = self.job.work.clock.ticking()
        of_it = KEAP_OUTBOX.c.subscription_id == number, KEAP_OUTBOX.c.state.in_(_TO_SEND)
        free = or_(KEAP_OUTBOX.c.claimed_until.is_(None), KEAP_OUTBOX.c.claimed_until < now)
        other = KEAP_OUTBOX.alias("other")
        taken = select(other.c.id).where(
            other.c.subscription_id == number, other.c.state.in_(_TO_SEND), other.c.claimed_until >= now
        )
        with self.job.transaction(Permission.SYNC_KEAP) as tx:
            claimed = tx.session.connection().execute(
                update(KEAP_OUTBOX).where(*of_it, free, ~taken.exists()).values(claimed_until=now + _CLAIM)
            )
            if not claimed.rowcount:
                return []
            self._claims = {now + _CLAIM}
            return [row for row in outbox.open_rows(tx, subscription_id=number) if row.state in _TO_SEND]

    def _hold(self, tx: Transaction, sending: Sending) -> bool:
        """Keep the claim while the request is on its way; False if another program has claimed it meanwhile."""
        until = self.job.work.clock.ticking() + _IN_FLIGHT
        mine = or_(KEAP_OUTBOX.c.claimed_until.is_(None), KEAP_OUTBOX.c.claimed_until.in_(self._claims))
        rows = KEAP_OUTBOX.c.id.in_(sending.rows)
        held = tx.session.connection().execute(update(KEAP_OUTBOX).where(rows, mine).values(claimed_until=until))
        self._claims.add(until)
        return held.rowcount == len(sending.rows)

    def _let_go(self, number: int) -> None:
        """Give up the claims of this program; another one may have claimed the subscription since."""
        of_it = KEAP_OUTBOX.c.subscription_id == number, KEAP_OUTBOX.c.state.in_(_TO_SEND)
        mine = *of_it, KEAP_OUTBOX.c.claimed_until.in_(self._claims)
        with self.job.work.untracked_write() as session:
            session.connection().execute(update(KEAP_OUTBOX).where(*mine).values(claimed_until=None))

    def _count(self, number: int, rows: Sequence[Any]) -> None:
        ids = [row.id for row in rows]
        with self.job.work.read() as session:
            states = session.execute(select(KEAP_OUTBOX.c.state).where(KEAP_OUTBOX.c.id.in_(ids))).scalars()
            for state in states:
                self.report.count(SendState(state))

    # --- one subscription --------------------------------------------------------------------------------------------

    def _one(self, number: int, rows: Sequence[Any]) -> None:
        keap_id, lost, conflicts = rows[0].keap_id, 0, 0
        refused: dict[str, str] = {}
        answered: Sending | None = None  # the request that Keap has answered well just now
        for _ in range(_STEPS):
            there = self._read(number, keap_id)
            if there is None:
                return
            if answered is not None:
                refused |= not_taken(answered, there)
                answered = None
            with self.job.transaction(Permission.SYNC_KEAP) as tx:
                sending = settle_after_reading(tx, number, there, refused)
                if sending is not None and not self._hold(tx, sending):
                    raise _TakenOver
            if sending is None:
                return
            try:
                self._send(keap_id, sending)
                refused.pop(DEACTIVATE, None)
                answered = sending
            except NoAnswer:
                # Whether it was done is unknown: the next reading tells.
                self._note(sending, SendState.UNKNOWN)
                lost += 1
                if lost == _TRIES:
                    raise
            except (Unreachable, LimitReached, CallStopped, KeyRefused):
                self._note(sending, SendState.WAITING)
                raise
            except (Declined, NotPermitted, NotThere) as refusal:
                # 404: whether the row or the operation is not there is told by the next reading.
                conflicts += refusal.status == 409
                gives_up = isinstance(refusal, NotThere) or conflicts == _REFUSALS
                refused |= {EVERYTHING: str(refusal)} if gives_up else self._refusal(sending, refusal)
                self._note(sending, SendState.WAITING)
        self._let_go(number)
        self.report.sentences.append(f"Subscription {keap_id}: it is not as it was sent yet, and is sent again later.")

    def _read(self, number: int, keap_id: str) -> Image | None:
        """The subscription as it is in Keap now; None where there is none."""
        try:
            image = image_of(self.caller.get(path_of(keap_id)).body)
        except NotThere:
            self._gone(number, keap_id)
            return None
        if image.get("active") is None:
            raise NoAnswer(f"Keap answered without the state of subscription {keap_id}.")
        return image

    def _send(self, keap_id: str, sending: Sending) -> None:
        if sending.deactivates:
            reason = sending.body.get("reason_stopped") or "Cancelled"
            self.caller.post(f"{path_of(keap_id)}:deactivate", {"reason": reason})
            return
        self.caller.patch(path_of(keap_id), [("update_mask", name) for name in sending.mask], sending.body)

    def _refusal(self, sending: Sending, refusal: CallFailed) -> dict[str, str]:
        """The fields that Keap does not take, by what it says, with the reason."""
        words = refusal.words if isinstance(refusal, Declined) else str(refusal)
        return without_refused(sending, Refusal(refusal.status, words, str(refusal)))

    def _note(self, sending: Sending, state: SendState) -> None:
        with self.job.work.untracked_write() as session:
            rows = KEAP_OUTBOX.c.id.in_(sending.rows), KEAP_OUTBOX.c.state == SendState.SENDING.value
            mine = *rows, KEAP_OUTBOX.c.claimed_until.in_(self._claims)
            session.connection().execute(update(KEAP_OUTBOX).where(*mine).values(state=state.value))

    def _gone(self, number: int, keap_id: str) -> None:
        with self.job.transaction(Permission.SYNC_KEAP) as tx:
            rows = [row.id for row in outbox.open_rows(tx, subscription_id=number)]
            note = "Keap has no such subscription any more: it was deleted there, or its contact was."
            steps = [f"In Keap, look for subscription {keap_id} and make sure that nothing charges in its place."]
            outbox.change(tx, rows, state=SendState.MANUAL.value, note=note, steps=steps, claimed_until=None)
            mark_gone(tx, "subscriptions", [keap_id])

"""Merges subscriptions that were read in Keap with the record: what was changed there only is taken, the rest stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.keap.answers import instant
from subtui.keap.comparing import Change, Comparison, changed_fields, circumstances, compare, in_turn
from subtui.keap.imports.upsert import Row
from subtui.keap.wire import CONTEXT, FIELDS, MODIFIED, Image, image_of
from subtui.services.keap import outbox
from subtui.services.unit_of_work import Transaction
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import KEAP_IMAGE, KEAP_OUTBOX, SUBSCRIPTION

_BILLS = ("next_bill_date", "anchor", "paid_through", "cycle", "frequency")
_COLUMNS: Mapping[str, Sequence[str]] = {
    "active": ("status",),
    "auto_charge": ("auto_charge",),
    "end_date": ("end_date",),
    "reason_stopped": ("reason_code", "reason_note"),
    "quantity": ("quantity",),
    "billing_amount": ("price_minor", "currency"),
    "max_charge_attempts": ("max_attempts",),
    "payment_method_id": ("credit_card_id",),
    "contact_id": ("contact_id",),
    "subscription_plan_id": ("plan_id",),
    "next_bill_date": _BILLS,
    "last_bill_date": _BILLS,
    "billing_cycle": _BILLS,
    "billing_frequency": _BILLS,
}
"""The columns of a subscription that follow a field of Keap's."""

_CLEARED: Mapping[str, Mapping[str, Any]] = {
    "end_date": {"end_date": None},
    "reason_stopped": {"reason_code": None, "reason_note": ""},
}
"""The columns of the fields that Keap can empty, as they are then."""

_AHEAD = timedelta(hours=1)
"""How long a reading of a subscription counts as newer than what Keap calls older: pages are read ahead."""

_OPEN = tuple(state for state in OPEN_STATES if state is not SendState.SENDING)
_IDS = select(SUBSCRIPTION.c.keap_id, SUBSCRIPTION.c.id)


@dataclass
class Merging:
    """The subscriptions of one answer, as they are there now and as they were when they were read last."""

    tx: Transaction
    there: dict[str, dict[str, Any]]
    known: dict[str, int] = field(default_factory=dict)  # our ids by Keap's
    before: dict[str, Image] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)  # of the outbox, open
    stale: set[str] = field(default_factory=set)  # read before what is known of them, and not to be written
    forced: frozenset[str] = frozenset()  # fields that are taken although they were changed here

    @classmethod
    def of(
        cls, tx: Transaction, answered: Iterable[Mapping[str, Any]], *, forced: frozenset[str] = frozenset()
    ) -> "Merging":
        """Read what is known of the subscriptions in an answer."""
        there = {str(found["id"]): image_of(found) for found in answered if found.get("id")}
        merging = cls(tx, there, forced=forced)
        connection = tx.session.connection()
        for part in batched(there):
            merging.known.update(
                (row[0], row[1]) for row in connection.execute(_IDS.where(SUBSCRIPTION.c.keap_id.in_(part)))
            )
        names = {number: keap_id for keap_id, number in merging.known.items()}
        for numbers in batched(list(names)):
            images = select(KEAP_IMAGE.c.subscription_id, KEAP_IMAGE.c.there, KEAP_IMAGE.c.read_at)
            for image in connection.execute(images.where(KEAP_IMAGE.c.subscription_id.in_(numbers))):
                keap_id = names[image.subscription_id]
                merging.before[keap_id] = image.there
                if tx.now - image.read_at < _AHEAD and _is_older(there[keap_id], image.there):
                    merging.stale.add(keap_id)
            for row in outbox.open_rows(tx, subscriptions=list(numbers)):
                merging.rows.setdefault(names[row.subscription_id], []).append(row)
        for keap_id in merging.stale:
            del there[keap_id]
            merging.rows.pop(keap_id, None)
        return merging

    # --- what the import asks ----------------------------------------------------------------------------------------

    def settle(self, before: Mapping[str, Any], row: Row) -> None:
        """Take out what is not to be written: what Keap has not changed, and what is changed here."""
        was, now = self.before.get(row.keap_id), self.there.get(row.keap_id)
        if now is None:
            return
        pending = self._pending(row.keap_id)
        taken = (frozenset((*FIELDS, *CONTEXT)) if was is None else changed_fields(was, now)) - pending
        taken |= self.forced
        written = {column for name in taken for column in _COLUMNS.get(name, ())}
        if not pending.isdisjoint(("active", "next_bill_date")):
            # The bills follow from the standing that was decided here.
            written -= {"next_bill_date", "anchor"}
        for column in {column for columns in _COLUMNS.values() for column in columns} - written:
            row.values.pop(column, None)
        for name in taken & _CLEARED.keys():
            if now.get(name) is None and (name in self.forced or (was or {}).get(name) is not None):
                # An answer may leave out what is empty.
                row.values = {**_CLEARED[name], **row.values}

    def is_pending(self, keap_id: str) -> bool:
        """Whether a change made here is still to reach Keap."""
        return keap_id in self.rows

    def _pending(self, keap_id: str) -> frozenset[str]:
        return frozenset(name for row in self.rows.get(keap_id, ()) for name in row.wanted) - self.forced

    # --- afterwards --------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Keep the images, and say of every change in the outbox what this reading means for it."""
        connection = self.tx.session.connection()
        missing = [keap_id for keap_id in self.there if keap_id not in self.known]
        for part in batched(missing):
            self.known.update(
                (row[0], row[1]) for row in connection.execute(_IDS.where(SUBSCRIPTION.c.keap_id.in_(part)))
            )
        for keap_id, rows in self.rows.items():
            look_at(self.tx, rows, self.before.get(keap_id, {}), self.there[keap_id])
        changed = {
            self.known[keap_id]: image
            for keap_id, image in self.there.items()
            if keap_id in self.known and self.before.get(keap_id) != image
        }
        keep_images(connection, changed, self.tx.now)


def _is_older(now: Image, before: Image) -> bool:
    """Whether an answer is from before the last reading, by Keap's own times."""
    changed, known = instant(now.get(MODIFIED)), instant(before.get(MODIFIED))
    return changed is not None and known is not None and changed < known


def keep_images(connection: Connection, images: Mapping[int, Image], at: datetime) -> None:
    """Store how subscriptions were read in Keap, by our ids."""
    rows = [{"subscription_id": number, "there": dict(image), "read_at": at} for number, image in images.items()]
    if rows:
        new = dialect_of(connection).insert(KEAP_IMAGE)
        latest = {"there": new.excluded.there, "read_at": new.excluded.read_at}
        connection.execute(new.on_conflict_do_update(index_elements=("subscription_id",), set_=latest), rows)


def wanted_of(row: Any) -> dict[str, Change]:
    """The fields of a row of the outbox: what Keap had or may have had, and what it is to have."""
    return {name: Change((change[0], *change[2:]), change[1]) for name, change in row.wanted.items() if name in FIELDS}


def in_their_turn(tx: Transaction, rows: Sequence[Any]) -> list[dict[str, Change]]:
    """The changes of open rows of one subscription, the oldest first, each without what a later one replaces.

    A later one that is settled replaces it too: a cancellation that was undone stays undone when the undoing is settled
    before the rest of the cancellation.
    """
    if not rows:
        return []
    columns = KEAP_OUTBOX.c.id, KEAP_OUTBOX.c.wanted
    later = KEAP_OUTBOX.c.subscription_id == rows[0].subscription_id, KEAP_OUTBOX.c.id > rows[0].id
    known = {row.id: row for row in tx.session.execute(select(*columns).where(*later)).all()}
    known |= {row.id: row for row in rows}
    turns = in_turn([wanted_of(known[number]) for number in sorted(known)])
    of = dict(zip(sorted(known), turns, strict=True))
    return [of[row.id] for row in rows]


def look_at(tx: Transaction, rows: Sequence[Any], before: Image, there: Image) -> None:
    """Say what a reading of a subscription means for its open rows, which are given with the oldest first.

    A row that is being sent is left to the program that sends it.
    """
    for row, wanted in zip(rows, in_their_turn(tx, rows), strict=True):
        if row.state not in _OPEN:
            continue
        found = compare(wanted, there)
        if found.is_reached:
            state = SendState.VERIFIED if wanted else SendState.REPLACED
            outbox.settle(tx, [row.id], state, checked_at=tx.now, seen={})
        elif found.forks:
            note_conflict(tx, row, found, circumstances_of(row, before, there))
        elif row.state == SendState.DONE:
            note = "It was noted as done, and Keap does not show it."
            outbox.change(tx, [row.id], state=SendState.MANUAL.value, note=note, checked_at=tx.now)
        elif row.state == SendState.CONFLICT:
            # Keap has gone back to what it had.
            outbox.change(tx, [row.id], state=SendState.WAITING.value, seen={}, note="", checked_at=tx.now)


def circumstances_of(row: Any, before: Image, there: Image) -> tuple[str, ...]:
    """What else happened in Keap, for a row of the outbox."""
    active = wanted_of(row).get("active")
    ends = active is not None and active.here is False
    return circumstances(before, there, decided_on=row.recorded_at.date().isoformat(), ends_here=ends)


def note_conflict(tx: Transaction, row: Any, found: Comparison, said: Sequence[str]) -> None:
    """Keep both sides of the fields that were changed on both; in the log too, once for each pair of values."""
    seen = {fork.name: [fork.base, fork.here, fork.there] for fork in found.forks}
    if row.state == SendState.CONFLICT and row.seen == seen:
        return
    outbox.change(
        tx,
        [row.id],
        state=SendState.CONFLICT.value,
        seen=seen,
        note=" ".join(said),
        checked_at=tx.now,
        claimed_until=None,
    )
    tx.log(
        EventType.KEAP_CONFLICT,
        subject=Subject(SubjectType.SUBSCRIPTION, row.subscription_id),
        contact_id=row.contact_id,
        before={fork.name: fork.here for fork in found.forks},
        after={fork.name: fork.there for fork in found.forks},
    )

"""What a reading of Keap means for the changes of a subscription: verified, in conflict, to be sent, or by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import SendState
from subtui.keap import manual_steps
from subtui.keap.comparing import Change, Comparison, compare
from subtui.keap.ids import is_keaps
from subtui.keap.wire import FIELD_WORDS, FIELDS, MODIFIED, Image, body_value, image_of
from subtui.services.keap import outbox
from subtui.services.keap.merging import circumstances_of, in_their_turn, keep_images, note_conflict
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import CONTACT, KEAP_IMAGE, SUBSCRIPTION

_DATES = ("end_date", "next_bill_date")
_NOT_SENT = (SendState.MANUAL, SendState.REFUSED, SendState.DONE)
BESIDE = "contact_id"
"""What Keap may ask for beside the fields of a change."""

DEACTIVATE = "deactivate"
EVERYTHING = "*"
"""The name under which a refusal stands that names no field."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One request: the fields of several changes, and the rows of the outbox that they are from.

    `deactivates`: by the verb of its own, since the field is not taken.
    """

    rows: tuple[int, ...]
    body: Mapping[str, Any]
    deactivates: bool = False

    @property
    def mask(self) -> tuple[str, ...]:
        """The fields that the request sets. The contact is said beside them, and not set."""
        return tuple(name for name in self.body if name != BESIDE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that Keap has refused: the status, its words, and our sentence."""

    status: int
    words: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Found:
    row: Any
    wanted: Mapping[str, Change]
    comparison: Comparison


def settle_after_reading(tx: Transaction, number: int, there: Image, refused: Mapping[str, str]) -> Sending | None:
    """Settle what a reading of a subscription settles; the rest is marked as being sent, and returned.

    `refused` are the fields that Keap did not take in this sending, with the reason.
    """
    rows = outbox.open_rows(tx, subscription_id=number)
    before: Image = (
        tx.session.execute(select(KEAP_IMAGE.c.there).where(KEAP_IMAGE.c.subscription_id == number)).scalar() or {}
    )
    _keep_what_is_sent(tx, number, rows, before, there)
    found = [
        _Found(row, wanted, compare(wanted, there)) for row, wanted in zip(rows, in_their_turn(tx, rows), strict=True)
    ]
    blocked: set[str] = set()
    to_send: dict[str, Any] = {}
    sending: list[_Found] = []
    for one in found:
        if one.row.state in _NOT_SENT and not one.comparison.is_reached:
            continue
        if one.comparison.is_reached:
            _verified(tx, one, there)
        elif one.comparison.forks:
            blocked |= one.wanted.keys()
            note_conflict(tx, one.row, one.comparison, circumstances_of(one.row, before, there))
        elif blocked.isdisjoint(one.wanted):
            to_send |= one.comparison.to_send
            sending.append(one)
    if not sending:
        return None
    by_hand = _by_hand(tx, to_send, refused)
    body = {name: body_value(name, to_send[name]) for name in FIELDS if name in to_send and name not in by_hand}
    if EVERYTHING in refused or not body:
        for one in sending:
            _give_up(tx, one, by_hand, refused)
        return None
    ids = tuple(one.row.id for one in sending)
    if BESIDE in refused and there.get("contact_id"):
        body[BESIDE] = there["contact_id"]
    deactivates = DEACTIVATE in refused and body.get("active") is False
    outbox.change(
        tx,
        ids,
        state=SendState.SENDING.value,
        sent={name: str(value) if not isinstance(value, bool | int | str) else value for name, value in body.items()},
        sent_at=tx.now,
        attempts=max(one.row.attempts for one in sending) + 1,
    )
    return Sending(ids, body, deactivates)


def _keep_what_is_sent(tx: Transaction, number: int, rows: Sequence[Any], before: Image, there: Image) -> None:
    """Keep how Keap has the fields of the changes. The others stay as they were read last: a reading that writes the
    record has to find that they differ, and to take them."""
    mine = {name for row in rows for name in row.wanted if name in FIELDS}
    image = {**before, **{name: there.get(name) for name in (*mine, MODIFIED)}}
    if image != before:
        keep_images(tx.session.connection(), {number: image}, tx.now)


def _by_hand(tx: Transaction, to_send: Mapping[str, Any], refused: Mapping[str, str]) -> dict[str, str]:
    """The fields that have to be set by hand, with the reason."""
    return outbox.by_hand_of(tx, to_send) | {
        name: why
        for name, why in refused.items()
        if name in to_send and not (name == "active" and DEACTIVATE in refused)
    }


def _verified(tx: Transaction, one: _Found, there: Image) -> None:
    """Note that Keap has the change, in the log too: the reading is the proof."""
    if not one.wanted:
        outbox.settle(tx, [one.row.id], SendState.REPLACED)
        return
    outbox.settle(tx, [one.row.id], SendState.VERIFIED, checked_at=tx.now, seen={}, note="")
    was_sent = one.row.sent_at is not None
    tx.log(
        EventType.KEAP_SENT,
        subject=Subject(SubjectType.SUBSCRIPTION, one.row.subscription_id),
        contact_id=one.row.contact_id,
        before={name: change.before[0] for name, change in one.wanted.items()},
        after={name: there.get(name) for name in one.wanted}
        | {"entry": one.row.event_id, "keap_changed": there.get("modification_time"), "sent": was_sent},
    )


def _give_up(tx: Transaction, one: _Found, by_hand: Mapping[str, str], refused: Mapping[str, str]) -> None:
    """Give a change to a person: refused with Keap's words, or to be done by hand."""
    rest = one.comparison.to_send
    values: dict[str, Any] = {"checked_at": tx.now, "claimed_until": None}
    if EVERYTHING in refused:
        outbox.change(tx, [one.row.id], state=SendState.REFUSED.value, note=refused[EVERYTHING], **values)
        return
    why = dict.fromkeys(by_hand[name] for name in rest if name in by_hand)
    steps = manual_steps.set_fields(one.row.keap_id, _contact_of(tx, one.row.subscription_id), rest)
    outbox.change(tx, [one.row.id], state=SendState.MANUAL.value, note=" ".join(why), steps=steps, **values)


def _contact_of(tx: Transaction, number: int) -> str:
    named = select(CONTACT.c.keap_id).join(SUBSCRIPTION, SUBSCRIPTION.c.contact_id == CONTACT.c.id)
    keap_id = tx.session.execute(named.where(SUBSCRIPTION.c.id == number)).scalar()
    return keap_id if keap_id and is_keaps(keap_id) else ""


def not_taken(sending: Sending, there: Image) -> dict[str, str]:
    """The fields of a request that Keap has answered well and that the next reading does not show, with the reason."""
    names, sent = ("active",) if sending.deactivates else sending.mask, image_of(sending.body)
    return {
        name: f"Keap took the request, and did not change the {FIELD_WORDS[name].lower()}."
        for name in names
        if there.get(name) != sent[name]
    }


def without_refused(sending: Sending, refusal: Refusal) -> dict[str, str]:
    """What a refusal takes out of the request: a date that it names, the verb for the state, or everything."""
    words = refusal.words.casefold().replace(" ", "_")
    if refusal.status == 409:
        return {}
    if refusal.status == 400 and BESIDE in words and BESIDE not in sending.body:
        return {BESIDE: refusal.sentence}
    named = [name for name in sending.mask if name in words]
    if refusal.status == 400 and named and all(name in _DATES for name in named):
        return dict.fromkeys(named, refusal.sentence)
    if (
        sending.body.get("active") is False
        and not sending.deactivates
        and (named == ["active"] or refusal.status == 405)
    ):
        return {DEACTIVATE: refusal.sentence}
    if refusal.status == 400 and named and len(named) < len(sending.mask):
        return dict.fromkeys(named, refusal.sentence)
    return {EVERYTHING: refusal.sentence}

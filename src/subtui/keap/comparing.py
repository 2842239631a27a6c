"""Compares a change three ways, field by field: what Keap had, what was decided here, and what Keap has now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from subtui.keap.wire import FIELDS, Image


@dataclass(frozen=True, slots=True)
class Change:
    """The value that a field is to have in Keap, and those it may have had before: what was read, what was sent."""

    before: tuple[Any, ...]
    here: Any


Wanted = Mapping[str, Change]
"""Changes by the names of `wire`."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A field that was changed on both sides, to different values."""

    name: str
    base: Any
    here: Any
    there: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is still to be sent, what Keap has already, and what is changed on both sides."""

    to_send: dict[str, Any] = field(default_factory=dict)
    reached: tuple[str, ...] = ()
    forks: tuple[Fork, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether Keap has all of it."""
        return not (self.to_send or self.forks)


def compare(wanted: Wanted, there: Image) -> Comparison:
    """Compare what is wanted with what Keap has now."""
    to_send: dict[str, Any] = {}
    reached: list[str] = []
    forks: list[Fork] = []
    for name in (name for name in FIELDS if name in wanted):
        change, now = wanted[name], there.get(name)
        if now == change.here:
            reached.append(name)
        elif now in change.before:
            to_send[name] = change.here
        else:
            forks.append(Fork(name, change.before[0], change.here, now))
    return Comparison(to_send, tuple(reached), tuple(forks))


def in_turn(changes: Sequence[Wanted]) -> list[dict[str, Change]]:
    """Changes of one subscription that follow each other, the oldest first, each without what a later one replaces.

    What Keap may have had before an earlier one counts as known before a later one too.
    """
    known: dict[str, tuple[Any, ...]] = {}
    result: list[dict[str, Change]] = []
    for at, wanted in enumerate(changes):
        later = {name for other in changes[at + 1 :] for name in other}
        mine = {}
        for name, change in wanted.items():
            before = (*known.get(name, ()), *change.before)
            known[name] = before
            if name not in later:
                mine[name] = Change(before, change.here)
        result.append(mine)
    return result


def changed_fields(before: Image, after: Image) -> frozenset[str]:
    """The fields in which two images differ; one that the first does not know is among them."""
    return frozenset(name for name in after if name not in before or before[name] != after[name])


def circumstances(before: Image, after: Image, *, decided_on: str, ends_here: bool) -> tuple[str, ...]:
    """What else happened in Keap between two readings, in sentences. `decided_on` is the day of the change here.

    `ends_here`: the change ends the subscription.
    """
    said = []
    if before.get("contact_id") and after.get("contact_id") not in (None, before["contact_id"]):
        said.append(f"Keap has moved it to another contact: {after['contact_id']}, before {before['contact_id']}.")
    billed = after.get("last_bill_date")
    if ends_here and billed and billed > decided_on and billed != before.get("last_bill_date"):
        said.append(f"Keap billed it on {billed}, after it was ended here on {decided_on}.")
    elif billed and billed != before.get("last_bill_date") and before.get("last_bill_date"):
        said.append(f"Keap billed it on {billed} since it was read last.")
    if ends_here and before.get("active") is False and after.get("active"):
        said.append("It was set Active again in Keap.")
    if before.get("subscription_plan_id") and after.get("subscription_plan_id") != before["subscription_plan_id"]:
        said.append(f"Its plan in Keap is now {after.get('subscription_plan_id')}.")
    return tuple(said)

"""The rules of merging two contacts: what the one that stays takes over, and what it has no room for."""

from dataclasses import dataclass, fields, replace
from typing import Any

from subtui.domain.contact_edits import ContactDraft
from subtui.domain.contact_fields import ADDRESSES, EMAILS, PHONES, TAGS
from subtui.domain.normalization import digits

_NAME = ("first_name", "last_name")
_SINGLE = ("company", "job_title", "website", *ADDRESSES)

MOVED = {
    "subscription": "Subscriptions",
    "order": "Orders",
    "credit_card": "Credit cards",
    "note": "Notes",
    "automation": "Automations",
    "letter": "Letters",
    "refund_task": "Refunds noted",
    "keap_outbox": "Keap changes",
    "contact": "Merged before",
}
"""The records that move with a contact: the name of their table, and their label."""

MOVED_TAGS, DROPPED_TAGS = "moved_tags", "dropped_tags"
"""In the log: the ids of the tags that moved, and of those that both contacts had."""

MERGED = "merged"
"""In the log: the id of the duplicate."""

MERGE_LABELS = {f"moved_{table}": f"Moved: {label}" for table, label in MOVED.items()} | {
    MERGED: "Merged contact",
    MOVED_TAGS: "Moved: Tags",
    DROPPED_TAGS: "Tags of both",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The contact that stays after a merge, and the values of the duplicate that found no room there."""

    draft: ContactDraft
    left_out: tuple[str, ...] = ()


def take_over(keep: ContactDraft, duplicate: ContactDraft) -> Taken:
    """Fill the empty fields of the contact that stays. Its own values stay; other addresses and phones get free places.

    A name is taken as a whole. E-mail addresses are the same whatever their case, phones whatever their format.
    """
    values: dict[str, Any] = {name: getattr(duplicate, name) for name in _SINGLE if not getattr(keep, name)}
    if not any(getattr(keep, name) for name in _NAME):
        values |= {name: getattr(duplicate, name) for name in _NAME}
    emails, no_room = _fitted(keep, duplicate, EMAILS, str.casefold)
    phones, no_phone = _fitted(keep, duplicate, PHONES, lambda text: digits(text) or text.casefold())
    tags = tuple(dict.fromkeys((*keep.tags, *duplicate.tags)))
    left_out = [*no_room, *no_phone]
    return Taken(replace(keep, **values, **emails, **phones, tags=tags), tuple(left_out))


def _fitted(keep: ContactDraft, duplicate: ContactDraft, places: tuple[str, ...], same: Any) -> Any:
    """The free places with the duplicate's values that the contact lacks, and the values without a place."""
    known = {same(getattr(keep, name)) for name in places if getattr(keep, name)}
    free = [name for name in places if not getattr(keep, name)]
    found: dict[str, str] = {}
    left_out = []
    for name in places:
        value = getattr(duplicate, name)
        if not value or same(value) in known:
            continue
        known.add(same(value))
        if free:
            found[free.pop(0)] = value
        else:
            left_out.append(value)
    return found, left_out


def joined_notes(keep: str, duplicate: str) -> str:
    """The person notes of both contacts, those of the contact that stays first."""
    return "\n".join(dict.fromkeys(text for text in (keep.strip(), duplicate.strip()) if text)) if duplicate else keep


def filled_fields(keep: ContactDraft, taken: Taken) -> tuple[str, ...]:
    """The names of the fields that a merge fills, without the tags."""
    names = (known.name for known in fields(ContactDraft) if known.name != TAGS)
    return tuple(name for name in names if getattr(keep, name) != getattr(taken.draft, name))


def why_not_merge(keep_id: int, duplicate_id: int, *, keep_into: int | None, duplicate_into: int | None) -> str | None:
    """Why two contacts cannot be merged, or None. `..._into`: the contact that one was merged into before."""
    if keep_id == duplicate_id:
        return "A contact can't be merged with itself: choose the other one."
    if keep_into is not None:
        return f"This contact was itself merged into contact {keep_into}: open that one."
    if duplicate_into is not None:
        return f"Contact {duplicate_id} was already merged into contact {duplicate_into}."
    return None

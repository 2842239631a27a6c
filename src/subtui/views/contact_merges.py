"""The views of merging contacts: the preview of a merge, and what was merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subtui.domain.contact_edits import ContactDraft
from subtui.domain.contact_fields import CONTACT_LABELS
from subtui.domain.contact_merges import MOVED, Taken, filled_fields
from subtui.domain.errors import Problem
from subtui.views.contact_edits import shown_value
from subtui.views.preview import Line

KEAP_KEEPS_BOTH = "Keap is not told: merge them there too."


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do, and the versions of both contacts that it must name."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    keep: str = ""
    duplicate: str = ""
    version: int = 0
    duplicate_version: int = 0


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result of a merge or of undoing one: the contact that stays, and the sentence that describes it."""

    contact_id: int
    sentence: str
    event_id: int


def describe_merge(
    keep: tuple[int, str, ContactDraft],
    duplicate: tuple[int, str, ContactDraft],
    taken: Taken,
    counts: Mapping[str, int],
    *,
    in_keap: bool,
) -> tuple[Line, ...]:
    """The lines of the panel; each contact is its id, its name and its fields."""
    keep_id, keep_name, now = keep
    duplicate_id, duplicate_name, other = duplicate
    lines = [
        Line("Stays", f"{keep_name}, contact {keep_id}"),
        Line("Merged", f"{duplicate_name}, contact {duplicate_id}: it leaves the search", changed=True),
    ]
    moved = [
        Line(label, f"{counts[table]:,}, moved here", changed=True) for table, label in MOVED.items() if counts[table]
    ]
    new_tags = [tag for tag in taken.draft.tags if tag not in now.tags]
    lines += moved or [Line("Records", "none to move")]
    lines += [Line("Tags", f"adds {', '.join(new_tags)}", changed=True)] if new_tags else []
    lines += [
        Line(CONTACT_LABELS[name], f"becomes {shown_value(getattr(taken.draft, name))}", changed=True)
        for name in filled_fields(now, taken)
    ]
    lines += [Line("Unchanged", words) for words in _kept(now, other)]
    if taken.left_out:
        lines.append(Line("No room for", ", ".join(taken.left_out)))
    lines.append(Line("Undo", "possible: subtui keeps what moved"))
    return (*lines, Line("Keap", KEAP_KEEPS_BOTH)) if in_keap else tuple(lines)


def _kept(now: ContactDraft, other: ContactDraft) -> Sequence[str]:
    names = ("company", "job_title", "website", "billing_address", "shipping_address")
    return [
        f"{CONTACT_LABELS[name]}: {shown_value(getattr(now, name))}"
        for name in names
        if getattr(now, name) and getattr(other, name) and getattr(now, name) != getattr(other, name)
    ]

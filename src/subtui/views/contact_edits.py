"""The views of correcting a contact: the form as it opens, its preview, and what was saved."""

from collections.abc import Collection
from dataclasses import dataclass

from subtui.domain.contact_edits import ContactDraft, changed_fields
from subtui.domain.contact_fields import CONTACT_LABELS, TAGS
from subtui.views.preview import Line

KEAP_KEEPS_ITS_OWN = "Keap is not told of contact changes: make them there too."


@dataclass(frozen=True, slots=True)
class ContactForm:
    """The form as it opens, and the version that a save must name. `in_keap`: it stands in a connected Keap too."""

    id: int
    version: int
    name: str
    draft: ContactDraft
    in_keap: bool = False
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class ContactSaved:
    """The result of a correction, or of undoing one: the contact, and the sentence that describes it."""

    contact_id: int
    sentence: str
    event_id: int


def shown_value(value: object) -> str:
    """The value of a field in words; a dash where there is none."""
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text or "-"


def describe_contact(
    before: ContactDraft, draft: ContactDraft, *, known_tags: Collection[str], in_keap: bool
) -> tuple[Line, ...]:
    """The lines of the panel: each field that changes, before and after; of tags what is added and removed."""
    lines = []
    for name in changed_fields(before, draft):
        if name != TAGS:
            was, now = shown_value(getattr(before, name)), shown_value(getattr(draft, name))
            lines.append(Line(CONTACT_LABELS[name], f"{was} → {now}", changed=True))
            continue
        for tag in draft.tags:
            if tag not in before.tags:
                lines.append(Line("Add tag", tag if tag in known_tags else f"{tag} (a new tag)", changed=True))
        lines += [Line("Remove tag", tag, changed=True) for tag in before.tags if tag not in draft.tags]
    if not lines:
        return (Line("Save", "no changes yet"),)
    lines.append(Line("Undo", "possible while these fields stay as saved"))
    if in_keap:
        lines.append(Line("Keap", KEAP_KEEPS_ITS_OWN))
    return tuple(lines)


def fields_in_words(names: Collection[str]) -> str:
    """The labels of fields as in a sentence: `E-mail, Phone 1 and Tags`."""
    words = [CONTACT_LABELS[name] for name in names]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)

"""Acts and queries that correct a contact."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.contact_edits import ContactDraft
from subtui.domain.permissions import Permission
from subtui.views.contact_edits import ContactForm, ContactSaved
from subtui.views.preview import Preview


@dataclass(frozen=True, slots=True)
class SaveContact(Act[ContactSaved]):
    """Correct a contact; the search finds it by the new values at once.

    Raises Stale when the contact is no longer the `version` that was opened, Invalid with the fields, Refused when
    nothing changed or when it was merged into another contact.
    """

    permission: ClassVar = Permission.CHANGE_CONTACT
    contact_id: int
    draft: ContactDraft
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class UndoContactChange(Act[ContactSaved]):
    """Restore the fields of the last correction, while they are as it has saved them. Raises Stale, Refused."""

    permission: ClassVar = Permission.UNDO
    contact_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class GetContactForm(Query[ContactForm]):
    """The form of a contact with its stored values. Raises NotFound."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class PreviewContact(Query[Preview]):
    """The fields that a save would change, and the draft's problems. Raises NotFound."""

    contact_id: int
    draft: ContactDraft

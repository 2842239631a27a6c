"""The acts and the query of notes about a contact, a subscription or an order."""

from dataclasses import dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.event_types import Subject
from subtui.domain.permissions import Permission
from subtui.views.notes import NoteResult, NoteView


@dataclass(frozen=True, slots=True)
class AddNote(Act[NoteResult]):
    """Write a note about a record. It is not changed afterwards. Raises Invalid, NotFound."""

    permission: ClassVar = Permission.ADD_NOTE
    subject: Subject
    text: str


@dataclass(frozen=True, slots=True)
class UndoNote(Act[NoteResult]):
    """Take back the newest note about a record, on its own day and by its author. Raises Refused, NotFound."""

    permission: ClassVar = Permission.ADD_NOTE
    subject: Subject


@dataclass(frozen=True, slots=True)
class ListNotes(Query[tuple[NoteView, ...]]):
    """The notes about a record, newest first; of a contact also those about its subscriptions and orders.

    Raises NotFound.
    """

    subject: Subject

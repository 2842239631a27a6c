"""What the contact record does besides showing: a note, corrections, merges, and their undo."""

from typing import Any

from subtui.acts.act import Act
from subtui.acts.contact_edits import UndoContactChange
from subtui.acts.contact_merges import UnmergeContact
from subtui.app import routes
from subtui.app.commands.catalog import Command
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.note_writing import NoteWriting
from subtui.app.workers import asks
from subtui.domain.event_types import Subject, SubjectType
from subtui.views.contact_edits import ContactSaved
from subtui.views.contact_merges import MergeResult
from subtui.views.customers import ContactRecord

ON_GENERAL = ("contact.edit", "contact.undo", "contact.merge", "contact.unmerge")
"""The commands that the key bar shows on the General tab."""

_OF_A_CONTACT = ("contact.note", "contact.note_undo", *ON_GENERAL)


class ContactActs(NoteWriting):
    """A screen about one contact, whose `record` it has loaded."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: ContactRecord | None = None

    @property
    def contact_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: there may be no correction and no merge to undo."""
        reason = super().disabled_reason(wanted)
        if reason:
            return reason
        if self.record is None:
            return "There is no contact here." if wanted.id in _OF_A_CONTACT else None
        return {
            "contact.undo": self.record.why_not_undo,
            "contact.unmerge": "" if self.record.merged else "No contact was merged into this one.",
        }.get(wanted.id) or None

    def do_contact_note(self) -> None:
        """Write a note about the contact."""
        if self.record is not None:
            self.write_note(Subject(SubjectType.CONTACT, self.contact_id), self.record.name)

    def do_contact_note_undo(self) -> None:
        """Take the newest note about the contact back."""
        self.undo_note(Subject(SubjectType.CONTACT, self.contact_id))

    def do_contact_edit(self) -> None:
        """Open the form that corrects the contact."""
        self.subtui.go(routes.to("contact_edit", self.contact_id))

    def do_contact_undo(self) -> None:
        """Undo the last correction."""
        if self.record is not None:
            self._undo(UndoContactChange(self.contact_id, version=self.record.version))

    def do_contact_merge(self) -> None:
        """Open the form that merges a duplicate into this contact."""
        self.subtui.go(routes.to("contact_merge", self.contact_id))

    def do_contact_unmerge(self) -> None:
        """Ask for confirmation, then take a merge back: of several, the contact with the largest number."""
        if self.record is None or not self.record.merged:
            return
        number = self.record.merged[-1]
        lines = [
            safe(f"Contact {number} gets exactly the records that moved, and is found again."),
            safe("What came since the merge stays with this contact.", "$muted"),
        ]
        question = ConfirmDialog("Undo this merge?", lines, safe_answer="Keep", other_answer="Undo merge", key="y")
        self.app.push_screen(question, lambda wanted: self._undo(UnmergeContact(number)) if wanted else None)

    @asks("undo")
    async def _undo(self, act: Act[Any]) -> None:
        done: ContactSaved | MergeResult = await self.do(act)
        self.reload()
        self.say(done.sentence, "done")

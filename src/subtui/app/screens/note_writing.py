"""Writing a note: the dialog that a contact, a subscription and an order open by the same key."""

from typing import Any

from subtui.acts.notes import AddNote, UndoNote
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.kept_form import KeptForm
from subtui.app.routes import Route
from subtui.app.screens.text_dialog import DraftStore, Written
from subtui.app.workers import asks
from subtui.domain.event_types import Subject
from subtui.views.notes import NoteView

_PURPOSE = "note"
_DOUBLE_PRESS = 1.0
"""Seconds after the dialog in which a repeated Save is meant for it, and not for the form below."""


class NoteWriting(BaseScreen):
    """A screen on which a note can be written about its record. A refused or interrupted text is kept."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._notes = DraftStore()
        self._note_sent = False

    def write_note(self, subject: Subject, about: str) -> None:
        """Open the dialog, and save what is written there."""

        def written(answer: Written | None) -> None:
            self._notes.keep(_PURPOSE, answer)
            if answer is not None:
                self._note_sent = True
                self._add_note(subject, answer.text)

        note = "For your team only: nothing is sent. Today you can take it back (N); it can't be changed."
        dialog = self._notes.dialog(
            _PURPOSE,
            f"Note on {about}",
            ((_PURPOSE, "Note"),),
            placeholder="What happened, or what was agreed",
            note=note,
        )
        self.app.push_screen(dialog, written)

    @asks("note")
    async def _add_note(self, subject: Subject, text: str) -> None:
        self.set_timer(_DOUBLE_PRESS, self._forget_press)
        done = await self.do(AddNote(subject, text))
        self._notes.recorded()
        self.note_added(done.note)
        self.say(done.sentence, "done")

    @asks("note")
    async def undo_note(self, subject: Subject) -> None:
        """Take back the newest note about the record."""
        done = await self.do(UndoNote(subject))
        self.note_taken_back(done.note)
        self.say(done.sentence, "done")

    def _forget_press(self) -> None:
        self._note_sent = False

    def note_added(self, _note: NoteView) -> None:
        """Show a note that was written here."""
        self.reload()

    def note_taken_back(self, _note: NoteView) -> None:
        """Show the record without a note that was taken back here."""
        self.reload()

    async def action_command(self, command_id: str) -> None:
        """Run a command. A second press of Save for the dialog that has just closed does not save the form below."""
        save: Any = getattr(self, "SAVE", "")
        if not (self._note_sent and save and command_id == save):
            await super().action_command(command_id)

    def refused(self, refusal: Refusal) -> None:
        """Keep the text of a refused note for the next time the dialog is opened."""
        self._notes.refused()
        super().refused(refusal)

    def put_back(self, kept: KeptForm) -> None:
        """Restore the kept text of the dialog."""
        if kept.dialog != _PURPOSE:
            super().put_back(kept)
            return
        self._notes.keep(_PURPOSE, Written(_PURPOSE, kept.values.get("text", "")))
        self._notes.refused()

"""The notes of a record below its lists. Tab leads to it, and the arrows scroll it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from subtui.app.content import safe
from subtui.app.widgets.description_list import DescriptionList
from subtui.views.format import Format
from subtui.views.note_entries import note_entries
from subtui.views.notes import NoteView


class NotesPane(VerticalScroll):
    """The notes, newest first; not displayed while there are none."""

    DEFAULT_CSS = """
    NotesPane { height: auto; max-height: 12; border-left: blank; scrollbar-size-vertical: 1; }
    NotesPane:focus { background-tint: $background 0%; border-left: vkey $primary; }
    NotesPane .notes-head { color: $primary; text-style: bold; height: 1; padding: 0 1; }
    NotesPane #notes-shown { padding: 0 1; }
    NotesPane DescriptionList { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__(id="notes")
        self.display = False

    def compose(self) -> ComposeResult:
        """Compose the heading and the notes."""
        yield Static("Notes", classes="notes-head", markup=False)
        yield DescriptionList(id="notes-shown")

    def show(self, notes: Sequence[NoteView], fmt: Format) -> None:
        """Show these instead."""
        self.display = bool(notes)
        self.query_one(".notes-head", Static).update(safe(f"Notes ({len(notes):,})" if notes else "Notes"))
        self.query_one("#notes-shown", DescriptionList).show(note_entries(notes, fmt))

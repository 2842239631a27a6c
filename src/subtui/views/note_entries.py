"""Notes as entries: the section Notes of a contact, a subscription and an order."""

from collections.abc import Iterable, Sequence

from subtui.views.entries import Entry, Heading, Paragraph, Prose
from subtui.views.format import Format
from subtui.views.notes import NoteView


def note_section(notes: Sequence[NoteView], fmt: Format) -> Iterable[Entry]:
    """The notes below their heading; nothing if there are none."""
    if notes:
        yield Heading("Notes")
        yield from note_entries(notes, fmt)


def note_entries(notes: Sequence[NoteView], fmt: Format) -> Iterable[Entry]:
    """Each note below when it was written, by whom and what about."""
    for note in notes:
        head = f"{fmt.instant(note.at)}  {note.author}".rstrip()
        yield Paragraph(f"{head} · {note.about}" if note.about else head, "muted")
        yield Prose(note.text)

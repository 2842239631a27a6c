"""The views of notes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NoteView:
    """A dated note. `about` names the subscription or the order that it is about, where the record is the contact."""

    at: datetime
    author: str
    text: str
    about: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class NoteResult:
    """The result of writing a note or of taking one back: the note, and the sentence that describes it."""

    note: NoteView
    sentence: str
    event_id: int

"""The rules of notes: what one can be about, and which text it can have. A note is never changed or deleted."""

from subtui.domain.errors import Problem
from subtui.domain.event_types import SubjectType

LONGEST_NOTE = 2000

NOTED = (SubjectType.CONTACT, SubjectType.SUBSCRIPTION, SubjectType.ORDER)
"""The records that a note can be about."""


def note_problems(text: str) -> tuple[Problem, ...]:
    """The problems of a note's text; empty when it can be saved."""
    if not text.strip():
        return (Problem("text", "Enter the note."),)
    if len(text) > LONGEST_NOTE:
        return (Problem("text", f"A note can have at most {LONGEST_NOTE:,} characters; this one has {len(text):,}."),)
    return ()

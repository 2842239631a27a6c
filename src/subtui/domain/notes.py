"""The rules of notes: what one can be about, which text it can have, and who can take one back.

A note is never changed. The log keeps one that was taken back.
"""

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


def why_not_take_back(*, by_user: bool, today: bool) -> str | None:
    """Why the newest note about a record cannot be taken back, or None. `by_user`: the user has written it."""
    if not by_user:
        return "The newest note here is not yours: only its author can take it back."
    if not today:
        return "A note can be taken back on its own day only. Write another one that corrects it."
    return None

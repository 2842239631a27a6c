"""What other users have changed while a screen was open."""

from dataclasses import dataclass
from datetime import datetime

from subtui.domain.event_types import Subject


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record that another user, or another program of the same one, has just changed."""

    entry_id: int
    at: datetime
    actor: str
    subject: Subject
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What is new since the last look: the changes of others, and whether an act was saved whose answer was lost."""

    changes: tuple[ChangedRecord, ...] = ()
    outcome: str = ""
    saved: bool = False
    here: tuple[str, ...] = ()
    """The other users who have the same record open."""
    to_send: bool = False
    """Whether changes wait that are to be sent to Keap without being asked for."""


def here_too(names: tuple[str, ...]) -> str:
    """Who else has the record open: `Sam Okonkwo has this open too`; empty for none."""
    if not names:
        return ""
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} others have this open too"
    return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} this open too"


JUST_NOW = 20
"""Seconds in which the exact number tells nothing."""


def seconds_ago(seconds: float) -> str:
    """How long ago something was, as long as that is of interest: `just now`, `25 s ago`, `3 min ago`."""
    if seconds < JUST_NOW:
        return "just now"
    return f"{int(seconds)} s ago" if seconds < 60 else f"{int(seconds // 60)} min ago"

"""The sessions of users: one begins with a sign-in, and lasts until it is ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_HOST = 100
HERE_FOR = timedelta(minutes=2)
"""How long after it was last seen an open session counts as here now."""


class Outcome(StrEnum):
    """How an attempt to sign in ended."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    LOCKED = "locked"  # made during the wait after too many failed attempts


class Front(StrEnum):
    """The part of the program that a user signs in to."""

    SCREENS = "screens"
    COMMAND = "command"


OUTCOME_WORDS = {Outcome.SIGNED_IN: "signed in", Outcome.REFUSED: "refused", Outcome.LOCKED: "refused during a wait"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session is: the part of the program, and the name of the machine."""

    front: Front = Front.COMMAND
    host: str = ""


def is_here(seen_at: datetime | None, now: datetime) -> bool:
    """Whether an open session that was last seen at `seen_at` counts as here now."""
    return seen_at is not None and now - seen_at < HERE_FOR


def ended_words(by: str, at: str) -> str:
    """The sentence for a user whose session a colleague has ended; `at` is the written instant."""
    return f"Your session was ended{f' by {by}' if by else ''} at {at}. Sign in again."

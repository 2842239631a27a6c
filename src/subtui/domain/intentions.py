"""Intentions: an act that a caller names with its own key is done once, however often it is sent."""

from dataclasses import dataclass
from datetime import datetime

from subtui.domain.errors import SubtuiError, WrongInput

LONGEST_KEY = 100
"""Characters of a key at the most."""


@dataclass(frozen=True, slots=True)
class Intention:
    """An act to be done once. `arguments` is a digest of the command and its arguments."""

    key: str
    arguments: str


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """The log entry of an intention that was carried out. `at` is in UTC."""

    event_id: int
    log_hash: str
    at: datetime
    actor: str
    command: str
    subject: str


class AlreadyDone(SubtuiError):
    """The intention was carried out before, and the act was not done a second time."""

    exit_code = 0

    def __init__(self, done: DoneBefore) -> None:
        super().__init__(
            f"Already done by {done.actor} (log entry {done.event_id}, {done.command}). Nothing was repeated."
        )
        self.done = done


def read_key(option: str, text: str) -> str:
    """Read the key from an option. Raises WrongInput for one that is empty or too long."""
    key = text.strip()
    if not 1 <= len(key) <= LONGEST_KEY:
        raise WrongInput(f"{option}: a key needs 1 to {LONGEST_KEY} characters.")
    return key

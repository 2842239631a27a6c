"""Queries about the log and the letters."""

from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import ClassVar

from subtui.acts.act import Query
from subtui.domain.event_types import Subject
from subtui.domain.hash_chain import Verdict
from subtui.domain.permissions import Permission
from subtui.views.customers import EventView, LetterView


@dataclass(frozen=True, slots=True)
class ListEvents(Query[tuple[EventView, ...]]):
    """The newest entries of the log; of one contact, or one subject. Raises NotFound."""

    permission: ClassVar = Permission.VIEW_LOG
    _: KW_ONLY
    contact_id: int | None = None
    subject: Subject | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class VerifyLog(Query[Verdict]):
    """Verify the hash chain of the log. Needs no sign-in: it shows no entry."""

    permission: ClassVar = None


@dataclass(frozen=True, slots=True)
class FindInLog(Query[int | None]):
    """The entry of the log whose hash begins with `prefix`, as letters print it. Needs no sign-in."""

    permission: ClassVar = None
    prefix: str


@dataclass(frozen=True, slots=True)
class GetLetter(Query[LetterView]):
    """A letter as it was written. Raises NotFound."""

    letter_id: int


@dataclass(frozen=True, slots=True)
class SaveLetter(Query[Path]):
    """Write a letter to a new file; answers where it is. Raises NotFound, FileProblem."""

    letter_id: int
    path: Path

"""Views of users, their sessions and their attempts to sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from subtui.domain.permissions import Role
from subtui.domain.sessions import Front, Outcome
from subtui.domain.users import Seen, UserAct, UserState
from subtui.views.customers import EventView


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in the list of users. `here` is the number of sessions that are here now."""

    id: int
    name: str
    email: str
    role: Role
    verified: bool
    state: UserState
    last_sign_in: datetime | None = None
    here: int = 0
    code_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session; `own` is the one that asks."""

    id: int
    program: Front
    host: str
    since: datetime
    seen_at: datetime
    route: str
    here: bool
    own: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt to sign in. `email` is what was typed, folded; `name` is the user's, if it is a user's."""

    id: int
    at: datetime
    email: str
    name: str
    outcome: Outcome
    program: Front
    host: str
    ended_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user with everything their screen shows. `why_not` has the sentence for each act that is refused."""

    user: UserRow
    password_changed_at: datetime | None
    sessions: tuple[SessionRow, ...]
    attempts: tuple[AttemptRow, ...]
    events: tuple[EventView, ...]
    seen: Seen
    own: bool
    why_not: Mapping[UserAct, str]
    why_not_verify: str = ""


@dataclass(frozen=True, slots=True)
class UserResult:
    """A user after an act, and the sentence that says what was done."""

    user: UserRow
    sentence: str


@dataclass(frozen=True, slots=True)
class NewCode:
    """A one-time code, which is stored nowhere and shown once, and the user it is for."""

    user: UserRow
    code: str = field(repr=False)
    valid_until: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class UserActPreview:
    """What an act on a user will do: a question, its consequences, and what the answer that does it is called."""

    title: str
    lines: tuple[str, ...]
    answer: str

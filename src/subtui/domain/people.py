"""The signed-in user and the session facts that the first screen needs."""

from dataclasses import dataclass
from datetime import date

from subtui.domain.permissions import Role


@dataclass(frozen=True, slots=True)
class Person:
    """A user who is signed in. `system` (id 0) is the program itself."""

    id: int
    name: str
    email: str
    role: Role
    verified: bool = True


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo data that the sign-in screen may offer by role."""

    email: str
    name: str
    role: Role
    verified: bool


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """The facts of a session that are known before a user signs in."""

    account: str
    today: date
    demo: bool
    time_zone: str = "UTC"
    demo_accounts: tuple[DemoAccount, ...] = ()
    has_users: bool = True
    rolled: int = 0
    drill: bool = False
    why_read_only: str = ""  # the sentence that refuses every act; empty where acts are possible

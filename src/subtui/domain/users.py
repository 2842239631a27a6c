"""The rules of administering users: who may change whom, one-time codes, passwords."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from subtui.domain.people import Person
from subtui.domain.permissions import Role

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The characters of a one-time code: 32, so that each is 5 bits, and none is taken for another when it is read out."""

CODE_LENGTH = 8
CODE_LASTS = timedelta(days=7)
SHORTEST_PASSWORD = 8
LONGEST_NAME = 100
LONGEST_REASON = 200
LONGEST_EMAIL = 200


class UserState(StrEnum):
    """What a user can do: sign in, choose a password with a code, or neither."""

    ACTIVE = "active"
    INVITED = "invited"
    RESET = "password reset"  # the old password has stopped, and the code for a new one is not used yet
    CODE_EXPIRED = "code expired"
    DEACTIVATED = "deactivated"


class UserAct(StrEnum):
    """The acts of an administrator on one user."""

    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    CHANGE_ROLE = "role"
    RESET_PASSWORD = "reset-password"  # noqa: S105  (the name of a command)
    END_SESSIONS = "end-sessions"


@dataclass(frozen=True, slots=True)
class UserFacts:
    """What the rules look at. `pending`: the password is still to be chosen with a code, valid until `code_until`."""

    id: int
    name: str
    role: Role
    verified: bool = True
    active: bool = True
    pending: bool = False
    was_reset: bool = False
    code_until: datetime | None = None

    def state(self, now: datetime) -> UserState:
        """What the user can do at this instant."""
        if not self.active:
            return UserState.DEACTIVATED
        if not self.pending:
            return UserState.ACTIVE
        if not is_valid(self.code_until, now):
            return UserState.CODE_EXPIRED
        return UserState.RESET if self.was_reset else UserState.INVITED

    @property
    def can_sign_in(self) -> bool:
        """Whether the user is active and has a password."""
        return self.active and not self.pending


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of a user that an administrator had in view when they decided."""

    role: Role
    active: bool
    verified: bool

    @classmethod
    def of(cls, user: UserFacts) -> "Seen":
        """The facts of a user as they are."""
        return cls(user.role, user.active, user.verified)


def changed_words(seen: Seen, now: Seen) -> str:
    """What has changed since it was seen: `the role is now agent`; empty if nothing has."""
    changes = [
        (seen.role is not now.role, f"the role is now {now.role}"),
        (seen.active is not now.active, f"the user is now {'active' if now.active else 'deactivated'}"),
        (seen.verified is not now.verified, f"the user is {'now' if now.verified else 'no longer'} verified"),
    ]
    return " and ".join(words for changed, words in changes if changed)


# --- who may ----------------------------------------------------------------------------------------------------------


def why_not_manage(actor: Person, role: Role) -> str | None:
    """Why this administrator may not act on users of this role, or make one; None if they may."""
    if not actor.verified:
        return "Only a verified owner or admin can do this, and you are not verified yet."
    if role is Role.OWNER and actor.role is not Role.OWNER:
        return "Only an owner can do this to an owner."
    return None


def why_not(act: UserAct, actor: Person, user: UserFacts, *, other_owners: int, role: Role | None = None) -> str | None:
    """Why this administrator cannot do `act` to `user`, in a sentence; None if they can.

    `other_owners` is the number of other owners who can sign in; `role` is the one that CHANGE_ROLE gives.
    """
    if not actor.verified:
        return why_not_manage(actor, user.role)
    own = user.id == actor.id
    checks: dict[UserAct, Callable[[], str | None]] = {
        UserAct.DEACTIVATE: lambda: _why_not_deactivate(user, own=own, other_owners=other_owners),
        UserAct.REACTIVATE: lambda: f"{user.name} is not deactivated." if user.active else None,
        UserAct.CHANGE_ROLE: lambda: _why_not_role(actor, user, role, own=own, other_owners=other_owners),
        UserAct.RESET_PASSWORD: lambda: _why_not_reset(user, own=own),
        UserAct.END_SESSIONS: lambda: None,
    }
    return why_not_manage(actor, user.role) or checks[act]()


def _why_not_deactivate(user: UserFacts, *, own: bool, other_owners: int) -> str | None:
    if own:
        return "You cannot deactivate yourself: ask another owner or admin."
    if not user.active:
        return f"{user.name} is already deactivated."
    return _why_not_lose(user, other_owners)


def _why_not_role(actor: Person, user: UserFacts, role: Role | None, *, own: bool, other_owners: int) -> str | None:
    if own:
        return "You cannot change your own role: ask another owner or admin."
    if role is None:
        return None
    if role is user.role:
        return f"{user.name} already has the role {role}."
    return why_not_make(actor, role) or _why_not_lose(user, other_owners)


def _why_not_reset(user: UserFacts, *, own: bool) -> str | None:
    if own:
        return "You cannot reset your own password: change it under My account."
    return None if user.active else f"{user.name} is deactivated: reactivate the user first."


def why_not_make(actor: Person, role: Role) -> str | None:
    """Why this administrator cannot give a user this role, or None."""
    if role is Role.OWNER and actor.role is not Role.OWNER:
        return "Only an owner can make another owner."
    return None


def _why_not_lose(user: UserFacts, other_owners: int) -> str | None:
    if user.role is Role.OWNER and other_owners < 1:
        return f"{user.name} is the last owner who can sign in. Make another user an owner first."
    return None


# --- codes and passwords ----------------------------------------------------------------------------------------------


def read_code(typed: str) -> str:
    """A one-time code as typed, without blanks, hyphens and the difference of case."""
    return "".join(sign for sign in typed.upper() if not sign.isspace() and sign != "-")


def is_valid(code_until: datetime | None, now: datetime) -> bool:
    """Whether a code can still be used."""
    return code_until is not None and now <= code_until


def why_not_password(password: str, again: str | None = None) -> str | None:
    """Why a new password cannot be used, or None. `again` is what was typed the second time, if it was asked for."""
    if len(password) < SHORTEST_PASSWORD:
        return f"The password needs at least {SHORTEST_PASSWORD} characters."
    if again is not None and again != password:
        return "The two passwords differ. Type the new one twice."
    return None

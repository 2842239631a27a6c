"""Acts and queries about users, their passwords and their sessions."""

from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role
from subtui.domain.users import Seen, UserAct
from subtui.views.users import AttemptRow, NewCode, UserActPreview, UserRecord, UserResult, UserRow


@dataclass(frozen=True, slots=True)
class AddUser(Act[Person]):
    """Add a user. The first user of a database is its owner and needs no permission; others are not verified.

    Raises NotAllowed, Refused, WrongInput for an e-mail that is none or is taken, or a password under 8 characters.
    """

    spans_transactions: ClassVar = True  # the password is hashed before the transaction
    _: KW_ONLY
    email: str
    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True)
class VerifyUser(Act[Person]):
    """Mark a user as verified, or not: only a verified owner or admin can cancel the account.

    Raises NotAllowed (users cannot verify themselves, and only a verified user verifies others), NotFound, Refused.
    """

    permission: ClassVar = Permission.MANAGE_USERS
    email: str
    _: KW_ONLY
    verified: bool = True


@dataclass(frozen=True, slots=True)
class InviteUser(Act[NewCode]):
    """Add a user without a password, or give one who has not accepted yet a new code: the answer, shown once.

    Raises NotAllowed, WrongInput for an e-mail that is none or is taken.
    """

    permission: ClassVar = Permission.MANAGE_USERS
    spans_transactions: ClassVar = True  # the code is hashed before the transaction
    _: KW_ONLY
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ResetPassword(Act[NewCode]):
    """Give a user a new one-time code. The old password stops, and the sessions end.

    Raises NotAllowed, NotFound, Refused when a colleague has changed the user since they were `seen`.
    """

    permission: ClassVar = Permission.MANAGE_USERS
    spans_transactions: ClassVar = True
    user_id: int
    _: KW_ONLY
    seen: Seen


@dataclass(frozen=True, slots=True)
class DeactivateUser(Act[UserResult]):
    """Keep a user from signing in, for a `reason`; the sessions end. Raises as `ResetPassword`, and WrongInput."""

    permission: ClassVar = Permission.MANAGE_USERS
    user_id: int
    reason: str
    _: KW_ONLY
    seen: Seen


@dataclass(frozen=True, slots=True)
class ReactivateUser(Act[UserResult]):
    """Let a deactivated user sign in again, for a `reason`. Raises as `DeactivateUser`."""

    permission: ClassVar = Permission.MANAGE_USERS
    user_id: int
    reason: str
    _: KW_ONLY
    seen: Seen


@dataclass(frozen=True, slots=True)
class ChangeRole(Act[UserResult]):
    """Give a user another role, from their next act on. Raises as `ResetPassword`."""

    permission: ClassVar = Permission.MANAGE_USERS
    user_id: int
    role: Role
    _: KW_ONLY
    seen: Seen


@dataclass(frozen=True, slots=True)
class EndSessions(Act[UserResult]):
    """End the open sessions of a user; of oneself, the other ones. Raises as `ResetPassword`."""

    permission: ClassVar = Permission.MANAGE_USERS
    user_id: int
    _: KW_ONLY
    seen: Seen


@dataclass(frozen=True, slots=True)
class ChangePassword(Act[Person]):
    """Change one's own password; the user's other sessions end. Raises SignInRefused, WrongInput."""

    permission: ClassVar = Permission.VIEW
    spans_transactions: ClassVar = True
    current: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoosePassword(Act[Person]):
    """Exchange a one-time code for a password. Needs no sign-in. Raises SignInRefused, WrongInput."""

    spans_transactions: ClassVar = True
    email: str
    code: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListUsers(Query[tuple[UserRow, ...]]):
    """All users, those who can sign in first."""

    permission: ClassVar = Permission.MANAGE_USERS


@dataclass(frozen=True, slots=True)
class GetUser(Query[UserRecord]):
    """A user with the open sessions, the last attempts to sign in, and the log; by id or e-mail. Raises NotFound."""

    permission: ClassVar = Permission.MANAGE_USERS
    user_id: int | None = None
    _: KW_ONLY
    email: str = ""


@dataclass(frozen=True, slots=True)
class ListSignIns(Query[tuple[AttemptRow, ...]]):
    """The newest attempts to sign in, of all users and of e-mails that are no user's; or of one typed e-mail."""

    permission: ClassVar = Permission.MANAGE_USERS
    _: KW_ONLY
    email: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class PreviewUserAct(Query[UserActPreview]):
    """What an act on a user will do. Raises as the act."""

    permission: ClassVar = Permission.MANAGE_USERS
    act: UserAct
    user_id: int
    _: KW_ONLY
    role: Role | None = None

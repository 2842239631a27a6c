"""Acts about users."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role


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

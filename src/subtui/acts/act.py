"""The two kinds of request to the backend: an act changes the record and is logged, a query reads it.

Each is a frozen dataclass that names the permission it takes. One function handles it: `subtui.services.registry`.
"""

from typing import ClassVar, Generic, TypeVar

from subtui.domain.permissions import Permission

T = TypeVar("T")


class Act(Generic[T]):
    """A change of the record with the answer `T`, done in one transaction together with its log entry.

    `permission` None: the handler decides. A handler of an act that `spans_transactions` opens them itself, since files
    are read or written before one begins. After an act that `changes_account` the backend reads the account again. What
    a `repeatable` act has done before an interruption stays, and it may be done again: it has then not been done.
    """

    __slots__ = ()
    permission: ClassVar[Permission | None] = None
    spans_transactions: ClassVar[bool] = False
    changes_account: ClassVar[bool] = False
    repeatable: ClassVar[bool] = False


class Query(Generic[T]):
    """A question with the answer `T`. `permission` None: it may be asked without signing in."""

    __slots__ = ()
    permission: ClassVar[Permission | None] = Permission.VIEW

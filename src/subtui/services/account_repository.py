"""The row of the account, and the lists in it that other subjects read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from subtui.domain.reasons import Reason
from subtui.storage.tables import Account


def load_account(session: Session) -> Account:
    """The account: there is one."""
    account: Account = session.execute(select(Account)).scalars().one()
    return account


def reasons_of(account: Account) -> tuple[Reason, ...]:
    """The account's list of reasons for cancelling."""
    return tuple(Reason(**row) for row in account.cancel_reasons)

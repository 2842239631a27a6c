"""The row of the account, and the lists in it that other subjects read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from subtui.domain.reasons import Reason
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables import Account


def load_account(session: Session) -> Account:
    """The account: there is one."""
    account: Account = session.execute(select(Account)).scalars().one()
    return account


def lock_account(tx: Transaction) -> Account:
    """The account, locked until the act ends: for what there may be one of, and for its own settings."""
    account = load_account(tx.session)
    return tx.load(Account, account.id or 0) or account


def reasons_of(account: Account) -> tuple[Reason, ...]:
    """The account's list of reasons for cancelling."""
    return tuple(Reason(**row) for row in account.cancel_reasons)

"""Queries of users at the start: the demo accounts, and whether there are users."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from subtui.domain.errors import NotAllowed
from subtui.domain.normalization import normalize
from subtui.domain.people import DemoAccount, Person
from subtui.domain.permissions import Role
from subtui.domain.suggestions import did_you_mean
from subtui.services.unit_of_work import UnitOfWork, as_person
from subtui.storage.light_tables import USER

_ORDER = {Role.AGENT: 0, Role.ADMIN: 1, Role.OWNER: 2, Role.VIEWER: 3}


def sign_in_demo(work: UnitOfWork, email: str, *, demo: bool) -> Person:
    """Sign in a demo account, without its (public) password. Raises NotAllowed on any other data."""
    if not demo:
        raise NotAllowed("Only demo data can be opened without a password.")
    with work.read() as session:
        user = session.execute(select(USER).where(USER.c.email_key == normalize(email.strip()))).first()
    if user is None or not user.active or user.invited_until is not None:
        with work.read() as session:
            known = [*Role, *(account.email for account in demo_accounts(session))]
        raise NotAllowed(f"There is no demo account “{email[:60]}”.{did_you_mean(email.strip(), known)}")
    return as_person(user)


def demo_accounts(session: Session) -> tuple[DemoAccount, ...]:
    """The accounts to offer on demo data: agents first, since theirs is the daily work."""
    wanted = select(USER).where(USER.c.active, USER.c.invited_until.is_(None)).order_by(USER.c.id)
    accounts = [
        DemoAccount(user.email, user.name, Role(user.role), bool(user.verified)) for user in session.execute(wanted)
    ]
    return tuple(sorted(accounts, key=lambda who: (_ORDER[who.role], not who.verified)))


def has_users(session: Session) -> bool:
    """Whether the database has users."""
    return session.execute(select(USER.c.id).limit(1)).first() is not None

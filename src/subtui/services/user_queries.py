"""Handlers of queries about users: who there is, their sessions and attempts to sign in, what an act would do."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.log import ListEvents
from subtui.acts.users import (
    GetUser,
    ListSignIns,
    ListUsers,
    PreviewUserAct,
)
from subtui.domain.errors import NotAllowed, NotFound, Refused
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.people import Person
from subtui.domain.permissions import Role
from subtui.domain.sessions import HERE_FOR, Front, Outcome, is_here
from subtui.domain.users import (
    CODE_LASTS,
    Seen,
    UserAct,
    UserFacts,
    UserState,
    why_not,
    why_not_manage,
)
from subtui.services import audit
from subtui.services.registry import answers
from subtui.services.sessions import email_key
from subtui.services.sign_in import find
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables import SignIn, User
from subtui.views.format import Format
from subtui.views.user_entries import preview_of
from subtui.views.users import AttemptRow, SessionRow, UserActPreview, UserRecord, UserRow

SESSIONS_SHOWN = 20
ATTEMPTS_SHOWN = 50
EVENTS_SHOWN = 50

_SIGNED_IN = col(SignIn.outcome) == Outcome.SIGNED_IN.value
_OPEN = _SIGNED_IN & col(SignIn.ended_at).is_(None)


def facts_of(user: User) -> UserFacts:
    """What the rules look at of a stored user."""
    return UserFacts(
        id=user.id or 0,
        name=user.name,
        role=Role(user.role),
        verified=user.verified,
        active=user.active,
        pending=user.invited_until is not None,
        was_reset=user.password_changed_at is not None,
        code_until=user.invited_until,
    )


def row_of(user: User, now: datetime, last_sign_in: datetime | None = None, here: int = 0) -> UserRow:
    facts = facts_of(user)
    return UserRow(
        id=facts.id,
        name=user.name,
        email=user.email,
        role=facts.role,
        verified=user.verified,
        state=facts.state(now),
        last_sign_in=last_sign_in,
        here=here,
        code_until=user.invited_until,
    )


def sign_in_counts(now: datetime) -> Select[int | None, datetime, int]:
    """The last sign-in of each user, and the number of sessions that are here now."""
    here = func.count().filter(col(SignIn.ended_at).is_(None), col(SignIn.seen_at) > now - HERE_FOR)
    return (
        select(col(SignIn.user_id), func.max(col(SignIn.at)).label("last"), here.label("here"))
        .where(_SIGNED_IN, col(SignIn.user_id).is_not(None))
        .group_by(col(SignIn.user_id))
    )


@answers(ListUsers)
def users(reader: Reader, _query: ListUsers) -> tuple[UserRow, ...]:
    """Handle `ListUsers`."""
    stats = {row.user_id: row for row in reader.session.execute(sign_in_counts(reader.now))}
    found = [
        row_of(user, reader.now, *counted(stats.get(user.id)))
        for user in reader.session.execute(select(User).order_by(col(User.id))).scalars()
    ]
    ranks = list(Role)
    return tuple(
        sorted(
            found,
            key=lambda row: (row.state is UserState.DEACTIVATED, ranks.index(row.role), row.name.casefold()),
        )
    )


def counted(stats: Row[int | None, datetime, int] | None) -> tuple[datetime | None, int]:
    return (None, 0) if stats is None else (stats.last, stats.here)


def load_user(session: Session, user_id: int, *, lock: bool = False) -> User:
    """The user with that id; with `lock`, kept from other transactions. Raises NotFound."""
    wanted = select(User).where(col(User.id) == user_id)
    user = session.execute(wanted.with_for_update() if lock else wanted).scalars().first()
    if user is None:
        raise NotFound(f"There is no user {user_id}.")
    return user


@answers(GetUser)
def user_record(reader: Reader, query: GetUser) -> UserRecord:
    """Handle `GetUser`."""
    session = reader.session
    if query.user_id is not None:
        user = load_user(session, query.user_id)
    else:
        found = find(session, query.email)
        if found is None:
            raise NotFound(f"There is no user “{query.email.strip()[:60]}”.")
        user = found
    facts, actor = facts_of(user), reader.who
    stats = session.execute(sign_in_counts(reader.now).where(col(SignIn.user_id) == user.id)).first()
    subject = Subject(SubjectType.USER, facts.id)
    owners = _other_owners(session, facts.id)
    reasons = {act: why_not(act, actor, facts, other_owners=owners) for act in UserAct}
    sessions = _sessions(reader, facts.id)
    if not [row for row in sessions if not row.own]:
        reasons[UserAct.END_SESSIONS] = reasons[UserAct.END_SESSIONS] or no_sessions(user, own=facts.id == actor.id)
    return UserRecord(
        user=row_of(user, reader.now, *counted(stats)),
        password_changed_at=None if facts.pending else user.password_changed_at,
        sessions=sessions,
        attempts=_attempts(session, or_(col(SignIn.user_id) == user.id, col(SignIn.email_key) == user.email_key)),
        events=audit.entries(reader, ListEvents(subject=subject, limit=EVENTS_SHOWN)),
        seen=Seen.of(facts),
        own=facts.id == actor.id,
        why_not={act: reason for act, reason in reasons.items() if reason},
        why_not_verify=_why_not_verify(actor, facts) or "",
    )


def _why_not_verify(actor: Person, facts: UserFacts) -> str | None:
    if facts.id == actor.id:
        return "Only another verified owner or admin can do this: users cannot verify themselves."
    return why_not_manage(actor, facts.role)


def _sessions(reader: Reader, user_id: int) -> tuple[SessionRow, ...]:
    wanted = (
        select(SignIn)
        .where(col(SignIn.user_id) == user_id, _OPEN)
        .order_by(col(SignIn.seen_at).desc(), col(SignIn.id).desc())
        .limit(SESSIONS_SHOWN)
    )
    return tuple(
        SessionRow(
            id=row.id or 0,
            program=Front(row.program),
            host=row.host,
            since=row.at,
            seen_at=row.seen_at or row.at,
            route=row.route,
            here=is_here(row.seen_at, reader.now),
            own=row.id == reader.session_id,
        )
        for row in reader.session.execute(wanted).scalars()
    )


def _attempts(session: Session, *conditions: Any, limit: int = ATTEMPTS_SHOWN) -> tuple[AttemptRow, ...]:
    wanted = (
        select(SignIn, col(User.name))
        .outerjoin(User, col(User.id) == col(SignIn.user_id))
        .where(*conditions)
        .order_by(col(SignIn.id).desc())
        .limit(limit)
    )
    return tuple(
        AttemptRow(
            id=row.id or 0,
            at=row.at,
            email=row.email_key,
            name=name or "",
            outcome=Outcome(row.outcome),
            program=Front(row.program),
            host=row.host,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
        )
        for row, name in session.execute(wanted)
    )


@answers(ListSignIns)
def sign_ins(reader: Reader, query: ListSignIns) -> tuple[AttemptRow, ...]:
    """Handle `ListSignIns`."""
    conditions = [col(SignIn.email_key) == email_key(query.email)] if query.email.strip() else []
    return _attempts(reader.session, *conditions, limit=query.limit)


@answers(PreviewUserAct)
def preview(reader: Reader, query: PreviewUserAct) -> UserActPreview:
    """Handle `PreviewUserAct`."""
    user = load_user(reader.session, query.user_id)
    facts = facts_of(user)
    require_rule(query.act, reader, facts, query.role)
    but = reader.session_id if facts.id == reader.who.id else None
    count = _open_sessions(reader.session, facts.id, but)
    if query.act is UserAct.END_SESSIONS and not count:
        raise Refused(no_sessions(user, own=facts.id == reader.who.id))
    until = Format(reader.date_format, reader.time_zone, reader.today).instant(reader.now + CODE_LASTS)
    return preview_of(
        query.act,
        row_of(user, reader.now),
        sessions=count,
        own=facts.id == reader.who.id,
        code_until=until,
        role=query.role,
    )


def _open_sessions(session: Session, user_id: int, but: int | None) -> int:
    wanted = select(func.count()).select_from(SignIn).where(col(SignIn.user_id) == user_id, _OPEN)
    if but is not None:
        wanted = wanted.where(col(SignIn.id) != but)
    return session.execute(wanted).scalar_one()


def no_sessions(user: User, *, own: bool) -> str:
    return "You have no other open sessions." if own else f"{user.name} has no open sessions."


def _other_owners(session: Session, user_id: int, *, lock: bool = False) -> int:
    """The number of other owners who can sign in; with `lock`, they stay so until this transaction ends."""
    wanted = select(col(User.id)).where(
        col(User.role) == Role.OWNER.value,
        col(User.active),
        col(User.invited_until).is_(None),
        col(User.id) != user_id,
    )
    return len(session.execute(wanted.with_for_update() if lock else wanted).all())


def require_rule(act: UserAct, reader: Reader, facts: UserFacts, role: Role | None = None) -> None:
    """Raise NotAllowed or Refused where the user who asks cannot do the act."""
    forbidden = why_not_manage(reader.who, facts.role)
    if forbidden:
        raise NotAllowed(forbidden)
    lock = isinstance(reader, Transaction)
    reason = why_not(act, reader.who, facts, other_owners=_other_owners(reader.session, facts.id, lock=lock), role=role)
    if reason:
        raise Refused(reason)

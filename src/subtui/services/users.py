"""Handlers of acts and queries about users: invitations, roles, passwords, sessions."""

from datetime import datetime
from secrets import choice
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.log import ListEvents
from subtui.acts.users import (
    ChangePassword,
    ChangeRole,
    ChoosePassword,
    DeactivateUser,
    EndSessions,
    GetUser,
    InviteUser,
    ListSignIns,
    ListUsers,
    PreviewUserAct,
    ReactivateUser,
    ResetPassword,
)
from subtui.domain.errors import NotAllowed, NotFound, Refused, SignInRefused, WrongInput
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.normalization import normalize
from subtui.domain.people import Person
from subtui.domain.permissions import Role
from subtui.domain.plain_text import one_line
from subtui.domain.sessions import HERE_FOR, Front, Outcome, is_here
from subtui.domain.users import (
    CODE_LASTS,
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_NAME,
    LONGEST_REASON,
    Seen,
    UserAct,
    UserFacts,
    UserState,
    changed_words,
    why_not,
    why_not_make,
    why_not_manage,
)
from subtui.services import audit
from subtui.services.registry import Job, answers, handles, runs
from subtui.services.sessions import email_key, end_all
from subtui.services.sign_in import REFUSED, check, find, hashed, require_email, require_password
from subtui.services.unit_of_work import Reader, Transaction, as_person
from subtui.storage.tables import Event, SignIn, User
from subtui.views.format import Format
from subtui.views.user_entries import preview_of, sessions_ended
from subtui.views.users import AttemptRow, NewCode, SessionRow, UserActPreview, UserRecord, UserResult, UserRow

SESSIONS_SHOWN = 20
ATTEMPTS_SHOWN = 50
EVENTS_SHOWN = 50

_SIGNED_IN = col(SignIn.outcome) == Outcome.SIGNED_IN.value
_OPEN = _SIGNED_IN & col(SignIn.ended_at).is_(None)


# --- reading ----------------------------------------------------------------------------------------------------------


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


def _row(user: User, now: datetime, last_sign_in: datetime | None = None, here: int = 0) -> UserRow:
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


def _stats(now: datetime) -> Select[int | None, datetime, int]:
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
    stats = {row.user_id: row for row in reader.session.execute(_stats(reader.now))}
    found = [
        _row(user, reader.now, *_counted(stats.get(user.id)))
        for user in reader.session.execute(select(User).order_by(col(User.id))).scalars()
    ]
    ranks = list(Role)
    return tuple(
        sorted(
            found,
            key=lambda row: (row.state is UserState.DEACTIVATED, ranks.index(row.role), row.name.casefold()),
        )
    )


def _counted(stats: Row[int | None, datetime, int] | None) -> tuple[datetime | None, int]:
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
    stats = session.execute(_stats(reader.now).where(col(SignIn.user_id) == user.id)).first()
    subject = Subject(SubjectType.USER, facts.id)
    owners = _other_owners(session, facts.id)
    reasons = {act: why_not(act, actor, facts, other_owners=owners) for act in UserAct}
    sessions = _sessions(reader, facts.id)
    if not [row for row in sessions if not row.own]:
        reasons[UserAct.END_SESSIONS] = reasons[UserAct.END_SESSIONS] or _no_sessions(user, own=facts.id == actor.id)
    return UserRecord(
        user=_row(user, reader.now, *_counted(stats)),
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
    _require(query.act, reader, facts, query.role)
    but = reader.session_id if facts.id == reader.who.id else None
    count = _open_sessions(reader.session, facts.id, but)
    if query.act is UserAct.END_SESSIONS and not count:
        raise Refused(_no_sessions(user, own=facts.id == reader.who.id))
    until = Format(reader.date_format, reader.time_zone, reader.today).instant(reader.now + CODE_LASTS)
    return preview_of(
        query.act,
        _row(user, reader.now),
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


def _no_sessions(user: User, *, own: bool) -> str:
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


def _require(act: UserAct, reader: Reader, facts: UserFacts, role: Role | None = None) -> None:
    """Raise NotAllowed or Refused where the user who asks cannot do the act."""
    forbidden = why_not_manage(reader.who, facts.role)
    if forbidden:
        raise NotAllowed(forbidden)
    lock = isinstance(reader, Transaction)
    reason = why_not(act, reader.who, facts, other_owners=_other_owners(reader.session, facts.id, lock=lock), role=role)
    if reason:
        raise Refused(reason)


# --- acts -------------------------------------------------------------------------------------------------------------


def _acted_on(tx: Transaction, act: UserAct, user_id: int, seen: Seen, role: Role | None = None) -> User:
    """The user to act on. Raises NotFound, NotAllowed, and Refused when a colleague has changed them since."""
    user = load_user(tx.session, user_id, lock=True)
    facts = facts_of(user)
    changed = changed_words(seen, Seen.of(facts))
    if changed:
        raise Refused(f"{_changed_by(tx.session, facts.id)} changed this user meanwhile: {changed}. Nothing was saved.")
    _require(act, tx, facts, role)
    return user


def _changed_by(session: Session, user_id: int) -> str:
    newest = (
        select(col(Event.actor))
        .where(col(Event.subject_type) == SubjectType.USER.value, col(Event.subject_id) == user_id)
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    return session.execute(newest).scalar() or "Another user"


def _log(
    tx: Transaction,
    kind: EventType,
    user: User,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    ended: int = 0,
    reason: str = "",
) -> None:
    known = {"email": user.email}
    after = after | ({"sessions_ended": ended} if ended else {})
    subject = Subject(SubjectType.USER, user.id)
    tx.log(kind, subject=subject, before=known | before, after=known | after, reason=reason)


def _result(tx: Transaction, user: User, sentence: str) -> UserResult:
    tx.session.flush()
    stats = tx.session.execute(_stats(tx.now).where(col(SignIn.user_id) == user.id)).first()
    return UserResult(_row(user, tx.now, *_counted(stats)), sentence)


def _read_reason(text: str) -> str:
    reason = one_line(text).strip()
    if not reason:
        raise WrongInput("Give a reason: it is kept in the log.")
    if len(reason) > LONGEST_REASON:
        raise WrongInput(f"The reason can have at most {LONGEST_REASON} characters.")
    return reason


@handles(DeactivateUser)
def deactivate(tx: Transaction, act: DeactivateUser) -> UserResult:
    """Handle `DeactivateUser`."""
    user = _acted_on(tx, UserAct.DEACTIVATE, act.user_id, act.seen)
    reason = _read_reason(act.reason)
    user.active = False
    tx.session.flush()
    ended = end_all(tx.session, act.user_id, by=tx.name, now=tx.now)
    _log(tx, EventType.DEACTIVATE_USER, user, {"active": True}, {"active": False}, ended=ended, reason=reason)
    return _result(tx, user, f"{user.name} is deactivated.{sessions_ended(ended)}")


@handles(ReactivateUser)
def reactivate(tx: Transaction, act: ReactivateUser) -> UserResult:
    """Handle `ReactivateUser`."""
    user = _acted_on(tx, UserAct.REACTIVATE, act.user_id, act.seen)
    reason = _read_reason(act.reason)
    user.active = True
    _log(tx, EventType.REACTIVATE_USER, user, {"active": False}, {"active": True}, reason=reason)
    more = "" if user.invited_until is None else " Give them a new code to sign in with."
    return _result(tx, user, f"{user.name} is active again.{more}")


@handles(ChangeRole)
def change_role(tx: Transaction, act: ChangeRole) -> UserResult:
    """Handle `ChangeRole`."""
    user = _acted_on(tx, UserAct.CHANGE_ROLE, act.user_id, act.seen, act.role)
    before, user.role = user.role, act.role.value
    _log(tx, EventType.CHANGE_ROLE, user, {"role": before}, {"role": user.role})
    return _result(tx, user, f"{user.name} is now {act.role} (before: {before}).")


@handles(EndSessions)
def end_sessions(tx: Transaction, act: EndSessions) -> UserResult:
    """Handle `EndSessions`."""
    user = _acted_on(tx, UserAct.END_SESSIONS, act.user_id, act.seen)
    own = user.id == tx.actor_id
    ended = end_all(tx.session, act.user_id, by=tx.name, now=tx.now, but=tx.session_id if own else None)
    if not ended:
        raise Refused(_no_sessions(user, own=own))
    _log(tx, EventType.END_SESSIONS, user, {}, {}, ended=ended)
    return _result(tx, user, f"{'Your other sessions' if own else f'Sessions of {user.name}'}:{sessions_ended(ended)}")


def _make_code() -> str:
    return "".join(choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@runs(InviteUser)
def invite(job: Job, act: InviteUser) -> NewCode:
    """Handle `InviteUser`."""
    email, name = act.email.strip(), one_line(act.name).strip()[:LONGEST_NAME]
    require_email(email)
    code = _make_code()
    code_hash = hashed(code)
    with job.transaction(act.permission) as tx:
        actor = tx.who
        forbidden = why_not_manage(actor, act.role) or why_not_make(actor, act.role)
        if forbidden:
            raise NotAllowed(why_not_make(actor, act.role) or forbidden)
        user = find(tx.session, email)
        before: dict[str, Any] = {}
        if user is None:
            user = User(
                email=email,
                email_key=normalize(email),
                name=name or email,
                role=act.role.value,
                verified=False,
                password_hash="",
            )
            tx.session.add(user)
        else:
            before = _invited_before(actor, user)
            user.name, user.role = name or user.name, act.role.value
        user.invite_hash, user.invited_until = code_hash, tx.now + CODE_LASTS
        tx.session.flush()
        after = {"name": user.name, "role": user.role, "code_until": user.invited_until.isoformat()}
        _log(tx, EventType.INVITE_USER, user, before, after)
        row = _row(user, tx.now)
    again = "has a new code" if before else f"is invited as {row.role}"
    return NewCode(row, code, tx.now + CODE_LASTS, f"{row.name} {again}.")


def _invited_before(actor: Person, user: User) -> dict[str, Any]:
    """The invitation that a new one replaces. Raises WrongInput for a user who has accepted or cannot sign in."""
    if user.invited_until is None or user.password_changed_at is not None or not user.active:
        raise WrongInput(f"User {user.email} already exists.")
    forbidden = why_not_manage(actor, Role(user.role))
    if forbidden:
        raise NotAllowed(forbidden)
    return {"name": user.name, "role": user.role, "code_until": user.invited_until.isoformat()}


@runs(ResetPassword)
def reset_password(job: Job, act: ResetPassword) -> NewCode:
    """Handle `ResetPassword`."""
    code = _make_code()
    code_hash = hashed(code)
    with job.transaction(act.permission) as tx:
        user = _acted_on(tx, UserAct.RESET_PASSWORD, act.user_id, act.seen)
        before = facts_of(user).state(tx.now)
        if user.invited_until is None:
            user.password_hash, user.password_changed_at = "", tx.now
        user.invite_hash, user.invited_until = code_hash, tx.now + CODE_LASTS
        tx.session.flush()
        ended = end_all(tx.session, act.user_id, by=tx.name, now=tx.now)
        row = _row(user, tx.now)
        after = {"state": row.state.value, "code_until": user.invited_until.isoformat()}
        _log(tx, EventType.RESET_PASSWORD, user, {"state": before.value}, after, ended=ended)
    return NewCode(row, code, tx.now + CODE_LASTS, f"{row.name} has a new code.{sessions_ended(ended)}")


@runs(ChoosePassword)
def choose_password(job: Job, act: ChoosePassword) -> Person:
    """Handle `ChoosePassword`."""
    require_password(act.password)
    user, with_code = check(job.work, act.email, act.code)
    if not with_code:
        raise Refused("You have a password already. Sign in with it; you can change it then.")
    person, new = as_person(user), hashed(act.password)
    with job.work.transaction(person, None, route=job.route) as tx:
        was = facts_of(user).state(tx.now)
        _set_password(tx, user, new, col(User.invite_hash) == user.invite_hash)
        _log(tx, EventType.CHOOSE_PASSWORD, user, {"state": was.value}, {"state": "active"})
    return person


@runs(ChangePassword)
def change_password(job: Job, act: ChangePassword) -> Person:
    """Handle `ChangePassword`."""
    person = job.person
    if person is None:
        raise NotAllowed("Sign in first.")
    require_password(act.password)
    user, with_code = check(job.work, person.email, act.current)
    new = hashed(act.password)
    with job.transaction(act.permission) as tx:
        if with_code or user.id != tx.actor_id:
            raise SignInRefused(REFUSED)
        _set_password(tx, user, new, col(User.password_hash) == user.password_hash)
        ended = end_all(tx.session, tx.who.id, by=tx.name, now=tx.now, but=tx.session_id)
        _log(tx, EventType.CHANGE_PASSWORD, user, {}, {"password": "changed"}, ended=ended)
    return tx.who


def _set_password(tx: Transaction, user: User, new: str, unchanged: Any) -> None:
    """Store a new password. Raises SignInRefused when the code or the old password was used up meanwhile."""
    written = tx.session.connection().execute(
        update(User)
        .where(col(User.id) == user.id, unchanged)
        .values(password_hash=new, invite_hash="", invited_until=None, password_changed_at=tx.now)
    )
    if written.rowcount != 1:
        raise SignInRefused(REFUSED)

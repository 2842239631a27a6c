"""Handlers of acts on users: invitations, roles, passwords, sessions."""

from secrets import choice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.users import (
    ChangePassword,
    ChangeRole,
    ChoosePassword,
    DeactivateUser,
    EndSessions,
    InviteUser,
    ReactivateUser,
    ResetPassword,
)
from subtui.domain.errors import NotAllowed, Refused, SignInRefused, WrongInput
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.normalization import normalize
from subtui.domain.people import Person
from subtui.domain.permissions import Role
from subtui.domain.plain_text import one_line
from subtui.domain.users import (
    CODE_LASTS,
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_NAME,
    LONGEST_REASON,
    Seen,
    UserAct,
    changed_words,
    why_not_make,
    why_not_manage,
)
from subtui.services.registry import Job, handles, runs
from subtui.services.sessions import end_all
from subtui.services.sign_in import REFUSED, check, find, hashed, require_email, require_password
from subtui.services.unit_of_work import Transaction, as_person
from subtui.services.user_queries import counted, facts_of, load_user, no_sessions, require_rule, row_of, sign_in_counts
from subtui.storage.tables import Event, SignIn, User
from subtui.views.user_entries import sessions_ended
from subtui.views.users import NewCode, UserResult


def _acted_on(tx: Transaction, act: UserAct, user_id: int, seen: Seen, role: Role | None = None) -> User:
    """The user to act on. Raises NotFound, NotAllowed, and Refused when a colleague has changed them since."""
    user = load_user(tx.session, user_id, lock=True)
    facts = facts_of(user)
    changed = changed_words(seen, Seen.of(facts))
    if changed:
        raise Refused(f"{_changed_by(tx.session, facts.id)} changed this user meanwhile: {changed}. Nothing was saved.")
    require_rule(act, tx, facts, role)
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
    stats = tx.session.execute(sign_in_counts(tx.now).where(col(SignIn.user_id) == user.id)).first()
    return UserResult(row_of(user, tx.now, *counted(stats)), sentence)


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
        raise Refused(no_sessions(user, own=own))
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
        row = row_of(user, tx.now)
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
        row = row_of(user, tx.now)
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

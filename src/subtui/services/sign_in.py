"""Signs users in: argon2, the same answer and time for unknown users, and a wait after five failed attempts."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui import written
from subtui.acts.users import AddUser, VerifyUser
from subtui.domain.errors import NotAllowed, NotFound, Refused, SignInRefused, WrongInput
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.normalization import normalize
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role
from subtui.domain.sessions import Outcome
from subtui.services import sessions
from subtui.services.registry import Job, handles, runs
from subtui.services.sessions import Attempt, email_key
from subtui.services.unit_of_work import Transaction, UnitOfWork, as_person
from subtui.services.user_repository import has_users
from subtui.storage.tables import SignInMiss, User

MISSES_ALLOWED = 5
WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
DEMO_PASSWORD = "demo"  # noqa: S105  (public by design: it opens the demo data only)
SHORTEST_PASSWORD = 8
_REFUSED = "That e-mail and password do not match."

# Verified when there is no such user, so that the answer takes as long as for an existing one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MOuSuzeOWzo3sddbac23BA$a/6BpbvdYqZIfVy6t0N14v9Sz/VQEzzaZZguREUt75k"


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _find(session: Session, email: str) -> User | None:
    return session.execute(select(User).where(col(User.email_key) == normalize(email.strip()))).scalars().first()


def sign_in(work: UnitOfWork, email: str, password: str) -> Person:
    """The user with that e-mail and password. Raises SignInRefused; five failed attempts in a row impose a wait."""
    key = email_key(email)
    with work.read() as session:
        miss = session.get(SignInMiss, key)
        user = _find(session, email)
    now = work.clock.ticking()
    if miss and miss.wait_until and miss.wait_until > now:
        if not work.read_only:
            _note_locked(work, Attempt(user.id if user else None, key, work.now, Outcome.LOCKED, work.origin))
        seconds = int((miss.wait_until - now).total_seconds())
        raise SignInRefused(
            f"Too many failed sign-ins. Wait {seconds} second{'' if seconds == 1 else 's'}, then try again."
        )
    if _matches(user.password_hash if user else _NOBODY, password) and user is not None and user.active:
        if miss is not None and not work.read_only:
            _forget_misses(work, key)
        return as_person(user)
    if not work.read_only:
        _note_miss(work, Attempt(user.id if user else None, key, work.now, Outcome.REFUSED, work.origin))
    raise SignInRefused(_REFUSED)


def _forget_misses(work: UnitOfWork, key: str) -> None:
    with work.untracked_write() as session:
        miss = session.get(SignInMiss, key)
        if miss is not None:
            session.delete(miss)


def _note_locked(work: UnitOfWork, attempt: Attempt) -> None:
    with work.untracked_write() as session:
        sessions.record(session, attempt)


def _note_miss(work: UnitOfWork, attempt: Attempt) -> None:
    key = attempt.email_key
    with work.transaction(None) as tx:
        sessions.record(tx.session, attempt)
        miss = tx.session.get(SignInMiss, key) or SignInMiss(email_key=key)
        miss.misses += 1
        over = miss.misses - MISSES_ALLOWED
        if over >= 0:
            seconds = min(WAIT_SECONDS * 2**over, LONGEST_WAIT_SECONDS)
            miss.wait_until = work.clock.ticking() + timedelta(seconds=seconds)
            tx.log(
                EventType.SIGN_IN_LOCKED,
                subject=Subject(SubjectType.SIGN_IN),
                before={},
                after={"email": key, "misses": miss.misses, "wait_seconds": seconds},
            )
        tx.session.add(miss)


@runs(AddUser)
def add_user(job: Job, act: AddUser) -> Person:
    """Handle `AddUser`."""
    email, name, role = act.email.strip(), act.name.strip(), act.role
    if "@" not in email or len(email) > 200 or any(mark.isspace() for mark in email):
        raise WrongInput(f"“{email[:60]}” is not an e-mail address.")
    if len(act.password) < SHORTEST_PASSWORD:
        raise WrongInput(f"The password needs at least {SHORTEST_PASSWORD} characters.")
    with job.work.read() as session:
        first = not has_users(session)
    if first and role is not Role.OWNER:
        raise Refused("The first user must be the owner: add one with the role owner, then the others.")
    with job.transaction(None if first else Permission.MANAGE_USERS) as tx:
        if not first and role is Role.OWNER and tx.who.role is not Role.OWNER:
            raise NotAllowed("Only an owner can add another owner.")
        if first and has_users(tx.session):
            raise Refused("Another user has just become the owner of this database. Sign in to add more users.")
        if _find(tx.session, email) is not None:
            raise WrongInput(f"User {email} already exists.")
        user = User(
            email=email,
            email_key=normalize(email),
            name=name or email,
            role=role.value,
            password_hash=PasswordHasher().hash(act.password),
            verified=first,
        )
        tx.session.add(user)
        tx.session.flush()
        tx.log(
            EventType.ADD_USER,
            subject=Subject(SubjectType.USER, user.id),
            before={},
            after={"email": email, "name": user.name, "role": role.value, "verified": first},
        )
    written.note()  # the first user is added before a user can sign in
    return as_person(user)


@handles(VerifyUser)
def verify_user(tx: Transaction, act: VerifyUser) -> Person:
    """Handle `VerifyUser`."""
    user = _find(tx.session, act.email)
    if user is None:
        raise NotFound(f"There is no user “{act.email.strip()[:60]}”.")
    actor = tx.person
    if actor is not None and (user.id == actor.id or not actor.verified):
        raise NotAllowed("Only another verified owner or admin can do this: users cannot verify themselves.")
    if user.role == Role.OWNER and (actor is None or actor.role is not Role.OWNER):
        raise NotAllowed("Only an owner can verify another owner.")
    if user.verified == act.verified:
        raise Refused(f"{user.name} is {'already verified' if act.verified else 'not verified'}.")
    user.verified = act.verified
    tx.session.add(user)
    tx.log(
        EventType.VERIFY_USER,
        subject=Subject(SubjectType.USER, user.id),
        before={"email": user.email, "verified": not act.verified},
        after={"email": user.email, "verified": act.verified},
    )
    return as_person(user)

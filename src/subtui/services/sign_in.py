"""Signs users in: argon2, the same answer and time for unknown users, and a wait after five failed attempts."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui import written
from subtui.acts.users import AddUser, VerifyUser
from subtui.domain.errors import NotAllowed, NotFound, PasswordNeeded, Refused, SignInRefused, WrongInput
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.normalization import normalize
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role
from subtui.domain.sessions import Outcome
from subtui.domain.users import LONGEST_EMAIL, is_valid, read_code, why_not_password
from subtui.services import sessions
from subtui.services.account_repository import lock_account
from subtui.services.registry import Job, handles, runs
from subtui.services.sessions import Attempt, email_key
from subtui.services.unit_of_work import Transaction, UnitOfWork, as_person
from subtui.services.user_repository import has_users
from subtui.storage.tables import SignInMiss, User

MISSES_ALLOWED = 5
WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
DEMO_PASSWORD = "demo"  # noqa: S105  (public by design: it opens the demo data only)
REFUSED = "That e-mail and password do not match."
CODE_EXPIRED = "That code has expired. Ask an admin or the owner for a new one."

# Verified when there is no such user, so that the answer takes as long as for an existing one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MOuSuzeOWzo3sddbac23BA$a/6BpbvdYqZIfVy6t0N14v9Sz/VQEzzaZZguREUt75k"


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def find(session: Session, email: str) -> User | None:
    return session.execute(select(User).where(col(User.email_key) == normalize(email.strip()))).scalars().first()


def sign_in(work: UnitOfWork, email: str, password: str) -> Person:
    """The user with that e-mail and password.

    Raises SignInRefused; five failed attempts in a row impose a wait. Raises PasswordNeeded for a one-time code.
    """
    user, with_code = check(work, email, password)
    if with_code:
        raise PasswordNeeded
    return as_person(user)


def check(work: UnitOfWork, email: str, secret: str) -> tuple[User, bool]:
    """The user with that e-mail and password or one-time code, and whether it is a code. Raises SignInRefused.

    One hash is verified in every case, so that the answer takes as long for an unknown user or one with a code.
    """
    key = email_key(email)
    with work.read() as session:
        miss = session.get(SignInMiss, key)
        user = find(session, email)
    now = work.clock.ticking()
    if miss and miss.wait_until and miss.wait_until > now:
        if not work.read_only:
            _note_locked(work, _attempt(work, user, key, Outcome.LOCKED))
        seconds = int((miss.wait_until - now).total_seconds())
        raise SignInRefused(
            f"Too many failed sign-ins. Wait {seconds} second{'' if seconds == 1 else 's'}, then try again."
        )
    with_code = user is not None and bool(user.invite_hash)
    stored = (user.invite_hash if with_code else user.password_hash) if user is not None else ""
    matches = _matches(stored or _NOBODY, read_code(secret) if with_code else secret)
    valid = user is not None and (not with_code or is_valid(user.invited_until, work.now))
    if matches and valid and user is not None and user.active:
        if miss is not None and not work.read_only:
            _forget_misses(work, key)
        return user, with_code
    if not work.read_only:
        _note_miss(work, _attempt(work, user, key, Outcome.REFUSED))
    expired = matches and user is not None and user.active
    raise SignInRefused(CODE_EXPIRED if expired else REFUSED)


def _attempt(work: UnitOfWork, user: User | None, key: str, outcome: Outcome) -> Attempt:
    return Attempt(user.id if user else None, key, work.now, outcome, work.origin)


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
        lock_account(tx)  # guesses at the same moment count one by one
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


def require_email(email: str) -> None:
    """Raise WrongInput for an e-mail that is none."""
    if "@" not in email or len(email) > LONGEST_EMAIL or any(mark.isspace() for mark in email):
        raise WrongInput(f"“{email[:60]}” is not an e-mail address.")


def require_password(password: str) -> None:
    """Raise WrongInput for a new password that cannot be used."""
    problem = why_not_password(password)
    if problem:
        raise WrongInput(problem)


def hashed(secret: str) -> str:
    """The argon2 hash of a password or a code. Takes its time on purpose: call it before a transaction."""
    return PasswordHasher().hash(secret)


@runs(AddUser)
def add_user(job: Job, act: AddUser) -> Person:
    """Handle `AddUser`."""
    email, name, role = act.email.strip(), act.name.strip(), act.role
    require_email(email)
    require_password(act.password)
    with job.work.read() as session:
        first = not has_users(session)
    if first and role is not Role.OWNER:
        raise Refused("The first user must be the owner: add one with the role owner, then the others.")
    with job.transaction(None if first else Permission.MANAGE_USERS) as tx:
        if not first and role is Role.OWNER and tx.who.role is not Role.OWNER:
            raise NotAllowed("Only an owner can add another owner.")
        if first:
            lock_account(tx)  # of two first owners one is made
        if first and has_users(tx.session):
            raise Refused("Another user has just become the owner of this database. Sign in to add more users.")
        if find(tx.session, email) is not None:
            raise WrongInput(f"User {email} already exists.")
        user = User(
            email=email,
            email_key=normalize(email),
            name=name or email,
            role=role.value,
            password_hash=hashed(act.password),
            password_changed_at=tx.now,
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
    user = find(tx.session, act.email)
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

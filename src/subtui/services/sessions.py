"""Writes the sign-ins and the sessions, beside the record and without the classes of its tables."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, insert, update
from sqlalchemy.orm import Session

from subtui.domain.normalization import normalize
from subtui.domain.people import Person
from subtui.domain.sessions import Origin, Outcome
from subtui.services.unit_of_work import UnitOfWork
from subtui.storage.light_tables import SIGN_IN

LONGEST_EMAIL_KEY = 200


def email_key(email: str) -> str:
    """A typed e-mail as it is stored and counted."""
    return normalize(email.strip())[:LONGEST_EMAIL_KEY]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to sign in, by a user, or with an e-mail that no user has."""

    user_id: int | None
    email_key: str
    at: datetime
    outcome: Outcome
    origin: Origin


def record(session: Session, attempt: Attempt) -> int:
    """Write an attempt in the caller's transaction. Returns its id."""
    signed_in = attempt.outcome is Outcome.SIGNED_IN
    row = {
        "user_id": attempt.user_id,
        "email_key": attempt.email_key,
        "at": attempt.at,
        "outcome": attempt.outcome.value,
        "program": attempt.origin.front.value,
        "host": attempt.origin.host,
        "seen_at": attempt.at if signed_in else None,
    }
    number: int = session.execute(insert(SIGN_IN).values(**row).returning(SIGN_IN.c.id)).scalar_one()
    return number


def begin(work: UnitOfWork, person: Person, at: datetime) -> int:
    """Write the sign-in of a user. Returns the id of the session. Raises StorageProblem."""
    with work.untracked_write(brief=True) as session:
        key = email_key(person.email)
        return record(session, Attempt(person.id, key, at, Outcome.SIGNED_IN, work.origin))


def note_seen(work: UnitOfWork, session_id: int, route: str, now: datetime) -> None:
    """Note when and where a session was seen. Raises StorageProblem."""
    with work.untracked_write(brief=True) as session:
        session.execute(_open(session_id).values(seen_at=now, route=route))


def end(work: UnitOfWork, session_id: int, now: datetime) -> None:
    """End a session that its user leaves. Raises StorageProblem."""
    with work.untracked_write(brief=True) as session:
        session.execute(_open(session_id).values(seen_at=now, ended_at=now))


def end_all(session: Session, user_id: int, *, by: str, now: datetime, but: int | None = None) -> int:
    """End the open sessions of a user, in the caller's transaction; returns how many. `but` stays open."""
    wanted = (
        update(SIGN_IN)
        .where(SIGN_IN.c.user_id == user_id, SIGN_IN.c.outcome == Outcome.SIGNED_IN.value, SIGN_IN.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=by)
    )
    if but is not None:
        wanted = wanted.where(SIGN_IN.c.id != but)
    # On the connection itself: an update of a table without a class has no objects to bring up to date.
    return session.connection().execute(wanted).rowcount


def _open(session_id: int) -> Update:
    return update(SIGN_IN).where(SIGN_IN.c.id == session_id, SIGN_IN.c.ended_at.is_(None))

"""The unit of work: one session for one query or one act, committed with its log entry or not at all."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from time import sleep
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Integer, bindparam, select, update
from sqlalchemy.orm import Session

from subtui import written
from subtui.clock import Clock
from subtui.domain.days import DATE_FORMATS, format_day
from subtui.domain.errors import ConnectionLost, NotAllowed, OutcomeUnknown, Refused, SessionEnded, StorageProblem
from subtui.domain.event_types import FOLLOWED_BY_KEAP, EventType, Subject
from subtui.domain.intentions import Intention
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role, why_not
from subtui.domain.sessions import Origin, ended_words
from subtui.services.intentions import refuse_repeated, remember
from subtui.services.memo import Memo
from subtui.storage.dialects import dialect_of
from subtui.storage.dialects.base import BRIEF, WRITES
from subtui.storage.errors import translate_errors
from subtui.storage.light_tables import ACCOUNT, EVENT, SIGN_IN, USER
from subtui.storage.write_guard import WriteGuard

if TYPE_CHECKING:
    from sqlmodel import SQLModel

T = TypeVar("T")
Row = TypeVar("Row", bound="SQLModel")

SYSTEM = "system"

_TIME_ZONE = select(ACCOUNT.c.time_zone)
_HASH = select(EVENT.c.hash).where(EVENT.c.id == bindparam("entry"))

PAUSES = (0.0, 0.3, 1.0)
"""Seconds before each try to ask a server again whether it has committed."""

# The user and the session in one statement, because every act and query asks for both.
_USER = (
    select(USER, SIGN_IN.c.ended_at, SIGN_IN.c.ended_by)
    .outerjoin(SIGN_IN, (SIGN_IN.c.id == bindparam("session", type_=Integer)) & (SIGN_IN.c.user_id == USER.c.id))
    .where(USER.c.id == bindparam("user"))
)


@dataclass(slots=True)
class Reader:
    """A consistent view of the record: the session to read with, the user who asks, the account's local day.

    `now` is the instant in UTC, `session_id` the recorded session of the user.
    """

    session: Session
    person: Person | None
    today: date
    time_zone: str
    date_format: str
    memo: Memo
    now: datetime
    session_id: int | None

    @property
    def who(self) -> Person:
        """The user who asks or acts. Raises NotAllowed when there is none."""
        if self.person is None:
            raise NotAllowed("Sign in first.")
        return self.person

    def day(self, day: date) -> str:
        """The date in the format of the settings."""
        return format_day(day, self.date_format)

    def load(self, table: "type[Row]", row_id: int) -> "Row | None":
        """The row with that id; None if there is none."""
        return self.session.get(table, row_id)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """The cached value for `key` while the database is unchanged, else a new one from `make`."""
        return self.memo.recall(self.session, key, make, keep=not isinstance(self, Transaction))


@dataclass(slots=True)
class Transaction(Reader):
    """The transaction of an act, with the route it was sent from, and its log entries."""

    route: str = ""
    entries: list[tuple[int, str]] = field(default_factory=list)
    guard: WriteGuard | None = None
    follow: "Follow | None" = None
    batch_id: int | None = None  # the batch that the entries belong to
    _locked: set[tuple[type, int]] = field(default_factory=set)

    @property
    def actor_id(self) -> int | None:
        """The id of the user who acts; None for the system."""
        return self.person.id if self.person else None

    @property
    def name(self) -> str:
        """The name of the user who acts, as the record keeps it."""
        return self.person.name if self.person else SYSTEM

    def load(self, table: "type[Row]", row_id: int) -> "Row | None":
        """The row with that id as it was committed last, locked until the transaction ends; None if there is none.

        Where several are locked, the order of an act is: subscription, order, request, account, log.
        """
        lock = (table, row_id) not in self._locked
        self._locked.add((table, row_id))
        return self.session.get(table, row_id, populate_existing=lock, with_for_update=True if lock else None)

    def store(
        self, table: "type[SQLModel]", row_id: int, version: int, values: dict[str, Any], *, changed: str
    ) -> None:
        """Write the next version of a row, if it is still `version`. Raises Refused with the sentence `changed`."""
        columns = table.__table__.c  # type: ignore[attr-defined]
        # On the connection itself: as an update of objects it would take ten times as long.
        written = self.session.connection().execute(
            update(table.__table__)  # type: ignore[attr-defined]
            .where(columns.id == row_id, columns.version == version)
            .values(**values, version=version + 1)
        )
        if written.rowcount != 1:
            raise Refused(changed)

    def log(
        self,
        act: EventType,
        *,
        subject: Subject,
        before: dict[str, Any],
        after: dict[str, Any],
        contact_id: int | None = None,
        reason: str = "",
        undoes_id: int | None = None,
    ) -> tuple[int, str]:
        """Write one entry of the log in this act's transaction. Returns its id and hash."""
        from subtui.storage import audit_log  # noqa: PLC0415  (reading needs no class of a table)

        self.session.flush()
        row = {
            "at": self.now,
            "actor_id": self.actor_id,
            "actor": self.name,
            "role": self.person.role.value if self.person else SYSTEM,
            "command": act.value,
            "route": self.route,
            "reason": reason,
            "subject_type": subject.type.value,
            "subject_id": subject.id,
            "contact_id": contact_id,
            "undoes_id": undoes_id,
            "before": before,
            "after": after if self.batch_id is None else {**after, "batch": self.batch_id},
        }
        self.entries.append(entry := audit_log.append(self.session.connection(), row))
        if act in FOLLOWED_BY_KEAP and self.follow is not None:
            self.follow(self, entry[0], act, subject, before, after, reason)
        return entry

    @property
    def has_written(self) -> bool:
        """Whether a row of the record has been written: then an entry of the log is owed."""
        self.session.flush()
        return bool(self.guard and self.guard.tables)


Follow = Callable[[Transaction, int, EventType, Subject, Mapping[str, Any], Mapping[str, Any], str], None]
"""Takes an entry of the log for the outbox: its number, act, subject, before, after and reason."""


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """Opens sessions on one database. `where` names the database in error sentences.

    `why_read_only` is the sentence that refuses every act; empty where acts are possible. With an `intention`, the next
    act of a user is done once for its key. `session_id` is the recorded session of the signed-in user.
    """

    engine: Engine
    clock: Clock
    time_zone: str
    where: str
    why_read_only: str = ""
    date_format: str = DATE_FORMATS[0]
    intention: Intention | None = None
    memo: Memo = field(default_factory=Memo)
    settles: bool = True  # after each act; else the caller settles after it has given the answer
    own_entries: set[int] = field(default_factory=set)  # the ids of the log's entries that were written here
    origin: Origin = field(default_factory=Origin)
    session_id: int | None = None
    follow: Follow | None = None  # called with each entry that Keap follows where it is connected

    def _translated(self) -> AbstractContextManager[None]:
        return translate_errors(self.where, dialect_of(self.engine))

    def _commit(self, session: Session) -> None:
        session.commit()
        if self.settles:
            dialect_of(self.engine).settle(self.engine)

    def _commit_entries(self, session: Session, entries: list[tuple[int, str]]) -> None:
        """Commit an act; where the answer of the server is lost, find out whether it was committed.

        Raises ConnectionLost where it was not, OutcomeUnknown where the server cannot be asked.
        """
        try:
            self._commit(session)
        except Exception as error:
            if not entries or not dialect_of(self.engine).has_lost(error):
                raise
            if not self.was_saved(entries[-1]):
                raise ConnectionLost(f"The connection to {self.where} was lost. Nothing was saved.") from error

    def was_saved(self, entry: tuple[int, str]) -> bool:
        """Whether the log has an entry with that id and hash. Raises OutcomeUnknown without an answer of the server.

        The head of the log is locked first: the server may still be at the commit whose answer was lost.
        """
        number, sealed = entry
        for pause in PAUSES:
            sleep(pause)
            engine = self.engine.execution_options(**{WRITES: True})
            with suppress(StorageProblem), self._translated(), engine.connect() as connection:
                dialect_of(connection).lock_log(connection)
                stored: str | None = connection.execute(_HASH, {"entry": number}).scalar()
                return stored == sealed
        raise OutcomeUnknown(
            f"The connection to {self.where} was lost while this was being saved. Whether it was is said here as soon "
            "as the server answers."
        )

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return bool(self.why_read_only)

    def day(self, day: date) -> str:
        """The date in the format of the settings."""
        return format_day(day, self.date_format)

    @property
    def today(self) -> date:
        """The account's local day."""
        return self.clock.today(self.time_zone)

    @property
    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock.now(self.time_zone)

    def stored_person(self, session: Session, person: Person | None) -> Person:
        """The user as stored now.

        Raises NotAllowed when no user is signed in, SessionEnded when the user was deactivated or the session ended.
        """
        if person is None:
            raise NotAllowed("Sign in first.")
        user = session.execute(_USER, {"user": person.id, "session": self.session_id}).first()
        if user is None or not user.active:
            raise SessionEnded("Your user has been deactivated. Ask an admin or the owner.")
        if user.ended_at is not None:
            raise SessionEnded(ended_words(user.ended_by, self._time_of(user.ended_at)))
        return as_person(user)

    def _time_of(self, at: datetime) -> str:
        """An instant as the account's local time, with its day if that is not today."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        return f"{local:%H:%M}" if local.date() == self.today else f"{local:%H:%M} on {self.day(local.date())}"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the data; nothing can be written through it."""
        with (
            translate_errors(self.where, dialect_of(self.engine)),
            Session(self.engine, expire_on_commit=False) as session,
        ):
            yield session
            # A rollback expires the loaded rows, which are used after it.
            session.expunge_all()
            session.rollback()

    @contextmanager
    def untracked_write(self, *, brief: bool = False) -> Iterator[Session]:
        """A transaction for tables outside the record, such as the recently opened contacts.

        `brief`: raise StorageProblem soon where another program is writing, instead of waiting for it.
        """
        engine = self.engine.execution_options(**{WRITES: True, BRIEF: brief})
        with self._translated(), Session(engine, expire_on_commit=False) as session:
            guard = WriteGuard(session.connection())
            yield session
            session.flush()
            if guard.tables:
                raise AssertionError(f"written without an act: {', '.join(sorted(guard.tables))}")
            with written.committing(noted=False):
                self._commit(session)

    @contextmanager
    def reader(self, person: Person | None, permission: Permission | None) -> Iterator[Reader]:
        """Open a consistent view for a query. The user is looked up again, so that a role removed since counts.

        Raises NotAllowed. `permission` None: the query may be asked without signing in.
        """
        with self.read() as session:
            who = self.stored_person(session, person) if person or permission else None
            if permission is not None:
                require(who, permission)
            # Another backend may have changed the time zone, and with it the local day.
            time_zone = stored_time_zone(session) or self.time_zone
            today, now = self.clock.today(time_zone), self.clock.now(time_zone)
            yield Reader(session, who, today, time_zone, self.date_format, self.memo, now, self.session_id)

    @contextmanager
    def transaction(
        self, person: Person | None, permission: Permission | None = None, *, route: str = "", noted: bool = True
    ) -> Iterator[Transaction]:
        """Run one act in one transaction, committed when the block ends without an error and has written to the log.

        The user is looked up again in that transaction, so that a role removed since counts. Raises NotAllowed
        when the role may not, Refused in read-only mode, and AlreadyDone when the intention was carried out before.
        `permission` None is for the system itself. The commit of a command's act is `noted`, see `subtui.written`.
        """
        if permission is not None and person is None:
            raise NotAllowed("Sign in first.")
        if self.why_read_only:
            raise Refused(self.why_read_only)
        engine = self.engine.execution_options(**{WRITES: True})
        with self._translated(), Session(engine, expire_on_commit=False) as session:
            # The time zone too: another backend may have changed it, and with it the local day.
            guard = WriteGuard(session.connection())
            time_zone = stored_time_zone(session) or self.time_zone
            who = self.stored_person(session, person) if person else None
            today, now = self.clock.today(time_zone), self.clock.now(time_zone)
            tx = Transaction(session, who, today, time_zone, self.date_format, self.memo, now, self.session_id, route)
            tx.guard, tx.follow = guard, self.follow
            if permission is not None:
                require(who, permission)
            intention = self.intention if who else None
            if intention and who:
                refuse_repeated(session, who, intention)
            yield tx
            if intention and who and tx.entries:
                remember(session, who, intention, tx.entries[-1][0])
            session.flush()
            if guard.tables and not tx.entries:
                raise AssertionError(f"an act wrote nothing to the log: {', '.join(sorted(guard.tables))}")
            # A write of the system itself, such as counting a failed sign-in, was not requested by the command.
            with written.committing(noted=noted and person is not None):
                self._commit_entries(session, tx.entries)
            self.own_entries.update(number for number, _ in tx.entries)


@contextmanager
def cancellable(session: Session, is_cancelled: Callable[[], bool] | None) -> Iterator[None]:
    """Interrupt the query inside once `is_cancelled` says so. Raises Cancelled then."""
    if is_cancelled is None:
        yield
        return
    connection = session.connection()
    with dialect_of(connection).cancellable(connection, is_cancelled):
        yield


class StoredUser(Protocol):
    """A row of the user table, or of a query with these columns."""

    id: Any
    name: Any
    email: Any
    role: Any
    verified: Any


def as_person(user: StoredUser) -> Person:
    """A stored user as a `Person`."""
    return Person(user.id or 0, user.name, user.email, Role(user.role), bool(user.verified))


def stored_time_zone(session: Session) -> str | None:
    """The account's time zone as stored now."""
    found: str | None = session.execute(_TIME_ZONE).scalar()
    return found


def require(person: Person | None, action: Permission) -> Person:
    """The signed-in person, if they may. Raises NotAllowed with the sentence why not."""
    if person is None:
        raise NotAllowed("Sign in first.")
    sentence = why_not(person.role, action, verified=person.verified)
    if sentence:
        raise NotAllowed(sentence)
    return person

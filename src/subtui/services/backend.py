"""The backend: does acts and answers queries for one user, in the thread that opened it.

Front ends use it with the acts and queries of `subtui.acts` and the views that are their answers; errors are those
of `domain.errors`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from subtui import written
from subtui.acts.act import Act, Query
from subtui.clock import Clock
from subtui.domain.days import DATE_FORMATS
from subtui.domain.errors import ConnectionLost, NotAllowed, OutcomeUnknown, Refused, StorageProblem
from subtui.domain.intentions import Intention
from subtui.domain.people import Person, SessionInfo
from subtui.domain.permissions import Permission, Role
from subtui.services import contact_search, expiry, live, user_repository
from subtui.services.intentions import refuse_repeated
from subtui.services.registry import Job, handler_of
from subtui.services.unit_of_work import UnitOfWork, cancellable, require, stored_person
from subtui.storage.database import BUSY_MS, Collided, database_url, open_database, place_of
from subtui.storage.dialects import dialect_of
from subtui.storage.dialects.base import Listening
from subtui.storage.errors import translate_errors
from subtui.storage.light_tables import ACCOUNT, EVENT
from subtui.storage.revisions import HEAD
from subtui.views.live import ChangedRecord, News

T = TypeVar("T")

_ACCOUNT = select(ACCOUNT)
_FIRST_ENTRY = select(EVENT.c.hash).where(EVENT.c.id == 1)

NEWER = "This database was updated by a newer version of subtui. Close this program, and update it."
READ_ONLY = "This is read-only mode: nothing can be changed."
LOOKING = (
    "--at shows this data as on another day, and changes nothing. To act, leave it out; "
    "to practise, mark a copy of the database with: subtui db drill"
)


COLLISIONS_BORNE = 3
"""How often an act is run again that met another one of the same moment."""


LOSSES_BORNE = 1
"""How often what was asked for is tried again on a new connection, after the first was lost."""


class Backend:
    """Opens a database and serves one user at a time. Use it from the thread that opened it."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        where: str,
        read_only: bool = False,
        date_format: str = DATE_FORMATS[0],
    ) -> None:
        self._engine = engine
        self._unknown: tuple[int, str] | None = None  # the log's entry of an act whose outcome is not known
        self._listening: Listening | None = None
        self._seen: int | None = None  # the newest entry of the log at the last look
        self.person: Person | None = None
        with translate_errors(where, dialect_of(engine)), Session(engine) as session:
            account = session.execute(_ACCOUNT).first()
            if account is None:
                raise StorageProblem(f"{where} is damaged: it has no account. Restore it from a backup.")
            # Two files of one business have the same first log entry, whatever their later entries.
            self.lineage: str = session.execute(_FIRST_ENTRY).scalar() or ""
            self._account, self._demo, self._drill = account.name, account.demo_day is not None, account.drill
            if clock.frozen is None and account.demo_day is not None:
                # The demo data have a fixed day, to which their dates belong.
                clock = Clock(account.demo_day)
            looking = clock.looking and not (self._demo or self._drill)
            why_read_only = READ_ONLY if read_only else LOOKING if looking else ""
            self._work = UnitOfWork(engine, clock, account.time_zone, where, why_read_only, date_format)
            session.rollback()

    @classmethod
    def open(
        cls,
        where: str,
        *,
        clock: Clock | None = None,
        seed: Path | None = None,
        empty: bool = False,
        read_only: bool = False,
        date_format: str = DATE_FORMATS[0],
        busy_ms: int = BUSY_MS,
        must_exist: bool = False,
        demo_day: date | None = None,
        create: bool = False,
    ) -> "Backend":
        """The backend on the database at `where` (a path or URL), made on first use from `seed`, else the demo data.

        With `must_exist` none is made; on a server one is made only with `create`. `demo_day` makes demo data of a seed
        without a day of its own. Raises StorageProblem or FileProblem, with nothing written.
        """

        def fill(connection: Connection) -> None:
            if must_exist:
                raise StorageProblem(f"There is no database at {where}.")
            from subtui.storage.seed import demo_seed_path, empty_seed, fill_from, read_seed  # noqa: PLC0415

            fill_from(connection, empty_seed() if empty else read_seed(seed or demo_seed_path()), demo_day)

        url = database_url(where)
        name = place_of(url)
        engine = open_database(url, fill=fill, busy_ms=busy_ms, read_only=read_only, create=create)
        try:
            return cls(engine, clock or Clock(), where=name, read_only=read_only, date_format=date_format)
        except BaseException:
            engine.dispose()
            raise

    def answer_first(self) -> None:
        """Leave committed data in the write-ahead log until `settle` is called, so that answers do not wait for it."""
        self._work = replace(self._work, settles=False)

    def settle(self) -> None:
        """Move committed data from the write-ahead log into the database file; called once the answer is given."""
        dialect_of(self._engine).settle(self._engine)

    def size(self) -> int:
        """How many bytes the database takes."""
        return dialect_of(self._engine).size(self._engine)

    def listen(self, told: Callable[[], object]) -> None:
        """Call `told`, in a thread of its own, when others may have changed something, where the database says so."""
        self._listening = dialect_of(self._engine).listen(self._engine.url, told)

    def close(self) -> None:
        """Close the database."""
        if self._listening is not None:
            self._listening.close()
        self.settle()
        self._engine.dispose()

    def __enter__(self) -> "Backend":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def today(self) -> date:
        """The account's local day."""
        return self._work.today

    # --- before and around signing in -------------------------------------------------------------------------------

    def session_info(self) -> SessionInfo:
        """The facts of the session that need no sign-in. Expires due subscriptions first."""
        self._follow_the_account()
        due = not self._work.read_only and expiry.anything_due(self._work)
        rolled = self._expire() if due else 0
        with self._work.read() as session:
            return SessionInfo(
                account=self._account,
                today=self.today,
                demo=self._demo,
                time_zone=self._work.time_zone,
                demo_accounts=user_repository.demo_accounts(session) if self._demo else (),
                has_users=user_repository.has_users(session),
                rolled=rolled,
                drill=self._drill,
                why_read_only=self._work.why_read_only,
            )

    def has_contacts(self) -> bool:
        """Whether the database has customers."""
        with self._work.read() as session:
            return contact_search.count(session) > 0

    def sign_in(self, email: str, password: str) -> Person:
        """Sign a user in. Raises SignInRefused."""
        from subtui.services.sign_in import sign_in  # noqa: PLC0415  (argon2 is loaded by those who need it)

        self.person = sign_in(self._work, email, password)
        return self.person

    def sign_in_demo(self, email: str | None = None) -> Person:
        """Sign in as a demo account: by e-mail, as the first of a role (`viewer`), by default as the first agent.

        Raises NotAllowed on other data.
        """
        if email is None or email in tuple(Role):
            accounts = self.session_info().demo_accounts
            if not accounts:
                raise NotAllowed("Name who you are with --as E-MAIL, and give SUBTUI_PASSWORD.")
            email = next((account.email for account in accounts if email in (None, account.role)), email or "")
        self.person = user_repository.sign_in_demo(self._work, email, demo=self._demo)
        return self.person

    def resume(self, person: Person) -> None:
        """Sign in a user who was signed in at another file of the same business. Raises NotAllowed."""
        with self._work.read() as session:
            stored = stored_person(session, person)
        if stored.email != person.email:
            raise NotAllowed("Sign in again: your user is not in this database.")
        self.person = stored

    def news(self) -> News:
        """What others have changed since the last call, the oldest first; nothing at the first call, or signed out.

        It says once whether an act was saved whose answer was lost, and refuses acts on tables of a newer version.
        """
        outcome, saved = self._find_out()
        if self.person is None:
            self._seen = None
            return News(outcome=outcome, saved=saved)
        found: tuple[ChangedRecord, ...] = ()
        with self._work.read() as session:
            newest, revision = live.head(session)
            if self._seen is not None and newest > self._seen:
                found = live.changed_since(session, self._seen)
        self._seen = newest
        if revision != HEAD and not self._work.read_only:
            self._work = replace(self._work, why_read_only=NEWER)
        own = self._work.own_entries
        others = tuple(change for change in found if change.entry_id not in own)
        own.difference_update(change.entry_id for change in found)
        return News(others, outcome, saved)

    def intend(self, intention: Intention) -> None:
        """Do the next act of the user once for the key of `intention`.

        Raises AlreadyDone when it was done before, and Refused when the key belongs to another act.
        """
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            refuse_repeated(session, person, intention)
        self._work = replace(self._work, intention=intention)

    def sign_out(self) -> SessionInfo:
        """Sign the user out; returns the facts of the session."""
        self.person = None
        return self.session_info()

    def _follow_the_account(self) -> None:
        """Read the account's name and time zone again, since another backend may have changed them."""
        with self._work.read() as session:
            stored = session.execute(_ACCOUNT).one()
            self._account, self._drill = stored.name, stored.drill
            self._work = replace(self._work, time_zone=stored.time_zone)

    # --- acts and queries -------------------------------------------------------------------------------------------

    def do(self, act: Act[T], *, route: str = "") -> T:
        """Do an act of the signed-in user, sent from the screen at `route`.

        One transaction: the user is looked up again, the permission is checked, the handler writes, the log entry is
        required, and all is committed. Raises NotAllowed, Refused in read-only mode, and what the act names.
        """
        handler = handler_of(type(act))
        outcome, saved = self._find_out()
        if saved:
            raise Refused(f"{outcome} Load this again before you go on.")
        answer: T
        if act.spans_transactions:
            if act.permission is not None:
                with self._work.reader(self.person, act.permission):
                    pass  # refuse a user without the permission before a file is read or written
            answer = handler(Job(self._work, self.person, route), act)
        else:
            answer = self._do_once(handler, act, route)
        if act.changes_account:
            self._follow_the_account()
        return answer

    def _do_once(self, handler: Any, act: Act[T], route: str) -> T:
        """Do an act in one transaction. It is run again where it met another user's of the same moment, which it sees
        then, and where the connection was lost before anything was saved.
        """
        tries = 0
        while True:
            tries += 1
            entries: list[tuple[int, str]] = []
            try:
                with self._work.transaction(self.person, act.permission, route=route) as tx:
                    entries = tx.entries
                    answer: T = handler(tx, act)
                return answer
            except OutcomeUnknown:
                self._unknown = entries[-1]
                raise
            except (Collided, ConnectionLost) as error:
                if tries > (COLLISIONS_BORNE if isinstance(error, Collided) else LOSSES_BORNE):
                    raise

    def _find_out(self) -> tuple[str, bool]:
        """What became of the act during which the connection was lost, in a sentence, and whether it was saved."""
        if self._unknown is None:
            return "", False
        number, _ = self._unknown
        saved = self._work.was_saved(self._unknown)
        self._unknown = None
        if saved:
            self._work.own_entries.add(number)
        return f"Your last save was saved (log entry {number})." if saved else "Your last save was not saved.", saved

    def break_off(self) -> bool:
        """From another thread: give up waiting for a server that does not answer. False where there is none."""
        return dialect_of(self._engine).break_off(self._engine)

    def read(self, query: Query[T], *, is_cancelled: Callable[[], bool] | None = None) -> T:
        """Answer a query of the signed-in user. Raises NotAllowed, what the query names, and Cancelled soon after
        `is_cancelled` says so.
        """
        for _ in range(LOSSES_BORNE):
            with suppress(ConnectionLost):
                return self._read(query, is_cancelled)
        return self._read(query, is_cancelled)

    def _read(self, query: Query[T], is_cancelled: Callable[[], bool] | None) -> T:
        handler = handler_of(type(query))
        with self._work.reader(self.person, query.permission) as reader, cancellable(reader.session, is_cancelled):
            self.person = reader.person
            answer: T = handler(reader, query)
            return answer

    def expire_due(self) -> int:
        """Set Inactive the subscriptions that have passed their end date; returns how many."""
        expired = self._expire()
        if expired:
            written.note()  # asked for, unlike the expiry at a start
        return expired

    def _expire(self) -> int:
        from subtui.acts.subscriptions import ExpireDue  # noqa: PLC0415  (nearly always nothing is due at a start)

        return self.do(ExpireDue())

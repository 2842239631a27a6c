"""The backend: everything a person can do, in one object that belongs to one thread.

Screens and plain commands talk to it alone. It answers with views and raises the errors of `domain.errors`.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from subtui import services, written
from subtui.clock import Clock
from subtui.domain.cancellation import Draft
from subtui.domain.days import DATE_FORMATS
from subtui.domain.errors import NotAllowed, StorageProblem
from subtui.domain.hash_chain import Verdict
from subtui.domain.intentions import Intention
from subtui.domain.people import Person, SessionInfo
from subtui.domain.permissions import Permission, Role
from subtui.domain.preview import Preview
from subtui.domain.views import (
    ContactRecord,
    EventView,
    Found,
    LetterView,
    OrderRow,
    OrdersTab,
    Overview,
    Page,
    ProductChoice,
    SaveResult,
    SearchCursor,
    SubscriptionFilter,
    SubscriptionRecord,
    SubscriptionRow,
    Totals,
)
from subtui.services import contact_search, expiry, user_repository
from subtui.services.account_backend import AccountBackend
from subtui.services.intentions import refuse_repeated
from subtui.services.order_backend import OrderBackend
from subtui.services.unit_of_work import UnitOfWork, cancellable, require, stored_person
from subtui.storage.database import open_database
from subtui.storage.engine import BUSY_MS, database_url, file_of, settle
from subtui.storage.errors import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from subtui.domain.account_settings import SettingsDraft
    from subtui.domain.exports import (
        ChangesFormat,
        ChangesReport,
        ExportOptions,
        ExportReport,
        Since,
    )
    from subtui.domain.imports import ImportOptions, ImportReport, LeftOut
    from subtui.domain.progress import Progress

SEARCH_LIMIT = 50


_ACCOUNT = "SELECT name, demo_day, time_zone, drill FROM account"

_FIRST_ENTRY = "SELECT hash FROM event WHERE id = 1"

READ_ONLY = "This is read-only mode: nothing can be changed."
LOOKING = (
    "--at shows this data as on another day, and changes nothing. To act, leave it out; "
    "to practise, mark a copy of the database with: subtui db drill"
)


class Backend(AccountBackend, OrderBackend):
    """Opens a database and serves one person at a time. Use it from the thread that made it."""

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
        self.person: Person | None = None
        with translate_errors(where), Session(engine) as session:
            # In plain SQL, as all that comes before the first search: the classes of the tables take longer to make.
            account = session.execute(text(_ACCOUNT)).first()
            if account is None:
                raise StorageProblem(f"{where} is damaged: it has no account. Restore it from a backup.")
            # Two files of one business begin their logs alike, however far each has come.
            self.lineage: str = session.execute(text(_FIRST_ENTRY)).scalar() or ""
            self._account, self._demo, self._drill = account.name, account.demo_day is not None, bool(account.drill)
            if clock.frozen is None and account.demo_day is not None:
                # The demo stands on its own day: its dates make sense on no other.
                clock = Clock(date.fromisoformat(account.demo_day))
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
    ) -> "Backend":
        """The backend on the database at `where` (a path or URL), made on first use from `seed`, else the demo data.

        With `must_exist` none is made. Raises StorageProblem or FileProblem, with nothing written.
        """

        def fill(connection: Connection) -> None:
            if must_exist:
                raise StorageProblem(f"There is no database at {where}.")
            from subtui.storage.seed import demo_seed_path, empty_seed, fill_from, read_seed  # noqa: PLC0415

            fill_from(connection, empty_seed() if empty else read_seed(seed or demo_seed_path()))

        url = database_url(where)
        name = str(file_of(url) or url)
        engine = open_database(url, fill=fill, busy_ms=busy_ms, read_only=read_only)
        try:
            return cls(engine, clock or Clock(), where=name, read_only=read_only, date_format=date_format)
        except BaseException:
            engine.dispose()
            raise

    def answer_first(self) -> None:
        """Leave what was saved beside the file until `settle` is called: an answer need not wait for that."""
        self._work = replace(self._work, settles=False)

    def settle(self) -> None:
        """Leave nothing of what was saved beside the file of the database; called once the answer is given."""
        settle(self._engine)

    def close(self) -> None:
        """Let go of the database."""
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
        """What is known before anybody has signed in. Rolls the day first."""
        self._follow_the_account()
        due = not self._work.read_only and expiry.anything_due(self._work)
        rolled = services.subscriptions.expire_due(self._work) if due else 0
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

    def sign_in(self, email: str, password: str) -> Person:
        """Sign a person in for what follows. Raises SignInRefused."""
        self.person = services.sign_in.sign_in(self._work, email, password)
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
        """Go on as a person who was signed in at another file of the same business. Raises NotAllowed."""
        with self._work.read() as session:
            stored = stored_person(session, person)
        if stored.email != person.email:
            raise NotAllowed("Sign in again: your user is not in this database.")
        self.person = stored

    def intend(self, intention: Intention) -> None:
        """Do the next act of the person once for the key of `intention`.

        Raises AlreadyDone when it was done before, and Refused when the key stands for something else.
        """
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            refuse_repeated(session, person, intention)
        self._work = replace(self._work, intention=intention)

    def sign_out(self) -> SessionInfo:
        """Nobody is signed in any more."""
        self.person = None
        return self.session_info()

    def add_user(self, *, email: str, name: str, role: Role, password: str) -> Person:
        """Add somebody who may sign in; see `signing_in.add_user`."""
        added = services.sign_in.add_user(self._work, self.person, email=email, name=name, role=role, password=password)
        written.note()  # the first user is added before any can sign in
        return added

    def verify_user(self, email: str, *, verified: bool = True) -> Person:
        """Say that the account knows somebody to be who they are, or no longer; see `signing_in.verify_user`."""
        return services.sign_in.verify_user(self._work, self.person, email=email, verified=verified)

    def mark_drill(self) -> str:
        """Mark the database as one to practise on; see `account.mark_drill`."""
        sentence = services.account.mark_drill(self._work, self.person)
        self._drill = True
        return sentence

    def save_account_settings(self, draft: "SettingsDraft", *, version: int, route: str = "") -> str:
        """Save the settings of the account; see `account.save_settings`. What follows goes by the new ones."""
        sentence = services.account.save_settings(self._work, self.person, draft, version=version, route=route)
        self._follow_the_account()
        return sentence

    def _follow_the_account(self) -> None:
        """Another backend may have changed the name of the account, or its time zone and with it which day it is."""
        with self._work.read() as session:
            stored = session.execute(text(_ACCOUNT)).one()
            self._account = stored.name
            self._work = replace(self._work, time_zone=stored.time_zone)

    # --- reading ----------------------------------------------------------------------------------------------------

    def overview(self) -> Overview:
        """The dashboard below its search field."""
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return Overview(
                recent=contact_search.recent(session, person.id, limit=6),
                ending_soon=services.subscription_queries.ending_soon(session, limit=6),
                loose_ends=services.subscription_queries.count_loose_ends(session, self.today),
                answers_due=services.tickets.answers_due(session, self.today),
                refunds_to_finish=services.order_queries.count_pending_refunds(session),
                refunds_owing=services.reports.count_left_a_balance(session),
            )

    def totals(self, is_cancelled: "Callable[[], bool] | None" = None) -> Totals:
        """How many contacts and active subscriptions there are: of a million, a moment's work of its own.

        Raises GivenUp soon after `is_cancelled` says so.
        """
        require(self.person, Permission.VIEW)
        with self._work.read() as session, cancellable(session, is_cancelled):
            return Totals(contact_search.count(session), services.subscription_queries.count_active(session))

    def find_contacts(
        self,
        text: str,
        *,
        limit: int = SEARCH_LIMIT,
        after: SearchCursor | None = None,
        is_cancelled: "Callable[[], bool] | None" = None,
    ) -> Found:
        """The contacts that match: words in any order, part of an e-mail, a phone in any format, company, id.

        `after` is the cursor of the page before. Raises GivenUp soon after `is_cancelled` says so.
        """
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session, cancellable(session, is_cancelled):
            return contact_search.find(session, text, user_id=person.id, limit=limit, after=after)

    def contact(self, contact_id: int) -> ContactRecord:
        """The General tab of a contact. Raises NotFound."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.contacts.record(session, contact_id)

    def remember_opened(self, contact_id: int) -> None:
        """Make this the contact that the person opened last, for the dashboard. Nothing is kept in read-only mode."""
        person = require(self.person, Permission.VIEW)
        if not self._work.read_only:
            with self._work.untracked_write() as session:
                contact_search.remember_opened(session, person.id, contact_id)

    def orders(self, contact_id: int, *, orders: int = 5, subscriptions: int = 100, charges: int = 5) -> OrdersTab:
        """The Orders tab of a contact, with so many rows of each list. Raises NotFound."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.contacts.orders_tab(
                session, contact_id, self.today, orders=orders, subscriptions=subscriptions, charges=charges
            )

    def more_subscriptions(self, contact_id: int, *, after: int, limit: int = 100) -> tuple[SubscriptionRow, ...]:
        """The contact's subscriptions behind one in the order of the Orders tab."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.contacts.more_subscriptions(session, contact_id, self.today, after=after, limit=limit)

    def more_orders(self, contact_id: int, *, after: int, recurring: bool, limit: int = 20) -> tuple[OrderRow, ...]:
        """The contact's orders, or recurring charges, behind one in the order of the Orders tab."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.contacts.more_orders(
                session, contact_id, self.today, after=after, recurring=recurring, limit=limit
            )

    def subscriptions(self, wanted: SubscriptionFilter | None = None, *, limit: int = 200) -> Page[SubscriptionRow]:
        """All subscriptions that pass a filter, in its order, at most `limit` of them."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.subscription_queries.filtered(
                session, wanted or SubscriptionFilter(), self.today, limit=limit
            )

    def products(self) -> tuple[ProductChoice, ...]:
        """The products to filter subscriptions by."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.subscription_queries.product_choices(session)

    def subscription(self, subscription_id: int) -> SubscriptionRecord:
        """A subscription with everything its form shows. Raises NotFound."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.subscriptions.record(session, subscription_id, self.today, self._work.day)

    def letter(self, letter_id: int) -> LetterView:
        """A letter as it was written. Raises NotFound."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.audit.letter(session, letter_id)

    def log(
        self, *, contact_id: int | None = None, subject: str | None = None, limit: int = 100
    ) -> tuple[EventView, ...]:
        """The newest entries of the log; of one contact, or one subject such as `subscription:1042`."""
        require(self.person, Permission.VIEW_LOG)
        with self._work.read() as session:
            return services.audit.entries(session, contact_id=contact_id, subject=subject, limit=limit)

    def verify_log(self) -> Verdict:
        """Whether the log is as it was written. Needs nobody signed in: it proves, and shows nothing."""
        with self._work.read() as session:
            return services.audit.check(session.connection())

    def find_in_log(self, prefix: str) -> int | None:
        """The entry of the log whose hash begins with `prefix`, as letters print it. Needs nobody signed in."""
        with self._work.read() as session:
            return services.audit.entry_with_hash(session, prefix)

    # --- acts -------------------------------------------------------------------------------------------------------

    def preview_change(self, subscription_id: int, draft: Draft) -> Preview:
        """What saving the draft would do, and what stands in the way. Writes nothing."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.subscriptions.preview(session, subscription_id, draft, self.today, self._work.day)

    def save_subscription(self, subscription_id: int, draft: Draft, *, version: int, route: str = "") -> SaveResult:
        """Save the form; see `subscriptions.save`."""
        return services.subscriptions.save(
            self._work, self.person, subscription_id, draft, version=version, route=route
        )

    def undo(self, subscription_id: int, *, version: int, route: str = "") -> SaveResult:
        """Take the last cancellation back; see `subscriptions.undo`."""
        return services.subscriptions.undo(self._work, self.person, subscription_id, version=version, route=route)

    def import_files(
        self,
        paths: "Sequence[str | Path]",
        options: "ImportOptions",
        *,
        stdin: "BinaryIO | None" = None,
        tell: "Callable[[Progress], None] | None" = None,
        stop: "Callable[[], bool]" = lambda: False,
        aside: "Callable[[LeftOut], None] | None" = None,
        route: str = "",
    ) -> "ImportReport":
        """Bring in files of Keap's, or our own export; see `importing.import_files`."""
        from subtui.services import data_import  # noqa: PLC0415  (the backend opens without it)

        return data_import.import_files(
            self._work, self.person, paths, options, stdin=stdin, tell=tell, stop=stop, aside=aside, route=route
        )

    def export_data(
        self,
        path: Path,
        options: "ExportOptions",
        *,
        tell: "Callable[[Progress], None] | None" = None,
        stop: "Callable[[], bool]" = lambda: False,
        route: str = "",
    ) -> "ExportReport":
        """Write the data to new files, which an import takes back; see `exporting.export_data`."""
        from subtui.services import data_export  # noqa: PLC0415  (the backend opens without it)

        return data_export.export_data(self._work, self.person, path, options, tell=tell, stop=stop, route=route)

    def export_changes(
        self,
        path: Path,
        *,
        since: "Since | None" = None,
        form: "ChangesFormat | None" = None,
        stop: "Callable[[], bool]" = lambda: False,
        route: str = "",
    ) -> "ChangesReport":
        """Write what was changed here since a point in the log; see `exporting_changes.export_changes`."""
        from subtui.services import change_export  # noqa: PLC0415  (the backend opens without it)

        return change_export.export_changes(
            self._work, self.person, path, since=since, form=form, stop=stop, route=route
        )

    def expire_due(self) -> int:
        """Turn Inactive what has passed its end date; returns how many."""
        rolled = services.subscriptions.expire_due(self._work)
        if rolled:
            written.note()  # asked for, unlike the roll of a start
        return rolled

"""What each kind of database does in its own way. All other SQL is SQLAlchemy Core on the tables."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, Select, Table

from subtui.domain.errors import StorageProblem
from subtui.views.customers import SearchCursor

BUSY_MS = 5000
"""The longest wait of a write for another program's write, in milliseconds."""

WRITES = "subtui_writes"
"""Execution option of a transaction that will write: it takes the write lock when it begins."""

BRIEF = "subtui_brief"
"""Execution option of a writing transaction that is not worth a wait: it fails soon where another program writes."""

BRIEF_MS = 100
"""The longest wait of such a transaction, in milliseconds."""

COUNT_CAP = 1000
"""The most matches of a search that are counted: an exact higher number costs too much time."""

LAST_TEXT = "\U0010ffff"
"""A sign behind every other: a text that begins with `x` lies from `x` to `x` with it."""

FEW = 10
"""With fewer matches than this, names with one typing error are shown below them."""

MOST_TYPOS = 40
"""The most neighbours of a word that are searched at once."""

Fill = Callable[[Connection], None]


class Collided(StorageProblem):
    """The transaction met another one that wrote the same; nothing was saved, and it can be run again."""


class OlderVersion(StorageProblem):
    """The database was opened read-only, but must be migrated first."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Contact ids, best first. The last `similar` of them differ by a typing error and are not counted in the total."""

    ids: Sequence[int]
    total: int
    capped: bool
    similar: int = 0
    after: SearchCursor | None = None


class Listening(Protocol):
    """A thread that listens for announcements."""

    def close(self) -> None:
        """End it."""


class SearchIndex(Protocol):
    """The contacts that a bulk load has written and that are not yet in the search indexes."""

    def added(self, ids: Iterable[int]) -> None:
        """Add new contacts."""

    def changed(self, number: int, before: Mapping[str, Any]) -> None:
        """Add a contact whose search keys have changed, with the keys that the indexes hold."""


class Dialect(Protocol):
    """One kind of database. A module that has these functions is one."""

    def is_made(self, url: URL) -> bool:
        """Whether there is a database at `url`, or something else is in its place."""

    def size(self, engine: Engine) -> int:
        """How many bytes the database takes."""

    def open_database(self, url: URL, make: Fill, *, busy_ms: int, read_only: bool, create: bool) -> Engine:
        """An engine on the database at `url`, which is made whole by `make` if it does not exist.

        `create`: also where that is not done unasked, on a server.

        Its transactions with the option `WRITES` take the write lock when they begin. Raises StorageProblem, with
        the database unchanged, where it cannot be used; OlderVersion, read-only, where it must be migrated first.
        """

    def make_database(self, url: URL, make: Fill, *, in_bulk: bool) -> bool:
        """Make a database at `url`; False if another process made one meanwhile.

        `in_bulk`: for millions of rows, with no checks and nothing to recover, and ctrl+c stops a long statement.
        """

    def upgrade(self, url: URL, migrate: Fill) -> tuple[str, str]:
        """Bring the tables up to date with `migrate`; returns the revisions before and after. Raises StorageProblem."""

    def grants(self, url: URL, role: str) -> Iterator[str]:
        """Yield the statements that let a role of the server work in the database. Raises StorageProblem for a file."""

    def create_extras(self, connection: Connection) -> None:
        """Make what tables and indexes do not say: the search indexes, and the triggers that guard the log."""

    def settle(self, engine: Engine) -> None:
        """Bring committed data into their lasting place, if no other program is in the way."""

    def lock_log(self, connection: Connection) -> None:
        """Keep other transactions from appending to the log until this one ends."""

    def listen(self, url: URL, told: Callable[[], object]) -> "Listening | None":
        """Call `told`, in a thread of its own, when something may have been written; None where that must be polled."""

    def state_of(self, connection: Connection) -> Hashable:
        """A value that changes with every act of another connection and every row that this one writes."""

    def cancellable(self, connection: Connection, is_cancelled: Callable[[], bool]) -> AbstractContextManager[None]:
        """Interrupt the query inside once `is_cancelled` says so. Raises Cancelled then."""

    def explain(self, error: BaseException, where: str) -> str | None:
        """The sentence for an error of the database called `where`; None for any other error."""

    def has_collided(self, error: BaseException) -> bool:
        """Whether a transaction failed only because another one wrote at the same moment: it can be run again."""

    def ids_follow(self, connection: Connection, table: Table) -> None:
        """Let new rows of a table take ids behind the largest that a row brought along."""

    def has_lost(self, error: BaseException) -> bool:
        """Whether the connection to the server was lost, or not made: what was under way may be tried again."""

    def break_off(self, engine: Engine) -> bool:
        """From another thread: give up waiting for a server, as if the connection were lost. False for a file."""

    def stream(self, connection: Connection, rows: Select[Any]) -> Iterator[Sequence[Any]]:
        """The rows of a query as SQLite stores them: integers, texts and None. There may be tens of millions."""

    def insert(self, table: Any, /) -> Any:
        """An INSERT that can be told what to do on a conflict."""

    def insert_rows(
        self,
        connection: Connection,
        table: Table,
        columns: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
        *,
        skip_known: bool = False,
    ) -> None:
        """Insert very many rows, each with its values in the order of the columns.

        `skip_known`: leave out those whose key is there.
        """

    def insert_stored(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert very many rows as `stream` gives them, by one statement: they may name each other."""

    def bulk_load(self, connection: Connection, cache_kb: int) -> AbstractContextManager[SearchIndex]:
        """Update the search indexes once, when the block ends without an error, instead of row by row."""

    def indexes_afterwards(
        self, connection: Connection, tables: Sequence[str], tell: Callable[[int, int], None]
    ) -> AbstractContextManager[None]:
        """Drop the indexes and triggers of the tables, and make them again once the rows are written."""

    def renew_statistics(self, connection: Connection, tables: Sequence[str]) -> None:
        """Renew what the planner knows of the sizes of these tables."""

    def find_contacts(
        self, connection: Connection, text: str, *, limit: int, recent: Sequence[int], after: SearchCursor | None
    ) -> Hits:
        """The contacts that match `text`, best first; among equals those of `recent` first, in its order."""

    def contacts_with(self, word: str) -> Select[Any]:
        """The ids of the contacts with a word of this prefix; none for a word without letters and digits."""


def like(text: str) -> str:
    """`text` as part of a LIKE pattern with a backslash as its escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

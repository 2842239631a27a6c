"""Makes a database of made-up data in a temporary folder, and moves it into place when it is complete."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import URL, Connection

from subtui.domain.errors import Refused
from subtui.domain.progress import Progress
from subtui.made_data.cancellations import Endings
from subtui.made_data.catalogue import Catalogue
from subtui.made_data.days import Calendar
from subtui.made_data.names import Language, languages
from subtui.made_data.orders import Draft, Orders
from subtui.made_data.payments import PaymentHistory
from subtui.made_data.people import People
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.sheet_writer import TABLES, Sheets
from subtui.made_data.subscriptions import Subscriptions
from subtui.storage import audit_log
from subtui.storage.database import make_in_bulk, place_of
from subtui.storage.dialects import dialect_of
from subtui.storage.seed import demo_seed_path, fill_from, read_seed
from subtui.storage.seed_format import Seed

Tell = Callable[[Progress], None]

_STEP = 500
"""Contacts made between two checks for full batches."""

_SUBSCRIPTIONS = weighted(
    (
        (0, 460),
        (1, 270),
        (2, 125),
        (3, 55),
        (4, 28),
        (5, 16),
        (6, 10),
        (8, 12),
        (11, 8),
        (16, 7),
        (24, 5),
        (36, 3),
        (60, 1),
    ),
)
"""The number of subscriptions per contact, by shares in a thousand: mean 1.5, none for many, dozens for some."""
_BOUGHT = weighted(((0, 842), (1, 100), (2, 30), (3, 13), (6, 8), (14, 5), (40, 2)))
"""The number of orders per contact that no subscription made."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The amount of data to make. The first contact gets `subscriptions_of_one` more subscriptions and orders."""

    contacts: int
    seed: int
    subscriptions_of_one: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """The result: the number of rows of each table, and the seconds it took."""

    account: str
    rows: Mapping[str, int]
    seconds: float


def generate(url: URL, wanted: Wanted, tell: Tell | None = None) -> Made:
    """Make a database at `url`, where there is none.

    Raises NotInstalled without mimesis, StorageProblem where it cannot be made, Refused if another process made it
    meanwhile. After an error no file is left.
    """
    begun = time.monotonic()
    known, seed = languages(), read_seed(demo_seed_path())
    rows: dict[str, int] = {}

    def fill(connection: Connection) -> None:
        fill_from(connection, msgspec.structs.replace(seed, contacts=[], subscriptions=[], orders=[], history=[]))
        rows.update(_Making(connection, known, seed, wanted, tell or _silent).everything())

    if not make_in_bulk(url, fill):
        raise Refused(f"There is a database at {place_of(url)} already. It was left as it is.")
    return Made(seed.account.name, rows, time.monotonic() - begun)


def _silent(_progress: Progress) -> None:
    pass


class _Making:
    """One run of the makers of all rows, on one random stream."""

    def __init__(
        self, connection: Connection, known: Sequence[Language], seed: Seed, wanted: Wanted, tell: Tell
    ) -> None:
        self._connection = connection
        self._wanted = wanted
        self._tell = tell
        day = seed.day or seed.account.created_on or date.min
        self._chance = chance = Rng(wanted.seed)
        calendar, catalogue = Calendar(day), Catalogue(seed)
        self._today = calendar.today
        self._catalogue = catalogue
        self._sheets = sheets = Sheets(connection)
        till = PaymentHistory(chance, calendar, sheets)
        self._endings = Endings(chance, calendar, seed)
        self._people = People(chance, calendar, known, seed, sheets)
        self._subscriptions = Subscriptions(chance, calendar, catalogue, self._endings, till, sheets)
        self._orders = Orders(chance, calendar, catalogue, till, sheets)

    def everything(self) -> dict[str, int]:
        """Make all rows; returns the number of rows of each table."""
        with dialect_of(self._connection).indexes_afterwards(self._connection, TABLES, self._indexing):
            for number in range(1, self._wanted.contacts + 1):
                self._contact(number, self._wanted.subscriptions_of_one if number == 1 else 0)
                if number % _STEP == 0:
                    self._sheets.write()
                    self._tell(Progress(number, self._wanted.contacts, self._written(), "Making rows"))
            self._sheets.write_all()
            entries = self._log()
        return {**self._sheets.counts, "event": entries}

    def _log(self) -> int:
        """Write the log, the oldest entry first; returns the number of entries."""
        entries = 0
        for row in self._endings.entries():
            audit_log.append(self._connection, row)
            entries += 1
        return entries

    def _contact(self, number: int, more: int) -> None:
        """Make a contact with all dependent rows, and a number of additional subscriptions and orders."""
        chance = self._chance
        language = self._people.language()
        home, abroad = self._catalogue.home, self._catalogue.abroad
        currency = abroad if language.euro and chance.happens(language.euro) else home
        usual = chance.about(chance.of(_SUBSCRIPTIONS))
        cards = self._people.cards(number, buyer=bool(usual or more))
        drafts: list[Draft] = []
        days = [self._subscriptions.make(number, currency, cards, drafts) for _ in range(usual)]
        drafts += [self._orders.bought(currency) for _ in range(chance.about(chance.of(_BOUGHT)))]
        orders = len(drafts) + more
        days += [self._subscriptions.make(number, currency, cards, drafts, kept=1) for _ in range(more)]
        while len(drafts) < orders:
            drafts.append(self._orders.bought(currency))
        days += [draft.day for draft in drafts]
        self._people.write(language, min(days, default=None))
        self._orders.write(number, drafts)

    def _written(self) -> int:
        return sum(self._sheets.counts.values())

    def _indexing(self, done: int, whole: int) -> None:
        self._tell(Progress(done, whole, self._written(), "Making indexes"))

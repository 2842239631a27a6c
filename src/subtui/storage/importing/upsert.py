"""Writes rows by their Keap id, many at a time: new ones are inserted, those that differ updated, equal ones left."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

BATCH = 500
"""Rows that are looked up and written at once."""

NATURAL = "~"
"""Begins a Keap id that was made from a row, where the file names none."""

_LARGEST_ID = 2**53


def stored(value: Any) -> Any:
    """A value as the column keeps it; instants in UTC, as the tables read them."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """Distinct values in lists that fit into one statement."""
    distinct = list(dict.fromkeys(ids))
    for at in range(0, len(distinct), BATCH):
        yield distinct[at : at + BATCH]


def marks(values: Sequence[Any]) -> str:
    """As many question marks as there are values."""
    return ", ".join("?" * len(values))


class Seen:
    """Which Keap ids of a kind a file has named so far. A bit for each number, so that a million take little room."""

    _BITS = 1 << 16

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}
        self._others: set[str] = set()

    def add(self, keap_id: str) -> bool:
        """Note an id; False if it was there already."""
        if not (keap_id.isdigit() and len(keap_id) < 16):
            known = len(self._others)
            self._others.add(keap_id)
            return len(self._others) > known
        block, bit = divmod(int(keap_id), self._BITS)
        bits = self._blocks.get(block)
        if bits is None:
            bits = self._blocks[block] = bytearray(self._BITS // 8)
        place, mask = bit >> 3, 1 << (bit & 7)
        if bits[place] & mask:
            return False
        bits[place] |= mask
        return True


class NaturalIds:
    """Keap ids for rows without one: made from what tells the row apart, and counted where rows are equal.

    The same file read again makes the same ids, so that its rows are found instead of doubled.
    """

    def __init__(self) -> None:
        self._count: dict[bytes, int] = {}

    def of(self, *parts: object) -> str:
        """The id of a row."""
        digest = sha256("\x1f".join(str(part) for part in parts).encode()).digest()[:9]
        count = self._count[digest] = self._count.get(digest, 0) + 1
        return f"{NATURAL}{digest.hex()}" if count == 1 else f"{NATURAL}{digest.hex()}.{count}"


@dataclass(slots=True)
class Row:
    """A row to be written: its Keap id, what the file says, and what a new row has besides.

    `blank` names the columns that the file has too, but left empty here: they get their default where a row is changed.
    """

    keap_id: str
    values: dict[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    source: Any = None  # handed back with the outcome
    derived: bool = False  # only mentioned by another row: written when it is not there, never counted


@dataclass(slots=True)
class Outcome:
    """What became of a row: `new`, `changed`, `same` or `kept`, with its id and what was stored before."""

    row: Row
    kind: str
    id: int
    before: Mapping[str, Any] = field(default_factory=dict)


class Upsert:
    """Writes rows of one table."""

    def __init__(
        self,
        connection: Connection,
        table: str,
        columns: Sequence[str],
        *,
        versioned: bool = False,
        keep: Callable[[Mapping[str, Any], Row], bool] | None = None,
        amend: Callable[[Mapping[str, Any], Row], None] | None = None,
    ) -> None:
        self._connection = connection
        self._table = f'"{table}"'
        self._columns = tuple(columns)
        self._cells = itemgetter(*columns)
        self._empty = dict.fromkeys(columns)
        self._versioned = versioned
        self._keep = keep
        self._amend = amend
        largest, any_row = self._one(f"SELECT coalesce(max(id), 0), count(*) FROM {self._table}")
        self._next = int(largest) + 1
        # Into an empty table nothing has to be looked up, as long as the ids come from the file alone.
        self._untouched = not any_row
        inserted = ("id", *self._columns, "keap_id", *(("version",) if versioned else ()))
        self._insert = f"INSERT INTO {self._table} ({', '.join(inserted)}) VALUES ({marks(inserted)})"

    def _one(self, sql: str) -> Any:
        return self._connection.exec_driver_sql(sql).one()

    def ids(self, keap_ids: Iterable[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        found: dict[str, int] = {}
        for part in chunks(keap_ids):
            sql = f"SELECT keap_id, id FROM {self._table} WHERE keap_id IN ({marks(part)})"
            found.update((row[0], row[1]) for row in self._connection.exec_driver_sql(sql, tuple(part)))
        return found

    def put(self, rows: Sequence[Row]) -> list[Outcome]:
        """Write the rows, in their order."""
        found = {} if self._untouched else self._stored(rows)
        taken = set() if self._untouched else self._taken(rows, found)
        outcomes: list[Outcome] = []
        fresh: list[tuple[Any, ...]] = []
        for row in rows:
            before = found.get(row.keap_id)
            if before is None:
                number = self._new_id(row.keap_id, taken)
                fresh.append(self._inserted(number, row))
                outcomes.append(Outcome(row, "new", number))
                if row.derived:
                    found[row.keap_id] = {"id": number} | row.values
            else:
                outcomes.append(self._update(before, row))
        if fresh:
            self._connection.exec_driver_sql(self._insert, fresh)
        return outcomes

    def _stored(self, rows: Sequence[Row]) -> dict[str, Mapping[str, Any]]:
        names = dict.fromkeys(("id", "keap_id", *self._columns, *(("version",) * self._versioned)))
        found: dict[str, Mapping[str, Any]] = {}
        for part in chunks(row.keap_id for row in rows):
            sql = f"SELECT {', '.join(names)} FROM {self._table} WHERE keap_id IN ({marks(part)})"
            for stored_row in self._connection.exec_driver_sql(sql, tuple(part)):
                found[stored_row[1]] = dict(zip(names, stored_row, strict=True))
        return found

    def _taken(self, rows: Sequence[Row], found: Mapping[str, Any]) -> set[int]:
        wanted = [int(row.keap_id) for row in rows if row.keap_id not in found and _is_number(row.keap_id)]
        taken: set[int] = set()
        for part in chunks(wanted):
            sql = f"SELECT id FROM {self._table} WHERE id IN ({marks(part)})"
            taken.update(number for (number,) in self._connection.exec_driver_sql(sql, tuple(part)))
        return taken

    def _new_id(self, keap_id: str, taken: set[int]) -> int:
        if _is_number(keap_id):
            number = int(keap_id)
            if number not in taken:
                taken.add(number)
                self._next = max(self._next, number + 1)
                return number
        self._untouched = False
        while self._next in taken:
            self._next += 1
        number = self._next
        taken.add(number)
        self._next += 1
        return number

    def _inserted(self, number: int, row: Row) -> tuple[Any, ...]:
        values, defaults = row.values, row.defaults
        cells = self._cells({**self._empty, **defaults, **values})
        return (number, *cells, row.keap_id, 1) if self._versioned else (number, *cells, row.keap_id)

    def _update(self, before: Mapping[str, Any], row: Row) -> Outcome:
        number = before["id"]
        for name in row.blank - row.values.keys():
            row.values[name] = row.defaults.get(name)
        if self._amend is not None:
            self._amend(before, row)
        if "more" in row.values:
            row.values["more"] = _merged(before.get("more"), row.values["more"])
        changes = {name: value for name, value in row.values.items() if before.get(name) != value}
        if not changes or row.derived:
            return Outcome(row, "same", number, before)
        if self._keep is not None and self._keep(before, row):
            return Outcome(row, "kept", number, before)
        if self._versioned:
            changes["version"] = before["version"] + 1
        named = ", ".join(f"{name} = ?" for name in changes)
        self._connection.exec_driver_sql(f"UPDATE {self._table} SET {named} WHERE id = ?", (*changes.values(), number))
        return Outcome(row, "changed", number, before)


def packed(values: Any) -> str:
    """What a JSON column keeps; the same text whatever the order of the columns."""
    return msgspec.json.encode(values, order="sorted").decode()


def _merged(before: str | None, after: str) -> str:
    """What else was known of a row, with what another file says of it."""
    if not before or before in ("{}", after):
        return after
    return packed(msgspec.json.decode(before) | msgspec.json.decode(after))


def _is_number(keap_id: str) -> bool:
    return keap_id.isdigit() and keap_id.isascii() and 0 < int(keap_id) < _LARGEST_ID

"""Writes rows by their Keap id, in batches: inserts new ones, updates those that differ, skips equal ones."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

from subtui.keap.ids import NATURAL, OURS, number_of
from subtui.storage.sql import batched, placeholders

NOTHING_MORE = "{}"
"""The value of the column `more` of a row without extra values."""

_JSON = ("more", "billing_address", "shipping_address")


class Seen:
    """The Keap ids of a kind that a file has named so far. A bit for each number: a million take little memory."""

    _BITS = 1 << 8  # small blocks: numbers far apart have a block each

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}
        self._others: set[str] = set()

    def add(self, keap_id: str) -> bool:
        """Add an id; returns False if it was there already."""
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
    """Makes ids for rows without one: a hash of the identifying fields, with a count for equal rows.

    The same file read again makes the same ids, so that its rows are recognized and not duplicated.
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
    """A row to be written: its Keap id, the values of the file, and the defaults of a new row.

    `blank` names the columns that the file has, but left empty here: in an update they get their default. `headers`
    does the same for the extra values in the column `more`.
    """

    keap_id: str
    values: dict[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    source: Any = None  # handed back with the outcome
    derived: bool = False  # only referred to by another row: written if missing, never counted
    headers: frozenset[str] = frozenset()


@dataclass(slots=True)
class Outcome:
    """The outcome of a row: `new`, `changed`, `same` or `kept`, with its id and the values stored before."""

    row: Row
    kind: str
    id: int
    before: Mapping[str, Any] = field(default_factory=dict)


class Upsert:
    """Writes rows of one table.

    `alike` names the columns by which a stored row without a Keap id is matched with a row under our own number.
    `stamps` are columns that are written only together with changed ones, and are no change by themselves.
    """

    def __init__(
        self,
        connection: Connection,
        table: str,
        columns: Sequence[str],
        *,
        versioned: bool = False,
        keep: Callable[[Mapping[str, Any], Row], bool] | None = None,
        amend: Callable[[Mapping[str, Any], Row], None] | None = None,
        alike: Sequence[str] = (),
        stamps: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._table = f'"{table}"'
        self._columns = tuple(columns)
        self._cells = itemgetter(*columns)
        self._empty = dict.fromkeys(columns)
        self._versioned = versioned
        self._keep = keep
        self._amend = amend
        self._alike = tuple(alike)
        self._stamps = frozenset(stamps)
        largest, any_row = self._one(f"SELECT coalesce(max(id), 0), count(*) FROM {self._table}")
        self._next = int(largest) + 1
        # An empty table needs no lookups, as long as all ids come from the file; but a row just written may be named
        # again, by another file or by a row that refers to it.
        self._untouched = not any_row
        self._written = Seen()
        inserted = ("id", *self._columns, "keap_id", *(("version",) if versioned else ()))
        self._insert = f"INSERT INTO {self._table} ({', '.join(inserted)}) VALUES ({placeholders(inserted)})"

    def _one(self, sql: str) -> Any:
        return self._connection.exec_driver_sql(sql).one()

    def look_up_all(self) -> None:
        """Look up every row from now on, because rows got ids in another way than by `put`."""
        self._untouched = False

    def ids(self, keap_ids: Iterable[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        found: dict[str, int] = {}
        for part in batched(keap_ids):
            sql = f"SELECT keap_id, id FROM {self._table} WHERE keap_id IN ({placeholders(part)})"
            found.update((row[0], row[1]) for row in self._connection.exec_driver_sql(sql, tuple(part)))
        return found

    def put(self, rows: Sequence[Row]) -> list[Outcome]:
        """Write the rows, in their order."""
        # Our own number may equal a Keap id of another row of the file.
        self._untouched = self._untouched and not any(row.keap_id.startswith(OURS) for row in rows)
        known = [row for row in rows if not self._written.add(row.keap_id)] if self._untouched else rows
        found = self._stored(known) if known else {}
        taken = set() if self._untouched else self._taken(rows, found)
        outcomes: list[Outcome] = []
        fresh: dict[str, tuple[Any, ...]] = {}
        for row in rows:
            if row.keap_id in fresh:
                self._write(fresh)
                found |= self._stored([row])
            before = found.get(row.keap_id)
            if before is None:
                number = self._new_id(row.keap_id, taken)
                fresh[row.keap_id] = self._inserted(number, row)
                outcomes.append(Outcome(row, "new", number))
            else:
                outcomes.append(self._update(before, row))
        self._write(fresh)
        return outcomes

    def _write(self, fresh: dict[str, tuple[Any, ...]]) -> None:
        if fresh:
            self._connection.exec_driver_sql(self._insert, list(fresh.values()))
            fresh.clear()

    def _stored(self, rows: Sequence[Row]) -> dict[str, Mapping[str, Any]]:
        found = {stored["keap_id"]: stored for stored in self._where("keap_id", (row.keap_id for row in rows))}
        self._adopt(rows, found)
        return found

    def _where(self, name: str, values: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
        names = dict.fromkeys(("id", "keap_id", *self._columns, *(("version",) * self._versioned)))
        for part in batched(values):
            sql = f"SELECT {', '.join(names)} FROM {self._table} WHERE {name} IN ({placeholders(part)})"
            for row in self._connection.exec_driver_sql(sql, tuple(part)).all():
                yield dict(zip(names, row, strict=True))

    def _adopt(self, rows: Sequence[Row], found: dict[str, Mapping[str, Any]]) -> None:
        """Give stored rows that are imported back from our own export the id under which they were exported."""
        if not self._alike:
            return
        wanted = {number_of(row.keap_id): row for row in rows if row.keap_id not in found}
        wanted.pop(None, None)
        for stored in self._where("id", wanted):
            row = wanted[stored["id"]]
            alike = all(stored[name] == row.values.get(name, row.defaults.get(name)) for name in self._alike)
            if stored["keap_id"] is None and alike:
                self._connection.exec_driver_sql(
                    f"UPDATE {self._table} SET keap_id = ? WHERE id = ?", (row.keap_id, stored["id"])
                )
                found[row.keap_id] = stored

    def _taken(self, rows: Sequence[Row], found: Mapping[str, Any]) -> set[int]:
        wanted = [number_of(row.keap_id) for row in rows if row.keap_id not in found]
        taken: set[int] = set()
        for part in batched(number for number in wanted if number is not None):
            sql = f"SELECT id FROM {self._table} WHERE id IN ({placeholders(part)})"
            taken.update(number for (number,) in self._connection.exec_driver_sql(sql, tuple(part)))
        return taken

    def _new_id(self, keap_id: str, taken: set[int]) -> int:
        wish = number_of(keap_id)
        if wish is not None and wish not in taken:
            taken.add(wish)
            self._next = max(self._next, wish + 1)
            return wish
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
        if "more" in self._empty:
            row.values["more"] = _merged(
                before["more"] or NOTHING_MORE, row.values.get("more", NOTHING_MORE), row.headers
            )
        changes = {name: value for name, value in row.values.items() if not _equal(name, before.get(name), value)}
        if changes.keys() <= self._stamps or row.derived:
            return Outcome(row, "same", number, before)
        if self._keep is not None and self._keep(before, row):
            return Outcome(row, "kept", number, before)
        if self._versioned:
            changes["version"] = before["version"] + 1
        named = ", ".join(f"{name} = ?" for name in changes)
        self._connection.exec_driver_sql(f"UPDATE {self._table} SET {named} WHERE id = ?", (*changes.values(), number))
        return Outcome(row, "changed", number, before)


def packed(values: Any) -> str:
    """The text of a JSON column, independent of the order of the keys."""
    return msgspec.json.encode(values, order="sorted").decode()


def _equal(name: str, before: Any, value: Any) -> bool:
    """Whether a column has the same value; equal JSON may differ in blanks."""
    if before == value or name not in _JSON or before is None or value is None:
        return bool(before == value)
    return bool(msgspec.json.decode(before) == msgspec.json.decode(value))


def _merged(before: str, after: str, headers: frozenset[str]) -> str:
    """The stored extra values of a row, updated by those of a file with columns of these headers."""
    if before in (NOTHING_MORE, after):
        return after
    known = msgspec.json.decode(before)
    merged = {header: text for header, text in known.items() if header not in headers} | msgspec.json.decode(after)
    return before if merged == known else packed(merged)

"""Writes rows by their Keap id, in batches: inserts new ones, updates those that differ, skips equal ones."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, func, select, update

from subtui.keap.ids import NATURAL, OURS, number_of
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of

_PART: Any = bindparam("part", expanding=True)


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
    overwrites: frozenset[str] = frozenset()  # fields that were corrected here and are overwritten


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
        table: Table,
        columns: Sequence[str],
        *,
        versioned: bool = False,
        keep: Callable[[Mapping[str, Any], Row], bool] | None = None,
        amend: Callable[[Mapping[str, Any], Row], None] | None = None,
        alike: Sequence[str] = (),
        stamps: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._dialect = dialect_of(connection)
        self._table = table
        self._columns = tuple(columns)
        self._empty = dict.fromkeys(columns)
        self._versioned = versioned
        self._keep = keep
        self._amend = amend
        self._alike = tuple(alike)
        self._stamps = frozenset(stamps)
        largest = connection.execute(select(func.max(table.c.id))).scalar()
        self._next = int(largest or 0) + 1
        # An empty table needs no lookups, as long as all ids come from the file; but a row just written may be named
        # again, by another file or by a row that refers to it.
        self._untouched = largest is None
        self._written = Seen()
        # In the order of the table.
        names = {"id", "keap_id", *self._columns, *(("version",) if versioned else ())}
        self._names = tuple(column.name for column in table.c if column.name in names)
        self._cells = itemgetter(*self._names)
        self._stored_row = select(*(table.c[name] for name in self._names)).where(table.c.keap_id.in_(_PART))
        alike_columns = (table.c[name] for name in alike)
        self._numbered = select(table.c.id, table.c.keap_id, *alike_columns).where(table.c.id.in_(_PART))
        self._ids = select(table.c.keap_id, table.c.id).where(table.c.keap_id.in_(_PART))
        self._updates: dict[tuple[str, ...], Update] = {}

    def look_up_all(self) -> None:
        """Look up every row from now on, because rows got ids in another way than by `put`."""
        self._untouched = False

    def ids(self, keap_ids: Iterable[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        found: dict[str, int] = {}
        for part in batched(keap_ids):
            found.update((row[0], row[1]) for row in self._connection.execute(self._ids, {"part": part}))
        return found

    def put(self, rows: Sequence[Row]) -> list[Outcome]:
        """Write the rows, in their order."""
        # Our own number may equal a Keap id of another row of the file.
        self._untouched = self._untouched and not any(row.keap_id.startswith(OURS) for row in rows)
        known = [row for row in rows if not self._written.add(row.keap_id)] if self._untouched else rows
        found, taken = self._look_up(known)
        outcomes: list[Outcome] = []
        fresh: dict[str, tuple[Any, ...]] = {}
        for row in rows:
            if row.keap_id in fresh:
                self._write(fresh)
                found |= self._stored([row.keap_id])
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
            self._dialect.insert_rows(self._connection, self._table, self._names, list(fresh.values()))
            fresh.clear()

    def _look_up(self, rows: Sequence[Row]) -> tuple[dict[str, Mapping[str, Any]], set[int]]:
        """The stored rows by Keap id, and the numbers that the others may not be given.

        Stored rows that are imported back from our own export get the id under which they were exported.
        """
        found = self._stored(row.keap_id for row in rows)
        wanted = {number_of(row.keap_id): row for row in rows if row.keap_id not in found}
        wanted.pop(None, None)
        taken: set[int] = set()
        adopted: list[str] = []
        for part in batched(wanted):
            for number, keap_id, *values in self._connection.execute(self._numbered, {"part": part}):
                taken.add(number)
                row = wanted[number]
                alike = [row.values.get(name, row.defaults.get(name)) for name in self._alike]
                if keap_id is None and values and values == alike:
                    self._set(number, {"keap_id": row.keap_id})
                    adopted.append(row.keap_id)
        return found | self._stored(adopted), taken

    def _stored(self, keap_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for part in batched(keap_ids):
            for row in self._connection.execute(self._stored_row, {"part": part}).all():
                stored = dict(zip(self._names, row, strict=True))
                found[stored["keap_id"]] = stored
        return found

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
        own = {"id": number, "keap_id": row.keap_id, "version": 1}
        cells: tuple[Any, ...] = self._cells({**self._empty, **row.defaults, **row.values, **own})
        return cells

    def _update(self, before: Mapping[str, Any], row: Row) -> Outcome:
        number = before["id"]
        for name in row.blank - row.values.keys():
            row.values[name] = row.defaults.get(name)
        if self._amend is not None:
            self._amend(before, row)
        if "more" in self._empty:
            known = {header: text for header, text in before["more"].items() if header not in row.headers}
            row.values["more"] = known | row.values.get("more", {})
        changes = {name: value for name, value in row.values.items() if before.get(name) != value}
        if changes.keys() <= self._stamps or row.derived:
            return Outcome(row, "same", number, before)
        if self._keep is not None and self._keep(before, row):
            return Outcome(row, "kept", number, before)
        if self._versioned:
            changes["version"] = before["version"] + 1
        self._set(number, changes)
        return Outcome(row, "changed", number, before)

    def _set(self, number: int, changes: Mapping[str, Any]) -> None:
        names = tuple(changes)
        statement = self._updates.get(names)
        if statement is None:
            values = {name: bindparam(f"new_{name}", type_=self._table.c[name].type) for name in names}
            statement = update(self._table).where(self._table.c.id == bindparam("number")).values(values)
            self._updates[names] = statement
        values = {f"new_{name}": value for name, value in changes.items()}
        self._connection.execute(statement, {"number": number, **values})

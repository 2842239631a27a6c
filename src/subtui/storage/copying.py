"""Copies a whole database into a new one, of the same kind or of another: every row with its id, the log included."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, func, select
from sqlmodel import SQLModel

import subtui.storage.tables  # noqa: F401  (fills the metadata)
from subtui.domain.errors import Refused
from subtui.domain.progress import Progress
from subtui.storage.database import make_in_bulk, place_of
from subtui.storage.dialects import dialect_of

Tell = Callable[[Progress], None]
_STEP = 2000


def copy_database(source: Engine, target: URL, tell: Tell) -> dict[str, int]:
    """Make a database at `target` with every row of `source`; returns the number of rows of each table.

    Both are of the newest revision. Raises Refused where there is a database already, StorageProblem where none can be
    made; after an error nothing is left at `target`.
    """
    counts: dict[str, int] = {}

    def fill(connection: Connection) -> None:
        with source.connect() as reading:
            counts.update(_copied(reading, connection, tell))

    if not make_in_bulk(target, fill):
        raise Refused(f"There is a database at {place_of(target)} already. It was left as it is.")
    return counts


def _copied(source: Connection, target: Connection, tell: Tell) -> dict[str, int]:
    tables = SQLModel.metadata.sorted_tables
    sizes = {table.name: source.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
    total, done = sum(sizes.values()), 0

    def indexing(step: int, of: int) -> None:
        tell(Progress(step, of, total, "Making indexes"))

    def told(rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            if done % _STEP == 0:
                tell(Progress(done, total, done, "Copying"))

    reading, writing = dialect_of(source), dialect_of(target)
    with writing.indexes_afterwards(target, list(sizes), indexing):
        for table in tables:
            # In the order of the keys: the rows of a file are then stored in the order in which they are found.
            rows = reading.stream(source, select(*table.c).order_by(*table.primary_key.columns))
            writing.insert_stored(target, table, table.c.keys(), told(rows))
    return sizes

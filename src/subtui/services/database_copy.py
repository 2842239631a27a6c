"""Copies a database whole into another place, and proves the log at both ends."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import URL, Connection

from subtui.acts.log import VerifyLog
from subtui.domain.errors import Refused, StorageProblem
from subtui.domain.hash_chain import Verdict
from subtui.domain.progress import Progress
from subtui.services.backend import Backend
from subtui.storage.copying import copy_database
from subtui.storage.database import open_database, place_of


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """What was copied: the rows of each table, the log's entries and its newest hash."""

    rows: dict[str, int]
    entries: int
    newest: str


def copy_verified(source: URL, target: URL, tell: Callable[[Progress], None]) -> DatabaseCopy:
    """Copy every row of `source` into a new database at `target`.

    Raises Refused where the log of the source does not verify, or there is a database at `target` already;
    StorageProblem where either cannot be used. Nothing is changed then, and nothing is left at `target`.
    """
    before = _verdict(source)
    if before.broken is not None:
        raise Refused(f"Nothing was copied: {before.broken.sentence}")
    engine = open_database(source, fill=_never, read_only=True)
    try:
        rows = copy_database(engine, target, tell)
    finally:
        engine.dispose()
    after = _verdict(target)
    if after.broken is not None or (after.entries, after.newest) != (before.entries, before.newest):
        raise StorageProblem(
            f"The log at {place_of(target)} is not the one that was copied. Do not use it: remove it and copy again."
        )
    return DatabaseCopy(rows, after.entries, after.newest)


def _verdict(url: URL) -> Verdict:
    with Backend.open(url.render_as_string(hide_password=False), read_only=True, must_exist=True) as backend:
        return backend.read(VerifyLog())


def _never(_connection: Connection) -> None:
    raise StorageProblem("There is no database to copy.")

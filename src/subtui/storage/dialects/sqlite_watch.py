"""Watches the file of an open database, to detect a change by another program before anything is written.

SQLite goes on writing to a file that was moved away, and uses cached pages of a file that was overwritten. Both damage
the database, and make a “Saved” untrue.
"""

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from subtui.domain.errors import FileReplaced, StorageProblem
from subtui.storage.file_state import size_beside

_AGAIN = "Nothing was saved. Close subtui and open it again."


@dataclass(slots=True)
class FileWatch:
    """The file that was opened at `path`. `frozen`: it was opened as a file that no program writes to.

    `unsettled`: committed data may still be in the write-ahead log.
    """

    path: Path
    frozen: bool = False
    unsettled: bool = False
    _opened: tuple[int, int] = (0, 0)
    _size: int = 0
    _changed: int = 0
    _spoiled: str = ""
    _asked: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def begin(self) -> None:
        """Note the state of the file, right before it is opened."""
        found = self._look()
        self._opened = (found.st_dev, found.st_ino)
        self._size, self._changed = found.st_size, found.st_mtime_ns

    def check(self, connection: sqlite3.Connection | None = None) -> None:
        """Raise StorageProblem when the file was replaced, or was changed other than by a database program.

        `connection` tells whether another connection has committed a change.
        """
        if self._spoiled:
            raise StorageProblem(self._spoiled)
        found = self._look()
        if (found.st_dev, found.st_ino) != self._opened:
            raise FileReplaced(f"{self.path} was replaced by another file. {_AGAIN}")
        if found.st_size == 0:
            self._spoiled = f"{self.path} was emptied by another program. Nothing was saved. Restore it from a backup."
            raise StorageProblem(self._spoiled)
        if self.frozen and (found.st_size, found.st_mtime_ns) != (self._size, self._changed):
            raise StorageProblem(f"{self.path} was changed by another program. {_AGAIN}")
        if connection is not None and not self.frozen and os.name == "posix":
            self._compare(connection, found)

    def connected(self, connection: sqlite3.Connection) -> None:
        """Register a new connection. Raises StorageProblem when it may have opened another file."""
        self.check()
        self._asked.pop(id(connection), None)

    def writing(self) -> None:
        """Forget the noted state of the file, because a write transaction is about to be committed."""
        self.unsettled = True
        self._asked.clear()

    def settled(self, connection: sqlite3.Connection) -> None:
        """Note the state of the file after this connection has written to it."""
        self.unsettled = False
        self._asked.pop(id(connection), None)
        # The commit is done: if the file was removed since, the next transaction reports it.
        with suppress(StorageProblem):
            self._note(connection)

    def _compare(self, connection: sqlite3.Connection, found: os.stat_result) -> None:
        """Raise StorageProblem if the file changed without a commit by any connection: then it was overwritten."""
        known = self._asked.get(id(connection))
        if known is not None and known[:2] != (found.st_size, found.st_mtime_ns):
            try:
                over = known[2] == _version(connection)
            except sqlite3.OperationalError:
                raise  # it is locked
            except sqlite3.DatabaseError:
                over = True
            if over:
                # The cached pages of the old content would be written into the new file.
                self._spoiled = f"{self.path} was overwritten by another program. {_AGAIN}"
                raise StorageProblem(self._spoiled)
        self._asked.pop(id(connection), None)
        self._note(connection)

    def _note(self, connection: sqlite3.Connection) -> None:
        # While the write-ahead log is not empty, another program may be about to move it into the file.
        version = _version(connection)
        if size_beside(self.path, "-wal"):
            return
        found = self._look()
        self._asked[id(connection)] = (found.st_size, found.st_mtime_ns, version)

    def _look(self) -> os.stat_result:
        try:
            return self.path.stat()
        except OSError:
            raise StorageProblem(
                f"{self.path} was removed or renamed while it was open. Nothing was saved. "
                "Put it back, or close subtui."
            ) from None


def _version(connection: Any) -> int:
    """A number that changes when another connection has committed something."""
    number: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return number

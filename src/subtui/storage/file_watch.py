"""Watches the file of an open database: whatever is done to it from outside is noticed before anything is written.

SQLite goes on writing to a file that was moved away, and what it has in memory it believes of a file that was written
over. Both end in a damaged database, and in a “Saved” that is not true.
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
    """The file that was opened at `path`. `frozen`: it was opened as one that no program writes to.

    `unsettled`: something was committed that may still lie beside the file.
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
        """Note what is there now, right before it is opened."""
        found = self._look()
        self._opened = (found.st_dev, found.st_ino)
        self._size, self._changed = found.st_size, found.st_mtime_ns

    def check(self, connection: sqlite3.Connection | None = None) -> None:
        """Raises StorageProblem when the file is not the one that was opened, or was changed by no database program.

        `connection` is asked whether it knows of a change.
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
        """Take up a new connection. Raises StorageProblem when it may have opened another file."""
        self.check()
        self._asked.pop(id(connection), None)

    def writing(self) -> None:
        """A transaction that writes is about to be committed: what is known of the file holds no longer."""
        self.unsettled = True
        self._asked.clear()

    def settled(self, connection: sqlite3.Connection) -> None:
        """Note how the file is now that this connection has written to it."""
        self.unsettled = False
        self._asked.pop(id(connection), None)
        # What was written is written: if the file has been taken away since, the next transaction tells.
        with suppress(StorageProblem):
            self._note(connection)

    def _compare(self, connection: sqlite3.Connection, found: os.stat_result) -> None:
        """Whether the file changed although no program has committed anything: then it was written over."""
        known = self._asked.get(id(connection))
        if known is not None and known[:2] != (found.st_size, found.st_mtime_ns):
            try:
                over = known[2] == _version(connection)
            except sqlite3.OperationalError:
                raise  # it is locked
            except sqlite3.DatabaseError:
                over = True
            if over:
                # What is remembered of the old content would be mixed into the new one: for good.
                self._spoiled = f"{self.path} was overwritten by another program. {_AGAIN}"
                raise StorageProblem(self._spoiled)
        self._asked.pop(id(connection), None)
        self._note(connection)

    def _note(self, connection: sqlite3.Connection) -> None:
        # While something waits beside the file, another program may be about to move it in.
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

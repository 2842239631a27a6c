"""The row about the import: a file of contacts, against the least that reads and stores the same file."""

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.data import Data, subtui
from benchmarks.sides import Row, Sample

BARE = Path(__file__).with_name("bare_import.py")


class Importing:
    """Imports the same file with both."""

    def __init__(self, data: Data, size: int) -> None:
        self._data = data
        self._size = size

    def rows(self) -> tuple[Row, ...]:
        """The row of the table."""
        return (
            Row(
                "import",
                f"Import of {self._size:,} contacts from CSV, validated and indexed",
                "`csv.reader` + `executemany`, the same table and indexes",
                (("median", 4),),
                self._import,
                self._bare_import,
                rounds_for=5,
            ),
        )

    def _import(self) -> list[Sample]:
        file, into = self._data.export(self._size), self._data.scratch / "imported.db"
        self._forget(into)
        subprocess.run([*subtui(into), "db", "init"], check=True, capture_output=True)
        return [self._timed([*subtui(into), "--as", "admin", "import", str(file), "--json"])]

    def _bare_import(self) -> list[Sample]:
        file, into = self._data.export(self._size), self._data.scratch / "bare-imported.db"
        self._forget(into)
        return [self._timed([sys.executable, str(BARE), str(self._data.demo()), str(file), str(into)])]

    @staticmethod
    def _timed(command: list[str]) -> Sample:
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return Sample(time.perf_counter() - started)

    @staticmethod
    def _forget(database: Path) -> None:
        for end in ("", "-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)

"""A business with three people and nothing else, to bring files into, and what is in its database afterwards."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from subtui.acts.contacts import FindContacts
from subtui.acts.data import ImportFiles
from subtui.acts.log import VerifyLog
from subtui.acts.orders import GetOrder
from subtui.clock import Clock
from subtui.domain.date_order import DateOrder
from subtui.domain.errors import SubtuiError
from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from subtui.views.imports import ImportOptions, ImportReport, Kind
from tests.postgres_places import SESSIONS, ServerPlace, all_rows
from tests.seeds import small_seed, write_seed
from tests.services.database import rows, run

DAY = date(2026, 3, 2)
_TAGS = (
    "SELECT t.name FROM contact_tag ct JOIN tag t ON t.id = ct.tag_id JOIN contact c ON c.id = ct.contact_id"
    " WHERE c.keap_id = ? ORDER BY t.name"
)
_EMPTIED = ("tags", "products", "plans", "contacts", "subscriptions", "orders", "history", "requests")
_PEOPLE = (("owner", "Ada Owner"), ("admin", "Ned Admin"), ("agent", "Ann Agent"))


def make_business(folder: Path, db: Path | None = None, **account: Any) -> Path:
    """The database of such a business: a new file, or the tables in `db`, which is on a server."""
    db = db or folder / "business.db"
    seed = small_seed() | {name: [] for name in _EMPTIED}
    seed["users"] = [
        {"id": at, "email": f"{role}@shop.example", "name": name, "role": role, "password_hash": "x"}
        for at, (role, name) in enumerate(_PEOPLE, start=1)
    ]
    seed["account"] |= account
    Backend.open(str(db), seed=write_seed(folder, seed), create=True).close()
    return db


@dataclass
class Business:
    """One such database of a test's own."""

    folder: Path
    db: Path
    at: date = DAY
    report: ImportReport | None = None
    _desks: list[Backend] = field(default_factory=list)

    def backend(self, role: Role = Role.ADMIN, **how: Any) -> Backend:
        """A backend on it, with one of its people."""
        backend = Backend.open(str(self.db), clock=Clock(self.at), **how)
        self._desks.append(backend)
        backend.sign_in_demo(role)
        return backend

    def close(self) -> None:
        """Let go of the database."""
        for backend in self._desks:
            backend.close()

    def written(self, files: dict[str, str | bytes]) -> list[Path]:
        """The files, in the folder of the test."""
        paths = []
        for name, content in files.items():
            path = self.folder / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return paths

    def bring(
        self,
        files: dict[str, str | bytes] | str | bytes,
        *,
        role: Role = Role.ADMIN,
        order: DateOrder | None = None,
        stdin: BinaryIO | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
        **options: bool,
    ) -> ImportReport:
        """Import files that hold this; one without a name is a CSV."""
        given = files if isinstance(files, dict) else {"file.csv": files}
        wanted: list[str | Path] = list(self.written(given)) if stdin is None else ["-"]
        backend = self.backend(role)
        try:
            self.report = backend.do(
                ImportFiles(wanted, ImportOptions(order, encoding=encoding, sheet=sheet, **options), stdin=stdin)
            )
        finally:
            backend.close()
        return self.report

    def refusal(self, files: dict[str, str | bytes] | str | bytes, **how: Any) -> str:
        """The sentence with which files are refused; nothing may have changed by it."""
        before = dump(self.db)
        try:
            self.bring(files, **how)
        except SubtuiError as error:
            assert dump(self.db) == before
            return str(error)
        raise AssertionError("the files were taken")

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a query answers."""
        return rows(self.db, query, *values)

    def row(self, query: str, *values: object) -> dict[str, Any]:
        """The one row that a query answers."""
        (only,) = rows(self.db, query, *values)
        return only

    def value(self, query: str, *values: object) -> Any:
        """The one value that a query answers."""
        (only,) = self.row(query, *values).values()
        return only

    def contact(self) -> dict[str, Any]:
        """What is stored of the contact that most tests are about, without what is empty and without its keys."""
        row = self.row("SELECT * FROM contact WHERE keap_id = '1204'")
        row |= {name: json.loads(row[name]) for name in ("billing_address", "shipping_address", "more")}
        keys = [name for name in row if name.endswith("_key")]
        return {name: value for name, value in row.items() if value not in ("", None, [], {}) and name not in keys}

    def tags(self, keap_id: str = "1204") -> list[str]:
        """The tags of a contact."""
        return [row["name"] for row in self.rows(_TAGS, keap_id)]

    def found(self, text: str) -> list[int]:
        """The ids of the contacts that the search finds."""
        backend = self.backend()
        ids = [row.id for row in backend.read(FindContacts(text)).rows]
        backend.close()
        return ids

    def subscription(self, keap_id: str = "131") -> dict[str, Any]:
        """What is stored of a subscription."""
        row = self.row("SELECT * FROM subscription WHERE keap_id = ?", keap_id)
        row["more"] = json.loads(row["more"])
        return row

    def order(self, keap_id: str = "9001") -> dict[str, Any]:
        """What is stored of an order."""
        row = self.row('SELECT * FROM "order" WHERE keap_id = ?', keap_id)
        row["more"] = json.loads(row["more"])
        return row

    def lines(self, number: int = 9001) -> list[tuple[str, int, int]]:
        """The lines of an order: name, quantity, price."""
        sql = "SELECT name, quantity, price_minor FROM order_item WHERE order_id = ? ORDER BY id"
        return [(row["name"], row["quantity"], row["price_minor"]) for row in self.rows(sql, number)]

    def owed(self, number: int = 9001) -> int:
        """What is owed on an order, in minor units."""
        backend = self.backend(Role.AGENT)
        minor = backend.read(GetOrder(number)).owed.minor
        backend.close()
        return minor

    def run(self, statement: str) -> None:
        """Change the database behind the back of the program."""
        run(self.db, statement)

    def check(self) -> None:
        """Whatever was done to it, the database is in order: pages, references, indexes, triggers, log."""
        check(self.db)


def copy_of(db: Path, folder: Path) -> Path:
    """A copy of a database that nobody has open."""
    return Path(shutil.copy(db, folder / "copy.db"))


def dump(path: Path) -> str:
    """The whole database as SQL: its tables, indexes and triggers with every row but the sign-ins."""
    if isinstance(path, ServerPlace):
        return "\n".join(f'"{name}" {row}' for name, found in all_rows(path).items() for row in found)
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(line for line in connection.iterdump() if not line.startswith(f'INSERT INTO "{SESSIONS}"'))


def check(path: Path) -> None:
    """The pages, the references, the indexes of the search, the triggers and the log of a database are in order."""
    if isinstance(path, ServerPlace):
        with Backend.open(path) as backend:
            assert backend.read(VerifyLog()).broken is None
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.isolation_level = None
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for index in ("contact_words", "contact_parts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert {"contact_indexed", "contact_reindexed", "contact_unindexed"} <= found
    with Backend.open(str(path)) as backend:
        assert backend.read(VerifyLog()).broken is None


def counted(report: ImportReport) -> dict[str, dict[str, int]]:
    """What became of the rows, without what is nothing."""
    names = ("new", "changed", "same", "kept", "refused")
    return {
        kind.value: {name: n for name in names if (n := getattr(counts, name))}
        for kind, counts in report.counts.items()
    }


def left_out(report: ImportReport) -> list[tuple[str, int, str, str, str]]:
    """The rows that were left out, as (file, line, column, value, reason)."""
    return [(row.file, row.line, row.column, row.value, row.reason) for row in report.left_out]


def kinds(report: ImportReport) -> list[tuple[Kind, ...]]:
    """What was seen in each file."""
    return [file.kinds for file in report.files]

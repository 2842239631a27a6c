"""The least that stores a file of contacts: csv.reader and executemany into the same table with the same indexes.

usage: bare_import.py LIKE CSV INTO

Nothing is checked, folded or looked up; the tables and indexes are made as they are in the database LIKE.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_COLUMNS = {
    "id": "Id",
    "first_name": "First Name",
    "last_name": "Last Name",
    "company": "Company Name",
    "job_title": "Job Title",
    "email": "Email",
    "email2": "Email Address 2",
    "email3": "Email Address 3",
    "phone1": "Phone 1",
    "phone2": "Phone 2",
    "website": "Website",
    "billing_address": "Street Address 1",
    "shipping_address": "Street Address 1 (Shipping)",
    "person_notes": "Notes",
    "created_on": "Date Created",
}
_MADE = ("name_key", "rest_key", "phone_key", "sort_key", "keap_id", "version")


def rows(file: Path) -> Iterator[tuple[Any, ...]]:
    """The cells of each row that are stored, and the keys without any folding."""
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = next(reader)
        places = [header.index(name) for name in _COLUMNS.values()]
        for line in reader:
            cells = [line[at] for at in places]
            name = f"{cells[2]} {cells[1]}".lower()
            yield (*cells, name, f"{cells[3]} {cells[5]}".lower(), cells[8], name, cells[0], 1)


def main() -> None:
    """Store it."""
    like, file, into = map(Path, sys.argv[1:])
    with sqlite3.connect(like) as model:
        made = model.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND"
            " (tbl_name = 'contact' AND type IN ('table', 'index') OR name IN ('contact_words', 'contact_parts'))"
        ).fetchall()
    connection = sqlite3.connect(into, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    for (sql,) in made:
        connection.execute(sql)
    names = (*_COLUMNS, *_MADE)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        f"INSERT INTO contact ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        rows(file),
    )
    for index in ("contact_words", "contact_parts"):
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()

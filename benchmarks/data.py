"""The databases and files that are measured on, made once and kept where a folder is given."""

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

LONG_LIST = 10_000
"""So many subscriptions and orders one contact has."""

EXPORT_HEADER = Path(__file__).with_name("contacts_header.csv")


def subtui(database: Path | str) -> list[str]:
    """The command as it is installed beside this Python, on a database."""
    return [str(Path(sys.executable).with_name("subtui")), "--db", str(database)]


class Data:
    """Made data of several sizes in `folder`."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder = folder
        self.scratch = scratch  # for what one run leaves behind
        folder.mkdir(parents=True, exist_ok=True)

    def demo(self) -> Path:
        """The demo data, made by this version."""
        path = self.scratch / "demo.db"
        if not path.exists():
            subprocess.run([*subtui(path), "db", "init"], check=True, capture_output=True)
        return path

    def contacts(self, count: int) -> Path:
        """So many contacts, with 1.5 times as many subscriptions; the first of them has a long list of them."""
        options = ("--contacts", str(count), "--seed", "1", "--subscriptions-of-one", str(LONG_LIST))
        return self._made(f"contacts-{count}.db", "db", "generate", *options)

    def _made(self, name: str, *command: str) -> Path:
        path = self.folder / name
        if not path.exists():
            print(f"\rmaking {name} …", end="", file=sys.stderr, flush=True)
            subprocess.run([*subtui(path), *command], check=True, capture_output=True)
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        return path

    def contact_with(self, database: Path, subscriptions: int) -> int:
        """The id of a contact with so many subscriptions, or the nearest number below it."""
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute(
                "SELECT contact_id, count(*) AS many FROM subscription GROUP BY contact_id HAVING many <= ?"
                " ORDER BY many DESC, contact_id LIMIT 1",
                (subscriptions,),
            ).fetchone()
        return int(found[0])

    def lines(self, database: Path) -> Path:
        """The contacts as lines of text, as another program would search them."""
        path = database.with_suffix(".txt")
        if not path.exists():
            with closing(sqlite3.connect(database)) as connection, path.open("w", encoding="utf-8") as file:
                rows = connection.execute("SELECT id, last_name, first_name, company, email, phone1 FROM contact")
                file.writelines("\t".join(str(cell).replace("\n", " ") for cell in row) + "\n" for row in rows)
        return path

    def export(self, count: int) -> Path:
        """So many contacts as Keap exports them."""
        path = self.folder / f"contacts-{count}.csv"
        if path.exists():
            return path
        header = EXPORT_HEADER.read_text(encoding="utf-8").strip().split(",")
        places = {name: at for at, name in enumerate(header)}
        names = ("Id", "First Name", "Last Name", "Company Name", "Email", "Phone 1")
        with closing(sqlite3.connect(self.contacts(count))) as connection, path.open("w", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            rows = connection.execute(
                "SELECT id, first_name, last_name, company, email, phone1, billing_address FROM contact"
            )
            for *cells, address in rows:
                line = [""] * len(header)
                for name, cell in zip(names, cells, strict=True):
                    line[places[name]] = str(cell)
                street = json.loads(address)
                line[places["Street Address 1"]] = street[0] if street else ""
                line[places["Country"]] = street[-1] if street else ""
                line[places["Date Created"]] = f"{int(cells[0]) % 12 + 1}/{int(cells[0]) % 28 + 1}/2024 3:04 PM"
                line[places["Person Type"]], line[places["Owner"]] = "Customer", "Dana Reyes"
                writer.writerow(line)
        return path

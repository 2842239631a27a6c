"""Finds the contact of a row without an id: by its e-mail address, as Keap does, or by its name.

The addresses are in a temporary table, which is made for the first such row: files with ids in all rows, which may have
millions, do not need it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from subtui.domain.normalization import normalize
from subtui.keap.ids import NATURAL, is_keaps
from subtui.keap.imports.upsert import Outcome
from subtui.storage.sql import batched, placeholders

_WITHOUT_ID = f"keap_id IS NULL OR (keap_id >= '{NATURAL}' AND keap_id < '{chr(ord(NATURAL) + 1)}')"
_FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A stored contact, with the fields that identify it."""

    id: int
    keap_id: str | None
    first_name: str
    last_name: str
    company: str
    phone: str

    @property
    def has_keaps_id(self) -> bool:
        """Whether the contact has an id of Keap's."""
        return is_keaps(self.keap_id)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip() or self.company

    def is_called(self, fields: Mapping[str, Any]) -> bool:
        """Whether a row has the same name; one without a name fits every contact."""
        mine, theirs = (
            normalize(self.name),
            normalize(f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()),
        )
        return not theirs or not mine or mine == theirs

    def shares(self, fields: Mapping[str, Any]) -> str:
        """The further match of a row with the same name: `phone` or `company`; empty if none."""
        digits = _digits(fields.get("phone1", ""))
        if len(digits) >= _FEWEST_DIGITS and _digits(self.phone)[-len(digits) :] == digits:
            return "phone"
        return "company" if self.company and normalize(self.company) == normalize(fields.get("company", "")) else ""


def is_natural(keap_id: str) -> bool:
    """Whether an id was made from a row without one."""
    return keap_id.startswith(NATURAL)


def mail_of(fields: Mapping[str, Any]) -> str:
    """A row's e-mail address, normalized for comparison."""
    return str(fields.get("email", "")).strip().lower()


class People:
    """The stored contacts, by e-mail address and by name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._scope = ""  # the contacts whose addresses are in the table
        self.any_without_id = self._run(f"SELECT 1 FROM contact WHERE {_WITHOUT_ID} LIMIT 1").first() is not None
        """Whether there may be contacts without an id, to which a file can give one."""

    def by_mail(self, mails: Iterable[str], *, without_id: bool = False) -> dict[str, list[Person]]:
        """Contacts with these addresses; `without_id`: only those that have no id of Keap's."""
        wanted = [mail for mail in mails if mail]
        found: dict[str, list[Person]] = defaultdict(list)
        if not wanted:
            return found
        self._fill("without" if without_id else "all")
        for part in batched(wanted):
            sql = (
                "SELECT m.mail, c.id, c.keap_id, c.first_name, c.last_name, c.company, c.phone1"
                " FROM temp.contact_mail m JOIN contact c ON c.id = m.id"
                f" WHERE m.mail IN ({placeholders(part)}) ORDER BY c.id"
            )
            for mail, *values in self._run(sql, tuple(part)):
                person = Person(*values)
                if not (without_id and person.has_keaps_id):
                    found[mail].append(person)
        return found

    def by_name(self, sort_keys: Iterable[str]) -> dict[str, list[Person]]:
        """Contacts with these sort keys."""
        found: dict[str, list[Person]] = defaultdict(list)
        for part in batched(key for key in sort_keys if key):
            sql = (
                "SELECT sort_key, id, keap_id, first_name, last_name, company, phone1 FROM contact"
                f" WHERE sort_key IN ({placeholders(part)}) ORDER BY id"
            )
            for key, *values in self._run(sql, tuple(part)):
                found[key].append(Person(*values))
        return found

    def written(self, outcomes: Sequence[Outcome]) -> None:
        """Add contacts that were written, so that later rows can match them."""
        if not self._scope:
            return
        rows = [
            (outcome.id, mail_of(outcome.row.values))
            for outcome in outcomes
            if outcome.kind in ("new", "changed") and "email" in outcome.row.values
        ]
        if rows:
            self._run("INSERT OR REPLACE INTO temp.contact_mail VALUES (?, ?)", rows)

    def give_id(self, person: Person, keap_id: str) -> None:
        """Give an id to a contact without one."""
        self._run("UPDATE contact SET keap_id = ? WHERE id = ?", (keap_id, person.id))

    def _fill(self, scope: str) -> None:
        if self._scope in (scope, "all"):
            return
        self._run("DROP TABLE IF EXISTS temp.contact_mail")
        self._run("CREATE TEMP TABLE contact_mail (id INTEGER PRIMARY KEY, mail TEXT)")
        whose = f" AND ({_WITHOUT_ID})" if scope == "without" else ""
        self._run("INSERT INTO temp.contact_mail SELECT id, lower(trim(email)) FROM contact WHERE email != ''" + whose)
        self._run("CREATE INDEX temp.ix_contact_mail ON contact_mail (mail)")
        self._scope = scope

    def _run(self, sql: str, values: Any = ()) -> Any:
        return self._connection.exec_driver_sql(sql, values)


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())

"""Finds the contact of a row without an id: by its e-mail address, as Keap does, or by its name.

The addresses are in a temporary table, which is made for the first such row: files with ids in all rows, which may have
millions, do not need it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, Index, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.schema import CreateIndex

from subtui.domain.normalization import normalize
from subtui.keap.ids import NATURAL, is_keaps
from subtui.keap.imports.temporary import CONTACT_MAIL, make_again
from subtui.keap.imports.upsert import Outcome
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import CONTACT

_WITHOUT_ID = or_(
    CONTACT.c.keap_id.is_(None), and_(CONTACT.c.keap_id >= NATURAL, CONTACT.c.keap_id < chr(ord(NATURAL) + 1))
)
_PERSON = [CONTACT.c[name] for name in ("id", "keap_id", "first_name", "last_name", "company", "phone1")]
_PART: Any = bindparam("part", expanding=True)
_BY_MAIL = (
    select(CONTACT_MAIL.c.mail, *_PERSON)
    .join_from(CONTACT_MAIL, CONTACT, CONTACT.c.id == CONTACT_MAIL.c.id)
    .where(CONTACT_MAIL.c.mail.in_(_PART))
    .order_by(CONTACT.c.id)
)
_BY_NAME = select(CONTACT.c.sort_key, *_PERSON).where(CONTACT.c.sort_key.in_(_PART)).order_by(CONTACT.c.id)
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


def merged_contacts(connection: Connection) -> dict[int, int]:
    """The ids of contacts that were merged, with those of the contacts that have their records."""
    merged = select(CONTACT.c.id, CONTACT.c.merged_into_id).where(CONTACT.c.merged_into_id.is_not(None))
    return {row.id: row.merged_into_id for row in connection.execute(merged)}


class People:
    """The stored contacts, by e-mail address and by name. `merged` are those that were merged into another one."""

    def __init__(self, connection: Connection, merged: Mapping[int, int]) -> None:
        self._connection, self._merged = connection, merged
        self._scope = ""  # the contacts whose addresses are in the table
        self.any_without_id = self._run(select(CONTACT.c.id).where(_WITHOUT_ID).limit(1)).first() is not None
        """Whether there may be contacts without an id, to which a file can give one."""

    def by_mail(self, mails: Iterable[str], *, without_id: bool = False) -> dict[str, list[Person]]:
        """Contacts with these addresses; `without_id`: only those that have no id of Keap's."""
        wanted = [mail for mail in mails if mail]
        found: dict[str, list[Person]] = defaultdict(list)
        if not wanted:
            return found
        self._fill("without" if without_id else "all")
        for part in batched(wanted):
            for mail, *values in self._run(_BY_MAIL, {"part": part}):
                person = Person(*values)
                if not (without_id and person.has_keaps_id):
                    found[mail].append(person)
        if self._merged:
            found.update((mail, self._without_duplicates(people)) for mail, people in list(found.items()))
        return found

    def _without_duplicates(self, people: Sequence[Person]) -> list[Person]:
        """The contacts without those that were merged into another of them."""
        ids = {person.id for person in people}
        return [person for person in people if self._merged.get(person.id) not in ids]

    def by_name(self, sort_keys: Iterable[str]) -> dict[str, list[Person]]:
        """Contacts with these sort keys."""
        found: dict[str, list[Person]] = defaultdict(list)
        for part in batched(key for key in sort_keys if key):
            for key, *values in self._run(_BY_NAME, {"part": part}):
                found[key].append(Person(*values))
        return found

    def written(self, outcomes: Sequence[Outcome]) -> None:
        """Add contacts that were written, so that later rows can match them."""
        if not self._scope:
            return
        rows = [
            {"id": outcome.id, "mail": mail_of(outcome.row.values)}
            for outcome in outcomes
            if outcome.kind in ("new", "changed") and "email" in outcome.row.values
        ]
        if rows:
            note = dialect_of(self._connection).insert(CONTACT_MAIL)
            self._run(note.on_conflict_do_update(index_elements=("id",), set_={"mail": note.excluded.mail}), rows)

    def give_id(self, person: Person, keap_id: str) -> None:
        """Give an id to a contact without one."""
        self._run(update(CONTACT).where(CONTACT.c.id == person.id).values(keap_id=keap_id))

    def _fill(self, scope: str) -> None:
        if self._scope in (scope, "all"):
            return
        make_again(self._connection, CONTACT_MAIL)
        known = select(CONTACT.c.id, func.lower(func.trim(CONTACT.c.email))).where(CONTACT.c.email != "")
        known = known.where(_WITHOUT_ID) if scope == "without" else known
        self._run(insert(CONTACT_MAIL).from_select(("id", "mail"), known))
        self._run(CreateIndex(Index("ix_contact_mail", CONTACT_MAIL.c.mail)))
        self._scope = scope

    def _run(self, statement: Executable, values: Any = None) -> Any:
        return self._connection.execute(statement, values)


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())

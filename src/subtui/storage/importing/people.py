"""Writes contacts and what hangs on them: tags, cards, notes, automations."""

from collections.abc import Mapping, Sequence
from typing import Any

from subtui.domain.folding import fold
from subtui.domain.imports import Kind
from subtui.domain.keap.records import Record
from subtui.storage.importing.ledger import Ledger, columns_present, row_of
from subtui.storage.importing.upsert import Outcome, Row, Upsert, chunks, marks, packed, stored
from subtui.storage.search import PHONES, contact_keys

_NAMES = ("first_name", "last_name", "company", "job_title", "email", "email2", "email3", *PHONES, "website")
_KEYS = ("name_key", "rest_key", "phone_key", "sort_key")
_COLUMNS = (
    *_NAMES,
    "billing_address",
    "shipping_address",
    "owner_id",
    "person_notes",
    "created_on",
    *_KEYS,
    "more",
)
_NEW = dict.fromkeys((*_NAMES, "person_notes", *_KEYS), "") | {
    "billing_address": "[]",
    "shipping_address": "[]",
    "more": "{}",
}
_PLAIN_COLUMNS = frozenset((*_NAMES, "person_notes"))
_SEARCHED = frozenset({"first_name", "last_name", "company", "email", "email2", "email3", *PHONES})
_ADDRESS_HEADERS = ("City", "State", "Postal Code", "Zip Four", "Country")
_ADDRESS_PARTS = ("street1", "street2", "city", "state", "postal", "zip4", "country")
_ADDRESSES = (
    ("billing_address", "", _ADDRESS_PARTS),
    ("shipping_address", " (Shipping)", tuple(f"ship_{part}" for part in _ADDRESS_PARTS)),
)


class Contacts:
    """Writes contacts, with their tags."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._contacts = Upsert(ledger.connection, "contact", _COLUMNS, versioned=True, amend=self._amend)
        self._tags = Tags(ledger)
        self._blanks: dict[frozenset[str], frozenset[str]] = {}

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        return self._contacts.ids(keap_ids)

    def write(self, records: Sequence[Record]) -> None:
        """Write some contacts. One without a name, a company, an e-mail and a phone is refused."""
        rows = [row for record in records if (row := self._row(record)) is not None]
        outcomes = self._contacts.put(rows)
        index = self._ledger.index
        index.added(outcome.id for outcome in outcomes if outcome.kind == "new")
        for outcome in outcomes:
            if outcome.kind == "changed" and not outcome.row.values.keys().isdisjoint(_KEYS):
                index.changed(outcome.id, outcome.before)
        self._ledger.count(outcomes)
        tagged = [outcome for outcome in outcomes if not outcome.row.source.present.isdisjoint(("tag_ids", "tags"))]
        if tagged:
            self._tags.set_of_contacts(tagged)

    def _row(self, record: Record) -> Row | None:
        ledger, fields = self._ledger, record.fields
        if "whole_name" in fields:
            whole = fields.pop("whole_name")
            if not (fields.get("first_name") or fields.get("last_name")):
                _split_name(record, whole)
        if fields.keys().isdisjoint(_SEARCHED):
            ledger.refuse(record, "Name", "", "has no name, company, e-mail or phone")
            return None
        keap_id = fields.get("id") or ledger.natural.of(
            *(fold(fields.get(name, "")) for name in ("email", "last_name", "first_name", "company", "phone1"))
        )
        if ledger.is_twice(record, keap_id):
            return None
        values = {name: value for name, value in fields.items() if name in _PLAIN_COLUMNS}
        if "created_on" in fields:
            values["created_on"] = fields["created_on"].isoformat()
        self._addresses(record, values)
        if "owner" in fields:
            values["owner_id"] = ledger.owners.get(fold(fields["owner"]))
            if values["owner_id"] is None:
                record.more["Owner"] = fields["owner"]
        if record.more:
            values["more"] = packed(record.more)
        if not record.present.isdisjoint(_SEARCHED):
            values |= contact_keys(fields)
        return Row(keap_id, values, _NEW, self._blank(record.present), record, record.derived)

    def _blank(self, present: frozenset[str]) -> frozenset[str]:
        """The columns that are empty where a row of this header says nothing of them."""
        found = self._blanks.get(present)
        if found is None:
            found = present & {*_PLAIN_COLUMNS, "created_on"}
            found |= {column for column, _, names in _ADDRESSES if not present.isdisjoint(names)}
            self._blanks = {present: found}
        return found

    @staticmethod
    def _addresses(record: Record, values: dict[str, Any]) -> None:
        fields, more = record.fields, record.more
        for column, suffix, names in _ADDRESSES:
            if fields.keys().isdisjoint(names):
                continue
            street1, street2, *rest = (fields.get(name, "") for name in names)
            values[column] = packed(address_lines(street1, street2, *rest))
            # Keap's own parts are kept beside the lines, so that they can go back as they came.
            for header, part in zip(_ADDRESS_HEADERS, rest, strict=True):
                if part:
                    more[header + suffix] = part

    def _amend(self, before: Mapping[str, Any], row: Row) -> None:
        """What is searched is made of columns of which a file may have only some."""
        named = _SEARCHED & row.source.present
        if named and named != _SEARCHED:
            row.values |= contact_keys({name: row.values.get(name, before[name]) for name in _SEARCHED})


def address_lines(street1: str, street2: str, city: str, state: str, postal: str, zip4: str, country: str) -> list[str]:
    """An address as it is shown: `1 Main St`, `Phoenix, AZ 85001-1234`, `United States`."""
    code = f"{postal}-{zip4}" if postal and zip4 else postal or zip4
    region = f"{state} {code}" if state and code else state or code
    place = f"{city}, {region}" if city and region else city or region
    lines = (street1, *street2.splitlines(), place, country)
    return [line.strip() for line in lines if line.strip()]


def _split_name(record: Record, whole: str) -> None:
    """`López, María` and `María López` into last and first name; one word is a last name."""
    if "," in whole:
        last, first = whole.split(",", 1)
    else:
        first, _, last = whole.rpartition(" ")
    record.fields |= {"last_name": last.strip(), "first_name": first.strip()}
    record.present |= {"last_name", "first_name"}


class Tags:
    """Writes tags, and which contact has which."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tags = Upsert(ledger.connection, "tag", ("name", "category"))
        self._ids: dict[str, int] = {}

    def write(self, records: Sequence[Record]) -> None:
        """Write some tags."""
        rows = []
        for record in records:
            keap_id = record.fields.get("id") or self._ledger.natural.of(fold(record.fields.get("name", "")))
            if not record.fields.get("name"):
                self._ledger.refuse(record, "Name", "", "has no name")
            elif not self._ledger.is_twice(record, keap_id):
                rows.append(row_of(record, keap_id, columns_present(record, ("name", "category")), category=""))
        self._ledger.count(self._tags.put(rows))

    def write_of_contacts(self, records: Sequence[Record], contacts: Mapping[str, int]) -> None:
        """Write rows that name a contact and a tag."""
        pairs = []
        for record in records:
            contact, tag = record.fields.get("contact", ""), record.fields.get("tag")
            if contact not in contacts:
                self._ledger.refuse(record, "Contact Id", contact, "is a contact that is not known")
            elif tag is None:
                self._ledger.refuse(record, "Tag Id", "", "has no tag")
            else:
                pairs.append((record, contacts[contact], tag))
        ids = self._known([(tag, "") for _, _, tag in pairs])
        for record, contact_id, tag in pairs:
            added = self._ledger.connection.exec_driver_sql(
                "INSERT OR IGNORE INTO contact_tag (contact_id, tag_id) VALUES (?, ?)", (contact_id, ids[tag])
            ).rowcount
            counts = self._ledger.tally.of(record.kind)
            counts.new, counts.same = counts.new + added, counts.same + 1 - added

    def set_of_contacts(self, outcomes: Sequence[Outcome]) -> None:
        """Give contacts the tags that their rows name, and no others."""
        wanted = {outcome.id: _tags_named(outcome.row.source) for outcome in outcomes}
        ids = self._known([pair for pairs in wanted.values() for pair in pairs])
        connection = self._ledger.connection
        for part in chunks(outcome.id for outcome in outcomes if outcome.kind != "new"):
            connection.exec_driver_sql(f"DELETE FROM contact_tag WHERE contact_id IN ({marks(part)})", tuple(part))
        rows = {(number, ids[keap_id]) for number, pairs in wanted.items() for keap_id, _ in pairs}
        if rows:
            connection.exec_driver_sql("INSERT INTO contact_tag (contact_id, tag_id) VALUES (?, ?)", sorted(rows))

    def _known(self, pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
        """The ids of tags by Keap's; one that is not there yet is made."""
        missing = [keap_id for keap_id, _ in pairs if keap_id not in self._ids]
        if missing:
            self._ids.update(self._tags.ids(missing))
            names = dict(pairs)
            new = [keap_id for keap_id in dict.fromkeys(missing) if keap_id not in self._ids]
            made = [Row(keap_id, {"name": names[keap_id] or f"Tag {keap_id}"}, {"category": ""}) for keap_id in new]
            self._ids.update({outcome.row.keap_id: outcome.id for outcome in self._tags.put(made)})
        return self._ids


def _tags_named(record: Record) -> list[tuple[str, str]]:
    """The tags in a contact's row, as Keap id and name; a list of names alone makes ids of its own."""
    numbers, names = record.fields.get("tag_ids", ()), record.fields.get("tags", ())
    if not numbers:
        return [(f"~{fold(name)}"[:64], name) for name in names]
    # A tag's name may hold a comma: then the names cannot be told apart, and the ids alone count.
    paired = names if len(names) == len(numbers) else [""] * len(numbers)
    return list(zip(numbers, paired, strict=True))


class Hanging:
    """Writes cards, notes and automations: rows that belong to a contact."""

    _CARD_USABLE = ("3", "active", "ok", "")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        card = ("contact_id", "brand", "last4", "expires_month", "expires_year", "active")
        self._cards = Upsert(ledger.connection, "credit_card", card)

    def card_ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's cards."""
        return self._cards.ids(keap_ids)

    def write(self, records: Sequence[Record], contacts: Mapping[str, int]) -> None:
        """Write rows of one of the three kinds."""
        known = []
        for record in records:
            contact = record.fields.get("contact", "")
            if contact in contacts:
                known.append((record, contacts[contact]))
            else:
                self._ledger.refuse(record, "Contact Id", contact, "is a contact that is not known")
        for kind, write in ((Kind.CARD, self._write_cards), (Kind.NOTE, self._notes), (Kind.AUTOMATION, self._running)):
            mine = [(record, contact_id) for record, contact_id in known if record.kind is kind]
            if mine:
                write(mine)

    def _write_cards(self, records: Sequence[tuple[Record, int]]) -> None:
        rows = []
        for record, contact_id in records:
            fields = record.fields
            last4 = "".join(mark for mark in fields.get("last4", "") if mark.isdigit())[-4:]
            month, year = fields.get("expires_month", 0), fields.get("expires_year", 0)
            year += 2000 if 0 < year < 100 else 0
            if len(last4) != 4:
                self._ledger.refuse(record, "Last 4", fields.get("last4", ""), "is not the end of a card number")
            elif not (1 <= month <= 12 and 1990 <= year <= 2200):
                self._ledger.refuse(record, "Expiration Month", f"{month}/{year}", "is not a month")
            else:
                keap_id = fields.get("id") or self._ledger.natural.of(contact_id, last4, month, year)
                usable = fields.get("active", fields.get("state", "").casefold() in self._CARD_USABLE)
                values = {
                    "contact_id": contact_id,
                    "brand": fields.get("brand") or "Card",
                    "last4": last4,
                    "expires_month": month,
                    "expires_year": year,
                    "active": int(usable),
                }
                if not self._ledger.is_twice(record, keap_id):
                    rows.append(row_of(record, keap_id, values))
        self._ledger.count(self._cards.put(rows))

    def _notes(self, records: Sequence[tuple[Record, int]]) -> None:
        for record, contact_id in records:
            text, at = record.fields.get("text", ""), record.fields.get("at")
            if at is None or not text:
                self._ledger.refuse(record, "Creation Date", at or "", "is a note without a day or a text")
                continue
            values = {
                "contact_id": contact_id,
                "at": stored(at),
                "author": record.fields.get("author", ""),
                "text": text,
            }
            self._once(record, "note", values)

    def _running(self, records: Sequence[tuple[Record, int]]) -> None:
        for record, contact_id in records:
            values = {
                "contact_id": contact_id,
                "name": record.fields.get("name", ""),
                "running": int(record.fields.get("running", True)),
            }
            self._once(record, "automation", values)

    def _once(self, record: Record, table: str, values: Mapping[str, Any]) -> None:
        """Add a row unless there is one exactly like it."""
        names = tuple(values)
        alike = " AND ".join(f"{name} = ?" for name in names)
        added = self._ledger.connection.exec_driver_sql(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {marks(names)}"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {alike})",
            (*values.values(), *values.values()),
        ).rowcount
        counts = self._ledger.tally.of(record.kind)
        counts.new, counts.same = counts.new + added, counts.same + 1 - added

"""Writes contacts and their dependent rows: cards, notes, automations."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, select

from subtui.domain.contact_fields import CONTACT_LABELS
from subtui.domain.normalization import normalize
from subtui.keap.addresses import ADDRESSES, PLACE_HEADERS, SECOND_STREET, address_lines
from subtui.keap.ids import number_of
from subtui.keap.imports.contact_matching import merged_contacts
from subtui.keap.imports.context import ImportContext, row_of
from subtui.keap.imports.corrections import Corrected, Corrections
from subtui.keap.imports.identity import Identity
from subtui.keap.imports.tags import Tags
from subtui.keap.imports.upsert import Row, Upsert
from subtui.keap.records import Record
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.search import PHONES, city_key, contact_keys
from subtui.storage.tables.core import AUTOMATION, CONTACT, CREDIT_CARD, NOTE
from subtui.views.imports import Kind

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
    "city_key",
    "more",
)
_NEW: dict[str, Any] = dict.fromkeys((*_NAMES, "person_notes", *_KEYS, "city_key"), "") | {
    "billing_address": [],
    "shipping_address": [],
    "more": {},
}
_SEARCHED_ADDRESS = "billing_address"
_PLAIN_COLUMNS = frozenset((*_NAMES, "person_notes"))
_NOTE_KEY = ("contact_id", "at", "author", "text")
_TOLD_APART_BY = ("first_name", "last_name", "company", "email")
_PART: Any = bindparam("part", expanding=True)
_SEARCHED = frozenset({"first_name", "last_name", "company", "email", "email2", "email3", *PHONES})


class Contacts:
    """Writes contacts, with their tags."""

    def __init__(self, context: ImportContext, tags: Tags, corrections: Corrections) -> None:
        self._context, self._corrections = context, corrections
        self._contacts = Upsert(
            context.connection, CONTACT, _COLUMNS, versioned=True, amend=self._amend, alike=_TOLD_APART_BY
        )
        self._tags = tags
        self._merged = merged_contacts(context.connection)
        self._identity = Identity(context, self._contacts, self._merged)
        self._rows: list[Row] = []
        self._blanks: dict[tuple[frozenset[str], frozenset[str]], tuple[frozenset[str], frozenset[str]]] = {}

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's. The records of a contact that was merged belong to the contact that stays."""
        found = self._contacts.ids(keap_ids)
        return {keap_id: self._merged.get(number, number) for keap_id, number in found.items()}

    def write(self, records: Sequence[Record]) -> None:
        """Write some contacts. One without a name, a company, an e-mail and a phone is refused."""
        for record in records:
            _name_apart(record)
        self._identity.begin(records)
        for record in records:
            if self._identity.must_wait(record):
                self._put()
            row = self._row(record)
            if row is not None:
                self._rows.append(row)
                self._identity.waits(record)
        self._put(more=False)

    def _put(self, *, more: bool = True) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        if self._corrections.any:
            named = [row.keap_id for row in rows]
            numbers = filter(None, map(number_of, named))  # our own export names a contact by its number
            self._corrections.load({*self._contacts.ids(named).values(), *numbers})
        outcomes = self._contacts.put(rows)
        self._identity.written(outcomes, more=more)
        tagged = [
            outcome
            for outcome in outcomes
            if outcome.id not in self._merged and not outcome.row.source.present.isdisjoint(("tag_ids", "tags"))
        ]
        if tagged:
            self._tags.set_of_contacts(tagged)
        index = self._context.index
        index.added(outcome.id for outcome in outcomes if outcome.kind == "new")
        for outcome in outcomes:
            if outcome.kind == "changed" and not outcome.row.values.keys().isdisjoint(_KEYS):
                index.changed(outcome.id, outcome.before)
        self._context.count(outcomes)

    def _row(self, record: Record) -> Row | None:
        context, fields = self._context, record.fields
        if fields.keys().isdisjoint(_SEARCHED) and not self._keeps_some(record):
            context.refuse(record, "Name", "", "has no name, company, e-mail or phone")
            return None
        keap_id = self._identity.of(record)
        if keap_id is None:
            return None
        values = {name: value for name, value in fields.items() if name in _PLAIN_COLUMNS}
        if "created_on" in fields:
            values["created_on"] = fields["created_on"]
        self._addresses(record, values)
        if "owner" in fields:
            values["owner_id"] = context.owners.get(normalize(fields["owner"]))
            if values["owner_id"] is None:
                record.more["Owner"] = fields["owner"]
        if record.more:
            values["more"] = record.more
        if not record.present.isdisjoint(_SEARCHED):
            values |= self._identity.keys_of(record)
        blank, headers = self._blank(record)
        return Row(keap_id, values, _NEW, blank, record, record.derived, headers)

    def _keeps_some(self, record: Record) -> bool:
        """Whether a row belongs to a known contact, but lacks some columns of the name and the addresses."""
        keap_id = record.fields.get("id")
        return bool(keap_id and _SEARCHED - record.present and self.ids([keap_id]))

    def _blank(self, record: Record) -> tuple[frozenset[str], frozenset[str]]:
        """The columns and the headers of extra values that a row of this header clears where it has no value."""
        present = record.present
        found = self._blanks.get((present, record.headers))
        if found is None:
            blank, headers = present & {*_PLAIN_COLUMNS, "created_on"}, set(record.headers)
            for column, suffix, names in ADDRESSES:
                if present >= set(names):
                    blank |= {column, "city_key"} if column == _SEARCHED_ADDRESS else {column}
                beside = (SECOND_STREET, *PLACE_HEADERS)
                headers |= {header + suffix for header, name in zip(beside, names[1:], strict=True) if name in present}
            found = blank, frozenset(headers)
            self._blanks = {(present, record.headers): found}
        return found

    @staticmethod
    def _addresses(record: Record, values: dict[str, Any]) -> None:
        fields, more = record.fields, record.more
        for column, suffix, names in ADDRESSES:
            if fields.keys().isdisjoint(names):
                continue
            street1, street2, *rest = (fields.get(name, "") for name in names)
            values[column] = address_lines(street1, street2, *rest)
            if column == _SEARCHED_ADDRESS:
                values["city_key"] = city_key(values[column], rest[0])
            # Keap's parts are kept beside the lines, so that they can be exported unchanged.
            for header, part in zip(PLACE_HEADERS, rest, strict=True):
                if part:
                    more[header + suffix] = part
            if street2 and not street1:
                more[SECOND_STREET + suffix] = street2

    def _amend(self, before: Mapping[str, Any], row: Row) -> None:
        """Compute the search keys and the address lines from stored columns where the file has only some of them."""
        named = _SEARCHED & row.source.present
        if named and named != _SEARCHED:
            row.values |= contact_keys({name: row.values.get(name, before[name]) for name in _SEARCHED})
        for column, suffix, names in ADDRESSES:
            if not row.source.present.isdisjoint(names) and not row.source.present >= set(names):
                row.values[column] = _amended(row.source, names, before[column], before["more"], suffix)
                if column == _SEARCHED_ADDRESS:
                    in_file = "city" in row.source.present
                    named = row.source.fields.get("city", "") if in_file else before["more"].get("City", "")
                    row.values["city_key"] = city_key(row.values[column], named)
        if before["id"] in self._merged:  # its own values are kept for an undo, and it stays out of the search
            row.values |= dict.fromkeys((*_KEYS, "city_key"), "")
        kept = self._corrections.of(before["id"])
        if kept is not None:
            self._keep_corrected(before, row, kept)

    def _keep_corrected(self, before: Mapping[str, Any], row: Row, kept: Corrected) -> None:
        """Take the fields that were corrected here out of the row, or note that it overwrites them."""
        values = row.values
        differing = {name for name in kept.fields & values.keys() if values[name] != before[name]}
        if self._corrections.overwrite:
            row.overwrites = frozenset(differing)
            return
        for name in sorted(differing):
            shown_value = ", ".join(values[name]) if isinstance(values[name], list) else values[name]
            reason = "is not what was corrected here; the corrected value was kept"
            self._context.remark(row.source, CONTACT_LABELS[name], shown_value, reason)
            del values[name]
        for column, suffix, _ in ADDRESSES:
            if column in kept.fields:
                parts = {f"{header}{suffix}" for header in (SECOND_STREET, *PLACE_HEADERS)}
                values["more"] = {name: text for name, text in values.get("more", {}).items() if name not in parts}
        if _SEARCHED_ADDRESS in kept.fields:
            values.pop("city_key", None)
        if differing & _SEARCHED:
            values |= contact_keys({name: values.get(name, before[name]) for name in _SEARCHED})


def _amended(record: Record, names: Sequence[str], lines: list[str], more: Mapping[str, str], suffix: str) -> list[str]:
    """The updated lines of an address of which a file has only some parts."""
    known = ["", "", *(str(more.get(header + suffix, "")) for header in PLACE_HEADERS)]
    place = address_lines(*known)
    if not place or lines[-len(place) :] == place:
        lines = lines[: len(lines) - len(place)]
    known[:2] = [*lines[:1], ""][0], "\n".join(lines[1:])
    parts = [
        record.fields.get(name, "") if name in record.present else part for name, part in zip(names, known, strict=True)
    ]
    return address_lines(*parts)


def _name_apart(record: Record) -> None:
    """Split a name in one column into first and last name, unless it is the company's."""
    fields = record.fields
    if "whole_name" not in fields:
        return
    whole = fields.pop("whole_name")
    is_company = normalize(whole) == normalize(fields.get("company", ""))
    if not (is_company or fields.get("first_name") or fields.get("last_name")):
        _split_name(record, whole)


def _split_name(record: Record, whole: str) -> None:
    """Split `López, María` or `María López` into last and first name; a single word is a last name."""
    if "," in whole:
        last, first = whole.split(",", 1)
    else:
        first, _, last = whole.rpartition(" ")
    record.fields |= {"last_name": last.strip(), "first_name": first.strip()}
    record.present |= {"last_name", "first_name"}


class ContactChildren:
    """Writes cards, notes and automations: rows that belong to a contact."""

    _CARD_USABLE = ("3", "active", "ok", "")

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._about: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {})
        card = ("contact_id", "brand", "last4", "expires_month", "expires_year", "active")
        self._cards = Upsert(context.connection, CREDIT_CARD, card, alike=("contact_id", "last4"))

    def card_ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's cards."""
        return self._cards.ids(keap_ids)

    def write(
        self,
        records: Sequence[Record],
        contacts: Mapping[str, int],
        about: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {}),
    ) -> None:
        """Write rows of one of the three kinds; `about`: our ids of the subscriptions and orders that notes name."""
        known = []
        for record in records:
            contact = record.fields.get("contact", "")
            if contact in contacts:
                known.append((record, contacts[contact]))
            else:
                self._context.refuse(record, "Contact Id", contact, "is not a known contact")
        self._about = about
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
                self._context.refuse(record, "Last 4", fields.get("last4", ""), "is not the last four digits of a card")
            elif not (1 <= month <= 12 and 1990 <= year <= 2200):
                self._context.refuse(record, "Expiration Month", f"{month}/{year}", "is not a month")
            else:
                keap_id = fields.get("id") or self._context.natural.of(contact_id, last4, month, year)
                usable = fields.get("active", fields.get("state", "").casefold() in self._CARD_USABLE)
                values = {
                    "contact_id": contact_id,
                    "brand": fields.get("brand") or "Card",
                    "last4": last4,
                    "expires_month": month,
                    "expires_year": year,
                    "active": usable,
                }
                if not self._context.is_twice(record, keap_id):
                    rows.append(row_of(record, keap_id, values))
        self._context.count(self._cards.put(rows))

    def _notes(self, records: Sequence[tuple[Record, int]]) -> None:
        rows = []
        subscriptions, orders = self._about
        for record, contact_id in records:
            text, at = record.fields.get("text", ""), record.fields.get("at")
            if at is None or not text:
                self._context.refuse(record, "Creation Date", at or "", "is a note without a date or text")
            else:
                about = (
                    subscriptions.get(record.fields.get("subscription", "")),
                    orders.get(record.fields.get("order", "")),
                )
                rows.append((contact_id, at, record.fields.get("author", ""), text, *about))
        self._once(Kind.NOTE, NOTE, (*_NOTE_KEY, "subscription_id", "order_id"), rows, told_by=len(_NOTE_KEY))

    def _running(self, records: Sequence[tuple[Record, int]]) -> None:
        rows = [
            (contact_id, record.fields.get("name", ""), bool(record.fields.get("running", True)))
            for record, contact_id in records
        ]
        self._once(Kind.AUTOMATION, AUTOMATION, ("contact_id", "name", "running"), rows)

    def _once(
        self, kind: Kind, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]], *, told_by: int = 3
    ) -> None:
        """Add rows that begin with their contact, unless there are some whose first `told_by` columns are the same."""
        connection = self._context.connection
        stored = select(*(table.c[name] for name in names[:told_by])).where(table.c.contact_id.in_(_PART))
        known: set[tuple[Any, ...]] = set()
        for part in batched(row[0] for row in rows):
            known.update(tuple(row) for row in connection.execute(stored, {"part": part}))
        wanted = {row[:told_by]: row for row in reversed(rows)}
        new = [wanted[key] for key in dict.fromkeys(row[:told_by] for row in rows) if key not in known]
        dialect_of(connection).insert_rows(connection, table, names, new)
        counts = self._context.tally.of(kind)
        counts.new, counts.same = counts.new + len(new), counts.same + len(rows) - len(new)

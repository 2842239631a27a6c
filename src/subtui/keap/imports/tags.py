"""Writes tags, and the tags of contacts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from subtui.domain.contact_fields import TAGS
from subtui.domain.normalization import normalize
from subtui.keap.ids import NATURAL
from subtui.keap.imports.context import ImportContext, columns_present, row_of
from subtui.keap.imports.corrections import Corrections
from subtui.keap.imports.upsert import Outcome, Row, Upsert
from subtui.keap.records import LONGEST_ID, Record
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import CONTACT, CONTACT_TAG, TAG
from subtui.views.imports import Kind

_PART: Any = bindparam("part", expanding=True)
_TAGS_OF = select(CONTACT_TAG).where(CONTACT_TAG.c.contact_id.in_(_PART))
_PAIR = ("contact_id", "tag_id")
_UNTAG = delete(CONTACT_TAG).where(
    CONTACT_TAG.c.contact_id == bindparam("of"), CONTACT_TAG.c.tag_id == bindparam("tag")
)
_NEXT_VERSION = update(CONTACT).where(CONTACT.c.id == bindparam("number")).values(version=CONTACT.c.version + 1)
_RENAME = (
    update(TAG)
    .where(TAG.c.id == bindparam("number"), TAG.c.name == bindparam("before"))
    .values(name=bindparam("called"))
)


class Tags:
    """Writes tags, and the tags of contacts."""

    def __init__(self, context: ImportContext, corrections: Corrections) -> None:
        self._context, self._corrections = context, corrections
        self._tags = Upsert(context.connection, TAG, ("name", "category"), alike=("name",))
        self._ids: dict[str, int] = {}

    def write(self, records: Sequence[Record]) -> None:
        """Write some tags."""
        rows = []
        for record in records:
            keap_id = record.fields.get("id") or self._context.natural.of(normalize(record.fields.get("name", "")))
            if not record.fields.get("name"):
                self._context.refuse(record, "Name", "", "has no name")
            elif not self._context.is_twice(record, keap_id):
                rows.append(row_of(record, keap_id, columns_present(record, ("name", "category")), category=""))
        self._context.count(self._tags.put(rows))

    def write_of_contacts(self, records: Sequence[Record], contacts: Mapping[str, int]) -> None:
        """Write rows that name a contact and a tag."""
        pairs = []
        for record in records:
            contact, tag = record.fields.get("contact", ""), record.fields.get("tag")
            if contact not in contacts:
                self._context.refuse(record, "Contact Id", contact, "is not a known contact")
            elif tag is None:
                self._context.refuse(record, "Tag Id", "", "has no tag")
            else:
                pairs.append((record, contacts[contact], tag))
        ids = self._known([(tag, "") for _, _, tag in pairs])
        connection, counts = self._context.connection, self._context.tally.of(Kind.CONTACT_TAG)
        had_by = {contact_id for _, contact_id, _ in pairs}
        self._corrections.load(had_by)
        wanted = self._as_corrected({(contact_id, ids[tag]) for _, contact_id, tag in pairs}, had_by, adds=False)
        new = sorted(wanted - self._had(contact_id for _, contact_id, _ in pairs))
        dialect_of(connection).insert_rows(connection, CONTACT_TAG, _PAIR, new)
        counts.new, counts.same = counts.new + len(new), counts.same + len(pairs) - len(new)

    def _had(self, contacts: Iterable[int]) -> set[tuple[int, int]]:
        """The stored tags of contacts, each as the ids of the contact and the tag."""
        had: set[tuple[int, int]] = set()
        for part in batched(contacts):
            had.update((row[0], row[1]) for row in self._context.connection.execute(_TAGS_OF, {"part": part}))
        return had

    def set_of_contacts(self, outcomes: Sequence[Outcome]) -> None:
        """Give contacts the tags that their rows name, and no others."""
        named = {outcome.id: _tags_named(outcome.row.source) for outcome in outcomes}
        ids = self._known([pair for pairs in named.values() for pair in pairs])
        wanted = self._as_corrected(
            {(number, ids[keap_id]) for number, pairs in named.items() for keap_id, _ in pairs}, named
        )
        connection = self._context.connection
        had = self._had(outcome.id for outcome in outcomes if outcome.kind != "new")
        if had - wanted:
            connection.execute(_UNTAG, [{"of": contact, "tag": tag} for contact, tag in had - wanted])
        dialect_of(connection).insert_rows(connection, CONTACT_TAG, _PAIR, sorted(wanted - had))
        other = {contact_id for contact_id, _ in had ^ wanted}
        for outcome in outcomes:
            if outcome.kind == "same" and outcome.id in other:
                outcome.kind = "changed"
                connection.execute(_NEXT_VERSION, {"number": outcome.id})
            kept = self._corrections.of(outcome.id)
            corrected = kept is not None and bool(kept.added or kept.removed)
            if outcome.id in other and corrected and self._corrections.overwrite:
                outcome.row.overwrites |= {TAGS}

    def _as_corrected(
        self, wanted: set[tuple[int, int]], contacts: Iterable[int], *, adds: bool = True
    ) -> set[tuple[int, int]]:
        """The tags of a file's contacts, with those that were added to them here and without those taken away here."""
        kept = {number: found for number in contacts if (found := self._corrections.of(number)) is not None}
        if not kept or self._corrections.overwrite:
            return wanted
        names = set().union(*(found.added | found.removed for found in kept.values()))
        numbers: dict[str, list[int]] = {}
        named = select(TAG.c.name, TAG.c.id).where(TAG.c.name.in_(names)).order_by(TAG.c.id)
        for name, number in self._context.connection.execute(named):
            numbers.setdefault(name, []).append(number)
        removed = {(of, tag) for of, found in kept.items() for name in found.removed for tag in numbers.get(name, ())}
        added = {(of, numbers[name][0]) for of, found in kept.items() for name in found.added if name in numbers}
        return (wanted - removed) | (added if adds else set())

    def _known(self, pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
        """The ids of tags by Keap id; a missing tag is made."""
        missing = [keap_id for keap_id, _ in pairs if keap_id not in self._ids]
        if missing:
            self._ids.update(self._tags.ids(missing))
            names = {keap_id: name for keap_id, name in reversed(pairs) if name}
            self._by_name(keap_id for keap_id in missing if keap_id.startswith(NATURAL))
            self._name(names)
            new = [keap_id for keap_id in dict.fromkeys(missing) if keap_id not in self._ids]
            made = [Row(keap_id, {"name": names.get(keap_id, f"Tag {keap_id}")}, {"category": ""}) for keap_id in new]
            self._ids.update({outcome.row.keap_id: outcome.id for outcome in self._tags.put(made)})
        return self._ids

    def _by_name(self, wanted: Iterable[str]) -> None:
        """Match the tags that a file gives by name only with the stored tags of these names."""
        missing = {keap_id for keap_id in wanted if keap_id not in self._ids}
        if missing:
            stored = select(TAG.c.id, TAG.c.name).order_by(TAG.c.id.desc())
            for number, name in self._context.connection.execute(stored):
                if natural_tag(name) in missing:
                    self._ids[natural_tag(name)] = number

    def _name(self, names: Mapping[str, str]) -> None:
        """Name the tags that had their number as name until a file gave the name."""
        called = [
            {"called": name, "number": self._ids[keap_id], "before": f"Tag {keap_id}"}
            for keap_id, name in names.items()
            if keap_id in self._ids
        ]
        if called:
            self._context.connection.execute(_RENAME, called)


def natural_tag(name: str) -> str:
    """The id of a tag of which only the name is known."""
    return f"{NATURAL}{normalize(name).replace(',', ' ')}"[:LONGEST_ID]


def _tags_named(record: Record) -> list[tuple[str, str]]:
    """The tags in a contact's row, as Keap id and name; names without ids get ids made from them."""
    numbers, names = record.fields.get("tag_ids", ()), record.fields.get("tags", ())
    if not numbers:
        return [(natural_tag(name), name) for name in names]
    # A tag's name may contain a comma: then the names cannot be separated, and only the ids count.
    paired = names if len(names) == len(numbers) else [""] * len(numbers)
    return list(zip(numbers, paired, strict=True))

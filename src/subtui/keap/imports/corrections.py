"""The fields and tags of contacts that were corrected here: an import keeps them, since its file does not know better.

They are read from the log. What was undone since, or overwritten by an import that was asked to, is no correction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select

from subtui.domain.contact_fields import CONTACT_LABELS, TAGS
from subtui.domain.event_types import EventType, SubjectType
from subtui.storage.batches import batched
from subtui.storage.tables.core import EVENT

_PART: Any = bindparam("part", expanding=True)
_CORRECTING = (EventType.SAVE_CONTACT.value, EventType.MERGE_CONTACTS.value)
_ABOUT = EVENT.c.subject_type == SubjectType.CONTACT.value
_ANY = select(EVENT.c.id).where(_ABOUT, EVENT.c.command.in_(_CORRECTING)).limit(1)
_ENTRIES = (
    select(EVENT.c.id, EVENT.c.subject_id, EVENT.c.command, EVENT.c.undoes_id, EVENT.c.before, EVENT.c.after)
    .where(_ABOUT, EVENT.c.subject_id.in_(_PART))
    .order_by(EVENT.c.id)
)


@dataclass(slots=True)
class Corrected:
    """What was corrected of one contact: fields by the names of their columns, and tags by their names."""

    fields: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def add(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Take a correction."""
        self.fields.update(name for name in after if name in CONTACT_LABELS and name != TAGS)
        had, has = set(before.get(TAGS, ())), set(after.get(TAGS, ()))
        self.added = (self.added | (has - had)) - (had - has)
        self.removed = (self.removed | (had - has)) - (has - had)

    def forget(self, names: Iterable[str]) -> None:
        """Take what an import has overwritten since."""
        found = set(names)
        self.fields -= found
        if TAGS in found:
            self.added, self.removed = set(), set()


class Corrections:
    """The corrections of the contacts that were asked for last. With `overwrite` an import does not keep them.

    Without `any` none of a contact needs to be asked for.
    """

    def __init__(self, connection: Connection, *, overwrite: bool) -> None:
        self._connection, self.overwrite = connection, overwrite
        self.any = connection.execute(_ANY).first() is not None
        self._of: dict[int, Corrected] = {}

    def load(self, contacts: Iterable[int]) -> None:
        """Read those of these contacts."""
        self._of = {}
        if not self.any:
            return
        entries: list[Any] = []
        for part in batched(contacts):
            entries += self._connection.execute(_ENTRIES, {"part": part}).all()
        undone = {entry.undoes_id for entry in entries}
        for entry in entries:
            if entry.command == EventType.IMPORT_ROW:
                self._of.setdefault(entry.subject_id, Corrected()).forget(entry.after)
            elif entry.command in _CORRECTING and entry.id not in undone:
                self._of.setdefault(entry.subject_id, Corrected()).add(entry.before, entry.after)

    def of(self, contact_id: int) -> Corrected | None:
        """Those of a contact that was loaded; None if there are none."""
        return self._of.get(contact_id)

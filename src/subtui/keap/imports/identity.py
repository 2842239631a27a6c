"""Decides which contact a row belongs to, and remarks on doubtful matches."""

from collections.abc import Mapping, Sequence

from subtui.domain.normalization import normalize
from subtui.keap.ids import is_keaps, number_of
from subtui.keap.imports.contact_matching import People, Person, is_natural, mail_of
from subtui.keap.imports.context import ImportContext
from subtui.keap.imports.upsert import Outcome, Upsert
from subtui.keap.records import Record
from subtui.storage.search import contact_keys

_MADE_OF = ("email", "last_name", "first_name", "company", "phone1")
_MOST_NAMED = 5


class Identity:
    """The ids under which contacts are written.

    A row is identified by its id. Without one it is identified by its e-mail address, as in Keap, or by its content
    where it has none.
    """

    def __init__(self, context: ImportContext, contacts: Upsert, merged: Mapping[int, int]) -> None:
        self._context = context
        self._contacts = contacts
        self._people = People(context.connection, merged)
        self._by_mail: dict[str, list[Person]] = {}
        self._by_name: dict[str, list[Person]] = {}
        self._keys: dict[int, dict[str, str]] = {}
        self._mails: dict[int, str] = {}
        self._waiting: set[str] = set()
        self._asks = False

    def begin(self, records: Sequence[Record]) -> None:
        """Look up the possible contacts of some rows."""
        mine = [record for record in records if not record.derived]
        without = [record for record in mine if "id" not in record.fields]
        self._waiting.clear()
        self._by_mail, self._by_name, self._keys = {}, {}, {}
        self._asks = bool(without)
        if self._asks:
            self._mails = {id(record): mail_of(record.fields) for record in mine}
            self._keys = {id(record): contact_keys(record.fields) for record in mine}
            self._by_mail = self._people.by_mail(self._mails[id(record)] for record in without)
            self._by_name = self._people.by_name(
                self._keys[id(record)]["sort_key"] for record in without if self._mails[id(record)] not in self._by_mail
            )
        if self._people.any_without_id:
            named = [record for record in mine if "id" in record.fields]
            for mail, people in self._people.by_mail(
                (mail_of(record.fields) for record in named), without_id=True
            ).items():
                self._by_mail.setdefault(mail, people)

    def keys_of(self, record: Record) -> dict[str, str]:
        """The search keys of a row."""
        return self._keys.get(id(record)) or contact_keys(record.fields)

    def must_wait(self, record: Record) -> bool:
        """Whether a row may belong to the contact of an earlier row that must be written first."""
        if not self._waiting or record.derived:
            return False
        if f"@{self._mails[id(record)]}" in self._waiting:
            return True
        return "id" not in record.fields and self._keys[id(record)]["sort_key"] in self._waiting

    def waits(self, record: Record) -> None:
        """Note a row that is about to be written."""
        if self._asks and not record.derived:
            self._waiting.update((f"@{self._mails[id(record)]}", self._keys[id(record)]["sort_key"]))
            self._waiting -= {"@", ""}

    def written(self, outcomes: Sequence[Outcome], *, more: bool) -> None:
        """Note rows that were written, since later rows may match them; `more`: looked-up rows are still to come."""
        self._people.written(outcomes)
        self._people.any_without_id = self._people.any_without_id or any(
            is_natural(outcome.row.keap_id) for outcome in outcomes
        )
        if self._waiting and more:
            mails = {key for key in self._waiting if key.startswith("@")}
            self._by_mail |= self._people.by_mail(key[1:] for key in mails)
            self._by_name |= self._people.by_name(self._waiting - mails)
            self._waiting.clear()

    def of(self, record: Record) -> str | None:
        """The id of a row; None, with the row refused, if its contact is in the file twice."""
        named: str | None = record.fields.get("id")
        if named is None:
            return self._without_id(record)
        # Our own number refers to a contact without a Keap id, and is no id to give it.
        if self._people.any_without_id and not record.derived and is_keaps(named):
            self._give_id(record, named)
        return None if self._context.is_twice(record, named) else named

    def _give_id(self, record: Record, keap_id: str) -> None:
        """Give the id to the contact that was imported without one before."""
        people = [person for person in self._by_mail.get(mail_of(record.fields), ()) if not person.has_keaps_id]
        number = number_of(keap_id)
        # Our own export refers to a contact that was made here by its number.
        is_itself = any(person.id == number and person.keap_id is None for person in people)
        if not people or is_itself or self._contacts.ids([keap_id]):
            return
        if len(people) == 1 and people[0].is_called(record.fields):
            self._people.give_id(people[0], keap_id)
            self._contacts.look_up_all()
            self._context.note("Contacts imported without an id before were matched by e-mail and now have one.")
            self._by_mail.pop(mail_of(record.fields), None)
        else:
            reason = f"is the e-mail of {_listed(people)} too, which has no id: possible duplicate"
            self._context.remark(record, "Email", record.fields["email"], reason)

    def _without_id(self, record: Record) -> str | None:
        context, fields = self._context, record.fields
        mail = mail_of(fields)
        natural = context.natural.of(*(normalize(fields.get(name, "")) for name in _MADE_OF))
        people = [] if record.derived else self._by_mail.get(mail, [])
        person = _chosen(people, fields, natural)
        if person is not None:
            keap_id = person.keap_id or natural
            if person.keap_id is None:
                self._people.give_id(person, keap_id)
                self._contacts.look_up_all()
            if context.is_twice(record, keap_id, "Email", fields["email"]):
                return None
            if not person.is_called(fields):
                reason = f"is the e-mail of {_listed([person])}: treated as the same contact"
                context.remark(record, "Email", fields["email"], reason)
            return keap_id
        if people:
            reason = f"is the e-mail of {len(people):,} contacts, {_listed(people)}: added as a new contact"
            context.remark(record, "Email", fields["email"], reason)
        elif not record.derived:
            self._doubt(record, natural)
        return None if context.is_twice(record, natural) else natural

    def _doubt(self, record: Record, natural: str) -> None:
        """Remark on a contact with the same name and the same phone or company, if the row is new."""
        people = self._by_name.get(self._keys[id(record)]["sort_key"], [])
        if any(person.keap_id == natural for person in people):
            return
        for person in people:
            shared = person.shares(record.fields)
            if shared and person.is_called(record.fields):
                reason = f"has the name and the {shared} of contact {person.id}: added as new, possible duplicate"
                self._context.remark(record, "Name", person.name, reason)
                return


def _chosen(people: Sequence[Person], fields: dict[str, object], natural: str) -> Person | None:
    """The contact that a row belongs to, among those with its e-mail; None if that is not certain."""
    if len(people) == 1:
        return people[0]
    alike = [person for person in people if person.keap_id == natural]
    alike = alike or [person for person in people if person.is_called(fields) and person.name]
    return alike[0] if len(alike) == 1 else None


def _listed(people: Sequence[Person]) -> str:
    named = [f"contact {person.id} ({person.name})" if person.name else f"contact {person.id}" for person in people]
    return ", ".join(named[:_MOST_NAMED]) + (" …" if len(named) > _MOST_NAMED else "")

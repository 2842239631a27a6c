"""Makes contacts: a name in its language, the contact details, and the dependent rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from subtui.made_data import words
from subtui.made_data.days import Calendar
from subtui.made_data.edge_cases import Draft, add_edge_case
from subtui.made_data.names import Language, Word, slug
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.sheet_writer import Sheets
from subtui.storage.search import city_key, contact_keys
from subtui.storage.seed_format import Seed

_TWO = tuple(f"{number:02}" for number in range(100))
_CARDS_OF_BUYERS = weighted(((0, 12), (1, 68), (2, 16), (3, 4)))
_CARDS_OF_OTHERS = weighted(((0, 78), (1, 20), (2, 2)))
_BRANDS = weighted(words.BRANDS)
_TAGS = weighted(((0, 40), (1, 38), (2, 16), (3, 5), (5, 1)))
_YEARS_KNOWN = 9
_COUPLES = 0.006


class People:
    """Makes contacts one after the other."""

    def __init__(
        self, chance: Rng, calendar: Calendar, languages: Sequence[Language], seed: Seed, sheets: Sheets
    ) -> None:
        self._chance = chance
        self._calendar = calendar
        self._languages = languages
        self._sheets = sheets
        self._tags = tuple(tag.id for tag in seed.tags)
        agents = [user for user in seed.users if user.role == "agent"] or seed.users
        self._authors = tuple(user.name for user in agents)
        self._owners = weighted(((None, 8), *((user.id, 92 // len(agents)) for user in agents)))
        self._signs = tuple(Word(f"{a} {b}", slug(a + b)) for a in words.SIGNS for b in words.THINGS)
        self._before: tuple[Draft, str, str] | None = None

    def cards(self, contact_id: int, *, buyer: bool) -> list[int]:
        """Write the cards of a contact; returns the ids of the usable ones."""
        chance = self._chance
        in_use: list[int] = []
        for _ in range(chance.of(_CARDS_OF_BUYERS if buyer else _CARDS_OF_OTHERS)):
            active = chance.unit() < 0.96
            number = self._sheets.add(
                "credit_card",
                contact_id,
                chance.of(_BRANDS),
                _TWO[chance.below(100)] + _TWO[chance.below(100)],
                chance.below(12) + 1,
                self._calendar.day.year + chance.below(5) - (chance.unit() < 0.03),
                active,
            )
            if active:
                in_use.append(number)
        return in_use

    def language(self) -> Language:
        """The language of the next contact."""
        return self._chance.of(self._languages)

    def write(self, language: Language, known_since: int | None) -> None:
        """Write a contact who is known since a day, with notes, tags and automations."""
        chance, calendar = self._chance, self._calendar
        if known_since is None:
            known_since = calendar.today - chance.below(_YEARS_KNOWN * 365)
        created = min(known_since, calendar.today) - int(chance.unit() * chance.unit() * 40)
        draft, phone, email = self._person(language)
        unit = chance.unit
        row: dict[str, Any] = {
            "first_name": draft.first,
            "last_name": draft.last,
            "company": draft.company,
            "email": email,
            "email2": f"orders@{draft.domain}" if draft.company and unit() < 0.06 else "",
            "email3": f"{draft.local}@{chance.of(words.FREE_MAIL)}" if draft.local and unit() < 0.01 else "",
            "phone1": phone,
            "phone2": self._phone(language) if phone and unit() < 0.08 else "",
        }
        keys = contact_keys(row)
        address = chance.of(language.addresses) if unit() < 0.4 else []
        number = self._sheets.add(
            "contact",
            *row.values(),
            chance.of(words.JOBS) if draft.company and unit() < 0.2 else "",
            f"https://{draft.domain}" if draft.company and unit() < 0.25 else "",
            address,
            chance.of(language.addresses) if unit() < 0.04 else [],
            chance.of(self._owners),
            chance.of(words.ABOUT) if unit() < 0.05 else "",
            calendar.on(created),
            keys["name_key"],
            keys["rest_key"],
            keys["phone_key"],
            keys["sort_key"],
            city_key(address),
        )
        self._hang_on(number, created)

    def _person(self, language: Language) -> tuple[Draft, str, str]:
        """Make a person with their phone and e-mail."""
        chance = self._chance
        unit = chance.unit
        side = chance.below(2)
        given, family = chance.early(language.given[side]), chance.early(language.family[side])
        last = family.text
        if language.code.startswith(("es", "pt")) and unit() < 0.3:
            last = f"{last} {chance.early(language.family[side]).text}"
        if self._before is not None and unit() < _COUPLES:
            # A duplicate: with the name, the e-mail and the phone of the contact before.
            before, phone, email = self._before
            return replace(before, first=given.text), phone, email
        company, domain = self._shop(language, family) if unit() < 0.45 else ("", chance.of(words.FREE_MAIL))
        draft = Draft(given.text, last, company, self._local(given.slug, family.slug, at_shop=bool(company)), domain)
        add_edge_case(chance, draft, language)
        phone = self._phone(language) if draft.phone and unit() < 0.93 else ""
        email = f"{draft.local}@{draft.domain}" if draft.local else ""
        self._before = (draft, phone, email) if email and phone and draft.last else None
        return draft, phone, email

    def _shop(self, language: Language, family: Word) -> tuple[str, str]:
        """A company and its domain."""
        chance = self._chance
        name = family
        if language.code.startswith("en") and chance.unit() < 0.6:
            name = chance.of(self._signs)
        text, place = chance.of(language.shops)
        ending = _TWO[chance.below(100)] if chance.unit() < 0.5 else ""
        return text % name.text, f"{place % name.slug}{ending}.example"

    def _local(self, given: str, family: str, *, at_shop: bool) -> str:
        """The local part of an e-mail."""
        chance = self._chance
        if at_shop:
            return given if chance.unit() < 0.6 else f"{given[:1]}.{family}"
        form = chance.below(6)
        tail = str(chance.below(1000))
        if form == 0:
            return f"{given}.{family}"
        if form == 1:
            return f"{given}.{family}{tail}"
        if form == 2:
            return f"{given[:1]}{family}{tail}"
        if form == 3:
            return f"{given}_{family}{tail}"
        return f"{given}{tail}" if form == 4 else f"{family}.{given}{tail}"

    def _phone(self, language: Language) -> str:
        chance = self._chance
        extension = f" ext. {chance.below(900) + 100}" if chance.unit() < 0.02 else ""
        return f"{chance.of(language.phones)}{_TWO[chance.below(100)]}{extension}"

    def _hang_on(self, number: int, created: int) -> None:
        chance, sheets = self._chance, self._sheets
        tags = {chance.of(self._tags) for _ in range(chance.of(_TAGS))} if self._tags else ()
        for tag in sorted(tags):
            sheets.put("contact_tag", number, tag)
        if chance.unit() < 0.3:
            sheets.add("automation", number, chance.early(words.AUTOMATIONS), chance.unit() < 0.9)
        if chance.unit() < 0.1:
            for _ in range(1 + chance.below(3)):
                day = created + chance.below(max(1, self._calendar.today - created))
                at = self._calendar.instant(day, 15 * 60 + chance.below(8 * 60))
                sheets.add("note", number, at, chance.of(self._authors), chance.of(words.NOTES))

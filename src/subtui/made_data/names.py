"""Pools of names, shops and addresses, drawn from mimesis once; a row picks from them.

The pools are the same for every seed, but may differ between versions of mimesis.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subtui.domain.errors import SubtuiError
from subtui.domain.normalization import normalize
from subtui.made_data.languages import (
    HEBREW_CITIES,
    HEBREW_FAMILY,
    HEBREW_GIVEN,
    HEBREW_STREETS,
    HOMES,
    Home,
)
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.words import AMERICAN_PHONES, AREA_CODES

if TYPE_CHECKING:
    from mimesis import Address, Person

_POOL_SEED = 20260302
_DRAWS_GIVEN, _DRAWS_FAMILY, _ADDRESSES = 700, 2500, 1500


class NotInstalled(SubtuiError):
    """The package that names are drawn from is not installed."""


@dataclass(frozen=True, slots=True)
class Word:
    """A name, and its form in an e-mail address."""

    text: str
    slug: str


@dataclass(frozen=True, slots=True)
class Language:
    """The pools of one language: names of women and of men, shops, addresses, phone numbers."""

    code: str
    given: tuple[tuple[Word, ...], tuple[Word, ...]]
    family: tuple[tuple[Word, ...], tuple[Word, ...]]
    shops: tuple[tuple[str, str], ...]
    addresses: tuple[tuple[str, ...], ...]
    phones: tuple[str, ...]
    euro: float


def languages() -> tuple[Language, ...]:
    """The languages as a table weighted by their shares. Raises NotInstalled without mimesis."""
    try:
        import mimesis  # noqa: PLC0415
    except ImportError:
        raise NotInstalled(
            "Made-up names come from the package mimesis, which is not installed. "
            'Install it with: pip install "subtui[generate]"'
        ) from None

    def pools(home: Home) -> Language:
        if not home.locale:
            return _hebrew(home)
        locale = mimesis.Locale(home.locale)
        return _language(home, mimesis.Person(locale, seed=_POOL_SEED), mimesis.Address(locale, seed=_POOL_SEED))

    return weighted((pools(home), home.share) for home in HOMES)


def _language(home: Home, person: "Person", address: "Address") -> Language:
    from mimesis.enums import Gender  # noqa: PLC0415

    sides = (Gender.FEMALE, Gender.MALE)

    def drawn(draw: "Callable[[Gender], str]", times: int, side: Gender) -> tuple[Word, ...]:
        return _words(draw(side) for _ in range(times))

    women, men = ((drawn(person.first_name, _DRAWS_GIVEN, s), drawn(person.last_name, _DRAWS_FAMILY, s)) for s in sides)
    return Language(
        code=home.locale,
        given=(women[0], men[0]),
        family=(women[1], men[1]),
        shops=home.shops,
        addresses=tuple(_address(home, address) for _ in range(_ADDRESSES)),
        phones=_phones(home),
        euro=home.euro,
    )


def _hebrew(home: Home) -> Language:
    chance = Rng(_POOL_SEED)
    family = _words(HEBREW_FAMILY)
    addresses = (
        (f"{chance.of(HEBREW_STREETS)} {chance.below(120) + 1}", chance.of(HEBREW_CITIES), home.country)
        for _ in range(200)
    )
    return Language(
        code="he",
        given=(_words(HEBREW_GIVEN[0]), _words(HEBREW_GIVEN[1])),
        family=(family, family),
        shops=home.shops,
        addresses=tuple(addresses),
        phones=_phones(home),
        euro=home.euro,
    )


def _words(texts: Iterable[str]) -> tuple[Word, ...]:
    distinct = dict.fromkeys(" ".join(text.split()) for text in texts)
    return tuple(Word(text, slug(text) or _syllables(place)) for place, text in enumerate(distinct))


def slug(text: str) -> str:
    """The Latin letters and digits of a text, folded; empty for other writing."""
    return re.sub("[^a-z0-9]", "", normalize(text))


def _syllables(number: int) -> str:
    """A made-up Latin word for a name in another script, computed from its place in the pool."""
    made = ""
    for _ in range(2 + number % 2):
        number, consonant = divmod(number, 14)
        number, vowel = divmod(number, 5)
        made += "kstnhmyrwgzdbp"[consonant] + "aiueo"[vowel]
    return made


def _address(home: Home, address: "Address") -> tuple[str, ...]:
    city, code = " ".join(address.city().split()), address.postal_code()
    if home.locale == "en":
        return (address.address(), f"{city}, {address.state(abbr=True)} {code}")
    if home.locale == "en-gb":
        return (address.address(), f"{city} {code}", home.country)
    return (" ".join(address.address().split()), f"{code} {city}", home.country)


def _phones(home: Home) -> tuple[str, ...]:
    """The prefixes of phone numbers, to be completed by two more digits."""
    if not home.phones:
        return tuple(form % code for form in AMERICAN_PHONES for code in AREA_CODES)
    return tuple(number for phone in home.phones for number in _expanded(phone))


def _expanded(phone: str) -> list[str]:
    """Expand a prefix with at most two digit signs into a hundred prefixes."""
    digits = "0123456789"
    return [phone.replace("#", tens, 1).replace("#", ones, 1) for tens in digits for ones in digits]

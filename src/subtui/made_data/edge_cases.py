"""Names that test a screen, a search or a file, about as frequent as in the demo data."""

from collections.abc import Callable
from dataclasses import dataclass

from subtui.made_data import words
from subtui.made_data.names import Language, slug
from subtui.made_data.rng import Rng, weighted


@dataclass(slots=True)
class Draft:
    """A contact before its row: the name, the company, the parts of the e-mail, and whether there is a phone."""

    first: str
    last: str
    company: str
    local: str
    domain: str
    phone: bool = True


Make = Callable[[Rng, Draft, Language], None]


def _apostrophe(chance: Rng, draft: Draft, _language: Language) -> None:
    _rename(draft, draft.first, chance.of(words.APOSTROPHES))


def _particle(chance: Rng, draft: Draft, _language: Language) -> None:
    _rename(draft, draft.first, chance.of(words.PARTICLES))


def _hyphen(chance: Rng, draft: Draft, language: Language) -> None:
    side = chance.below(2)
    other = chance.early(language.family[side]).text
    if chance.happens(0.3):
        _rename(draft, f"{draft.first}-{chance.early(language.given[side]).text}", draft.last)
    else:
        _rename(draft, draft.first, f"{draft.last}-{other}")


def _namesake(chance: Rng, draft: Draft, _language: Language) -> None:
    first, last = chance.of(words.NAMESAKES)
    _rename(draft, first, last)
    draft.local += str(chance.below(10_000))


def _single(chance: Rng, draft: Draft, _language: Language) -> None:
    _rename(draft, chance.of(words.SINGLE_NAMES) if chance.happens(0.3) else draft.first, "")


def _nickname(_chance: Rng, draft: Draft, _language: Language) -> None:
    draft.first = f'{draft.first} "{draft.first[:3]}"'


def _role(chance: Rng, draft: Draft, _language: Language) -> None:
    draft.last = chance.of(words.ROLES)


def _markup(chance: Rng, draft: Draft, _language: Language) -> None:
    draft.company = chance.of(words.MARKUP_COMPANIES)


def _emoji(chance: Rng, draft: Draft, _language: Language) -> None:
    sign = chance.of(words.EMOJI)
    if draft.company:
        head, _, rest = draft.company.partition(" ")
        draft.company = f"{head} {sign} {rest}".strip()
    else:
        draft.first = f"{draft.first} {sign}"


def _long(chance: Rng, draft: Draft, _language: Language) -> None:
    first, last = chance.of(words.LONG_NAMES)
    _rename(draft, f"{draft.first} {first}", last)
    draft.company = chance.of(words.LONG_COMPANIES)
    draft.domain = "guild-of-master-bakers.example"
    draft.local = f"{draft.local[:40]}{chance.below(1000)}"


def _company_only(chance: Rng, draft: Draft, language: Language) -> None:
    if not draft.company:
        draft.company = chance.of(language.shops)[0] % draft.last
    draft.first = draft.last = ""
    draft.local = chance.of(("office", "info", "orders", "hello"))


def _email_only(_chance: Rng, draft: Draft, _language: Language) -> None:
    draft.first = draft.last = draft.company = ""
    draft.phone = False


def _no_email(_chance: Rng, draft: Draft, _language: Language) -> None:
    draft.local = ""


def _unreachable(_chance: Rng, draft: Draft, _language: Language) -> None:
    draft.local, draft.phone = "", False


def _rename(draft: Draft, first: str, last: str) -> None:
    draft.first, draft.last = first, last
    draft.local = ".".join(filter(None, (slug(first), slug(last)))) or draft.local


_USUAL: Make | None = None
_KINDS: tuple[tuple[Make | None, int], ...] = (
    (_apostrophe, 30), (_particle, 15), (_hyphen, 30), (_namesake, 15), (_single, 12), (_nickname, 6), (_role, 8),
    (_markup, 4), (_emoji, 10), (_long, 4), (_company_only, 12), (_email_only, 8), (_no_email, 40), (_unreachable, 12),
)  # fmt: skip
_TABLE = weighted(((_USUAL, 1000 - sum(weight for _, weight in _KINDS)), *_KINDS))


def add_edge_case(chance: Rng, draft: Draft, language: Language) -> None:
    """Turn a contact into an edge case, at a low rate."""
    make = chance.of(_TABLE)
    if make is not None:
        make(chance, draft, language)

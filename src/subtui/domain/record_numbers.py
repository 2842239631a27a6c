"""Reads a search as the number of a record: `1042`, `order 1042`, `T-1003`, `CH-662808`, `visa 4242`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from subtui.domain.normalization import normalize
from subtui.domain.search_text import id_of


class RecordKind(StrEnum):
    """What can be found besides contacts, in the order of a list."""

    SUBSCRIPTION = "subscription"
    ORDER = "order"
    PAYMENT = "payment"
    TICKET = "ticket"
    LETTER = "letter"
    CARD = "card"
    PLAN = "plan"
    TAG = "tag"
    CITY = "city"


NAMED = frozenset({RecordKind.PLAN, RecordKind.TAG, RecordKind.CITY})
"""The kinds that are found by their name, and that stand for the records that have it."""

SHORTEST_NAME = 2
"""The fewest signs of a word by which plans, tags and cities are found."""

SHORTEST_REFERENCE = 3
"""The fewest signs of a gateway reference that is looked up."""

_KINDS = {
    "sub": RecordKind.SUBSCRIPTION,
    "invoice": RecordKind.ORDER,
    "charge": RecordKind.PAYMENT,
    "refund": RecordKind.PAYMENT,
    "request": RecordKind.TICKET,
} | {kind.value: kind for kind in RecordKind if kind not in NAMED}
"""The words before a number that name a kind."""
_TICKET = re.compile(r"t-?0*([0-9]{1,15})", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Sought:
    """The ways in which a search may mean a record; what is empty or None is not meant.

    `kind` limits it to one kind. `references` are the forms in which a gateway may have written the reference.
    """

    number: int | None = None
    ticket: int | None = None
    references: tuple[str, ...] = ()
    last4: str = ""
    brand: str = ""
    name: str = ""
    kind: RecordKind | None = None

    def wants(self, kind: RecordKind) -> bool:
        """Whether records of a kind are meant."""
        return self.kind is None or self.kind is kind


def sought(typed: str) -> Sought:
    """Read the free words of a search."""
    words = typed.replace("\0", " ").split()
    if len(words) > 1 and words[0].lower() in _KINDS:
        kind, rest = _KINDS[words[0].lower()], " ".join(words[1:])
        found = sought(rest) if len(words) == 2 or kind is RecordKind.CARD else Sought()
        return Sought(
            number=found.number,
            ticket=found.ticket if found.ticket is not None else found.number,
            references=found.references,
            last4=found.last4,
            brand=found.brand,
            kind=kind,
        )
    name = normalize(" ".join(words))
    if len(name) < SHORTEST_NAME:
        name = ""
    if len(words) != 1:
        last = words[-1] if words else ""
        is_card = len(last) == 4 and last.isascii() and last.isdigit()
        brand = normalize(" ".join(words[:-1])).strip(" ·*.") if is_card else ""
        return Sought(last4=last if brand else "", brand=brand, name=name)
    (word,) = words
    ticket = _TICKET.fullmatch(word)
    number = id_of(word)
    return Sought(
        number=number,
        ticket=int(ticket[1]) if ticket else number,
        references=_references(word),
        last4=word if len(word) == 4 and word.isascii() and word.isdigit() else "",
        name="" if number is not None else name,
    )


def _references(word: str) -> tuple[str, ...]:
    # A reference has a digit; a word without one is a name.
    if len(word) < SHORTEST_REFERENCE or not _DIGIT.search(word) or "@" in word:
        return ()
    return tuple(dict.fromkeys((word, word.upper(), word.lower())))

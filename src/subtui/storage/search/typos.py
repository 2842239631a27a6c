"""Finds words of the index that differ from a typed word by one typing error."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

SHORTEST = 4
"""The least length of a typed word: a shorter one has too many neighbours."""

LONGEST = 24

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)
_MOST = 40
"""The most neighbours that are searched at once."""


def typo_expressions(connection: Connection, typed: Sequence[str]) -> Iterator[str]:
    """Yield, for each typed token with neighbours in the index, the FTS5 expression with these in its place."""
    for at, token in enumerate(typed):
        neighbours = _known(connection, token)
        if neighbours:
            others = [f'"{other}" *' for n, other in enumerate(typed) if n != at]
            yield " AND ".join([f"({' OR '.join(neighbours)})", *others])


def _known(connection: Connection, token: str) -> list[str]:
    alphabet = next((signs for signs in _ALPHABETS if token[0] in signs), "")
    if not alphabet or not SHORTEST <= len(token) <= LONGEST or not set(token) <= set(alphabet):
        return []
    whole, begun = neighbours(token, alphabet)
    terms = connection.exec_driver_sql(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM contact_vocabulary WHERE term = value)",
        (json.dumps(whole),),
    ).scalars()
    beginnings = connection.exec_driver_sql(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM contact_vocabulary"
        " WHERE term >= value AND term < value || char(1114111))",
        (json.dumps(begun),),
    ).scalars()
    return [*(f'"{term}"' for term in terms), *(f'"{term}" *' for term in beginnings)][:_MOST]


def neighbours(token: str, alphabet: str) -> tuple[list[str], list[str]]:
    """The neighbours one edit away: those that must be whole words, and those that may be prefixes.

    A typed word may be unfinished. A prefix made by an edit at its end would match too many words, so a neighbour that
    is one sign shorter, or differs in the last sign, must be a whole word.
    """
    splits = [(token[:at], token[at:]) for at in range(len(token) + 1)]
    whole = {left + right[1:] for left, right in splits if right}
    whole |= {left + sign for left, right in splits if len(right) == 1 for sign in alphabet}
    begun = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    begun |= {left + sign + right[1:] for left, right in splits if len(right) > 1 for sign in alphabet}
    begun |= {left + sign + right for left, right in splits if right for sign in alphabet}
    return sorted(whole - {token}), sorted(begun - whole - {token})

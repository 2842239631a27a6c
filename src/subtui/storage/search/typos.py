"""Words that are one slip of a key away from what was typed, as far as anybody in the index has them."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

SHORTEST = 4
"""A shorter word has too many neighbours for one of them to be meant."""

LONGEST = 24

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)
_MOST = 40
"""Neighbours that are asked for at once; a word with more of them is too common to be a slip."""


def typo_expressions(connection: Connection, typed: Sequence[str]) -> Iterator[str]:
    """For each typed token the FTS5 expression in which a neighbour stands for it, if the index has one."""
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
    """The words one edit away: those that have to be whole words, and those that may be beginnings.

    An edit at the end of an unfinished word leaves a beginning that is too short to tell a slip from another word, so
    what is one sign shorter, or differs in the last, must be a whole word.
    """
    splits = [(token[:at], token[at:]) for at in range(len(token) + 1)]
    whole = {left + right[1:] for left, right in splits if right}
    whole |= {left + sign for left, right in splits if len(right) == 1 for sign in alphabet}
    begun = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    begun |= {left + sign + right[1:] for left, right in splits if len(right) > 1 for sign in alphabet}
    begun |= {left + sign + right for left, right in splits if right for sign in alphabet}
    return sorted(whole - {token}), sorted(begun - whole - {token})

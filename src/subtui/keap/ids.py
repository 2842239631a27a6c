"""The ids under which rows stand in files: Keap's own, those made from a row without one, and ours.

A plain number in a file is Keap's id. A row without one is exported under our id with a prefix, so that no program
takes it for the row to which Keap gives the same number.
"""

import re

NATURAL = "~"
"""The prefix of an id made from the row itself, where the file names none."""

WHOLE_ORDER = f"{NATURAL}whole:"
"""The prefix of the id of the single line of an order whose lines are not known."""

REST_OF_ORDER = f"{NATURAL}rest:"
"""The prefix of the id of the line for the rest of an order's total beyond its lines: discounts, tax, rounding."""

OURS = "subtui-"
"""The prefix of an id that is one of our own."""

_OURS = re.compile(rf"{OURS}(?:[0-9]+-)?([0-9]{{1,15}})")
_LARGEST = 2**53


def is_keaps(keap_id: str | None) -> bool:
    """Whether an id is Keap's own."""
    return keap_id is not None and not keap_id.startswith((NATURAL, OURS))


def number_of(keap_id: str) -> int | None:
    """The number of this id in its source, so that the row can keep it here."""
    ours = _OURS.fullmatch(keap_id)
    digits = ours[1] if ours else keap_id
    if not (digits.isdigit() and digits.isascii()):
        return None
    number = int(digits)
    return number if 0 < number < _LARGEST else None

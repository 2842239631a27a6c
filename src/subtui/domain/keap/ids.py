"""The ids under which rows stand in files: Keap's own, those made from a row without one, and ours.

A number in a file is Keap's. Rows that never had a number of Keap's go out under ours with a mark before it, so that
nothing takes them for the row to which Keap gave the same number, today or some day.
"""

import re

NATURAL = "~"
"""Begins an id that was made from a row, where the file names none."""

WHOLE_ORDER = f"{NATURAL}whole:"
"""Begins the id of the one line that stands for an order whose lines are not known."""

REST_OF_ORDER = f"{NATURAL}rest:"
"""Begins the id of the line for what an order's total and its lines differ by: discounts, tax, rounding."""

OURS = "subtui-"
"""Begins an id that is one of our own numbers."""

_OURS = re.compile(rf"{OURS}(?:[0-9]+-)?([0-9]{{1,15}})")
_LARGEST = 2**53


def is_keaps(keap_id: str | None) -> bool:
    """Whether an id is one by which Keap knows the row."""
    return keap_id is not None and not keap_id.startswith((NATURAL, OURS))


def number_of(keap_id: str) -> int | None:
    """The number that a row with this id had where it comes from, so that it may have it here too."""
    ours = _OURS.fullmatch(keap_id)
    digits = ours[1] if ours else keap_id
    if not (digits.isdigit() and digits.isascii()):
        return None
    number = int(digits)
    return number if 0 < number < _LARGEST else None

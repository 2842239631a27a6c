"""Flags, statuses and billing cycles, in every spelling in which Keap's screens, files and answers give them."""

from subtui.domain.billing import Cycle
from subtui.domain.subscriptions import Status

_FLAGS = {
    **dict.fromkeys(("1", "yes", "y", "true", "on", "active"), True),
    **dict.fromkeys(("0", "no", "n", "false", "off", "inactive"), False),
}
_STATUSES = {
    **dict.fromkeys(("active", "1", "true", "yes"), Status.ACTIVE),
    **dict.fromkeys(("inactive", "0", "false", "no"), Status.INACTIVE),
}
_CYCLES = {
    **dict.fromkeys(("6", "day", "daily"), Cycle.DAY),
    **dict.fromkeys(("3", "week", "weekly"), Cycle.WEEK),
    **dict.fromkeys(("2", "month", "monthly"), Cycle.MONTH),
    **dict.fromkeys(("1", "year", "yearly", "annually", "annual"), Cycle.YEAR),
}
_MONTHS_IN_A_QUARTER = 3


def flag(text: str) -> bool:
    """Read a yes or no: 1/0, yes/no, y/n, true/false, on/off, active/inactive, in any case. Raises ValueError."""
    found = _FLAGS.get(_plain(text))
    if found is None:
        raise ValueError("is not yes or no")
    return found


def status(text: str) -> Status:
    """Read a subscription's status: Keap's two words, or REST's `active` as a flag. Raises ValueError."""
    found = _STATUSES.get(_plain(text))
    if found is None:
        raise ValueError("is not Active or Inactive")
    return found


def cycle(text: str) -> Cycle:
    """Read the unit of a billing cycle: XML-RPC's digit (1 year, 2 month, 3 week, 6 day), or a word of REST or screens.

    Raises ValueError for anything else, and for `quarterly`, whose frequency would be lost: see `cycle_and_frequency`.
    """
    unit, frequency = cycle_and_frequency(text)
    if frequency is not None:
        raise ValueError(f"counts {frequency} {unit}s; only a single day, week, month or year is accepted")
    return unit


def cycle_and_frequency(text: str) -> tuple[Cycle, int | None]:
    """Read a billing cycle and the frequency that its word implies: `quarterly` is month and 3.

    The frequency is None where the text does not say one, and has to come from its own column. Raises ValueError.
    """
    word = _plain(text)
    if word in ("quarter", "quarterly"):
        return Cycle.MONTH, _MONTHS_IN_A_QUARTER
    found = _CYCLES.get(word)
    if found is None:
        raise ValueError("is not a billing cycle (day, week, month or year)")
    return found, None


def _plain(text: str) -> str:
    word = text.strip().lower()
    if not word:
        raise ValueError("is empty")
    return word

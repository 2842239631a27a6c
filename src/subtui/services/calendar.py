"""The business calendar of the account: the public holidays of its country and its own days off."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from subtui.domain.errors import WrongInput


class Calendar:
    """The days off of an account: `day in calendar`. The country's holidays are loaded at the first lookup."""

    def __init__(self, country: str, own: Collection[date]) -> None:
        self._country, self._own = country, frozenset(own)

    def __contains__(self, day: object) -> bool:
        return day in self._own or day in _of_country(self._country)


def read_own(days: Iterable[str]) -> tuple[date, ...]:
    """The account's own days off, as stored."""
    return tuple(sorted(date.fromisoformat(day) for day in days))


def require_country(code: str) -> str:
    """Check the code of a country whose holidays are known. Raises WrongInput."""
    import holidays  # noqa: PLC0415

    wanted = code.strip().upper()
    if wanted not in holidays.list_supported_countries(include_aliases=False):
        raise WrongInput(f"“{code[:10]}” is not a supported country code: enter two letters, such as US.")
    return wanted


@cache
def _of_country(code: str) -> Any:
    # Takes half a second to load and fill: done only when a due day is computed.
    import holidays  # noqa: PLC0415

    try:
        return holidays.country_holidays(code)
    except NotImplementedError:
        return frozenset()

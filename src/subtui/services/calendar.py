"""The business calendar of the account: the public holidays of its country, and the days of its own list."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from subtui.domain.errors import WrongInput


class Calendar:
    """The days off of an account: `day in calendar`. The country's are looked up when a day is first asked for."""

    def __init__(self, country: str, own: Collection[date]) -> None:
        self._country, self._own = country, frozenset(own)

    def __contains__(self, day: object) -> bool:
        return day in self._own or day in _of_country(self._country)


def read_own(days: Iterable[str]) -> tuple[date, ...]:
    """The account's own days off, as stored."""
    return tuple(sorted(date.fromisoformat(day) for day in days))


def require_country(code: str) -> str:
    """The code of a country whose holidays are known. Raises WrongInput."""
    import holidays  # noqa: PLC0415

    wanted = code.strip().upper()
    if wanted not in holidays.list_supported_countries(include_aliases=False):
        raise WrongInput(f"“{code[:10]}” is not a supported country code: enter two letters, such as US.")
    return wanted


@cache
def _of_country(code: str) -> Any:
    # Half a second to load and to fill: only whoever needs an answer's day pays for it.
    import holidays  # noqa: PLC0415

    try:
        return holidays.country_holidays(code)
    except NotImplementedError:
        return frozenset()

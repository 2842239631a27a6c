"""Amounts of money: integer minor units with their currency, never a float, so that every sum adds up exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps

MAX_DIGITS = 15

_EXCEPTIONS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
UNUSUAL_DECIMALS = {code: decimals for decimals, codes in _EXCEPTIONS.items() for code in codes.split()}
"""The number of decimals of the currencies that do not have two."""
_SYMBOLS = {"$": "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP", "€": "EUR", "£": "GBP", "¥": "JPY CNY"}
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
# The number is read loosely here, so that a wrong grouping or too many decimals get a sentence of their own.
_AMOUNT = re.compile(
    r"(?:(?P<before>[A-Za-z]{3})[ \u00a0]?)?"
    r"(?P<outer>[+-])?(?P<symbol>[$€£¥])?(?P<inner>[+-])?"
    r"(?P<whole>[0-9][0-9,]*)(?:\.(?P<fraction>[0-9]+))?"
    r"(?:[ \u00a0]?(?P<after>[A-Za-z]{3}))?"
)


class CurrencyMismatchError(TypeError):
    """Two amounts of different currencies were added, subtracted or compared."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"Amounts in {one} and {other} cannot be added or compared: convert one of them first.")


def minor_units(currency: str) -> int:
    """The number of decimals of a currency, after ISO 4217 (USD 2, JPY 0, KWD 3).

    Codes that are not among the exceptions have 2. Raises ValueError if the code is not three capital letters.
    """
    if not _CODE.fullmatch(currency):
        raise ValueError("A currency is a code of three capital letters, such as USD.")
    return UNUSUAL_DECIMALS.get(currency, 2)


def _ordered_within_a_currency(cls: type[Money]) -> type[Money]:
    # A dataclass refuses hand-written comparisons beside order=True, and its own would put 1 JPY below 2 USD.
    for name in ("__lt__", "__le__", "__gt__", "__ge__"):
        setattr(cls, name, _guarded(getattr(cls, name)))
    return cls


def _guarded(compare: Callable[[Money, object], bool]) -> Callable[[Money, object], bool]:
    @wraps(compare)
    def within_a_currency(self: Money, other: object) -> bool:
        if isinstance(other, Money):
            self._check_same_currency(other)
        return compare(self, other)

    return within_a_currency


@_ordered_within_a_currency
@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount: `minor` counts the currency's smallest unit (cents for USD), `currency` is an ISO 4217 code.

    Equality compares both fields. Adding or ordering amounts of different currencies raises CurrencyMismatchError
    (a TypeError). Raises TypeError if `minor` is not an int, ValueError if the code is not three capital letters.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("An amount is a whole number of minor units.")
        minor_units(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read an amount that a user typed: `1234.5`, `1,234.50`, `-$5`, `49.00 USD`, `USD 49.00`.

        The decimal sign is the point and commas group by three. A code or symbol must be the currency's own. Raises
        ValueError, worded for the user, for any other text: more decimals than the currency has, exponents,
        underscores, digits other than 0-9, more than 15 digits.
        """
        decimals = minor_units(currency)
        written = text.strip()
        if not written:
            raise ValueError(f"Enter an amount in {currency}, such as {_example(currency)}.")
        found = _AMOUNT.fullmatch(written)
        if found is None or (found["outer"] and found["inner"]) or (found["before"] and found["after"]):
            raise ValueError(f"This is not an amount in {currency}: write it like {_example(currency)}.")
        _check_names(found, currency)
        fraction = found["fraction"] or ""
        digits = _ungrouped(found["whole"], currency) + fraction
        if len(digits) > MAX_DIGITS:
            raise ValueError(f"This amount is too large: it can have at most {MAX_DIGITS} digits.")
        if len(fraction) > decimals:
            raise ValueError(
                f"An amount in {currency} has {_decimals_words(decimals)}: write it like {_example(currency)}."
            )
        minor = int(digits) * 10 ** (decimals - len(fraction))
        return cls(-minor if "-" in (found["outer"], found["inner"]) else minor, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Zero, in the given currency."""
        return cls(0, currency)

    @property
    def is_zero(self) -> bool:
        """Whether the amount is exactly zero."""
        return self.minor == 0

    def format(self, locale: str = "en_US") -> str:
        """The amount, a space and the ISO code: `1,234.50 USD`; `1.234,50 EUR` in de_DE.

        `parse` reads the default locale back. The decimal and group signs of other locales are those of the Unicode
        CLDR; groups are always of three. Raises ValueError for an unknown locale.
        """
        return f"{self.format_amount(locale)} {self.currency}"

    def format_amount(self, locale: str = "en_US") -> str:
        """The amount without its currency, for columns that say it elsewhere. Raises ValueError as `format` does."""
        point, comma = _signs(locale)
        decimals = minor_units(self.currency)
        whole, fraction = divmod(abs(self.minor), 10**decimals)
        sign = "-" if self.minor < 0 else ""
        grouped = f"{whole:,}".replace(",", comma)
        return f"{sign}{grouped}{point}{fraction:0{decimals}d}" if decimals else f"{sign}{grouped}"

    def times(self, quantity: int) -> Money:
        """The amount times a quantity. Raises TypeError if the quantity is not a whole number."""
        return Money(self.minor * quantity, self.currency)

    def share(self, numerator: int, denominator: int) -> Money:
        """The fraction numerator/denominator of the amount, rounded half-up, ties away from zero.

        Exact before the rounding: the ratio itself is never rounded. Raises ValueError if the denominator is 0.
        """
        if denominator == 0:
            raise ValueError("An amount cannot be divided by zero.")
        exact = self.minor * numerator
        size, sign = abs(denominator), -1 if (exact < 0) != (denominator < 0) else 1
        return Money(sign * ((2 * abs(exact) + size) // (2 * size)), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split the amount in proportion to the weights; the parts add up to it exactly.

        Minor units left over go to the largest remainders, the earlier part first; a weight of 0 gets nothing.
        Raises ValueError if a weight is negative or all are 0.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("An amount is split by weights of zero or more, at least one of them above zero.")
        sign, size = (-1 if self.minor < 0 else 1), abs(self.minor)
        parts = [size * weight // total for weight in weights]
        by_remainder = sorted(range(len(parts)), key=lambda part: -(size * weights[part] % total))
        for part in by_remainder[: size - sum(parts)]:
            parts[part] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._check_same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        self._check_same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def _check_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)


def _check_names(found: re.Match[str], currency: str) -> None:
    code, symbol = found["before"] or found["after"], found["symbol"]
    if code and code.upper() != currency:
        raise ValueError(f"This amount must be in {currency}, not in {code.upper()}.")
    if symbol and currency not in _SYMBOLS[symbol].split():
        raise ValueError(f"This amount must be in {currency}, and {symbol} is another currency's sign.")


def _ungrouped(whole: str, currency: str) -> str:
    if "," not in whole:
        return whole
    if not _GROUPED.fullmatch(whole):
        raise ValueError(
            f"Commas stand between groups of three digits and a point before the decimals: {_example(currency)}."
        )
    return whole.replace(",", "")


def _decimals_words(decimals: int) -> str:
    return f"at most {decimals} decimals" if decimals else "no decimals"


def _example(currency: str) -> str:
    return Money(12345 * 10 ** minor_units(currency) // 10, currency).format_amount()


@lru_cache(maxsize=32)
def _signs(locale: str) -> tuple[str, str]:
    if locale == "en_US":
        return ".", ","
    # Babel takes longer to import than the rest of this module, and most users keep the default locale.
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415

    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError("This locale is not known: use a name such as en_US or de_DE.") from error
    return get_decimal_symbol(known, numbering_system="latn"), get_group_symbol(known, numbering_system="latn")

"""Amounts as Keap writes them: `$1,234.50`, `AUD 12.00`, `-AUD 5.00`, `(5.00)`, `49.0000`, and the numbers of REST.

Nothing is rounded or guessed: a text that could mean two amounts is refused.
"""

import re
from decimal import Decimal
from functools import lru_cache

from subtui.domain.money import Money, minor_units
from subtui.keap.currencies import OPEN_SIGNS, SIGNS, could_be, known_code, of_sign

LARGEST = 2**63 - 1
"""The largest absolute amount in minor units: the range of a 64-bit database column."""

MAX_LENGTH = 64

_NOTHING = frozenset(("", "N/A", "NA", "-"))
_NOT_AN_AMOUNT = "is not an amount"
# The most frequent form by far: a plain number, with or without a dollar sign.
_SIMPLE = re.compile(r"(?P<minus>-?)(?P<dollar>\$?)(?P<whole>[0-9]{1,15})(?:\.(?P<fraction>[0-9]{1,2}))?")
_TOKEN = re.compile(
    r"(?P<number>[0-9][0-9.,]*|\.[0-9]+)|(?P<sign>" + "|".join(map(re.escape, SIGNS)) + r")|(?P<code>[A-Za-z]{3})"
    r"|(?P<mark>[-+()])|(?P<blank> +)"
)
# The signs that may surround the number (`0`) once blanks and names of currencies are removed.
_FRAMES = {"0": 1, "+0": 1, "-0": -1, "(0)": -1}
_BARE = re.compile(r"[\s0-9.,()+\-−]*")
_GROUPED = {sign: re.compile(rf"[1-9][0-9]{{0,2}}(\{sign}[0-9]{{3}})+") for sign in ".,"}


def amount(text: str, currency: str) -> Money | None:
    """Read an amount in major units; None for an empty cell, `N/A` and `-`.

    A code or a sign in the text wins over `currency`, the account's own; `$` means `currency` if that is written with
    a dollar sign, else USD. Parentheses mean a negative amount. The decimal sign is the point, or a comma where it can
    only be that (`1,50`, `1.234,50`). Raises ValueError for a currency unknown to ISO 4217, for decimals beyond the
    currency's own other than zeros, for `1.000`, which could be one or a thousand, for more minor units than a signed
    integer of 64 bits holds, and for anything else.
    """
    return _amount(text, currency)


@lru_cache(maxsize=4096)
def names_currency(text: str, currency: str) -> bool:
    """Whether a text says which currency its amount is in, to an account that uses `currency`.

    A sign of several currencies, such as `¥`, says so only where the account uses one of them.
    """
    if _BARE.fullmatch(text):
        return False
    return not any(sign in text and not could_be(sign, currency) for sign in OPEN_SIGNS)


@lru_cache(maxsize=4096)
def _amount(text: str, currency: str) -> Money | None:
    simple = _SIMPLE.fullmatch(text)
    if simple:
        unit = of_sign("$", currency) if simple["dollar"] else currency
        return _money(simple["minus"] == "-", simple["whole"], simple["fraction"] or "", known_code(unit))
    written = re.sub(r"\s", " ", text).replace("−", "-").strip()
    if written.upper() in _NOTHING:
        return None
    frame, number, unit = _taken_apart(written, currency)
    if frame not in _FRAMES:
        raise ValueError(_NOT_AN_AMOUNT)
    whole, fraction = _parts(number, minor_units(unit))
    return _money(_FRAMES[frame] < 0, whole, fraction, unit)


def amount_of(number: int | Decimal, currency: str) -> Money:
    """A JSON number in major units as an amount. Raises ValueError as `amount` does, and for floats, NaN, infinity."""
    if type(number) is int:
        number = Decimal(number)
    if not isinstance(number, Decimal) or not number.is_finite():
        raise ValueError(_NOT_AN_AMOUNT)
    unit = known_code(currency)
    if not number:
        return Money.zero(unit)
    # Looked at before anything is multiplied: 1E+999999 would fill the memory.
    if number.adjusted() > len(str(LARGEST)):
        raise _too_large()
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  # it is a letter for NaN and infinity only
    shift = exponent + minor_units(unit)
    kept, lost = (digits, ()) if shift >= 0 else (digits[:shift], digits[shift:])
    if any(lost):
        raise _too_many_decimals(unit)
    minor = int("".join(map(str, kept)) or "0") * 10 ** max(shift, 0)
    return _checked(-minor if sign else minor, unit)


def minor_of(value: object) -> Money:
    """Read a CurrencyValue of REST v2: `{"amount": 4900, "currency_code": "USD"}`, a whole number of minor units.

    Raises ValueError if it is no such object, or a part is missing or of another kind.
    """
    if not isinstance(value, dict):
        raise ValueError("is not an amount with a currency")
    minor, code = value.get("amount"), value.get("currency_code")
    if type(minor) is not int:
        raise ValueError("does not give the amount in whole minor units")
    if not isinstance(code, str):
        raise ValueError("has no currency")
    return _checked(minor, known_code(code))


def _taken_apart(written: str, currency: str) -> tuple[str, str, str]:
    """The frame around the number (see `_FRAMES`), the number, and the currency that it is in."""
    if len(written) > MAX_LENGTH:
        raise ValueError(_NOT_AN_AMOUNT)
    frame, number, signs, codes, place = "", "", [], [], 0
    while place < len(written):
        token = _TOKEN.match(written, place)
        if token is None:
            raise ValueError(_NOT_AN_AMOUNT)
        place, kind, part = token.end(), token.lastgroup, token.group()
        if kind == "number":
            frame, number = frame + "0", part
        elif kind == "mark":
            frame += part
        elif kind == "sign":
            signs.append(part)
        elif kind == "code":
            codes.append(part)
    if "0" not in frame:
        raise ValueError(_NOT_AN_AMOUNT)
    if len(codes) > 1 or len(signs) > 1:
        raise ValueError("names more than one currency")
    if not codes:
        return frame, number, known_code(of_sign(signs[0], currency) if signs else currency)
    unit = known_code(codes[0])
    if signs and not could_be(signs[0], unit):
        raise ValueError("names more than one currency")
    return frame, number, unit


def _parts(number: str, decimals: int) -> tuple[str, str]:
    """The digits before and after the decimal sign."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        # The last of them is the decimal sign, and the others stand between groups.
        decimal = "." if number.rindex(".") > number.rindex(",") else ","
        whole, _, fraction = number.rpartition(decimal)
        return _ungrouped(whole, "," if decimal == "." else "."), _some_digits(fraction)
    if points > 1 or commas > 1:
        return _ungrouped(number, "." if points else ","), ""
    if points:
        whole, _, fraction = number.partition(".")
        # The way in which most of Europe writes a thousand; 0.000 and 1000.000 are no way to write one.
        if decimals != 3 and fraction == "000" and _GROUPED["."].fullmatch(number):
            raise ValueError(f"could be {whole} or {whole},000")
        return whole or "0", _some_digits(fraction)
    if commas:
        whole, _, fraction = number.partition(",")
        if len(fraction) == 3 and whole != "0":
            return _ungrouped(number, ","), ""
        return whole, _some_digits(fraction)
    return number, ""


def _ungrouped(number: str, sign: str) -> str:
    if not _GROUPED[sign].fullmatch(number):
        name = "commas" if sign == "," else "points"
        raise ValueError(f"is not an amount: its {name} do not separate groups of three digits")
    return number.replace(sign, "")


def _some_digits(fraction: str) -> str:
    if not fraction:
        raise ValueError(_NOT_AN_AMOUNT)
    return fraction


def _money(negative: bool, whole: str, fraction: str, unit: str) -> Money:
    decimals = minor_units(unit)
    if fraction[decimals:].strip("0"):
        raise _too_many_decimals(unit)
    minor = int(whole + fraction[:decimals].ljust(decimals, "0"))
    return _checked(-minor if negative else minor, unit)


def _checked(minor: int, unit: str) -> Money:
    if abs(minor) > LARGEST:
        raise _too_large()
    return Money(minor, unit)


def _too_large() -> ValueError:
    return ValueError("is too large")


def _too_many_decimals(unit: str) -> ValueError:
    decimals = minor_units(unit)
    return ValueError(f"has more decimals than {unit}, which has {decimals or 'none'}")

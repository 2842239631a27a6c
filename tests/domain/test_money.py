"""Amounts: what a person may type, how they read, and that nothing is ever lost in adding or splitting them."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtui.domain.money import MAX_DIGITS, CurrencyMismatchError, Money, minor_units

CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF")
amounts = st.builds(Money, st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1), st.sampled_from(CURRENCIES))


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("USD", 2), ("EUR", 2), ("MGA", 2), ("JPY", 0), ("ISK", 0), ("UYI", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_decimals_are_those_of_iso_4217(currency: str, decimals: int) -> None:
    assert minor_units(currency) == decimals


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", "", "U$D", "ÜSD", "USD\n"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, currency)


@pytest.mark.parametrize("minor", [True, 1.0, "1", None])
def test_minor_units_are_whole_numbers(minor: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.5", "USD", 123450),
        ("1,234.50", "USD", 123450),
        ("1,234,567", "USD", 123456700),
        ("0", "USD", 0),
        ("-0", "USD", 0),
        ("+5", "USD", 500),
        ("-5.05", "USD", -505),
        (" 49.00 ", "USD", 4900),
        ("49.00 USD", "USD", 4900),
        ("USD 49.00", "USD", 4900),
        ("49usd", "USD", 4900),
        ("USD -49.00", "USD", -4900),
        ("49.00\u00a0USD", "USD", 4900),
        ("$49", "USD", 4900),
        ("$49", "CAD", 4900),
        ("-$49.00", "USD", -4900),
        ("$-49.00", "NZD", -4900),
        ("€49.00", "EUR", 4900),
        ("£49.00", "GBP", 4900),
        ("¥1,000", "JPY", 1000),
        ("1.5", "KWD", 1500),
        ("1.2345", "CLF", 12345),
        ("999999999999999", "USD", 99999999999999900),
    ],
)
def test_reads_what_a_person_types(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("", "USD", "Enter an amount in USD, such as 1,234.50."),
        ("   ", "JPY", "Enter an amount in JPY, such as 1,234."),
        ("1e5", "USD", "This is not an amount in USD: write it like 1,234.50."),
        ("1_000", "USD", "This is not an amount in USD"),
        ("nan", "USD", "This is not an amount in USD"),
        ("inf", "USD", "This is not an amount in USD"),
        ("-Infinity", "USD", "This is not an amount in USD"),
        ("0x10", "USD", "This is not an amount in USD"),
        ("١٢", "USD", "This is not an amount in USD"),
        ("\uff11\uff12", "USD", "This is not an amount in USD"),
        ("+-5", "USD", "This is not an amount in USD"),
        ("-$-5", "USD", "This is not an amount in USD"),
        ("5 5", "USD", "This is not an amount in USD"),
        ("5.", "USD", "This is not an amount in USD"),
        (".5", "USD", "This is not an amount in USD"),
        ("1.234,50", "EUR", "This is not an amount in EUR"),
        ("USD 5 USD", "USD", "This is not an amount in USD"),
        ("5\nUSD", "USD", "This is not an amount in USD"),
        ("12.345", "USD", "An amount in USD has at most 2 decimals"),
        ("12.340", "USD", "An amount in USD has at most 2 decimals"),
        ("10.5", "JPY", "An amount in JPY has no decimals: write it like 1,234."),
        ("1,23", "USD", "Commas stand between groups of three digits"),
        ("12,34.5", "USD", "Commas stand between groups of three digits"),
        ("1234,567", "USD", "Commas stand between groups of three digits"),
        ("0,123", "USD", "Commas stand between groups of three digits"),
        ("1,", "USD", "Commas stand between groups of three digits"),
        ("5 EUR", "USD", "This amount must be in USD, not in EUR."),
        ("eur 5", "USD", "This amount must be in USD, not in EUR."),
        ("€5", "USD", "This amount must be in USD, and € is another currency's sign."),
        ("$5", "EUR", "This amount must be in EUR, and $ is another currency's sign."),
        ("1234567890123456", "JPY", "at most 15 digits"),
        ("12345678901234.56", "USD", "at most 15 digits"),
        ("9" * 100_000, "USD", "at most 15 digits"),
    ],
)
def test_refuses_in_a_sentence(text: str, currency: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        Money.parse(text, currency)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("money", "locale", "written"),
    [
        (Money(123450, "USD"), "en_US", "1,234.50 USD"),
        (Money(-123450, "USD"), "en_US", "-1,234.50 USD"),
        (Money(-5, "USD"), "en_US", "-0.05 USD"),
        (Money(1234567, "JPY"), "en_US", "1,234,567 JPY"),
        (Money(1234567, "KWD"), "en_US", "1,234.567 KWD"),
        (Money(123450, "EUR"), "de_DE", "1.234,50 EUR"),
        (Money(123450, "EUR"), "de-DE", "1.234,50 EUR"),
        (Money(123450, "EUR"), "fr_FR", "1\u202f234,50 EUR"),
        (Money(123450, "CHF"), "de_CH", "1’234.50 CHF"),
        (Money(123450, "EGP"), "ar_EG", "1,234.50 EGP"),
    ],
)
def test_writes_the_amount_and_the_code(money: Money, locale: str, written: str) -> None:
    assert money.format(locale) == written
    assert f"{money.format_amount(locale)} {money.currency}" == written


@pytest.mark.parametrize("locale", ["xx_YY", "", "../de", "de\0DE"])
def test_refuses_an_unknown_locale(locale: str) -> None:
    with pytest.raises(ValueError, match="This locale is not known"):
        Money(1, "USD").format(locale)


def test_the_default_locale_needs_no_library() -> None:
    program = (
        "import sys; from subtui.domain.money import Money; Money(1, 'USD').format(); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@settings(deadline=None)
@given(amounts)
def test_reads_back_what_it_writes(money: Money) -> None:
    assert Money.parse(money.format(), money.currency) == money
    assert Money.parse(money.format_amount(), money.currency) == money


@settings(deadline=None)
@given(st.text(max_size=30) | st.text("0123456789.,+-$€ USDe_", max_size=12), st.sampled_from(CURRENCIES))
def test_any_text_is_an_amount_or_a_value_error(text: str, currency: str) -> None:
    try:
        found = Money.parse(text, currency)
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = "."
        assert Money.parse(found.format(), currency) == found
    assert refusal.endswith(".")


def test_adds_subtracts_and_multiplies() -> None:
    price = Money(4900, "USD")
    assert price + Money(100, "USD") == Money(5000, "USD")
    assert price - Money(5000, "USD") == Money(-100, "USD")
    assert -price == Money(-4900, "USD")
    assert price.times(3) == Money(14700, "USD")
    assert (price - price) == Money.zero("USD")
    assert (price - price).is_zero
    assert not price.is_zero


@pytest.mark.parametrize("quantity", [1.5, "2"])
def test_multiplies_by_whole_numbers_only(quantity: object) -> None:
    with pytest.raises(TypeError):
        Money(4900, "USD").times(quantity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "mix",
    [
        lambda one, other: one + other,
        lambda one, other: one - other,
        lambda one, other: one < other,
        lambda one, other: one <= other,
        lambda one, other: one > other,
        lambda one, other: one >= other,
        max,
    ],
)
def test_two_currencies_do_not_mix(mix: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyMismatchError, match="cannot be added or compared"):
        mix(Money(1, "USD"), Money(2, "JPY"))
    assert Money(1, "USD") != Money(1, "JPY")


def test_amounts_of_one_currency_have_an_order() -> None:
    small, large = Money(-1, "USD"), Money(2, "USD")
    assert small < large
    assert small <= large
    assert large > small
    assert large >= large  # noqa: PLR0124
    assert sorted([large, small]) == [small, large]


@pytest.mark.parametrize("mix", [lambda money: money + 1, lambda money: money - 1, lambda money: money < 1])
def test_a_bare_number_is_no_amount(mix: Callable[[Money], object]) -> None:
    with pytest.raises(TypeError):
        mix(Money(1, "USD"))


@pytest.mark.parametrize(
    ("minor", "numerator", "denominator", "share"),
    [
        (1000, 1, 3, 333),
        (1000, 2, 3, 667),
        (5, 1, 2, 3),
        (-5, 1, 2, -3),
        (5, -1, 2, -3),
        (5, 1, -2, -3),
        (-5, 1, -2, 3),
        (15, 1, 10, 2),
        (14, 1, 10, 1),
        (0, 1, 7, 0),
        (4900, 31, 31, 4900),
    ],
)
def test_a_share_is_rounded_half_up_away_from_zero(minor: int, numerator: int, denominator: int, share: int) -> None:
    assert Money(minor, "USD").share(numerator, denominator) == Money(share, "USD")


def test_a_share_of_no_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="divided by zero"):
        Money(1, "USD").share(1, 0)


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (100, [0, 1, 2], [0, 33, 67]),
        (1, [5, 5], [1, 0]),
        (0, [1, 2], [0, 0]),
        (4999, [1], [4999]),
    ],
)
def test_splits_by_weight(minor: int, weights: list[int], parts: list[int]) -> None:
    assert Money(minor, "USD").allocate(weights) == [Money(part, "USD") for part in parts]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_refuses_weights_that_split_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights of zero or more"):
        Money(1, "USD").allocate(weights)


@settings(deadline=None)
@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_the_parts_add_up_to_the_whole(money: Money, weights: list[int]) -> None:
    parts = money.allocate(weights)
    assert sum((part.minor for part in parts), 0) == money.minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - money.minor * weight) < sum(weights)

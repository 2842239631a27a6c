"""Amounts: every form of Keap's files, and that what could mean two amounts is refused."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.money import Money, minor_units
from subtui.keap.amounts import LARGEST, amount, amount_of, minor_of

CURRENCIES = ("USD", "EUR", "JPY", "KWD", "CLF")
moneys = st.builds(Money, st.integers(-LARGEST, LARGEST), st.sampled_from(CURRENCIES))
signs = {"USD": "$", "EUR": "€", "JPY": "¥"}


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "N/A", "n/a", "NA", "na", "-", " N/A "])
def test_no_amount_at_all(text: str) -> None:
    assert amount(text, "USD") is None


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("49", 4900),
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("$1,234.50", 123450),
        ("$1,234,567", 123456700),
        ("49.0000", 4900),
        ("49.5000000", 4950),
        ("0", 0),
        ("-0.00", 0),
        ("0.000", 0),
        (".50", 50),
        ("007.10", 710),
        ("-5", -500),
        ("+5", 500),
        ("-$5.00", -500),
        ("$-5.00", -500),
        ("$ -5.00", -500),
        ("\u22125.00", -500),
        ("(5.00)", -500),
        ("($5.00)", -500),
        ("$(5.00)", -500),
        ("( 1,234.50 )", -123450),
        ("$\u00a05.00", 500),
        ("5.00 $", 500),
        ("US$5.00", 500),
        ("USD 5", 500),
        ("5 usd", 500),
        ("USD $5.00", 500),
        # A comma that can only be the decimal sign, and points that can only stand between groups.
        ("1,50", 150),
        ("1,5", 150),
        ("1234,50", 123450),
        ("0,500", 50),
        ("1.234,50", 123450),
        ("1.234.567,5", 123456750),
        ("1.234.567", 123456700),
        # A comma before three digits is the thousands of US files.
        ("1,234", 123400),
        ("1,234.500", 123450),
        ("1234.000", 123400),
    ],
)
def test_an_amount_in_the_accounts_currency(text: str, minor: int) -> None:
    assert amount(text, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("AUD 12.00", "USD", Money(1200, "AUD")),
        ("12.00 AUD", "USD", Money(1200, "AUD")),
        ("AUD12", "USD", Money(1200, "AUD")),
        ("-AUD 5.00", "USD", Money(-500, "AUD")),
        ("-AUD5.00", "USD", Money(-500, "AUD")),
        ("AUD -5.00", "USD", Money(-500, "AUD")),
        ("(AUD 5.00)", "USD", Money(-500, "AUD")),
        ("$5.00 AUD", "USD", Money(500, "AUD")),
        ("AUD $5.00", "EUR", Money(500, "AUD")),
        ("AUD\u00a05.00", "USD", Money(500, "AUD")),
        ("€ 5.00", "USD", Money(500, "EUR")),
        ("€\u00a01.234,50", "USD", Money(123450, "EUR")),
        ("5,00 €", "USD", Money(500, "EUR")),
        ("£5", "USD", Money(500, "GBP")),
        ("£5", "GIP", Money(500, "GIP")),
        ("A$5", "USD", Money(500, "AUD")),
        ("NZ$5", "AUD", Money(500, "NZD")),
        # `$` is the account's own dollar, or the one of the United States.
        ("$5", "AUD", Money(500, "AUD")),
        ("$5", "MXN", Money(500, "MXN")),
        ("$5", "EUR", Money(500, "USD")),
        ("¥500", "JPY", Money(500, "JPY")),
        ("¥5", "CNY", Money(500, "CNY")),
        ("C$5", "CAD", Money(500, "CAD")),
        ("500", "JPY", Money(500, "JPY")),
        ("500.00", "JPY", Money(500, "JPY")),
        ("1.5", "KWD", Money(1500, "KWD")),
        ("1.000", "KWD", Money(1000, "KWD")),
        ("1.2345", "CLF", Money(12345, "CLF")),
        # A currency in the text makes the account's own irrelevant, even one that is not known.
        ("12.00 AUD", "XXX", Money(1200, "AUD")),
        # Withdrawn by ISO 4217, but old orders are in it.
        ("HRK 75", "EUR", Money(7500, "HRK")),
    ],
)
def test_a_currency_in_the_text_wins(text: str, currency: str, expected: Money) -> None:
    assert amount(text, currency) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1e5", "is not an amount"),
        ("1_000", "is not an amount"),
        ("NaN", "is not an amount"),
        ("inf", "is not an amount"),
        ("--5", "is not an amount"),
        ("+-5", "is not an amount"),
        ("(-5)", "is not an amount"),
        ("-(5)", "is not an amount"),
        ("(5", "is not an amount"),
        ("5)", "is not an amount"),
        ("5-", "is not an amount"),
        ("5.", "is not an amount"),
        ("5,", "is not an amount"),
        (",5", "is not an amount"),
        ("$", "is not an amount"),
        ("USD", "is not an amount"),
        ("5 6", "is not an amount"),
        ("1 234", "is not an amount"),
        ("٥", "is not an amount"),
        ("free", "is not an amount"),
        pytest.param("0" * 5000, "is not an amount", id="5000 zeros"),
        ("1,23,456", "is not an amount: its commas do not separate groups of three digits"),
        ("1234,567", "is not an amount: its commas do not separate groups of three digits"),
        ("1,2.50", "is not an amount: its commas do not separate groups of three digits"),
        ("1.2.3", "is not an amount: its points do not separate groups of three digits"),
        ("12.34,50", "is not an amount: its points do not separate groups of three digits"),
        ("1.234", "has more decimals than USD, which has 2"),
        ("1.005", "has more decimals than USD, which has 2"),
        ("49.000000001", "has more decimals than USD, which has 2"),
        ("1,2345", "has more decimals than USD, which has 2"),
        ("1.5 JPY", "has more decimals than JPY, which has none"),
        # One, or a thousand as most of Europe writes it.
        ("1.000", "could be 1 or 1,000"),
        ("-$49.000", "could be 49 or 49,000"),
        ("12.000 JPY", "could be 12 or 12,000"),
        ("ABC 5", "has an unknown currency (ABC)"),
        ("5 XAU", "has an unknown currency (XAU)"),
        ("¥5", "has a currency sign that several currencies share (¥)"),
        ("£5 USD", "names more than one currency"),
        ("$5 EUR", "names more than one currency"),
        ("USD 5 USD", "names more than one currency"),
        ("$5$", "names more than one currency"),
        ("92233720368547758.08", "is too large"),
        ("9" * 60, "is too large"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        amount(text, "USD")


def test_an_account_in_no_known_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="has an unknown currency"):
        amount("5", "ZZZ")
    with pytest.raises(ValueError, match="has an unknown currency"):
        amount_of(5, "ZZZ")
    with pytest.raises(ValueError, match="has no currency"):
        amount("5", "")


def test_the_largest_amounts() -> None:
    assert amount("92,233,720,368,547,758.07", "USD") == Money(LARGEST, "USD")
    assert amount("-92233720368547758.07", "USD") == Money(-LARGEST, "USD")


@given(moneys)
def test_a_formatted_amount_reads_back(money: Money) -> None:
    bare = money.format_amount()
    positive = bare.removeprefix("-")
    code, other = money.currency, "GBP"
    assert amount(bare, code) == money
    for text in (f"{bare} {code}", f"{code} {bare}", f"{code}\u00a0{bare}"):
        assert amount(text, other) == money
    minus = "-" if money.minor < 0 else ""
    assert amount(f"{minus}{code} {positive}", other) == money
    if minus:
        assert amount(f"({positive})", code) == money
    if code in signs:
        assert amount(f"{minus}{signs[code]}{positive}", code) == money


@given(moneys)
def test_a_european_amount_reads_back_or_is_refused(money: Money) -> None:
    text = money.format_amount("de_DE")
    try:
        read = amount(text, money.currency)
    except ValueError:
        return
    # Three decimals behind a comma look like thousands of US files; all others can only be read one way.
    if minor_units(money.currency) != 3:
        assert read == money


@given(moneys)
def test_zeros_beyond_the_decimals_change_nothing(money: Money) -> None:
    decimals = minor_units(money.currency)
    text = money.format_amount().replace(",", "") + ("." if not decimals else "") + "0000"
    assert amount(text, money.currency) == money


@given(st.text("0123456789.,-+$€() AUDe_", max_size=14))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        found = amount(text, "USD")
    except ValueError as refused:
        reason = str(refused)
    else:
        assert found is None or abs(found.minor) <= LARGEST
        return
    assert reason.split(maxsplit=1)[0] in {"is", "has", "names", "could"}


@pytest.mark.parametrize(
    ("number", "currency", "minor"),
    [
        (49, "USD", 4900),
        (-5, "USD", -500),
        (0, "USD", 0),
        (500, "JPY", 500),
        (Decimal("123.34"), "USD", 12334),
        (Decimal("49.0000"), "USD", 4900),
        (Decimal("-0.00"), "USD", 0),
        (Decimal("1E+3"), "USD", 100000),
        (Decimal("0E-99999"), "USD", 0),
        (Decimal("1.234"), "KWD", 1234),
        (Decimal("0.05"), "USD", 5),
        (Decimal("92233720368547758.07"), "USD", LARGEST),
    ],
)
def test_json_numbers(number: int | Decimal, currency: str, minor: int) -> None:
    assert amount_of(number, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (True, "is not an amount"),
        (49.0, "is not an amount"),
        ("49", "is not an amount"),
        (Decimal("NaN"), "is not an amount"),
        (Decimal("-Infinity"), "is not an amount"),
        (Decimal("19.989999999999998"), "has more decimals"),
        (Decimal("0.001"), "has more decimals"),
        (Decimal("0.004"), "has more decimals"),
        (Decimal("1E-999999"), "has more decimals"),
        (Decimal("1E+999999"), "is too large"),
        pytest.param(10**6000, "is too large", id="6001 digits"),
        (Decimal("92233720368547758.08"), "is too large"),
    ],
)
def test_json_numbers_that_are_refused(number: object, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}"):
        amount_of(number, "USD")  # type: ignore[arg-type]


@given(moneys)
def test_json_numbers_read_back(money: Money) -> None:
    number = Decimal(money.format_amount().replace(",", ""))
    assert amount_of(number, money.currency) == money


def test_currency_values_of_rest() -> None:
    assert minor_of({"amount": 4900, "currency_code": "USD", "formatted_amount": "$49.00"}) == Money(4900, "USD")
    assert minor_of({"amount": -LARGEST, "currency_code": "JPY"}) == Money(-LARGEST, "JPY")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "is not an amount with a currency"),
        (4900, "is not an amount with a currency"),
        ([], "is not an amount with a currency"),
        ({}, "does not give the amount in whole minor units"),
        ({"currency_code": "USD"}, "does not give the amount in whole minor units"),
        ({"amount": 49.0, "currency_code": "USD"}, "does not give the amount in whole minor units"),
        ({"amount": "4900", "currency_code": "USD"}, "does not give the amount in whole minor units"),
        ({"amount": True, "currency_code": "USD"}, "does not give the amount in whole minor units"),
        ({"amount": 4900}, "has no currency"),
        ({"amount": 4900, "currency_code": None}, "has no currency"),
        ({"amount": 4900, "currency_code": ""}, "has no currency"),
        ({"amount": 4900, "currency_code": "ZZZ"}, "has an unknown currency (ZZZ)"),
        ({"amount": LARGEST + 1, "currency_code": "USD"}, "is too large"),
    ],
)
def test_currency_values_that_are_refused(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        minor_of(value)

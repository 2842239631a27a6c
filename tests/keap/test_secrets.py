"""Secrets: the columns that are never imported, and card numbers in notes, whatever the separators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap.secrets import card_numbers, is_secret_column, without_card_numbers


@pytest.mark.parametrize(
    "name",
    [
        "Password",
        "password",
        "PASSWORD",
        " Password ",
        "Pass Word",
        "_Password",
        "_MemberPassword0",
        "userpassword",
        "PWD",
        "SSN",
        "ssn",
        "S.S.N.",
        "Last 4 SSN",
        "Last4SSN",
        "_SSN1",
        "SS#",
        "Social Security",
        "Social Security Number",
        "SOCIAL_SECURITY_NUMBER",
        "socialsecuritynumber",
        "CardNumber",
        "Card Number",
        "card_number",
        "card-number",
        "cardnumber",
        "Card Numbers",
        "Card #",
        "Card No.",
        "Credit Card Number",
        "creditcardnumber",
        "_CreditCardNumber",
        "CC Number",
        "CCNumber",
        "cc_num",
        "CC#",
        "CVV",
        "CVV2",
        "cvv2",
        "_CVVCode",
        "CVC",
        "CVC 2",
        "Card Security Code",
        "Card Verification Value",
        "PIN",
        "Pin",
        "_PIN",
        "PINs",
        "PIN Code",
        "User PIN",
    ],
)
def test_secret_columns(name: str) -> None:
    assert is_secret_column(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Username",
        "User Name",
        "Last 4",
        "Last4",
        "Card Last 4",
        "Last 4 of Card Number",
        "Card Number (last four)",
        "Card Type",
        "CardType",
        "Credit Card Id",
        "CreditCardId",
        "CC1",
        "NameOnCard",
        "Credit Card",
        "Expiration Month",
        "Pinterest",
        "Shipping",
        "Country (Shipping)",
        "Spin Class",
        "classname",
        "Passport Name",
        "Card Notes",
        "CC Notes",
        "Phone 1",
        "Postal Code",
        "Promo Code",
        "Number of Cards",
        "Invoice Number",
    ],
)
def test_columns_that_are_no_secret(name: str) -> None:
    assert not is_secret_column(name)


def with_check_digit(digits: str) -> str:
    """The digits and the one that makes them pass Luhn's test, counted the plain way."""
    for last in "0123456789":
        total = 0
        for place, digit in enumerate(reversed(digits + last)):
            doubled = int(digit) * (2 if place % 2 else 1)
            total += doubled // 10 + doubled % 10
        if total % 10 == 0:
            return digits + last
    raise AssertionError("One of ten digits passes.")


LENGTHS = {"34": 15, "37": 15, "4": 16, "51": 16, "55": 16, "2221": 16, "2720": 16, "36": 14, "38": 14, "300": 14}
LENGTHS |= {"3528": 16, "6011": 16, "62": 19, "65": 16, "50": 16, "67": 18}


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(sorted(LENGTHS)))
    missing = LENGTHS[prefix] - 1 - len(prefix)
    return with_check_digit(prefix + draw(st.text("0123456789", min_size=missing, max_size=missing)))


@given(cards(), st.data())
def test_card_numbers_are_masked_whatever_the_separators(card: str, data: st.DataObject) -> None:
    gap = st.sampled_from(("", "", " ", "-", "\u00a0", "\u202f", "\u2009", "–", "—", "\u2212"))
    gaps = st.lists(gap, min_size=len(card) - 1, max_size=len(card) - 1)
    written = "".join(digit + gap for digit, gap in zip(card, [*data.draw(gaps), ""], strict=True))
    assert without_card_numbers(f"Card: {written}, thanks") == f"Card: ···· {card[-4:]}, thanks"
    assert card_numbers(written) == [(0, len(written))]


@given(cards(), st.sampled_from(("12", "12 27", "123", "1", "85001-1234")))
def test_numbers_beside_a_printed_card_do_not_hide_it(card: str, beside: str) -> None:
    assert card not in without_card_numbers(f"{card} {beside}")
    assert card not in without_card_numbers(f"{beside} {card}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4242424242424242", "···· 4242"),
        ("paid with 4242 4242 4242 4242 12 27 123", "paid with ···· 4242 12 27 123"),
        ("order 12 4242-4242-4242-4242.", "order 12 ···· 4242."),
        ("4242 4242 4242 4242 5555 5555 5555 4444", "···· 4242 ···· 4444"),
        ("3782 822463 10005", "···· 0005"),
        ("30569309025904", "···· 5904"),
        ("6304000000000000 x", "···· 0000 x"),
        ("card4111111111111111exp", "card···· 1111exp"),
        # Visa's old length, only as such cards were printed.
        ("4222222222222", "···· 2222"),
        ("4222 222 222 222", "···· 2222"),
        ("line one\n4242424242424242\nline three", "line one\n···· 4242\nline three"),
        ("+1 602 555 0142 4242 4242 4242 4242", "+1 602 555 0142 ···· 4242"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert without_card_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Smith",
        "4242 4242 4242",
        "4242424242424241",
        "42424242424242424242424242424242",
        "14242424242424242 42424242424242420",
        "4242  4242  4242  4242",
        "4242.4242.4242.4242",
        "42 22 222 222 222",
        # Passes Luhn's test, but no issuer has it.
        "1000000000000008",
        "9999999999999995",
        # Too short or too long for its issuer.
        with_check_digit("37000000000000" + "0"),
        with_check_digit("6200000000000"),
        with_check_digit("5100000000000"),
        "+4242424242424242",
        "+49 30 23125018",
        "+(49) 30 2312501800",
        "+ 4222222222222",
        "0049 30 23125018",
        "602-555-0142 480-555-0199",
        "2025-01-15 07:00:00",
    ],
)
def test_not_a_card_number(text: str) -> None:
    assert card_numbers(text) == []
    assert without_card_numbers(text) == text


@given(st.text("0123456789 -+a", max_size=60))
def test_what_is_masked_lies_in_order_and_has_the_length_of_a_card(text: str) -> None:
    place = 0
    for start, end in card_numbers(text):
        assert place <= start < end
        assert 13 <= sum(mark.isdigit() for mark in text[start:end]) <= 19
        place = end

"""Cells: no formula leaves in a file, everything comes back, and nothing unprintable is stored."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.cells import clean, guarded, unguarded


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x.example")',
        "=1+1",
        "+1+1",
        "-1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1",
        "\tplain",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        "-",
        "- call back",
        "-AUD 5.00",
        "+10d",
        "-5.00\n=1",
        "+1 602 555-0142 ext 4",
        # A spreadsheet subtracts here.
        "+1-602-555-0142",
        "+1 -602-555-0142",
        "-1e5",
        "'=1+1",
        "''@x",
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(f"'{text}") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna",
        "a=b",
        "'quoted'",
        "'",
        "-5.00",
        "+5",
        "-1,234.50",
        "-.5",
        " -5.00 ",
        "'-5.00",
        "+16025550142",
        "+1 602 555-0142",
        "+1 (602) 555-0142",
        "+49 (0)30 2312-5018",
        "1-602-555-0142",
        "(602) 555-0142",
        "$5.00",
    ],
)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


risky_texts = st.text(st.sampled_from("'=+-@\t\r\n 15.,(a＝"), max_size=12)


@given(st.text() | risky_texts)
def test_every_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text() | risky_texts)
def test_a_guard_is_added_once_at_most_and_suffices(text: str) -> None:
    cell = guarded(text)
    assert cell in (text, f"'{text}")
    if cell[:1] in ("=", "@", "\t", "\r"):
        pytest.fail("A formula got out.")
    if cell[:1] in ("+", "-"):
        assert not set(cell) - set("+-0123456789.,() ")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("Anna", "Anna"),
        ("  Anna ", "Anna"),
        ("\u00a0Anna\u2003", "Anna"),
        ("one\r\ntwo\r\n", "one\ntwo"),
        ("a\tb", "a\tb"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_text_for_storage(text: str, stored: str) -> None:
    assert clean(text) == stored


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "a\rb", "\x1b[31m", "\x7f", "a\x85", "\x9b31m", "\x1fa", "é\x08"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^contains control characters$"):
        clean(text)


@pytest.mark.parametrize("text", ["\ud83d", "a\udc00b"])
def test_surrogates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^contains broken characters$"):
        clean(text)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_stored_text_is_composed_trimmed_and_stays_so(text: str) -> None:
    stored = clean(text)
    assert unicodedata.is_normalized("NFC", stored)
    assert stored == stored.strip()
    assert clean(stored) == stored

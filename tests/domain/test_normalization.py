"""How text is compared in a search: case, accents, strokes, apostrophes and phone formats do not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.normalization import digits, is_phone_like, normalize, phone_forms, words


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("López", "lopez"),
        ("LÓPEZ", "lopez"),
        ("Lo\u0301pez", "lopez"),
        ("Zoë van der Berg", "zoe van der berg"),
        ("Søren Ørsted-Lind", "soren orsted-lind"),
        ("Łukasz Wójcik", "lukasz wojcik"),
        ("Đặng", "dang"),
        ("Müge Yıldırım", "muge yildirim"),
        ("Straße", "strasse"),
        ("Æbelø", "aebelo"),
        ("Œuvre", "oeuvre"),
        ("Þór", "thor"),
        ("Nguyễn Thị Hoa", "nguyen thi hoa"),
        ("Ａｎｎａ", "anna"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("d`Aubigné", "daubigne"),
        ("O´Hara", "ohara"),
        ("陈伟", "陈伟"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
        ("[/b] Holdings", "[/b] holdings"),
        ("", ""),
    ],
)
def test_fold(stored: str, typed: str) -> None:
    assert normalize(stored) == typed


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_comes_to_rest(text: str) -> None:
    assert normalize(normalize(normalize(text))) == normalize(normalize(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("López, María", ("lopez", "maria")),
        ("  maria   LOPEZ ", ("maria", "lopez")),
        ("maria,lopez", ("maria", "lopez")),
        (" , , ", ()),
        ("", ()),
        ("山田 花子", ("山田", "花子")),
    ],
)
def test_words(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("602-555-0142", True),
        ("(602) 555-0142", True),
        ("602.555.0142", True),
        ("+1 602 555 0142", True),
        ("030/2312", True),
        ("555", True),
        ("55", False),
        ("1042", True),
        ("#1042", False),
        ("maria 555", False),
        ("٦٠٢٥٥٥", False),
        ("", False),
    ],
)
def test_what_can_only_be_meant_as_a_phone_number(text: str, phone: bool) -> None:
    assert is_phone_like(text) is phone


@pytest.mark.parametrize(
    ("text", "run"), [("+1 (602) 555-0142", "16025550142"), ("no number", ""), ("ext. 7", "7"), ("１２", "")]
)
def test_digits(text: str, run: str) -> None:
    assert digits(text) == run


@pytest.mark.parametrize("typed", ["602-555-0142", "(602) 555-0142", "602.555.0142", "+1 602 555 0142", "16025550142"])
@pytest.mark.parametrize("stored", ["(602) 555-0142", "+1 602 555 0142", "6025550142"])
def test_one_number_is_found_in_every_format(typed: str, stored: str) -> None:
    assert any(form in digits(stored) for form in phone_forms(typed))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("+49 30 23125 018", "030 23125018"), ("0049 30 23125018", "+49 30 23125 018"), ("030 23125018", "+493023125018")],
)
def test_a_country_code_and_a_trunk_zero_do_not_count(typed: str, stored: str) -> None:
    assert any(form in digits(stored) for form in phone_forms(typed))


def test_a_short_number_is_not_shortened_further() -> None:
    assert phone_forms("555-0142") == ("5550142",)
    assert phone_forms("1 555 0142") == ("15550142", "5550142")

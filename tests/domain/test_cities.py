"""The city of an address."""

import pytest

from subtui.domain.cities import city_of

CASES = [
    (["418 W Palm Lane", "Phoenix, AZ 85003", "United States"], "Phoenix"),
    (["77 E Camelback Rd", "Phoenix, AZ 85012"], "Phoenix"),
    (["Blue Door Bakery, back entrance", "11 Calle Azul", "Phoenix, AZ 85004"], "Phoenix"),
    (["Lindenstr. 4", "10115 Berlin", "Deutschland"], "Berlin"),
    (["Kaiserstr. 1", "60311 Frankfurt am Main", "Deutschland"], "Frankfurt am Main"),
    (["10 Downing St", "London SW1A 1AA", "United Kingdom"], "London"),
    (["Damrak 1", "1012 AB Amsterdam"], "Amsterdam"),
    (["朝阳区建国路 88 号", "北京 100022", "中国"], "北京"),
    (["Rua da Prata 1", "Lisboa", "Portugal"], "Lisboa"),
    (["Main Street", "Dublin"], "Dublin"),
    (["東京都台東区浅草 2-3-1", "〒111-0032", "日本"], ""),
    (["9 Calle Azul"], ""),
    ([], ""),
]


@pytest.mark.parametrize(("lines", "city"), CASES)
def test_the_city_is_read_from_the_place_line(lines: list[str], city: str) -> None:
    assert city_of(lines) == city


def test_a_named_city_counts_before_the_lines() -> None:
    assert city_of(["1 Main St", "Phoenix, AZ 85003"], " San  José ") == "San José"

"""One record for the sizes of a screen: headings, the picture of one size, and differences that name theirs."""

from types import SimpleNamespace

from subtui.testing.differences import Difference, Picture
from subtui.testing.sheet import Sheet
from tests.testing.test_differences import drawn


def sheet(*texts: str, color: str = "#aaa") -> Sheet:
    """A sheet of two sizes, of which the second is pictured."""
    made = Sheet(pictured="80x24")
    for size, text in zip(("60x24", "80x24"), texts, strict=True):
        svg = drawn(*((line, color) for line in text.split("\n")))
        made.add(size, SimpleNamespace(text=text, svg=svg, route=f"/{size}"))
    return made


def difference(before: Sheet, after: Sheet) -> Difference:
    old, new = Picture(before.text, before.svg), Picture(after.text, after.svg)
    return Difference(old, new, after.route, "a.txt", picture_at=after.picture_at)


def test_each_size_stands_below_its_heading_and_one_is_pictured() -> None:
    made = sheet("Ann\nBack", "Lee, Ann\nBack")
    assert [line.rstrip("─") for line in made.text.split("\n")] == [
        *("Size 60x24 ", "Ann", "Back"),
        *("Size 80x24 ", "Lee, Ann", "Back"),
    ]
    assert made.route == "/80x24"
    assert "Lee, Ann" in made.svg


def test_a_difference_names_the_size() -> None:
    before = sheet("Ann\nBack", "Ann\n1\n2\n3\nBack")
    told = difference(before, sheet("Ann\nBack", "Ann\n1\n2\n3\nNext")).message("pytest --again")
    assert "@@ from line 7, at 80x24 @@" in told
    assert "60x24" not in told


def test_other_colours_are_told_at_the_lines_of_the_size_that_is_pictured() -> None:
    before, after = sheet("Ann\nBack", "Lee, Ann\nBack"), sheet("Ann\nBack", "Lee, Ann\nBack", color="#bbb")
    told = difference(before, after)
    assert told.lines_of_other_colours == [5, 6]
    assert "~   5  Lee, Ann" in told.message("pytest --again")

"""PNG whose columns stand one below the other."""

import struct
from functools import partial
from xml.etree import ElementTree

import pytest
import resvg_py

from subtui.domain.errors import WrongInput
from subtui.flows import pictures
from subtui.flows.frames import Frame, Line, Paint, Run
from subtui.flows.pictures import CELL_HEIGHT, CELL_WIDTH, png

PAINT = Paint("#ffffff", "#000000", underline=True)
SVG = "{http://www.w3.org/2000/svg}"


def frame(*texts: tuple[str, int]) -> Frame:
    lines: list[Line] = [(Run(text, cells, PAINT),) for text, cells in texts]
    return Frame(max(cells for _, cells in texts), tuple(lines))


def test_every_sign_is_told_its_column() -> None:
    drawn = pictures._svg(frame(("王a é\u0301│<", 8)), "Any")
    root = ElementTree.fromstring(drawn)  # noqa: S314  (our own drawing)
    placed = [(text.text, int(text.get("x", ""))) for text in root.iter(f"{SVG}text")]
    assert placed == [("王", 0), ("a", 2 * CELL_WIDTH), ("é\u0301", 4 * CELL_WIDTH), ("<", 6 * CELL_WIDTH)]


def test_lines_are_drawn_as_lines_in_the_middle_of_their_cells() -> None:
    root = ElementTree.fromstring(pictures._svg(frame(("  │", 3), ("──", 3)), "Any"))  # noqa: S314  (our own drawing)
    groups = root.findall(f"{SVG}g")
    assert [group.get("transform") for group in groups] == ["translate(0 0)", *[f"translate(0 {CELL_HEIGHT})"] * 2]
    upright, *lying = ["".join(path.get("d", "") for path in group) for group in groups]
    middle, center = 2.5 * CELL_WIDTH, CELL_HEIGHT / 2
    assert upright == f"M{middle:g} {center:g}L{middle:g} 0M{middle:g} {center:g}L{middle:g} {CELL_HEIGHT + 0.5:g}"
    assert lying == [f"M0 {center:g}H{CELL_WIDTH}", f"M{CELL_WIDTH} {center:g}H{2 * CELL_WIDTH}"]


def test_a_png_is_as_large_as_its_cells() -> None:
    try:
        made = png(frame(("┌─ López ─┐", 11), ("│ 王  ✓   │", 11)))
    except WrongInput:
        pytest.skip("this machine has no font")
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", made[16:24]) == (11 * CELL_WIDTH, 2 * CELL_HEIGHT)


def test_a_machine_without_fonts_is_told_and_not_given_an_empty_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resvg_py, "svg_to_bytes", partial(resvg_py.svg_to_bytes, skip_system_fonts=True))
    with pytest.raises(WrongInput, match=r"Drawing a PNG needs a font: install one of Fira Code"):
        png(frame(("x", 1)))


def test_a_family_that_is_not_there_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        there = pictures._family()
    except WrongInput:
        pytest.skip("this machine has no font")
    monkeypatch.setattr(pictures, "MONOSPACED", ("No Such Mono", there))
    assert pictures._family() == there

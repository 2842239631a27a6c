"""What is told about a screen that is not as it is on record."""

import pytest

from subtui.testing.differences import Difference, Picture, numbers, painted_lines


def drawn(*lines: tuple[str, str], ground: str = "#14171c") -> str:
    """A picture as Rich draws it: each line has words and a colour; classes are numbered in the order of need."""
    classes: dict[str, str] = {}
    for _, color in lines:
        classes.setdefault(color, f"r{len(classes) + 1}")
    styles = "\n".join(f".terminal-{name} {{ fill: {color} }}" for color, name in classes.items())
    grounds = "".join(
        f'<rect fill="{ground}" x="0" y="{1.5 + 24.4 * at:.1f}" width="976" height="24.65"'
        ' shape-rendering="crispEdges"/>'
        for at in range(len(lines))
    )
    texts = "".join(
        f'<text class="terminal-{classes[color]}" x="0" y="{20 + 24.4 * at:.1f}" textLength="9.9"'
        f' clip-path="url(#terminal-line-{at})">{words}</text>'
        for at, (words, color) in enumerate(lines)
    )
    return f'<svg viewBox="0 0 994 635.6"><style>{styles}</style>{grounds}{texts}</svg>'


def difference(before: Picture | None, after: Picture) -> Difference:
    return Difference(before, after, "/contacts/7", "__snapshots__/test_it/test_it.txt")


PLAIN = Picture("Name\nLee, Ann\n\nBack", drawn(("Name", "#aaa"), ("Lee, Ann", "#bbb"), ("", "#aaa"), ("Back", "#ccc")))


@pytest.mark.parametrize(
    ("lines", "said"),
    [([3], "line 3"), ([3, 4], "lines 3 to 4"), ([1, 3, 7, 8, 9], "lines 1, 3, 7 to 9")],
)
def test_lines_are_named_in_runs(lines: list[int], said: str) -> None:
    assert numbers(lines) == said


def test_other_words_are_shown_before_and_after_with_the_route() -> None:
    told = difference(PLAIN, Picture(PLAIN.text.replace("Ann", "Bob"), PLAIN.svg)).message("pytest --again")
    assert told.split("\n") == [
        "The screen at /contacts/7 differs from its snapshot.",
        "",
        "--- snapshot: __snapshots__/test_it/test_it.txt",
        "+++ now: /contacts/7",
        "@@ from line 1 @@",
        " Name",
        "-Lee, Ann",
        "+Lee, Bob",
        "",
        " Back",
        "",
        "If this is right, record it:",
        "  pytest --again",
    ]


def test_other_colours_alone_are_said_to_be_that_and_where() -> None:
    other = drawn(("Name", "#111"), ("Lee, Ann", "#bbb"), ("", "#111"), ("Back", "#ddd"))
    told = difference(PLAIN, Picture(PLAIN.text, other)).message("pytest --again")
    assert told.startswith(
        "The screen at /contacts/7 has the same text as its snapshot, but other colours in lines 1, 3 to 4.\n"
    )
    assert "~   1  Name\n~   3\n~   4  Back\n" in told
    assert "Lee" not in told


def test_another_ground_is_another_colour() -> None:
    lines = (("Name", "#aaa"), ("Lee", "#bbb"))
    before, after = painted_lines(drawn(*lines)), painted_lines(drawn(*lines, ground="#fff"))
    assert before.keys() == after.keys() == {0, 1}
    assert before[0] != after[0]


def test_a_class_that_is_only_called_otherwise_is_no_other_colour() -> None:
    before, after = (
        drawn(("a", "#aaa"), ("b", "#bbb"), ("c", "#aaa")),
        drawn(("a", "#bbb"), ("b", "#bbb"), ("c", "#aaa")),
    )
    found = difference(Picture("a\nb\nc", before), Picture("a\nb\nc", after))
    assert found.lines_of_other_colours == [1]


def test_pictures_that_differ_in_no_line_are_told_too() -> None:
    told = difference(PLAIN, Picture(PLAIN.text, PLAIN.svg + "<!-- -->")).message("pytest --again")
    assert "other colours around the lines" in told


def test_what_is_not_on_record_is_shown_and_how_to_record_it() -> None:
    told = difference(None, Picture("Name" + "\n" * 10 + "Back", "")).message("pytest --snapshot-update here")
    assert told.startswith("There is no snapshot yet of the screen at /contacts/7.")
    assert "  Name\n  … 9 empty lines\n  Back\n" in told
    assert told.endswith("record it:\n  pytest --snapshot-update here")


def test_a_record_cannot_steer_the_terminal() -> None:
    told = difference(Picture("\x1b]0;gone\x07", ""), Picture("Name", "")).message("pytest")
    assert "\x1b" not in told
    assert "␛]0;gone␇" in told


def test_the_whole_screen_is_marked_line_by_line() -> None:
    marked = list(difference(PLAIN, Picture("Name\nLee, Bob\n\nBack", PLAIN.svg)).marked_lines())
    assert marked == [(" ", 1, "Name"), ("-", 2, "Lee, Ann"), ("+", 2, "Lee, Bob"), (" ", 3, ""), (" ", 4, "Back")]

"""How the entries of a record become text."""

from subtui.cli.layout import text_of
from subtui.domain.money import Money
from subtui.views.entries import (
    BLANK,
    Cell,
    Column,
    Entry,
    Heading,
    Paragraph,
    Prose,
    Table,
    Term,
    amounts,
    lines,
    numbered,
)


def test_terms_below_each_other_line_up_and_unknown_ones_are_left_out() -> None:
    entries: list[Entry] = [
        Paragraph("Title", "strong"),
        BLANK,
        Term("A", "1"),
        Term("Empty", ""),
        *lines("Long", ["2", "3"]),
    ]
    assert text_of(entries) == "Title\n\nA     1\nLong  2\n      3"


def test_what_is_below_a_heading_is_indented() -> None:
    entries: list[Entry] = [
        Heading("One"),
        Term("A", "1"),
        Heading("Two"),
        *numbered(["First.", "Second."]),
        BLANK,
        Heading("Three"),
    ]
    assert text_of(entries) == "One\n  A  1\n\nTwo\n  1. First.\n  2. Second.\n\nThree"


def test_amounts_are_aligned() -> None:
    sums = (("Total", Money(6800, "USD")), ("Paid", Money(-6800, "USD")))
    assert text_of([*amounts(sums)]) == "Total   68.00 USD\nPaid   -68.00 USD"


def test_a_table_cuts_long_cells_except_in_its_last_column() -> None:
    columns = (Column("N", 1, right=True), Column("Name", 4), Column("Note", 4))
    table = Table(columns, ((Cell("1"), Cell("x" * 60), Cell("y" * 60)),), "none")
    assert text_of([table]) == f"N  Name{' ' * 46}Note\n1  {'x' * 47}…  {'y' * 60}"
    assert text_of([Table(columns, (), "No rows")]) == "No rows"


def test_only_prose_keeps_its_line_breaks() -> None:
    evil = "a\nTotal 0"
    entries: list[Entry] = [Term("Note", evil), Paragraph(evil), Heading(evil)]
    assert text_of(entries) == "Note  a Total 0\na Total 0\n\na Total 0"
    assert text_of([Heading("Note"), Prose(evil)]) == "Note\n  a\n  Total 0"

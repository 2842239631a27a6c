"""The entries that a record is shown by: the screens and the text of the command line draw the same ones.

Text in entries is raw data; whatever draws them sanitizes it. A tone says what a text means, not how it looks:
"strong", "muted", "good", "warn", "bad", "alert" or "accent".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from subtui.domain.money import Money
from subtui.views.format import Format

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section, with an empty line above unless it is the first line."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A label and its text; left out if the text is empty."""

    label: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A label and an amount, whose padding is kept to align amounts."""

    label: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, after its sign or number."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or a line of facts. An empty one is an empty line."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A text of several lines, such as a note: of all entries the only one whose line breaks are kept.

    Elsewhere a line break in data could make its next line look like another entry.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a table and its tone: "", "muted", "good", "warn" or "bad"."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: at least `width` cells, `share` of the spare room up to `most`; the highest `drop` leaves first.

    An `optional` one is left out where no row has a text in it.
    """

    label: str
    width: int
    right: bool = False
    share: int = 0
    most: int = 60
    drop: int = 0
    optional: bool = False


def _no_tone(_record: Any, _fmt: Format) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn(Column, Generic[Record]):
    """A column of a list of records: the text and the tone of a record's cell.

    `value` is what a list is sorted by, None where a record has none; without it, that is the text.
    """

    text: Callable[[Record, Format], str]
    tone: Callable[[Record, Format], str] = _no_tone
    value: Callable[[Record], Any] | None = None


def day_column(
    label: str, of: Callable[[Record], date | None], *, drop: int = 0, empty: str = "", least: int = 11
) -> ListColumn[Record]:
    """A column of days; `empty` stands where a record has none."""
    return ListColumn(label, least, right=True, drop=drop, text=lambda row, fmt: fmt.day(of(row)) or empty, value=of)


def amount_column(label: str, of: Callable[[Record], Money], *, width: int = 13, drop: int = 0) -> ListColumn[Record]:
    """A column of amounts, sorted within their currency: others cannot be compared."""

    def value(row: Record) -> tuple[str, int]:
        amount = of(row)
        return amount.currency, amount.minor

    return ListColumn(label, width, right=True, drop=drop, text=lambda row, _: of(row).format(), value=value)


def number_column(
    label: str, width: int, of: Callable[[Record], int], *, drop: int = 0, empty: str = "0"
) -> ListColumn[Record]:
    """A column of numbers; `empty` stands for zero."""
    return ListColumn(label, width, right=True, drop=drop, text=lambda row, _: str(of(row) or empty), value=of)


def instant_column(label: str, of: Callable[[Record], datetime | None], *, drop: int = 0) -> ListColumn[Record]:
    """A column of instants."""
    return ListColumn(label, 17, drop=drop, text=lambda row, fmt: fmt.instant(of(row)), value=of)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the labels of their columns; `empty` where there are none. `wraps`: long cells take several lines."""

    columns: Sequence[Column]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "none"
    wraps: bool = False


Entry = Heading | Term | Amount | Item | Paragraph | Prose | Table

BLANK = Paragraph("")


def row_cells(columns: Sequence[ListColumn[Record]], record: Record, fmt: Format) -> tuple[Cell, ...]:
    """The cells of a record's row."""
    return tuple(Cell(column.text(record, fmt), column.tone(record, fmt)) for column in columns)


def table(
    columns: Sequence[ListColumn[Record]], records: Iterable[Record], fmt: Format, *, empty: str = "none"
) -> Table:
    """The table of a list of records."""
    rows = tuple(row_cells(columns, record, fmt) for record in records)
    unused = unused_columns(columns, rows)
    if unused:
        rows = tuple(tuple(cell for at, cell in enumerate(row) if at not in unused) for row in rows)
        columns = [column for at, column in enumerate(columns) if at not in unused]
    return Table(columns, rows, empty)


def unused_columns(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> frozenset[int]:
    """The indexes of the optional columns in which no row has a text."""
    unused = {at for at, column in enumerate(columns) if column.optional}
    for row in rows:
        if not unused:
            break
        unused = {at for at in unused if not row[at].text}
    return frozenset(unused)


def amounts(sums: Sequence[tuple[str, Money]], *, strong: str = "") -> Iterable[Amount]:
    """Amounts below each other, aligned; the one labelled `strong` stands out."""
    width = max(len(amount.format()) for _, amount in sums)
    for label, amount in sums:
        yield Amount(label, amount.format().rjust(width), "strong" if label == strong else "")


def lines(label: str, texts: Sequence[str]) -> Iterable[Term]:
    """A label and its texts below each other."""
    return (Term("" if at else label, text) for at, text in enumerate(texts))


def numbered(sentences: Iterable[str]) -> Iterable[Item]:
    """A numbered list of sentences."""
    return (Item(f"{number}. ", sentence) for number, sentence in enumerate(sentences, 1))


def verified_words(verified: bool) -> str:
    """The word for a verified or unverified user."""
    return "verified" if verified else "not verified"


def yes(value: bool) -> str:
    """`Yes` or `No`."""
    return "Yes" if value else "No"

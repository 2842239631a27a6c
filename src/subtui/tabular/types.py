"""What comes out of a file, and how much one file may hold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

LONGEST_VALUE = 80
NO_DATA = "neither CSV nor JSON"
"""Why most of what is in an archive beside the data is passed over."""

# The line on which the row begins (the first line of the file is 1), and its cells, as many as the header has.
Row = tuple[int, list[str]]
# The line on which the object begins, and its members; numbers are int or Decimal, never float.
Record = tuple[int, dict[str, Any]]
# Whether cells are names of columns that the caller knows.
IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold. A file beyond them is no export but a mistake or an attack, and is refused."""

    columns: int = 2_000
    cell: int = 1_000_000  # characters
    record: int = 5_000_000  # bytes of one JSON object; of one CSV row, give or take two blocks of reading
    unpacked: int = 20_000_000_000  # bytes of one file on disk, all members of an archive together
    ratio: int = 200  # unpacked bytes for each packed one, counted ...
    ratio_from: int = 100_000_000  # ... once so many bytes came out
    depth: int = 50  # lists and objects inside each other
    members: int = 1_000  # of one zip archive
    texts: int = 200_000_000  # bytes of the table of texts of a workbook, which is kept in memory


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One row that cannot be read; reading goes on. `column` may be empty; `value` is cut to 80 characters."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetOrigin:
    """The sheet of a workbook from which a table was made, and the names of the others."""

    name: str
    others: tuple[str, ...] = ()
    has_line_breaks: bool = False  # within its cells


@dataclass
class Sheet:
    """The rows of one CSV file, or of one sheet of a workbook.

    `rows` can be read once; `sample` looks at the beginning without taking from it.
    """

    name: str
    header: tuple[str, ...]
    rows: Iterator[Row | Unreadable]
    again: Callable[[], Iterator[Row | Unreadable]] = field(repr=False)
    title: str = ""  # what stands above the header
    encoding: str = "UTF-8"
    example: str = ""  # how a word reads, where the encoding was found out from the letters
    archive: str = ""
    is_extra: bool = False  # by its name it need not be data: it is passed over if it is none
    origin: SheetOrigin | None = None

    def sample(self, count: int = 10_000) -> Iterator[Row | Unreadable]:
        """The first `count` rows, read again: `rows` stays where it is. Only until the next file is asked for."""
        return islice(self.again(), count)


@dataclass
class Objects:
    """The objects of one list in a JSON file; `listed_as` is the list's name, empty where it has none."""

    name: str
    listed_as: str
    rows: Iterator[Record | Unreadable]
    again: Callable[[], Iterator[Record | Unreadable]] = field(repr=False)
    encoding: str = "UTF-8"
    example: str = ""
    archive: str = ""
    is_extra: bool = False

    def sample(self, count: int = 10_000) -> Iterator[Record | Unreadable]:
        """The first `count` objects, read again: `rows` stays where it is. Only until the next file is asked for."""
        return islice(self.again(), count)


def shortened(value: str) -> str:
    """`value` as it may stand in a report: no longer than 80 characters, without halves of letters."""
    whole = value[: LONGEST_VALUE + 1].encode("utf-8", "replace").decode()
    return whole if len(whole) <= LONGEST_VALUE else whole[: LONGEST_VALUE - 1] + "…"

"""Inspects files before anything is written: their kinds, their order, and the order of their dates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subtui.domain.date_order import DateOrder, OrderSniffer, Verdict
from subtui.domain.errors import DateOrderNeeded, FileProblem
from subtui.keap.columns import Reads, hints, kind_of, places
from subtui.keap.objects import rows_of
from subtui.keap.records import shown
from subtui.keap.secrets import is_secret_column
from subtui.tabular.types import NO_DATA, Objects, Sheet, Unreadable
from subtui.views.imports import KIND_WORDS, FileRead, Kind

LOOKED_AT = 10_000
"""The number of rows inspected first."""

OTHER_SHEETS = 10
"""The number of sheets of a workbook that are named in an error."""

_RANKS = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One source of an import: its place among all, and the findings about it."""

    place: int
    name: str
    kinds: tuple[Kind, ...]
    verdict: Verdict
    dropped: tuple[str, ...]
    is_empty: bool = False  # no row in it
    title: str = ""  # the line above its header
    kept: tuple[str, ...] = ()  # columns stored unchanged as extra values
    hints: tuple[tuple[str, str], ...] = ()  # an unknown column, and the known one that may be meant
    unnamed: int = 0  # columns without a name, which are not stored
    encoding: str = "UTF-8"
    example: str = ""

    @property
    def rank(self) -> int:
        """The order of writing, lower ranks first: by the first kind of a source, which may refer to others."""
        return _RANKS[self.kinds[0]] if self.kinds else 0


class UnknownColumns(FileProblem):
    """The kind of a file is not recognized from its columns."""


def survey(sources: Iterable[tuple[int, Sheet | Objects]], passed_over: dict[str, str]) -> list[Surveyed]:
    """Inspect each source. Members of an archive that are no data are added to `passed_over`.

    Raises FileProblem when a source is not recognized, or when an archive holds no data.
    """
    found: list[Surveyed] = []
    archives: set[str] = set()
    nothing: dict[str, UnknownColumns] = {}
    for place, source in sources:
        try:
            found.append(look_at(place, source))
            archives.add(source.archive)
        except UnknownColumns as error:
            if not source.is_extra:
                if source.archive != source.name:
                    raise UnknownColumns(f"{error} Remove it from the archive if it is not one of these.") from None
                raise
            passed_over[source.name] = NO_DATA
            nothing.setdefault(source.archive, error)
    for archive, unknown in nothing.items():
        if archive not in archives:
            raise unknown
    return found


def look_at(place: int, source: Sheet | Objects) -> Surveyed:
    """Inspect a source. Raises FileProblem when it is not recognized."""
    return _sheet(place, source) if isinstance(source, Sheet) else _objects(place, source)


def _sheet(place: int, sheet: Sheet) -> Surveyed:
    kind = kind_of(sheet.header)
    if kind is None:
        raise unknown_columns(sheet.name, sheet.header, sheet.origin.others if sheet.origin else ())
    dated = _dated(kind, sheet.header)
    verdict = _verdict(sheet.sample(LOOKED_AT), dated)
    if dated and verdict.needed and verdict.order is None and not verdict.contradictory:
        verdict = _verdict(sheet.again(), dated)
    dropped = tuple(name for name in sheet.header if is_secret_column(name))
    is_empty = next(sheet.sample(1), None) is None
    kept = others_than(kind, sheet.header)
    return Surveyed(
        place,
        sheet.name,
        (kind,),
        verdict,
        dropped,
        is_empty,
        sheet.title,
        kept,
        tuple(hints(kind, sheet.header, kept)),
        sum(not name for name in sheet.header),
        sheet.encoding,
        sheet.example,
    )


def _dated(kind: Kind, header: Sequence[str]) -> list[int]:
    """The places of a row that hold dates; texts in other columns may look like dates."""
    return [at for at, column in places(kind, header).items() if column.reads in (Reads.DAY, Reads.INSTANT)]


def _verdict(rows: Iterator[Any], dated: Sequence[int]) -> Verdict:
    sniffer = OrderSniffer()
    for row in rows if dated else ():
        if not isinstance(row, Unreadable):
            for at in dated:
                if row[1][at]:
                    sniffer.see(row[1][at])
    return sniffer.verdict()


def _objects(place: int, source: Objects) -> Surveyed:
    sniffer, kinds, dropped, names = OrderSniffer(), dict[Kind, None](), dict[str, None](), dict[str, None]()
    kept, meant = dict[str, None](), dict[tuple[str, str], None]()
    dated: dict[tuple[Kind, tuple[str, ...]], Sequence[int]] = {}
    is_empty = True
    for row in source.sample(LOOKED_AT):
        is_empty = False
        if isinstance(row, Unreadable):
            continue
        names.update(dict.fromkeys(row[1]))
        for kind, found in rows_of(row[1], source.listed_as):
            kinds[kind] = None
            header = tuple(found)
            if (kind, header) not in dated:
                dated[kind, header] = _dated(kind, header)
                dropped.update(dict.fromkeys(name for name in header if is_secret_column(name)))
                others = others_than(kind, header)
                kept.update(dict.fromkeys(others))
                meant.update(dict.fromkeys(hints(kind, header, others)))
            for at in dated[kind, header]:
                value = found[header[at]]
                if isinstance(value, str):
                    sniffer.see(value)
    if names and not kinds:
        raise unknown_columns(source.name, tuple(names))
    return Surveyed(
        place,
        source.name,
        tuple(kinds),
        sniffer.verdict(),
        tuple(dropped),
        is_empty,
        kept=tuple(kept),
        hints=tuple(meant),
        encoding=source.encoding,
        example=source.example,
    )


def others_than(kind: Kind, header: Sequence[str]) -> tuple[str, ...]:
    """The columns of a header that are stored unchanged as extra values, without those that are never stored."""
    taken = places(kind, header)
    return tuple(name for at, name in enumerate(header) if name and at not in taken and not is_secret_column(name))


def unknown_columns(name: str, header: Sequence[str], other_sheets: Sequence[str] = ()) -> UnknownColumns:
    """The error for a file of no known kind. `other_sheets`: the names of those in the same workbook."""
    names = shown(", ".join(column for column in header[:4] if column)) or "none"
    listed = ", ".join(f"“{shown(sheet)}”" for sheet in other_sheets[:OTHER_SHEETS])
    other = f" Or choose another sheet, with subtui import --sheet: {listed}." if listed else ""
    takes = ", ".join(KIND_WORDS[kind] for kind in (Kind.CONTACT, Kind.ORDER, Kind.SUBSCRIPTION, Kind.PAYMENT))
    return UnknownColumns(
        f"{name}: its columns ({names}…) do not show what it contains. "
        f"Import a Keap file with its header: {takes}, products or tags.{other}"
    )


def without_rows(found: Sequence[Surveyed]) -> list[str]:
    """The remarks on sources without rows. Raises FileProblem if there are no others."""
    empty = [source.name for source in found if source.is_empty]
    if len(empty) == len(found):
        raise FileProblem(f"Nothing to import: no rows in {', '.join(empty) or 'any file'}.")
    return [f"No rows in {name}." for name in empty]


def remarks(found: Sequence[Surveyed], passed_over: Mapping[str, str]) -> list[str]:
    """The remarks on lines above a header, columns without a name, and files that are no data."""
    said = [
        f"{source.name}: the lines above the header (“{shown(source.title)}”) were skipped."
        for source in found
        if source.title
    ]
    for source in found:
        if source.unnamed:
            columns = "1 column has" if source.unnamed == 1 else f"{source.unnamed:,} columns have"
            said.append(f"{source.name}: {columns} no name and cannot be stored.")
        said += [f"{source.name}: {written}: did you mean {meant}?" for written, meant in source.hints]
    return said + [f"{shown(name)} was skipped: {why}." for name, why in passed_over.items()]


def decided(found: Sequence[Surveyed], wanted: DateOrder | None) -> tuple[DateOrder | None, list[str]]:
    """The order of the dates for all sources, and the remarks on it.

    Evidence from one file applies to all: they come from one account. Raises FileProblem when files contradict each
    other, or one itself, and DateOrderNeeded when there is no evidence although an ambiguous date must be read.
    """
    if wanted is not None:
        return wanted, []
    for source in found:
        if source.verdict.contradictory:
            first, second = source.verdict.month_first, source.verdict.day_first
            raise FileProblem(
                f"{source.name}: some dates have the month first ({first.example if first else ''}), some the day "
                f"({second.example if second else ''}). Choose with --date-order; the others are refused."
            )
    proven = {source.verdict.order: source for source in found if source.verdict.order is not None}
    if len(proven) > 1:
        names = " and ".join(source.name for source in proven.values())
        raise FileProblem(f"{names} use different date orders. Import them one at a time.")
    open_ones = [source for source in found if source.verdict.needed and source.verdict.order is None]
    if proven:
        order, source = next(iter(proven.items()))
        said = [f"Dates in {other.name} are read like those in {source.name}." for other in open_ones]
        return order, said
    if open_ones:
        evidence = open_ones[0].verdict.ambiguous
        raise DateOrderNeeded(open_ones[0].name, evidence.example if evidence else "")
    return None, []


def as_read(source: Surveyed, order: DateOrder | None) -> FileRead:
    """The name of a source in a report."""
    return FileRead(
        source.name,
        source.kinds,
        order if source.verdict.needed or source.verdict.order else None,
        source.dropped,
        source.kept,
        source.encoding,
        shown(source.example),
    )

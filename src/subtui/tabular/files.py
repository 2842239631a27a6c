"""The way in: every file that was named, as sheets of rows or lists of objects, one after the other."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from subtui.tabular.archives import sources
from subtui.tabular.code_pages import known_encoding
from subtui.tabular.encoding import examine
from subtui.tabular.errors import BrokenHeader, EmptyFile, NoData, NoText, TabularError, UnclearEncoding
from subtui.tabular.json_rows import is_json, read_objects
from subtui.tabular.sheets import read_sheet
from subtui.tabular.sources import OnDisk, Progress, Source, on_disk
from subtui.tabular.types import LIMITS, NO_DATA, IsHeader, Limits, Objects, Sheet
from subtui.tabular.workbooks import IN_ARCHIVE, WORKBOOK_NAMES, Workbooks

_DATA_NAMES = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson")
"""How members of an archive are called that are there to be imported: one that cannot be is an error."""


@dataclass(slots=True)
class Files:
    """The files that were named. They can be read any number of times, what came through a pipe too.

    `is_header` tells names of columns from a title above them. `encoding` is that of the texts that do not say
    themselves that they are UTF-8 or UTF-16. `passed_over` holds what is no data, by its name, and why; it is known
    once the files have been read.
    """

    found: tuple[OnDisk, ...]
    limits: Limits
    is_header: IsHeader
    workbooks: Workbooks
    encoding: str | None = None
    passed_over: dict[str, str] = field(default_factory=dict)

    def read(self, progress: Callable[[int, int], None] | None = None) -> Generator[Sheet | Objects, None, None]:
        """What is in them, from the first. Each must be done with before the next is asked for.

        `progress` is told, about once for each 256 KiB of text, how many of the bytes on disk have been read and how
        many there are; looking at a file before its rows are taken does not count. Raises TabularError, here as where
        rows are taken, with a sentence that names the file.
        """
        count = Progress(progress, sum(file.size for file in self.found))
        problems: list[TabularError] = []
        any_at_all = False
        for file in self.found:
            any_here, is_archive = False, False
            with closing(sources(file, self.limits, count, self.workbooks, self._skipped)) as texts:
                for source in texts:
                    is_archive = bool(source.member)
                    try:
                        for found in self._of_source(source):
                            any_here = any_at_all = True
                            yield found
                    except NoData as problem:
                        self.passed_over[source.name] = problem.why
                        problems.append(problem)
            if is_archive and not any_here:
                raise _nothing_in(file.name, problems)
        if not any_at_all and problems:
            raise problems[0]
        if self.workbooks.sheet is not None and not self.workbooks.any_found:
            raise TabularError("--sheet chooses a sheet of a workbook, but no file is one. Leave it out.")

    @property
    def remarks(self) -> Sequence[str]:
        """Sentences on what is easily overlooked in a workbook; known once the files have been read."""
        return self.workbooks.remarks

    def _skipped(self, name: str, why: str) -> None:
        self.passed_over[name] = why

    def _of_source(self, source: Source) -> Generator[Sheet | Objects, None, None]:
        """What is in one text. Raises NoData where it may be passed over."""
        is_extra = bool(source.member) and not source.member.casefold().endswith(_DATA_NAMES)
        try:
            text = examine(source, self.encoding)
            if source.origin is None and is_json(text, source.name):
                for found in read_objects(source, text, self.limits):
                    found.archive, found.is_extra = source.unpacked.name, is_extra
                    yield found
                return
            sheet = read_sheet(source, text, self.limits, self.is_header)
        except EmptyFile as error:
            if source.member or len(self.found) > 1:
                raise NoData(str(error), "empty") from None
            raise
        except (NoText, UnclearEncoding, BrokenHeader) as error:
            if is_extra:
                is_workbook = source.member.casefold().endswith(WORKBOOK_NAMES)
                raise NoData(str(error), IN_ARCHIVE if is_workbook else NO_DATA) from None
            raise
        sheet.archive, sheet.is_extra = source.unpacked.name, is_extra
        yield sheet


def _nothing_in(name: str, problems: Sequence[TabularError]) -> TabularError:
    mine = [str(problem) for problem in problems if str(problem).startswith(name)]
    return TabularError(mine[0] if len(mine) == 1 else f"{name}: it contains nothing to import. {mine[0]}")


@contextmanager
def named_files(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits = LIMITS,
    encoding: str | None = None,
    sheet: str | None = None,
    is_header: IsHeader = lambda _: False,
) -> Iterator[Files]:
    """The files `paths`, to be read more than once; `-` is standard input, or `stdin` in its place.

    `sheet` is the name of the sheet that is read of a workbook; without it, the first that is not hidden and not empty.
    What comes through a pipe is kept in a temporary file until the block ends. Raises TabularError for a missing file.
    """
    codec = known_encoding(encoding) if encoding else None
    with ExitStack() as stack:
        found = tuple(on_disk(paths, stdin, limits, stack))
        yield Files(found, limits, is_header, Workbooks(stack, limits, sheet), codec)


def read_files(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    is_header: IsHeader = lambda _: False,
) -> Iterator[Sheet | Objects]:
    """What is in the files `paths`, in one go: as `named_files` and `Files.read`."""
    with named_files(paths, stdin=stdin, limits=limits, encoding=encoding, sheet=sheet, is_header=is_header) as files:
        yield from files.read(progress)

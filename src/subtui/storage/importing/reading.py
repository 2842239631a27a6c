"""The way in: every file that was named, as sheets of rows or lists of objects, one after the other."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from subtui.domain.keap.columns import is_header
from subtui.storage.importing.archives import sources
from subtui.storage.importing.encoding import examine
from subtui.storage.importing.json_rows import is_json, read_objects
from subtui.storage.importing.shapes import LIMITS, Limits, Objects, Sheet
from subtui.storage.importing.sheets import read_sheet
from subtui.storage.importing.sources import OnDisk, Progress, on_disk


@dataclass(frozen=True, slots=True)
class Files:
    """The files that were named. They can be read any number of times, what came through a pipe too."""

    found: tuple[OnDisk, ...]
    limits: Limits

    def read(self, progress: Callable[[int, int], None] | None = None) -> Generator[Sheet | Objects, None, None]:
        """What is in them, from the first. Each must be done with before the next is asked for.

        `progress` is told, about once for each 256 KiB of text, how many of the bytes on disk have been read and how
        many there are; looking at a file before its rows are taken does not count. Raises FileProblem, here as where
        rows are taken, with a sentence that names the file.
        """
        count = Progress(progress, sum(file.size for file in self.found))
        for file in self.found:
            with closing(sources(file, self.limits, count)) as texts:
                for source in texts:
                    text = examine(source)
                    if is_json(text, source.name):
                        yield from read_objects(source, text, self.limits)
                    else:
                        yield read_sheet(source, text, self.limits, is_header)


@contextmanager
def named_files(
    paths: Sequence[str | Path], *, stdin: BinaryIO | None = None, limits: Limits = LIMITS
) -> Iterator[Files]:
    """The files `paths`, to be read more than once; `-` is standard input, or `stdin` in its place.

    What comes through a pipe is kept in a temporary file until the block ends. Raises FileProblem if a file is missing.
    """
    with ExitStack() as stack:
        yield Files(tuple(on_disk(paths, stdin, limits, stack)), limits)


def read_files(
    paths: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits = LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Sheet | Objects]:
    """What is in the files `paths`, in one go: as `named_files` and `Files.read`."""
    with named_files(paths, stdin=stdin, limits=limits) as files:
        yield from files.read(progress)

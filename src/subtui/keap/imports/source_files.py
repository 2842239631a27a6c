"""Opens the files of an import: `subtui.tabular` reads their rows, with the rules that recognize Keap's headers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from subtui.domain.errors import EncodingNeeded, FileProblem
from subtui.keap.columns import is_header
from subtui.tabular.errors import TabularError, UnclearEncoding
from subtui.tabular.files import Files, named_files


@contextmanager
def source_files(
    paths: Sequence[str | Path], *, stdin: BinaryIO | None, encoding: str | None, sheet: str | None
) -> Iterator[Files]:
    """Open the files `paths`, `-` being standard input, until the block ends. `sheet`: the sheet to read of a workbook.

    Raises FileProblem for a file that cannot be read, EncodingNeeded where its encoding has to be chosen: at once, and
    in the block, whenever rows are read.
    """
    try:
        with named_files(paths, stdin=stdin, encoding=encoding, sheet=sheet, is_header=is_header) as files:
            yield files
    except UnclearEncoding as error:
        raise EncodingNeeded(str(error), error.name, error.evidence) from None
    except TabularError as error:
        raise FileProblem(str(error)) from None

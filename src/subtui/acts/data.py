"""Acts that import and export data."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from subtui.acts.act import Act
from subtui.domain.permissions import Permission
from subtui.domain.progress import Progress
from subtui.views.exports import ChangesFormat, ChangesReport, ExportOptions, ExportReport, Since
from subtui.views.imports import ImportOptions, ImportReport, LeftOut

Tell = Callable[[Progress], None]
Stop = Callable[[], bool]


def never() -> bool:
    """Never stop."""
    return False


@dataclass(frozen=True, slots=True)
class ImportFiles(Act[ImportReport]):
    """Import Keap files, or our own export, in one transaction.

    `tell` gets the progress, `stop` is asked between rows whether to stop, `aside` gets every row that is left out.
    Raises FileProblem for a file that cannot be read, DateOrderNeeded for dates that read in two ways, Stopped,
    NotAllOfIt; nothing is written then.
    """

    permission: ClassVar = Permission.IMPORT_DATA
    spans_transactions: ClassVar = True
    paths: Sequence[str | Path]
    options: ImportOptions
    _: KW_ONLY
    stdin: BinaryIO | None = None
    tell: Tell | None = None
    stop: Stop = never
    aside: Callable[[LeftOut], None] | None = None


@dataclass(frozen=True, slots=True)
class ExportData(Act[ExportReport]):
    """Write everything, or some kinds or contacts, to a new folder of CSV files or a new file of JSON lines.

    All of it is as it was at one moment. Raises NotFound for a contact, Stopped, and FileProblem; nothing is left
    behind then, and nothing is logged.
    """

    permission: ClassVar = Permission.EXPORT_DATA
    spans_transactions: ClassVar = True
    path: Path
    options: ExportOptions
    _: KW_ONLY
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class ExportList(Act[Path]):
    """Write the rows of a list as they are shown to a new file; its ending decides the format: CSV, JSON, Markdown.

    Raises WrongInput for another ending, and FileProblem; nothing is left behind then, and nothing is logged.
    """

    permission: ClassVar = Permission.EXPORT_DATA
    spans_transactions: ClassVar = True
    path: Path
    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ExportChanges(Act[ChangesReport]):
    """Write the cancellations, changes, undos and refunds since a point in the log to a new file.

    Raises NotFound for an entry that does not exist, Stopped, and FileProblem; nothing is left behind then.
    """

    permission: ClassVar = Permission.EXPORT_DATA
    spans_transactions: ClassVar = True
    path: Path
    _: KW_ONLY
    since: Since | None = None
    form: ChangesFormat | None = None
    stop: Stop = never

"""Runs an import in the background, and keeps the rows that it leaves out for as long as its report is shown."""

import csv
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from textual.message import Message

from subtui.acts.data import ImportFiles, Stop, Tell
from subtui.app.background_job import BackgroundJob
from subtui.app_config import AppConfig
from subtui.domain.errors import FileProblem
from subtui.domain.people import Person
from subtui.views.imports import LEFT_OUT_HEAD, ImportOptions, ImportReport, LeftOut, left_out_cells


class ImportJob(BackgroundJob[ImportReport]):
    """One import under way. Stopped, or with `options.dry_run`, it writes nothing."""

    def __init__(
        self,
        app_config: AppConfig,
        person: Person,
        paths: Sequence[str],
        options: ImportOptions,
        *,
        session_id: int | None = None,
    ) -> None:
        """`session_id` is the session of `person`, in which the import acts."""
        super().__init__(app_config, person, self._import_files, about="import", session_id=session_id)
        self.options = options
        self.paths = tuple(paths)
        self._rows: IO[str] | None = None
        self._ends = threading.Lock()
        self._unwanted = self._ended = False

    def close(self) -> None:
        """Stop the import and close the file of left-out rows, because the screen is closed."""
        super().close()
        with self._ends:
            self._unwanted = True
            self._let_go()

    def _let_go(self) -> None:
        if self._unwanted and self._ended and self._rows is not None:
            self._rows.close()

    def _run(self, post: Callable[[Message], bool], route: str) -> None:
        try:
            super()._run(post, route)
        finally:
            with self._ends:
                self._ended = True
                self._let_go()

    def _import_files(self, tell: Tell, stop: Stop) -> ImportFiles:
        return ImportFiles(self.paths, self.options, tell=tell, stop=stop, aside=self._aside())

    def _aside(self) -> Callable[[LeftOut], None]:
        """Collect every left-out row in a temporary file that lives as long as the report."""
        with _told("The list of rows left out"):
            self._rows = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        write = csv.writer(self._rows).writerow

        def put(row: LeftOut) -> None:
            with _told("The list of rows left out"):
                write(left_out_cells(row))

        write(LEFT_OUT_HEAD)
        return put

    def save_left_out(self, path: Path) -> Path:
        """Write every row that was left out to a new CSV file. Raises FileProblem."""
        if self._rows is not None:
            with _told(str(path)), path.open("x", encoding="utf-8-sig", newline="") as file:
                self._rows.seek(0)
                shutil.copyfileobj(self._rows, file)
        return path


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Raise a FileProblem with a sentence for an error of the system."""
    try:
        yield
    except FileExistsError:
        raise FileProblem(f"{what} already exists and was not overwritten. Enter another name.") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{what} cannot be written: {getattr(error, 'strerror', None) or error}.") from error

"""Runs an import in its own thread with its own backend, so that the screens' backend stays responsive."""

import csv
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from textual.message import Message
from textual.message_pump import MessagePump

from subtui.acts.data import ImportFiles
from subtui.app.backend_client import Fault, Refusal
from subtui.app_config import AppConfig
from subtui.domain.errors import FileProblem, SubtuiError
from subtui.domain.people import Person
from subtui.domain.progress import Progress
from subtui.views.imports import LEFT_OUT_HEAD, ImportOptions, ImportReport, LeftOut, left_out_cells


class ImportJob:
    """One import under way. `progress` is written by its thread and may be read at any time."""

    class Finished(Message):
        """The import has ended; with `options.dry_run` nothing was written."""

        def __init__(self, report: ImportReport) -> None:
            super().__init__()
            self.report = report

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
        self.options = options
        self.paths = tuple(paths)
        self.progress = Progress(0, 0, 0, "opening")
        self._app_config = app_config
        self._person, self._session_id = person, session_id
        self._stopped = threading.Event()
        self._rows: IO[str] | None = None
        self._ends = threading.Lock()
        self._unwanted = self._ended = False
        self._thread: threading.Thread | None = None

    def start(self, asker: MessagePump, route: str) -> None:
        """Start the import; its end is posted to `asker` as Finished, Refusal or Fault."""
        self._thread = threading.Thread(target=self._run, args=(asker.post_message, route), name="import", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the import to stop; nothing is written then."""
        self._stopped.set()

    def close(self) -> None:
        """Stop the import and close the file of left-out rows, because the screen is closed."""
        self.stop()
        with self._ends:
            self._unwanted = True
            self._let_go()

    def _let_go(self) -> None:
        if self._unwanted and self._ended and self._rows is not None:
            self._rows.close()

    @property
    def stopping(self) -> bool:
        """Whether the import was asked to stop."""
        return self._stopped.is_set()

    def join(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, post: Callable[[Message], bool], route: str) -> None:
        try:
            self._import(post, route)
        finally:
            with self._ends:
                self._ended = True
                self._let_go()

    def _import(self, post: Callable[[Message], bool], route: str) -> None:
        from subtui.services.backend import Backend  # noqa: PLC0415  (not needed for the first frame)

        app_config = self._app_config
        try:
            aside = self._aside()
            with Backend.open(
                app_config.where, clock=app_config.clock, seed=app_config.seed, read_only=app_config.read_only
            ) as backend:
                backend.share(self._person, self._session_id)
                report = backend.do(
                    ImportFiles(
                        self.paths,
                        self.options,
                        tell=self._told,
                        stop=self._stopped.is_set,
                        aside=aside,
                    ),
                    route=route,
                )
        except SubtuiError as error:
            post(Refusal(error, "import"))
        except Exception as error:
            post(Fault(error))
        else:
            post(self.Finished(report))

    def _told(self, progress: Progress) -> None:
        self.progress = progress

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

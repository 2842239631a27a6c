"""The destination of an export: files are written beside it, moved there when complete, and removed if not logged.

Only the user may read the files: they hold personal data.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from subtui.domain.errors import FileProblem
from subtui.storage.files import absolute, why

_PREFIX = ".subtui-"


@contextmanager
def _plainly(wanted: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileProblem(f"{wanted} cannot be written: {why(error)}.") from None


class Destination:
    """A new file, or a new or empty folder, that an export fills. As a context manager it leaves no incomplete file."""

    def __init__(self, path: Path, *, folder: bool) -> None:
        """Raises FileProblem when the destination exists already or cannot be written."""
        self.wanted = absolute(path)
        self._folder = folder
        self._published: list[Path] = []
        if "\0" in str(self.wanted):
            raise FileProblem("That is not a valid file name.")
        with _plainly(self.wanted):
            self._inside = folder and self.wanted.is_dir()
            if self._inside:
                if any(self.wanted.iterdir()):
                    raise FileProblem(f"{self.wanted} is not an empty folder. Name a new folder.")
            elif self.wanted.exists() or self.wanted.is_symlink():
                raise self._taken()
            beside = self.wanted if self._inside else self.wanted.parent
            self._aside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=beside))

    def __enter__(self) -> "Destination":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._take_back()
        shutil.rmtree(self._aside, ignore_errors=True)

    @contextmanager
    def open(self, name: str = "") -> Iterator[int]:
        """Open a file to write to, by number: one of the folder, or the single file. Raises FileProblem, inside too."""
        path = self._aside / (name or self.wanted.name)
        with _plainly(self.wanted):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                yield handle
                os.fsync(handle)
            finally:
                os.close(handle)

    def publish(self) -> None:
        """Move the complete files to the destination. Raises FileProblem when another process has made it meanwhile."""
        with _plainly(self.wanted):
            if self._folder and not self._inside:
                if self.wanted.exists():
                    raise self._taken()
                self._aside.rename(self.wanted)
                self._published.append(self.wanted)
                return
            for made in sorted(self._aside.iterdir()):
                to = self.wanted / made.name if self._folder else self.wanted
                _move_unless_there(made, to)
                self._published.append(to)

    def _taken(self) -> FileProblem:
        return FileProblem(f"{self.wanted} already exists and was not overwritten. Choose another name.")

    def _take_back(self) -> None:
        for path in self._published:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _move_unless_there(made: Path, to: Path) -> None:
    try:
        os.link(made, to)
    except FileExistsError:
        raise FileProblem(f"{to} already exists and was not overwritten. Choose another name.") from None
    except OSError:  # a file system without hard links
        if to.exists():
            raise
        made.rename(to)

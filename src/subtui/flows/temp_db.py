"""Temporary databases with the demo data or a seed file, private to the process and deleted afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from subtui.domain.errors import FileProblem, WrongInput
from subtui.services.backend import Backend
from subtui.signals import ended_in_order

if TYPE_CHECKING:
    from subtui.flows.keap import Keaps


class Copies:
    """Makes databases from seed files, each file read once; every start gets its own copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._masters: dict[tuple[Path | None, date | None], Path] = {}
        self._made = 0
        self._keaps: Keaps | None = None

    def fresh(self, data: Path | None, *, day: date | None = None) -> Path:
        """A new database with the data of a seed file; None is the demo. Raises FileProblem for an invalid file.

        `day` is for a file without its own day: with one, any of its users can be signed in without a password, as in
        the demo.
        """
        master = self._masters.get((data, day))
        try:
            if master is None:
                master = self._folder / f"data-{len(self._masters)}.db"
                Backend.open(str(master), seed=data, demo_day=day).close()
                self._masters[data, day] = master
            self._made += 1
            return Path(shutil.copy(master, self._folder / f"copy-{self._made}.db"))
        except OSError as error:
            raise FileProblem(f"{self._folder} cannot be written: {error.strerror}.") from error

    @property
    def keaps(self) -> "Keaps":
        """The mocks of Keap for these databases."""
        if self._keaps is None:
            from subtui.flows.keap import Keaps  # noqa: PLC0415  (few flows have a Keap)

            self._keaps = Keaps()
        return self._keaps

    def close(self) -> None:
        """End what was started for them."""
        if self._keaps is not None:
            self._keaps.close()

    @staticmethod
    def drop(copy: Path) -> None:
        """Delete such a database before the end, where there are many."""
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink(missing_ok=True)


@contextmanager
def temporary(*, ours: bool = True) -> Iterator[Copies]:
    """A folder for such databases, deleted at the end. Raises FileProblem where no folder can be written.

    With `ours` it is deleted after any signal but SIGKILL; in another program's process, such as pytest's, the signal
    handlers are left alone.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="subtui-", ignore_cleanup_errors=True)
    except OSError as error:
        raise FileProblem(f"There is no folder for temporary data: {error.strerror}. Set TMPDIR to one.") from error
    with folder as name, ended_in_order() if ours else nullcontext():
        copies = Copies(Path(name))
        try:
            yield copies
        finally:
            copies.close()


def require_seed(data: Path | None) -> None:
    """Raise WrongInput for a missing data file."""
    if data is not None and not data.is_file():
        raise WrongInput(f"There is no file {data}.")

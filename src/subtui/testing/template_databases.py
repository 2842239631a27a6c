"""The database of each seed file, made once in a run; every start of the program gets its own copy."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from subtui.domain.errors import SubtuiError
from subtui.flows.temp_db import Copies, require_seed, temporary


class TemplateDatabases:
    """Makes copies of databases, by seed file and its state: a changed file is read again."""

    def __init__(self, places: ExitStack) -> None:
        self._places = places
        self._by_state: dict[tuple[Path, int, int] | None, Copies] = {}
        self._copies: list[Path] = []

    def fresh(self, data: Path | None) -> Path:
        """A new database with the data of a seed file; None is the demo. Raises SubtuiError."""
        __tracebackhide__ = True
        try:
            require_seed(data)
            copy = self._of(data).fresh(data)
        except SubtuiError as error:
            raise error.with_traceback(None) from None
        self._copies.append(copy)
        return copy

    def _of(self, data: Path | None) -> Copies:
        state = data.stat() if data is not None else None
        key = (data, state.st_mtime_ns, state.st_size) if data is not None and state is not None else None
        if key not in self._by_state:
            self._by_state[key] = self._places.enter_context(temporary(ours=False))
        return self._by_state[key]

    def throw_copies_away(self) -> None:
        """Delete the databases of a test."""
        for copy in self._copies:
            with suppress(OSError):  # a stuck program still has it open; it is deleted at the end of the run
                Copies.drop(copy)
        self._copies.clear()


@contextmanager
def masters() -> Iterator[TemplateDatabases]:
    """A folder for such databases, deleted at the end of the run."""
    with ExitStack() as places:
        yield TemplateDatabases(places)

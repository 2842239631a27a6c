"""Where a new database is made before it is put in its place, and what a killed process has left of that."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there, and nothing of another process is cleared
    fcntl = None  # type: ignore[assignment]

_OURS = ".subtui-new-"
_TRIES, _PAUSE = 20, 0.005


@contextmanager
def place_to_make(path: Path) -> Iterator[Path]:
    """Where to make a file that is to stand at `path`: in a folder beside it, which is taken away afterwards.

    The folder is locked for as long as this process lives, so that others can tell it from one that was left behind.
    """
    with _locked(path.parent):
        folder = Path(tempfile.mkdtemp(prefix=_OURS, dir=path.parent))
        lock = _lock(folder)
    try:
        yield folder / path.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def publish_new(made: Path, path: Path) -> bool:
    """Put a finished file at a path where there is none. Returns False if another process was faster."""
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            return False
        made.replace(path)
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """See that the names in a folder outlive a power cut, where the system can do that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def clear_what_was_killed(folder: Path) -> None:
    """Take away what processes that are gone had begun to make in a folder; what is being made stays."""
    if fcntl is None:
        return
    with suppress(OSError):
        for name in [name for name in os.listdir(folder) if name.startswith(_OURS)]:
            _clear(folder, folder / name)


def _clear(around: Path, folder: Path) -> None:
    with _locked(around) as sure:
        if not sure or folder.is_symlink() or not folder.is_dir():
            return
        lock = _lock(folder)
        if lock is not None:
            try:
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Between making such a folder and locking it no process clears it. Yields whether that is certain."""
    lock = None
    for _ in range(_TRIES):
        lock = _lock(folder)
        if lock is not None:
            break
        time.sleep(_PAUSE)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Lock a folder; None where another process has it, or the file system knows no locks."""
    if fcntl is None:
        return None
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number

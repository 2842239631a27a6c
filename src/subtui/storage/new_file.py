"""Makes a new database in a temporary folder, moves it into place, and clears the folders of killed processes."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: no folder is locked, and no folder of another process is cleared
    fcntl = None  # type: ignore[assignment]

_OURS = ".subtui-new-"
_TRIES, _PAUSE = 20, 0.005


@contextmanager
def place_to_make(path: Path) -> Iterator[Path]:
    """A temporary path for a file that is to be moved to `path`, in a folder beside it that is removed afterwards.

    The folder is locked while this process lives, so that other processes can tell it from a leftover one.
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
    """Move a finished file to a path where there is none. Returns False if another process was faster."""
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
    """Flush the entries of a folder to disk, where the system supports it, so that they survive a power cut."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def clear_what_was_killed(folder: Path) -> None:
    """Remove the temporary folders of ended processes from a folder; those of live processes are kept."""
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
    """Prevent other processes from clearing a new folder before it is locked. Yields whether that is certain."""
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
    """Lock a folder; None where another process holds the lock, or the file system has no locks."""
    if fcntl is None:
        return None
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number

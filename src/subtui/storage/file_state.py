"""Checks the path of a database before it is opened: opening a pipe would wait for a writer for ever."""

import os
import stat
from pathlib import Path

from subtui.domain.errors import StorageProblem

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_LEFT = "Choose another file with --db; this one was not changed."


def is_there(path: Path) -> bool:
    """Whether the path holds a file that may be a database; False where neither it nor a `-wal` or `-journal` exists.

    Raises StorageProblem for anything else: a directory or device, an empty file, a dangling link, an unreadable path,
    and a `-wal` or `-journal` without its database.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            where = os.path.realpath(path)
            raise StorageProblem(
                f"{path} is a link to {where}, which does not exist. Put the database back, or remove the link."
            ) from None
        _require_nothing_beside(path)
        return False
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a valid file name"
        raise StorageProblem(f"{path} cannot be read: {why}. Choose another file with --db.") from None
    for is_kind, words in _KINDS:
        if is_kind(found.st_mode):
            raise StorageProblem(f"{path} is {words}, not a database. {_LEFT}")
    if found.st_size == 0:
        raise StorageProblem(
            f"{path} is empty, perhaps after a full disk or a broken copy. Restore it from a backup, or remove "
            "the empty file to start a new database. It was not changed."
        )
    return True


def beside(path: Path, ending: str) -> Path:
    """A file that SQLite keeps beside a database: `-wal`, `-shm` or `-journal`."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}{ending}")


def size_beside(path: Path, ending: str) -> int | None:
    """The size of the file that SQLite keeps beside a database; None if there is none."""
    try:
        return beside(path, ending).stat().st_size
    except OSError:
        return None


def _require_nothing_beside(path: Path) -> None:
    """Raise StorageProblem for a `-wal` or `-journal` left by another database: SQLite would apply it to a new one."""
    for ending in ("-wal", "-journal"):
        # Check the database again: another process may have made it and begun to use it.
        if size_beside(path, ending) and not path.exists():
            raise StorageProblem(
                f"There is no database at {path}, but {beside(path, ending).name} is still there, with the last "
                "changes saved. Put the database back, or move that file away to start a new one."
            )

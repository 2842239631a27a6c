"""Writes a text to a file of the user's, never over one that is there."""

import os
from pathlib import Path

from subtui.domain.errors import FileProblem


def write_new(path: Path, text: str) -> Path:
    """Write `text` to a new file; returns its absolute path. Raises FileProblem, with nothing left behind.

    Only the user may read it: a letter names people and how to reach them.
    """
    wanted = _absolute(path)
    try:
        handle = os.open(wanted, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileProblem(f"{wanted} is there already, and was left as it is. Choose another name.") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{wanted} cannot be written: {_why(error)}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        wanted.unlink(missing_ok=True)
        raise FileProblem(f"{wanted} cannot be written: {_why(error)}.") from None
    return wanted


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise FileProblem("That names somebody who has no home folder here.") from None


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "it is not the name of a file")

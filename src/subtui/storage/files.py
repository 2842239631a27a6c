"""Writes a text to a file of the user's, never over one that is there."""

import os
from pathlib import Path

from subtui.domain.errors import FileProblem


def write_new(path: Path, text: str) -> Path:
    """Write `text` to a new file; returns its absolute path. Raises FileProblem, with nothing left behind.

    Only the user may read it: a letter names people and how to reach them.
    """
    wanted = absolute(path)
    try:
        handle = os.open(wanted, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileProblem(f"{wanted} is there already, and was left as it is. Choose another name.") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{wanted} cannot be written: {why(error)}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        wanted.unlink(missing_ok=True)
        raise FileProblem(f"{wanted} cannot be written: {why(error)}.") from None
    return wanted


def absolute(path: Path) -> Path:
    """Where a path leads. Raises FileProblem for a home folder that there is not."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise FileProblem("That names somebody who has no home folder here.") from None


def why(error: Exception) -> str:
    """What the system says about a failure, to stand after a colon."""
    return str(getattr(error, "strerror", None) or "it is not the name of a file")

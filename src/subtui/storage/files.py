"""Writes files of the user: a new file without overwriting, or a replacement of a file in one step."""

import os
from contextlib import suppress
from pathlib import Path

from subtui.domain.errors import FileProblem


def write_new(path: Path, text: str) -> Path:
    """Write `text` to a new file; returns its absolute path. Raises FileProblem, with nothing left behind.

    Only the user may read the file: a letter holds personal data.
    """
    wanted = absolute(path)
    try:
        handle = os.open(wanted, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileProblem(f"{wanted} already exists and was not overwritten. Choose another name.") from None
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


def write_whole(path: Path, data: bytes) -> Path:
    """Write a file, in place of one that is there; returns its absolute path. Raises FileProblem.

    Another process sees the old file or the new one, never a part of it.
    """
    wanted = require_writable(path)
    made = wanted.with_name(f".{wanted.name}.{os.getpid()}.tmp")
    try:
        if wanted.exists() and not wanted.is_file():  # a pipe or a device: nothing can be put in its place
            wanted.write_bytes(data)
            return wanted
        made.write_bytes(data)
        made.replace(wanted)
    except (OSError, ValueError) as error:
        raise FileProblem(f"{wanted} cannot be written: {why(error)}.") from None
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    return wanted


def require_writable(path: Path) -> Path:
    """The absolute path of a file that can be made at `path`. Raises FileProblem with the obstacle."""
    wanted = absolute(path)
    try:
        if wanted.is_symlink():
            wanted = wanted.resolve()
        if wanted.is_dir():
            raise FileProblem(f"{wanted} is a folder. Name a file in it.")
        folder = wanted.parent
        if not folder.is_dir():
            raise FileProblem(f"{folder} is not a folder." if folder.exists() else f"There is no folder {folder}.")
        if not os.access(folder, os.W_OK):
            raise FileProblem(f"{folder} cannot be written to: Permission denied.")
    except (OSError, ValueError) as error:
        raise FileProblem(f"{wanted} cannot be written: {why(error)}.") from None
    return wanted


def absolute(path: Path) -> Path:
    """The expanded path. Raises FileProblem for a home folder that does not exist."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        raise FileProblem("That is the home folder of an unknown user. Give a full path.") from None


def why(error: Exception) -> str:
    """The system's reason for a failure, for use after a colon."""
    return str(getattr(error, "strerror", None) or "not a valid file name")

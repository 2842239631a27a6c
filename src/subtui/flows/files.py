"""Writes what a flow makes: whole or not at all, and with a sentence where it cannot be written."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from subtui.domain.errors import FileProblem


def write_file(file: Path, content: str | bytes) -> None:
    """Write a file in one go: what was there before stays until the new one is whole. Raises FileProblem."""
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise FileProblem(f"{file} cannot be written: {error.strerror}.") from error
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        made.chmod(0o666 & ~_umask())
        made.replace(file)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise FileProblem(f"{file} cannot be written: {error.strerror}.") from error


def write_files(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, which is made if it is not there; names may hold folders. Raises FileProblem."""
    for name, content in contents.items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem(f"{file.parent} cannot be made: {error.strerror}.") from error
        write_file(file, content)


def require_folder(file: Path) -> None:
    """Raises FileProblem where the folder of a file that is to be written later is not there or cannot be written."""
    folder = file.parent
    if not folder.is_dir():
        raise FileProblem(f"{file} cannot be written: there is no folder {folder}.")
    if file.is_dir() or not os.access(folder, os.W_OK):
        raise FileProblem(f"{file} cannot be written.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

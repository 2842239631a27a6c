"""Writes the files made from a flow, each completely or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path

from subtui.domain.errors import FileProblem
from subtui.storage.files import absolute, why, write_whole


def write_files(folder: Path, contents: Mapping[str, str]) -> None:
    """Write files into a folder, which is made if missing; names may contain folders. Raises FileProblem."""
    for name, content in contents.items():
        file = absolute(folder / name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise FileProblem(f"{file.parent} cannot be created: {why(error)}.") from error
        write_whole(file, content.encode())


def require_room(folder: Path) -> None:
    """Raise FileProblem where a folder cannot be made or written to."""
    above = absolute(folder)
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        raise FileProblem(f"{folder} cannot be written to: {above} is not a folder.")
    if not os.access(above, os.W_OK):
        raise FileProblem(f"{folder} cannot be written to: {above} is write-protected.")

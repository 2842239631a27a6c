"""Replaces an old database by a new one; after a failure one of the two is there complete."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from subtui.domain.errors import StorageProblem
from subtui.services.backend import Backend
from subtui.storage.database import release
from subtui.storage.new_file import place_to_make, sync_folder


def make_anew(file: Path, seed: Path | None) -> None:
    """Make a database beside `file` from `seed`, else the demo data, and replace `file` by it.

    Raises FileProblem for an invalid seed and StorageProblem, with `file` unchanged, when another program has it open.
    """
    real = file.resolve()  # a link to it stays valid
    try:
        with place_to_make(real) as made:
            Backend.open(str(made), seed=seed).close()
            _give_to_the_same(made, real.stat())
            release(file)
            made.replace(real)
            sync_folder(real.parent)
    except OSError as error:
        raise StorageProblem(f"{file} cannot be recreated: {error.strerror}. It was not changed.") from error


def _give_to_the_same(made: Path, old: os.stat_result) -> None:
    """Give the new file the mode and the owner of the old one."""
    if os.name == "posix":
        new = made.stat()
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            with suppress(PermissionError):
                os.chown(made, old.st_uid, old.st_gid)
    made.chmod(stat.S_IMODE(old.st_mode))

"""Checks of the database file that a command is about to make or replace."""

from pathlib import Path

from subtui.cli.context import CliContext, opened
from subtui.cli.output import require_output
from subtui.domain.errors import Refused, StorageProblem


def file_of_start(context: CliContext) -> Path:
    """The file of the database. Raises StorageProblem for a database in memory."""
    from subtui.storage.database import database_url, file_of  # noqa: PLC0415

    file = file_of(database_url(context.where))
    if file is None:
        raise StorageProblem("This database is in memory only. Name a file with --db.")
    return file


def refuse_read_only(context: CliContext) -> None:
    """Raise Refused in read-only mode, and AnswerLost where no answer could be given."""
    require_output()
    if context.settings.read_only:
        raise Refused("This is read-only mode: nothing can be changed.")


def refuse_existing(context: CliContext, file: Path) -> None:
    """Raise Refused where a database exists already, and StorageProblem where another kind of file does."""
    from subtui.storage.file_state import is_there  # noqa: PLC0415

    if is_there(file):
        with opened(context, read_only=True):
            raise Refused(f"{file} already exists and was not changed.")

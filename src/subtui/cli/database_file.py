"""Checks of the database file that a command is about to make or replace."""

from pathlib import Path

from subtui.cli.context import CliContext, opened
from subtui.cli.output import require_output
from subtui.domain.errors import Refused, StorageProblem


def file_of_start(context: CliContext) -> Path:
    """The file of the database. Raises StorageProblem for a database in memory or on a server."""
    from subtui.storage.database import database_url, file_of, is_on_server, place_of  # noqa: PLC0415

    url = database_url(context.where)
    file = file_of(url)
    if is_on_server(url):
        raise StorageProblem(f"This works with files only: {place_of(url)} is a database on a server.")
    if file is None:
        raise StorageProblem("This database is in memory only. Name a file with --db.")
    return file


def place_of_start(context: CliContext) -> str:
    """How the database is named in sentences: the path of its file, or its name and its server's."""
    from subtui.storage.database import database_url, place_of  # noqa: PLC0415

    return place_of(database_url(context.where))


def refuse_read_only(context: CliContext) -> None:
    """Raise Refused in read-only mode, and AnswerLost where no answer could be given."""
    require_output()
    if context.settings.read_only:
        raise Refused("This is read-only mode: nothing can be changed.")


def refuse_existing(context: CliContext) -> None:
    """Raise Refused where a database exists already, and StorageProblem where something else does."""
    from subtui.storage.database import database_url, is_made  # noqa: PLC0415

    if is_made(database_url(context.where)):
        with opened(context, read_only=True):
            raise Refused(f"{place_of_start(context)} already exists and was not changed.")

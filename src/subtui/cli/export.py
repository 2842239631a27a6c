"""The export commands: all data in Keap's columns, and the changes made here."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.acts.data import ExportChanges, ExportData
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json, table
from subtui.cli.progress import progress_line
from subtui.domain.errors import WrongInput
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from datetime import date

    from subtui.views.exports import Since

SHORTEST_HASH = 8
_FILE = click.Path(path_type=Path)


@click.command(
    epilog="WHAT is one or more of: tags, products, plans, contacts, cards, notes, automations, subscriptions, orders, "
    "order_items, payments. Exports can be imported again, here or elsewhere: subtui import FOLDER/*.csv"
)
@click.argument("path", metavar="FOLDER|FILE", type=_FILE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    help="A folder of CSV files, or one file of JSON lines; by default from the name: .jsonl, .jsonl.gz.",
)
@click.option("--only", type=WORDS, metavar="WHAT", help="Only these, such as contacts,subscriptions.")
@click.option(
    "--contact",
    "contacts",
    type=ROW_ID,
    metavar="ID",
    multiple=True,
    help="Only this contact with all its records; may be repeated.",
)
@json_option
@with_start
def export(
    context: CliContext, path: Path, form: str | None, only: str | None, contacts: Sequence[int], as_json: bool
) -> None:
    """Export all data to a new folder or file.

    It is written in Keap's own columns, as it is now.
    """
    from subtui.views.exports import ExportOptions, format_for, kinds_named  # noqa: PLC0415
    from subtui.views.imports import KIND_WORDS  # noqa: PLC0415

    options = ExportOptions(
        form=format_for(str(path), form),
        kinds=kinds_named(only) if only is not None else (),
        contacts=tuple(dict.fromkeys(contacts)),
    )
    with signed_in(context) as backend, progress_line(quiet=as_json) as tell:
        made = backend.do(ExportData(path, options, tell=tell))
    if as_json:
        answer = {"path": made.path, "files": made.files, "rows": made.rows, "log_hash": made.log_hash}
        say_json(jsonify(answer) | {"seconds": round(made.seconds, 3)})
        return
    rows = [(part.file, KIND_WORDS[part.kind], f"{part.rows:,}") for part in made.files]
    say(table(("File", "What", "Rows"), rows, right=("Rows",)))
    say("")
    if made.paused:
        say(
            f"{made.paused} paused: written as Inactive with Auto Charge off and the pause as the reason, because Keap "
            "has no pause. An import here reads the pause again."
        )
    say(sanitize(f"Written to {made.path} in {made.seconds:.1f} s. Log {made.log_hash[:12]}."))


@click.command(
    "export-changes",
    epilog="WHERE is the number of a log entry, the start of its hash as printed in a letter, or a day.",
)
@click.argument("file", type=_FILE)
@click.option("--since", type=WORDS, metavar="WHERE", help="After this entry, or from this day on; default: all.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "rest"]),
    help="A table, or the requests that update Keap; default: a table, or requests for a name in .jsonl.",
)
@json_option
@with_start
def export_changes(context: CliContext, file: Path, since: str | None, form: str | None, as_json: bool) -> None:
    """Export cancellations, refunds and other changes.

    With who made each of them, for Keap or for your records.
    """
    from subtui.views.exports import changes_format_for  # noqa: PLC0415

    wanted = changes_format_for(file.name, form)
    with signed_in(context) as backend:
        made = backend.do(ExportChanges(file, since=_since(context, since, backend.today), form=wanted))
    if as_json:
        say_json(jsonify(made))
        return
    what = f"{'change' if wanted == 'csv' else 'request'}{'' if made.lines == 1 else 's'}"
    by_hand = f", {made.manual:,} to do by hand" if made.manual else ""
    say(sanitize(f"Written to {made.path}: {made.lines:,} {what}{by_hand}. Log {made.log_hash[:12]}."))
    for note in made.notes:
        say(sanitize(note))
    say(f"Next time: --since {made.last}")


def _since(context: CliContext, text: str | None, today: "date") -> "Since | None":
    """Read the start of an export: an entry by number or hash, or a day. Raises WrongInput."""
    from subtui.views.exports import Since  # noqa: PLC0415

    if text is None:
        return None
    written = text.strip().lower()
    if written.isascii() and written.isdigit() and len(written) < SHORTEST_HASH:
        return Since(entry=int(written))
    if re.fullmatch(f"[0-9a-f]{{{SHORTEST_HASH},64}}", written):
        return Since(hash=written)
    day = context.read_day("--since", text, today=today, past=True)
    if day > today:
        raise WrongInput(f"--since: {context.day(day)} is in the future, so there are no changes since then.")
    return Since(day=day)

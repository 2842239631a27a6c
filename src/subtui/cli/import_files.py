"""The import command: its options, its progress, and its report."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from subtui.acts.data import ImportFiles
from subtui.cli.context import CliContext, json_option, opened, sign_in, with_start
from subtui.cli.errors import told
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import complain, complain_lines, say, say_json, table
from subtui.cli.progress import progress_line
from subtui.domain.errors import FileProblem
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.views.imports import ImportReport, LeftOut

SHOWN = 20
"""The number of left-out rows that are printed; a file takes all of them."""

_EPILOG = (
    "FILE is CSV, JSON or JSON lines, also .gz or .zip, a workbook (.xlsx), or - for standard input: Keap exports, "
    "import wizard files, table dumps, REST answers, or subtui exports. Several files are imported in the order they "
    "need each other."
)


@click.command("import", epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=str, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Show what would be imported, without importing.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is rejected.")
@click.option(
    "--date-order",
    type=click.Choice(["mdy", "dmy"]),
    help="Whether 3/4/2026 is 4 March (mdy) or 3 April (dmy), if the files leave it open.",
)
@click.option(
    "--encoding",
    metavar="NAME",
    help="Encoding of files that do not show it, such as cp1250 or mac_roman.",
)
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook to import, if not the first.")
@click.option("--overwrite", is_flag=True, help="Overwrite subscriptions and contacts edited here.")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Write all rows left out to a new CSV file."
)
@once()
@json_option
@with_start
def import_(
    context: CliContext,
    files: Sequence[str],
    dry_run: bool,
    strict: bool,
    date_order: str | None,
    encoding: str | None,
    sheet: str | None,
    overwrite: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Import your own data.

    All of it is imported, or nothing. Importing again updates it, without duplicates.
    """
    from subtui.domain.date_order import DateOrder  # noqa: PLC0415
    from subtui.services.data_import import NotAllOfIt  # noqa: PLC0415
    from subtui.views.imports import ImportOptions, columns_left_out  # noqa: PLC0415

    options = ImportOptions(DateOrder(date_order) if date_order else None, strict, dry_run, overwrite, encoding, sheet)
    with opened(context) as backend, _aside(report) as aside, progress_line(quiet=as_json) as tell:
        sign_in(context, backend, usually="admin")
        try:
            made = backend.do(ImportFiles(files, options, stdin=sys.stdin.buffer, tell=tell, aside=aside))
        except NotAllOfIt as refused:
            if as_json:
                raise click.exceptions.Exit(told(refused, as_json=True, report=_as_json(refused.report))) from None
            _left_out(refused.report, report)
            raise
        if aside is not None:
            for column in columns_left_out(made):
                aside(column)
    if as_json:
        say_json(_as_json(made))
        return
    _say(made, report)


def _as_json(made: "ImportReport") -> dict[str, Any]:
    told_apart = {field.name: getattr(made, field.name) for field in fields(made) if field.name != "seconds"}
    answer: dict[str, Any] = jsonify(told_apart)
    return answer | {"refused": made.refused, "seconds": round(made.seconds, 3)}


@contextmanager
def _aside(file: Path | None) -> Iterator["Callable[[LeftOut], None] | None"]:
    """Write every left-out row into a CSV file; without any, no file is left."""
    if file is None:
        yield None
        return
    import csv  # noqa: PLC0415

    from subtui.services.data_import import NotAllOfIt  # noqa: PLC0415
    from subtui.views.imports import LEFT_OUT_HEAD, left_out_cells  # noqa: PLC0415

    with _told_of(file):
        stream = file.open("x", encoding="utf-8-sig", errors="replace", newline="")
    write = csv.writer(stream).writerow

    def put(row: "LeftOut") -> None:
        with _told_of(file):
            write(left_out_cells(row))

    write(LEFT_OUT_HEAD)
    wanted = False
    try:
        yield put
        wanted = True
    except (NotAllOfIt, click.exceptions.Exit):
        wanted = True
        raise
    finally:
        with _told_of(file):
            stream.close()
        if not wanted:
            file.unlink()


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise FileProblem(f"{file} already exists and was not overwritten. Give another name with --report.") from None
    except OSError as error:
        raise FileProblem(f"{file} cannot be written: {error.strerror}.") from error


def _say(made: "ImportReport", file: Path | None) -> None:
    from subtui.domain.subscriptions import DATA_ISSUE_LABELS  # noqa: PLC0415
    from subtui.views.imports import KIND_WORDS  # noqa: PLC0415

    for source in made.files:
        kinds = ", ".join(KIND_WORDS[kind] for kind in source.kinds) or "nothing"
        dates = {"mdy": " · month first", "dmy": " · day first"}.get(source.date_order or "", "")
        letters = f" · {source.encoding}" + (f", such as “{source.example}”" if source.example else "")
        dropped = f" · not stored: {', '.join(source.dropped)}" if source.dropped else ""
        kept = f" · kept unchanged: {', '.join(source.kept)}" if source.kept else ""
        say(sanitize(f"{source.name}: {kinds}{dates}{dropped}{letters}{kept}"))
    heads = ("", "New", "Changed", "Same", "Kept", "Refused")
    rows = [
        (KIND_WORDS[kind], *(f"{n:,}" for n in (c.new, c.changed, c.same, c.kept, c.refused)))
        for kind, c in made.counts.items()
    ]
    if rows:
        say(f"\n{table(heads, rows, right=heads[1:])}")
    for note in made.notes:
        say(sanitize(note))
    _left_out(made, file)
    ends = [f"{count:,} {DATA_ISSUE_LABELS[end]}" for end, count in made.loose_ends]
    if made.refunds_owing:
        ends.append(f"{made.refunds_owing:,} refunded with a balance due")
    if ends:
        before = f" ({made.loose_before:,} before)" if made.loose_before else ""
        say(f"\nLoose ends{before}: {'; '.join(ends)}.\nList them: subtui report loose")
    if made.dry_run:
        say("\nDry run: nothing was imported.")
    else:
        say(f"\nImported in {made.seconds:.1f} s. Log {made.log_hash[:12]}.")


def _left_out(made: "ImportReport", file: Path | None = None) -> None:
    if not made.left_out_total:
        return
    rows = [(row.file, f"{row.line:,}", row.column, row.value, row.reason) for row in made.left_out[:SHOWN]]
    complain("")
    complain_lines(table(("File", "Line", "Column", "Value", "Reason"), rows, right=("Line",), longest=70))
    rest = made.left_out_total - len(rows)
    if file is not None:
        complain(f"All are in {file}.")
    elif rest:
        complain(f"… and {rest:,} more. All of them: --report FILE")

"""What every list can do: be filtered, sorted, copied from, and written to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from subtui.acts.data import ExportList
from subtui.app.commands.catalog import command
from subtui.app.screens.copy_dialog import CopyDialog
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.widgets.list_filter import filter_list
from subtui.app.widgets.record_table import RecordTable
from subtui.app.workers import asks
from subtui.domain.plain_text import counted, sanitize

if TYPE_CHECKING:
    from subtui.app.base_screen import BaseScreen


def run(screen: "BaseScreen", table: RecordTable, command_id: str) -> None:
    """Do one of the commands of every list that the screen has to help with."""
    name, _, column = command_id.partition(":")
    known = command(name)
    why_not = screen.disabled_reason(known)
    if why_not:
        screen.say(why_not, "refused")
    elif name == "list.filter":
        _filter(screen, table)
    elif name == "list.copy":
        _copy(screen, table)
    elif name == "list.export":
        _export(screen, table)
    else:
        _sort(screen, table, name, int(column) if column else None)


def _filter(screen: "BaseScreen", table: RecordTable) -> None:
    field = screen.filter_field(table)
    if field:
        screen.query_one(f"#{field}").focus()
    else:
        filter_list(screen, table)


# --- sorting ----------------------------------------------------------------------------------------------------------


_STEPS = {"list.sort": 1, "list.sort_back": -1}


def _sort(screen: "BaseScreen", table: RecordTable, name: str, column: int | None) -> None:
    now, reverse, last = table.arrangement.sorted_by, table.arrangement.reverse, len(table.columns) - 1
    if name == "list.reverse" or (column is not None and column == now):
        at, reverse = (0 if now is None else now), not reverse
    elif column is not None:
        at, reverse = column, False
    else:
        step = _STEPS[name]
        at, reverse = (0 if step > 0 else last) if now is None else (now + step) % (last + 1), False
    if screen.sort_list(table, at, reverse=reverse):
        return
    table.sort_by(at, reverse=reverse)
    order = ", the other way round" if reverse else ""
    partly = "" if table.is_whole else f" Only the {table.listed:,} listed rows are sorted."
    screen.say(f"Sorted by {table.columns[at].label}{order}.{partly}")


# --- copying ----------------------------------------------------------------------------------------------------------


def _copy(screen: "BaseScreen", table: RecordTable) -> None:
    if not table.rows:
        return
    row = table.rows[table.cursor]
    cells = [
        (column.label, sanitize(cell.text)) for column, cell in zip(table.columns, row.cells, strict=True) if cell.text
    ]

    def copy(text: str | None) -> None:
        if text is not None:
            screen.app.copy_to_clipboard(text)
            screen.say(f"Copied to the terminal's clipboard: {text.replace(chr(9), '  ')}", "done")

    screen.app.push_screen(CopyDialog(row.key, cells), copy)


# --- exporting --------------------------------------------------------------------------------------------------------


def _export(screen: "BaseScreen", table: RecordTable) -> None:
    if not table.rows:
        screen.say("There are no rows to export.", "refused")
        return
    title = screen.breadcrumbs()[-1]
    name = "-".join(word for word in sanitize(title).lower().split() if word.isalnum()) or "list"

    def write(path: str | None) -> None:
        if path:
            _write(screen, table, title, Path(path).expanduser())

    partly = "" if table.is_whole else f", {counted(table.listed, 'listed row')}"
    asked = f"Export {counted(len(table.rows), 'row')}{partly} to a new .csv, .json or .md file"
    screen.app.push_screen(PathDialog(asked, str(Path.home() / f"{name}.csv")), write)


@asks("export")
async def _write(screen: "BaseScreen", table: RecordTable, title: str, path: Path) -> None:
    labels = tuple(column.label for column in table.columns)
    rows = tuple(tuple(cell.text for cell in row.cells) for row in table.rows)
    written = await screen.do(ExportList(path, title, labels, rows))
    screen.say(f"Exported {counted(len(rows), 'row')} to {written}.", "done")

"""The command line: its global options, and the module of each command. Imports are as late as possible."""

import gc
from pathlib import Path

import click

from subtui import __version__, written
from subtui.app_config import THEMES
from subtui.cli.context import (
    WORDS,
    CliContext,
    Options,
    begin,
    forget_old_size,
    require_keymap,
    why_no_screens,
    with_start,
)
from subtui.cli.errors import Program
from subtui.domain.errors import WrongInput

_FILE = click.Path(path_type=Path)


_COMMANDS = {
    "account": "account",
    "ask": "requests",
    "batch": "batches",
    "cancel": "subscriptions",
    "contact": "contacts",
    "undo": "subscriptions",
    "roll": "subscriptions",
    "find": "find",
    "show": "show",
    "reasons": "show",
    "keys": "show",
    "report": "reports",
    "data": "data_files",
    "db": "database",
    "demo": "demo",
    "export": "export",
    "export-changes": "export",
    "flow": "flows",
    "import": "import_files",
    "keap": "keap",
    "list": "lists",
    "log": "log",
    "note": "notes",
    "order": "orders",
    "pause": "pauses",
    "refund": "refunds",
    "refunds": "refunds",
    "requests": "requests",
    "resume": "pauses",
    "snapshot": "snapshot",
    "user": "users",
    "view": "lists",
}
"""The module of each command."""


@click.group(
    "subtui",
    cls=Program,
    lazy=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--db", metavar="PATH", help="The database: a file, or postgresql://USER@HOST/NAME.")
@click.option("--at", metavar="DATE", help="The day or instant to show; the demo has its own day.")
@click.option("--as", "who", type=WORDS, metavar="E-MAIL", help="Your e-mail; on demo data a role is enough.")
@click.option("--config", type=_FILE, metavar="FILE", help="Read the settings from this file.")
@click.option("--theme", type=click.Choice(THEMES), help="The colours of the screens.")
@click.option("--read-only", is_flag=True, help="View everything, change nothing.")
@click.option("--seed", type=_FILE, metavar="FILE", help="Fill a new database from this file instead of the demo data.")
@click.version_option(__version__, message="subtui %(version)s")
@click.pass_context
def main(
    context: click.Context,
    db: str | None,
    at: str | None,
    who: str | None,
    config: Path | None,
    theme: str | None,
    read_only: bool,
    seed: Path | None,
) -> None:
    """Manage customer subscriptions: cancel them completely, refund orders, and keep proof of both.

    Without a command the screens open. The commands do the same as the screens, for scripts. They exit 0 when done,
    1 when a rule refuses, 2 when the input is wrong, 3 when done but the answer could not be printed.
    """
    context.obj = Options(db, at, who, config, theme, read_only, seed)
    if context.invoked_subcommand is None:
        _open_screens(begin(context.obj), "/")


@main.command(name="open")
@click.argument("route", type=WORDS)
@with_start
def open_route(start: CliContext, route: str) -> None:
    """Open the screens at a route, such as /subscriptions/1042."""
    from subtui.app.routes import parse  # noqa: PLC0415  (printing help needs no routes)

    _open_screens(start, parse(route).link)


def _open_screens(start: CliContext, route: str) -> None:
    require_keymap(start.settings)
    why_not = why_no_screens()
    if why_not:
        raise WrongInput(why_not)
    forget_old_size()
    # The start makes no garbage; the backend client enables collection once the backend is open.
    gc.disable()
    from subtui.app.main import run  # noqa: PLC0415  (the commands draw nothing)

    # The screens have answered what was saved there.
    with written.apart():
        code = run(start.app_config(route))
    raise click.exceptions.Exit(code)

"""Saved views as commands: list prints one, or names them all; view save and view remove keep them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from subtui.acts.saved_views import GetSavedView, ListSavedViews, RemoveView, SaveView
from subtui.acts.search import FilterContacts
from subtui.acts.subscriptions import ListSubscriptions
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import text_of
from subtui.cli.output import say, say_json
from subtui.domain.saved_views import Listing
from subtui.views.dashboard_entries import CONTACT_COLUMNS
from subtui.views.entries import ListColumn, row_cells, table
from subtui.views.format import Format
from subtui.views.list_file import ListFormat, list_text
from subtui.views.saved_views import SAVED_VIEW_COLUMNS, SavedViewRow, chosen_columns

if TYPE_CHECKING:
    from subtui.services.backend import Backend


_FORMATS = [form.value for form in ListFormat]
_LISTINGS = [listing.value for listing in Listing]


@click.command(name="list")
@click.argument("view", type=WORDS, required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=500, show_default=True, help="The most rows to show.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="Print the rows as CSV, JSON or Markdown.",
)
@json_option
@with_start
def list_(context: CliContext, view: str | None, limit: int, form: str | None, as_json: bool) -> None:
    """Print what a saved view lists; without a name, list the saved views."""
    with signed_in(context) as backend:
        fmt = context.format(backend)
        if view is None:
            _say_views(backend.read(ListSavedViews()), fmt, as_json=as_json)
            return
        saved = backend.read(GetSavedView(name=view))
        columns, rows, total, capped = _rows(backend, saved, limit)
    if as_json:
        say_json({"view": jsonify(saved), "rows": jsonify(tuple(rows)), "total": total, "capped": capped})
        return
    if form is not None:
        cells = [[cell.text for cell in row_cells(columns, row, fmt)] for row in rows]
        say(list_text([column.label for column in columns], cells, ListFormat(form)).rstrip("\n"))
        return
    if rows:
        say(text_of([table(columns, rows, fmt)]))
    say(f"{len(rows)} of {total}{' or more' if capped else ''} {saved.listing}")


def _rows(
    backend: "Backend", saved: SavedViewRow, limit: int
) -> tuple[Sequence[ListColumn[Any]], Sequence[Any], int, bool]:
    """The columns and the rows of a view, their total number, and whether there are more than that."""
    if saved.listing is Listing.CONTACTS:
        found = backend.read(FilterContacts(saved.query, limit=limit))
        return CONTACT_COLUMNS, found.rows, found.total, found.capped
    page = backend.read(ListSubscriptions(saved.filter, limit=limit))
    return chosen_columns(saved.columns), page.rows, page.total, page.capped


def _say_views(views: tuple[SavedViewRow, ...], fmt: Format, *, as_json: bool) -> None:
    if as_json:
        say_json({"views": jsonify(views)})
    elif views:
        say(text_of([table(SAVED_VIEW_COLUMNS, views, fmt)]))
    else:
        say("No saved views yet. Save one with: subtui view save NAME --search 'status:loose'")


@click.group()
def view() -> None:
    """Keep lists with their filter, order and columns under a name."""


@view.command()
@click.argument("name", type=WORDS)
@click.option("--search", "query", type=WORDS, default="", metavar="S", help="Words and operators, as for find.")
@click.option("--listing", type=click.Choice(_LISTINGS), default=_LISTINGS[0], help="What it lists.", show_default=True)
@click.option("--sort", type=WORDS, default="", metavar="ORDER", help="The order; a wrong one lists those there are.")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--columns", type=WORDS, default="", metavar="LABELS", help="Columns in their order, by commas.")
@click.option("--shared", is_flag=True, help="For the whole team.")
@json_option
@with_start
def save(
    context: CliContext,
    name: str,
    query: str,
    listing: str,
    sort: str,
    reverse: bool,
    columns: str,
    shared: bool,
    as_json: bool,
) -> None:
    """Save a view; your own, or with --shared the team's, of the same name is replaced."""
    labels = tuple(label.strip() for label in columns.split(",") if label.strip())
    with signed_in(context) as backend:
        act = SaveView(name, Listing(listing), query=query, sort=sort, reverse=reverse, columns=labels, shared=shared)
        saved = backend.do(act)
    if as_json:
        say_json(jsonify(saved))
    else:
        kind = "team view" if saved.shared else "view"
        say(f"Saved the {kind} “{saved.name}”. Print it with: subtui list '{saved.name}'")


@view.command()
@click.argument("name", type=WORDS)
@json_option
@with_start
def remove(context: CliContext, name: str, as_json: bool) -> None:
    """Remove a saved view."""
    with signed_in(context) as backend:
        removed = backend.do(RemoveView(backend.read(GetSavedView(name=name)).id))
    if as_json:
        say_json({"removed": removed})
    else:
        say(f"Removed the view “{removed}”.")

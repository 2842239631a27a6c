"""The command find: contacts and records of every kind, or by operators the contacts or subscriptions they hold for."""

from typing import TYPE_CHECKING, Any

import click

from subtui.acts.contacts import FindContacts
from subtui.acts.search import FilterContacts, FindRecords
from subtui.acts.subscriptions import ListSubscriptions
from subtui.app import routes
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import text_of
from subtui.cli.output import cell, say, say_json
from subtui.domain.errors import WrongInput
from subtui.domain.search_query import SearchQuery, parse
from subtui.views.customers import Found, Page, SubscriptionFilter, SubscriptionRow
from subtui.views.dashboard_entries import CONTACT_COLUMNS
from subtui.views.entries import Entry, Heading, table
from subtui.views.format import Format
from subtui.views.found_records import RECORD_COLUMNS, FoundRecord, FoundRecords, more_words
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS

if TYPE_CHECKING:
    from subtui.services.backend import Backend


@click.command()
@click.argument("text", type=WORDS)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="The most rows to show.")
@json_option
@with_start
def find(context: CliContext, text: str, limit: int, as_json: bool) -> None:
    """Find contacts by name, e-mail, phone, company or id, and other records by number, reference or name.

    Operators filter: status, plan, ends, bills, reason and by list subscriptions; tag, city, owes and card list
    contacts, where no subscription is asked for. For example: 'status:inactive reason:none', 'owes:>0 tag:members'.
    """
    with signed_in(context) as backend:
        query, fmt = parse(text, today=backend.today), context.format(backend)
        if query.problem:
            raise WrongInput(query.problem)
        if query.of_subscriptions:
            page = backend.read(ListSubscriptions(SubscriptionFilter(text=text), limit=limit))
            _say_subscriptions(text, page, fmt, as_json=as_json)
        else:
            _say_found(*_read(backend, query, text, limit), fmt, as_json=as_json)


def _read(backend: "Backend", query: SearchQuery, text: str, limit: int) -> tuple[Found, FoundRecords]:
    if query.conditions:
        return backend.read(FilterContacts(text, limit=limit)), FoundRecords(text)
    return backend.read(FindContacts(text, limit=limit)), backend.read(FindRecords(text, limit=min(limit, 20)))


def _say_subscriptions(text: str, page: Page[SubscriptionRow], fmt: Format, *, as_json: bool) -> None:
    if as_json:
        say_json({"query": text, "subscriptions": jsonify(page)})
    elif not page.rows:
        say(f"No subscription matches “{cell(text)}”.")
    else:
        say(text_of([table(ALL_SUBSCRIPTIONS_COLUMNS, page.rows, fmt)]))
        say(f"{len(page.rows)} of {page.total}{' or more' if page.capped else ''} subscriptions")


def _record(row: FoundRecord) -> dict[str, Any]:
    """A record with the route that opens it; a plan, a tag or a city has the search for it instead."""
    route = None if row.search else str(routes.to(routes.OF_RECORDS[row.kind.value], row.id))
    facts: dict[str, Any] = jsonify(row)
    del facts["id"]  # of the record that is opened: the route says it
    return facts | {"route": route}


def _say_found(found: Found, records: FoundRecords, fmt: Format, *, as_json: bool) -> None:
    if as_json:
        answer: dict[str, Any] = jsonify(found)
        del answer["after"]  # the cursor of the next page is for the screens: commands use --limit
        say_json(answer | {"records": [_record(row) for row in records.rows]})
        return
    if found.rows:
        say(text_of([table(CONTACT_COLUMNS, found.rows, fmt)]))
        shown, total = len(found.rows) - found.similar, f"{found.total}{' or more' if found.capped else ''}"
        alike = f"; the last {found.similar} are similar names" if found.similar else ""
        say(f"{shown} of {total} contacts{alike}")
    else:
        say(f"No contact matches “{cell(found.query)}”.")
    if records.rows:
        entries: list[Entry] = [Heading("Other records"), table(RECORD_COLUMNS, records.rows, fmt)]
        say(text_of(entries))
        if records.more:
            say(more_words(records))

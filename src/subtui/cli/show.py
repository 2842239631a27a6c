"""The read-only commands: find, show, reasons, keys."""

import click

from subtui.acts.contacts import FindContacts
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import cell, say, say_json, table


@click.command()
@click.argument("text", type=WORDS)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="The most rows to show.")
@json_option
@with_start
def find(context: CliContext, text: str, limit: int, as_json: bool) -> None:
    """Find contacts by name, e-mail, phone, company or id."""
    from subtui.cli.layout import text_of  # noqa: PLC0415
    from subtui.views.dashboard_entries import CONTACT_COLUMNS, CONTACT_ID  # noqa: PLC0415
    from subtui.views.entries import table as table_of  # noqa: PLC0415

    with signed_in(context) as backend:
        found, fmt = backend.read(FindContacts(text, limit=limit)), context.format(backend)
    if as_json:
        answer = jsonify(found)
        del answer["after"]  # the cursor of the next page is for the screens: commands use --limit
        say_json(answer)
        return
    if not found.rows:
        say(f"No contact matches “{cell(text)}”.")
        return
    say(text_of([table_of((CONTACT_ID, *CONTACT_COLUMNS), found.rows, fmt)]))
    shown, total = len(found.rows) - found.similar, f"{found.total}{' or more' if found.capped else ''}"
    alike = f"; the last {found.similar} are similar names" if found.similar else ""
    say(f"{shown} of {total} contacts{alike}")


@click.command()
@click.argument("route", type=WORDS)
@json_option
@with_start
def show(context: CliContext, route: str, as_json: bool) -> None:
    """Print what a screen shows: /subscriptions/1042, /contacts/17/orders, / for the dashboard.

    A route may have a filter: /contacts/17/activity?kind=refunds.
    """
    from subtui.app.routes import parse  # noqa: PLC0415
    from subtui.cli.screens import SHOWN, say_route, without_data  # noqa: PLC0415

    wanted = parse(route)
    if wanted.screen not in SHOWN:
        sentence = without_data(wanted.screen)
        if as_json:
            say_json({"route": str(wanted), "sentence": sentence})
        else:
            say(sentence)
        return
    say_route(context, wanted, as_json=as_json)


@click.command()
@json_option
def reasons(as_json: bool) -> None:
    """List the usual reasons that cancel takes; an owner may have changed those of an account."""
    from subtui.domain.reasons import CANCELLING  # noqa: PLC0415

    if as_json:
        say_json({"reasons": jsonify(CANCELLING)})
        return
    rows = [(reason.code, reason.label, "needs a note" if reason.needs_note else "") for reason in CANCELLING]
    say(table(("Code", "Reason", ""), rows))


@click.command()
@json_option
@with_start
def keys(context: CliContext, as_json: bool) -> None:
    """List every command of the screens with its keys, your own settings applied."""
    from subtui.app.commands.catalog import COMMANDS  # noqa: PLC0415
    from subtui.app.commands.keymap import keys_in_force  # noqa: PLC0415
    from subtui.cli.context import require_keymap  # noqa: PLC0415

    require_keymap(context.settings)
    keymap = context.settings.keymap
    if as_json:
        say_json(
            {
                "commands": [
                    {
                        "id": command.id,
                        "title": command.title,
                        "keys": list(keys_in_force(keymap, command)),
                        "help": command.help,
                        "where": command.scope.value,
                    }
                    for command in COMMANDS
                ]
            }
        )
        return
    rows = [
        (command.id, " ".join(keys_in_force(keymap, command)), command.scope.value, command.help)
        for command in COMMANDS
    ]
    say(table(("Command", "Keys", "Where", "What it does"), rows, longest=100))

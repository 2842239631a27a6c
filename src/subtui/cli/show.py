"""The read-only commands: show, reasons, keys."""

import click

from subtui.cli.context import WORDS, CliContext, json_option, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json, table


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

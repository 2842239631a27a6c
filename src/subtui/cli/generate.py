"""The command that makes a database of made-up data of any size, to try the program or to measure it."""

from dataclasses import replace

import click

from subtui import written
from subtui.cli.context import CliContext, json_option, opened, with_start
from subtui.cli.database_file import place_of_start, refuse_existing, refuse_read_only
from subtui.cli.output import say, say_json
from subtui.cli.progress import progress_line

_MOST = 20_000_000

_EPILOG = (
    "The same number and seed give the same rows on every machine; another version of mimesis may use other names. "
    "The account, its users and what it sells are those of the demo, and its day is the demo's."
)


@click.command(epilog=_EPILOG)
@click.option("--contacts", type=click.IntRange(1, _MOST), metavar="N", required=True, help="How many contacts.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="S",
    default=1,
    help="The same seed gives the same data; default 1.",
)
@click.option("--db", "where", metavar="PATH", help="The database; as --db before the command.")
@click.option(
    "--subscriptions-of-one",
    type=click.IntRange(0, _MOST),
    metavar="N",
    default=0,
    help="Extra subscriptions and orders for the first contact.",
)
@json_option
@with_start
def generate(
    context: CliContext, contacts: int, seed: int, where: str | None, subscriptions_of_one: int, as_json: bool
) -> None:
    """Create a database of generated data.

    On average each contact has 1.5 subscriptions and 2 orders.

    Needs mimesis: pip install "subtui[generate]"
    """
    if context.seed:
        raise click.UsageError("--seed FILE cannot be used with generated data: leave it out.")
    from subtui.made_data import Wanted, generate  # noqa: PLC0415
    from subtui.storage.database import database_url, is_on_server  # noqa: PLC0415

    context = context if where is None else replace(context, where=where)
    url, place = database_url(context.where), place_of_start(context)
    refuse_read_only(context)
    refuse_existing(context)
    with progress_line(quiet=as_json) as tell:
        made = generate(url, Wanted(contacts, seed, subscriptions_of_one), tell)
    written.note()
    with opened(context, read_only=True) as backend:
        size = backend.size()
    if as_json:
        say_json(
            {
                "database" if is_on_server(url) else "file": place,
                "account": made.account,
                "bytes": size,
                "rows": made.rows,
                "seconds": made.seconds,
            }
        )
        return
    counts = [f"{made.rows[table]:,} {words}" for table, words in _WORDS]
    say(f"Created {place} for “{made.account}” with generated data: {', '.join(counts)}.")
    say(f"{size:,} bytes in {made.seconds:.1f} s.")


_WORDS = (("contact", "contacts"), ("subscription", "subscriptions"), ("order", "orders"), ("payment", "payments"))

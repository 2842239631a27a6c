"""The commands about the database itself: make it, describe it, copy it, bring it up to date, reset the demo data."""

import click

from subtui import written
from subtui.acts.account import MarkDrill
from subtui.acts.log import VerifyLog
from subtui.app_config import ADD_OWNER
from subtui.cli.context import WORDS, CliContext, ask, json_option, opened, signed_in, with_start
from subtui.cli.database_file import file_of_start, place_of_start, refuse_existing, refuse_read_only
from subtui.cli.generate import generate
from subtui.cli.output import pairs, say, say_json
from subtui.cli.progress import progress_line
from subtui.domain.errors import Refused


@click.group()
def db() -> None:
    """Create, describe, copy, update or reset the database."""


db.add_command(generate)


@db.command()
@click.option("--empty", is_flag=True, help="Create an empty account, without the demo data.")
@with_start
def init(context: CliContext, empty: bool) -> None:
    """Create the database, with the demo data by default."""
    if empty and context.seed:
        raise click.UsageError("Use either --empty or --seed, not both.")
    refuse_read_only(context)
    refuse_existing(context)
    with opened(context, empty=empty, create=True) as backend:
        written.note()
        account = backend.session_info().account
    say(f"Created {place_of_start(context)} for “{account}”.")
    if empty:
        say(f"Next, add the owner: {context.command(ADD_OWNER)}")


@db.command()
@json_option
@with_start
def info(context: CliContext, as_json: bool) -> None:
    """Show where the database is and what it contains.

    It also verifies the log.
    """
    from subtui.storage.database import database_url, is_on_server  # noqa: PLC0415
    from subtui.storage.revisions import HEAD  # noqa: PLC0415

    where, on_server = place_of_start(context), is_on_server(database_url(context.where))
    # Read-only, so that not even due subscriptions are expired.
    with opened(context, must_exist=True, read_only=True) as backend:
        place, verdict, size = backend.session_info(), backend.read(VerifyLog()), backend.size()
    if as_json:
        say_json(
            {
                "database" if on_server else "file": where,
                "bytes": size,
                "schema": HEAD,
                "account": place.account,
                "demo": place.demo,
                "drill": place.drill,
                "today": place.today.isoformat(),
                "has_users": place.has_users,
                "log": {"entries": verdict.entries, "newest": verdict.newest, "intact": verdict.broken is None},
            }
        )
        return
    facts = (
        ("Database" if on_server else "File", where),
        ("Size", f"{size:,} bytes"),
        ("Schema", HEAD),
        ("Account", place.account),
        ("Data", "demo" if place.demo else "your own, drill copy" if place.drill else "your own"),
        ("Today", context.day(place.today)),
        ("Sign-in", "" if place.has_users else "no users yet"),
        ("Log", verdict.broken.sentence if verdict.broken else f"verified, entries: {verdict.entries}"),
        ("Newest hash", verdict.newest),
    )
    say(pairs(facts))


@db.command()
@json_option
@with_start
def upgrade(context: CliContext, as_json: bool) -> None:
    """Bring the tables up to date with this version.

    A file is updated when it is opened. The tables on a server are updated by this command only, run by their owner
    while no older version is at work.
    """
    from subtui.storage.database import database_url, upgrade  # noqa: PLC0415

    refuse_read_only(context)
    before, after = upgrade(database_url(context.where))
    written.note()
    if as_json:
        say_json({"before": before, "after": after})
        return
    where = place_of_start(context)
    say(f"{where} is up to date." if before == after else f"Updated {where} from {before} to {after}.")


@db.command()
@click.argument("role", type=WORDS)
@with_start
def grant(context: CliContext, role: str) -> None:
    """Print the SQL that lets a role of the server work in the database.

    Run it as the owner of the tables. The role can add to the log, and not change it.
    """
    from subtui.storage.database import database_url, grants  # noqa: PLC0415

    say("\n".join(grants(database_url(context.where), role)))


@db.command(name="copy")
@click.argument("source", type=WORDS)
@click.argument("target", type=WORDS)
@json_option
@with_start
def copy_command(context: CliContext, source: str, target: str, as_json: bool) -> None:
    """Copy a database into a new place: a file to a server, or back.

    Every row keeps its id. The log is verified at both ends.
    """
    from subtui.services.database_copy import copy_verified  # noqa: PLC0415
    from subtui.storage.database import database_url, place_of  # noqa: PLC0415

    refuse_read_only(context)
    begin, end = database_url(source), database_url(target)
    with progress_line(quiet=as_json) as tell:
        copied = copy_verified(begin, end, tell or (lambda _progress: None))
    written.note()
    if as_json:
        say_json({"rows": copied.rows, "log": {"entries": copied.entries, "newest": copied.newest}})
        return
    say(f"Copied {place_of(begin)} to {place_of(end)}: {sum(copied.rows.values()):,} rows.")
    say(f"The log was verified at both ends: {copied.entries:,} entries, newest hash {copied.newest}.")


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_start
def reset(context: CliContext, yes: bool) -> None:
    """Replace the demo data with a fresh copy."""
    from subtui.cli.database_reset import make_anew  # noqa: PLC0415

    file = file_of_start(context)
    refuse_read_only(context)
    with opened(context, must_exist=True, read_only=True) as backend:
        own = not backend.session_info().demo and backend.has_contacts()
    if own:
        raise Refused(f"{file} contains your own data, not the demo data. It was not changed.")
    if not yes and not ask(f"Replace everything in {file} with new demo data?", otherwise="--yes"):
        raise Refused("Nothing was changed.")
    make_anew(file, context.seed)
    written.note()
    say(f"Recreated {file}.")


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_start
def drill(context: CliContext, yes: bool) -> None:
    """Mark a copy of your data as a drill, for good.

    In a drill, --at can act on any day.
    """
    with signed_in(context, must_exist=True) as backend:
        question = f"Mark {place_of_start(context)} as a drill for good? Its log will contain made-up days."
        if not yes and not ask(question, otherwise="--yes"):
            raise Refused("Nothing was changed.")
        say(backend.do(MarkDrill()))

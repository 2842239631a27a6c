"""The database itself from the command line: make it, describe it, make the demo data anew."""

from pathlib import Path

import click

from subtui import written
from subtui.domain.errors import Refused
from subtui.plain.database_file import file_of_start, refuse_existing, refuse_read_only
from subtui.plain.generating import generate
from subtui.plain.output import pairs, say, say_json
from subtui.plain.start import Start, ask, json_option, opened, signed_in, with_start


@click.group()
def db() -> None:
    """Make, describe or reset the database."""


db.add_command(generate)


@db.command()
@click.option("--empty", is_flag=True, help="Without the demo data: an account with nobody and nothing in it.")
@with_start
def init(start: Start, empty: bool) -> None:
    """Make the database, with the demo data unless told otherwise."""
    if empty and start.seed:
        raise click.UsageError("--empty and --seed exclude each other.")
    file = file_of_start(start)
    refuse_read_only(start)
    refuse_existing(start, file)
    with opened(start, empty=empty) as desk:
        written.note()
        account = desk.workplace().account
    say(f"Made {file} for “{account}”.")
    if empty:
        say("Add its owner next: subtui user add E-MAIL --name NAME --role owner")


@db.command()
@json_option
@with_start
def info(start: Start, as_json: bool) -> None:
    """Say where the database is, what it holds and whether its log is whole."""
    from subtui.storage.opening import HEAD  # noqa: PLC0415

    file = file_of_start(start)
    # Looking is no work: read-only, so that not even the day is rolled.
    with opened(start, must_exist=True, read_only=True) as desk:
        place, verdict = desk.workplace(), desk.verify_log()
    size = sum(part.stat().st_size for part in (file, *_beside(file)) if part.exists())
    if as_json:
        say_json(
            {
                "file": str(file),
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
        ("File", str(file)),
        ("Size", f"{size:,} bytes"),
        ("Schema", HEAD),
        ("Account", place.account),
        ("Data", "demo" if place.demo else "your own, for drills" if place.drill else "your own"),
        ("Today", start.day(place.today)),
        ("Sign-in", "" if place.has_users else "nobody can sign in yet"),
        ("Log", verdict.broken.sentence if verdict.broken else f"whole, entries: {verdict.entries}"),
        ("Newest hash", verdict.newest),
    )
    say(pairs(facts))


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_start
def reset(start: Start, yes: bool) -> None:
    """Make the demo data anew in place of what is there."""
    from subtui.plain.resetting import holds_own_data, make_anew  # noqa: PLC0415

    file = file_of_start(start)
    refuse_read_only(start)
    with opened(start, must_exist=True, read_only=True) as desk:
        demo = desk.workplace().demo
    if not demo and holds_own_data(file):
        raise Refused(f"{file} holds data of your own, not the demo data: it was left as it is.")
    if not yes and not ask(f"Replace everything in {file} with new demo data?", otherwise="--yes"):
        raise Refused("Nothing was changed.")
    make_anew(file, start.seed)
    written.note()
    say(f"Made {file} anew.")


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_start
def drill(start: Start, yes: bool) -> None:
    """Mark a copy of your data as a drill, for good: --at can then act in it on any day."""
    file = file_of_start(start)
    with signed_in(start, must_exist=True) as desk:
        question = f"Mark {file} as a drill? Its log will hold days that were not the real ones, and it stays one."
        if not yes and not ask(question, otherwise="--yes"):
            raise Refused("Nothing was changed.")
        say(desk.mark_drill())


def _beside(file: Path) -> tuple[Path, Path]:
    return file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")

"""The log commands: verify it, and list it."""

import re

import click

from subtui.acts.log import FindInLog, ListEvents, VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, opened, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import complain, say, say_json
from subtui.domain.errors import Refused, WrongInput
from subtui.domain.event_types import Subject, SubjectType

SHORTEST_HASH = 16  # the part of a hash that a letter prints


@click.group()
def log() -> None:
    """Read the log, and verify that it is unchanged."""


@log.command()
@click.option("--contains", "prefix", type=WORDS, metavar="HASH", help="Also check for the entry named in a letter.")
@json_option
@with_start
def verify(context: CliContext, prefix: str | None, as_json: bool) -> None:
    """Check the whole log. Exit code 1 names the first entry that does not fit."""
    wanted = _hash(prefix) if prefix is not None else None
    with opened(context, must_exist=True, read_only=True) as backend:
        verdict, place = backend.read(VerifyLog()), backend.session_info()
        entry = backend.read(FindInLog(wanted)) if wanted else None
    missing = wanted is not None and entry is None
    # In demo and practice data the day may be set to an earlier one.
    backwards = verdict.backwards if not (place.demo or place.drill) else None
    if as_json:
        answer = {"intact": verdict.broken is None, **jsonify(verdict)}
        say_json(answer | ({"contains": {"hash": wanted, "entry": entry}} if wanted else {}))
    if verdict.broken is not None:
        complain(f"The log is broken. {verdict.broken.sentence}")
    elif missing:
        complain(f"Log verified, but no entry has the hash {wanted}.")
    elif not as_json:
        count = "1 entry" if verdict.entries == 1 else f"{verdict.entries} entries"
        say(f"Log verified: {count}, newest hash {verdict.newest}")
        if entry:
            say(f"Entry {entry} has the hash {wanted}.")
    if backwards is not None and verdict.broken is None:
        complain(
            f"The log has entries out of date order. {backwards.sentence} One of them was not recorded on its own day."
        )
    if verdict.broken is not None or missing or backwards is not None:
        raise click.exceptions.Exit(Refused.exit_code)


def _hash(text: str) -> str:
    written = text.strip().lower()
    if not re.fullmatch(f"[0-9a-f]{{{SHORTEST_HASH},64}}", written):
        raise WrongInput(f"A hash has {SHORTEST_HASH} to 64 characters (0-9, a-f), as printed in a letter.")
    return written


@log.command()
@click.option("--contact", "contact_id", metavar="ID", type=ROW_ID, help="Only entries of this contact.")
@click.option("--subscription", "subscription_id", metavar="ID", type=ROW_ID, help="Only entries of this subscription.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="The most entries to show."
)
@json_option
@with_start
def show(context: CliContext, contact_id: int | None, subscription_id: int | None, limit: int, as_json: bool) -> None:
    """Print the newest entries, each with what it changed."""
    from subtui.cli.screens import say_events  # noqa: PLC0415

    with signed_in(context) as backend:
        subject = None
        if subscription_id is not None:
            subject = Subject(SubjectType.SUBSCRIPTION, backend.read(GetSubscription(subscription_id)).id)
        events = backend.read(ListEvents(contact_id=contact_id, subject=subject, limit=limit))
        fmt = context.format(backend)
    say_events(events, fmt, as_json=as_json)

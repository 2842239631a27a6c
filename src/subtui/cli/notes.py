"""The note commands: write a note about a contact, a subscription or an order, take it back, and list them."""

import click

from subtui.acts.notes import AddNote, ListNotes, UndoNote
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.domain.errors import WrongInput
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.plain_text import sanitize

_ABOUT = {
    "contact": SubjectType.CONTACT,
    "contact_orders": SubjectType.CONTACT,
    "contact_activity": SubjectType.CONTACT,
    "subscription": SubjectType.SUBSCRIPTION,
    "order": SubjectType.ORDER,
}
"""What a note at a route is about, by the name of its screen."""

ROUTES = "Routes: /contacts/17, /subscriptions/1042, /orders/8."


def _subject(route: str) -> Subject:
    """The record at a route. Raises WrongInput for one that no note can be about."""
    from subtui.app.routes import parse  # noqa: PLC0415

    wanted = parse(route)
    if wanted.screen not in _ABOUT:
        raise WrongInput(
            f"A note is about a contact, a subscription or an order, and not about {wanted}. "
            "Use a route such as /contacts/17, /subscriptions/1042 or /orders/8."
        )
    return Subject(_ABOUT[wanted.screen], wanted.id)


@click.group()
def note() -> None:
    """Write a note about a contact, a subscription or an order, and list its notes."""


@note.command(epilog=ROUTES)
@click.argument("route", type=WORDS)
@click.option("--text", type=WORDS, required=True, metavar="T", help="The note. It can't be changed.")
@once()
@json_option
@with_start
def add(context: CliContext, route: str, text: str, as_json: bool) -> None:
    """Write a note about the record at a route. It is for your team: nothing is sent."""
    subject = _subject(route)
    with signed_in(context) as backend:
        done = backend.do(AddNote(subject, text), route=f"/{subject.type}s/{subject.id}")
    if as_json:
        say_json({"added": jsonify(done)})
    else:
        say(sanitize(done.sentence))


@note.command("list", epilog=ROUTES)
@click.argument("route", type=WORDS)
@json_option
@with_start
def list_notes(context: CliContext, route: str, as_json: bool) -> None:
    """List the notes about the record at a route, newest first."""
    from subtui.cli.layout import text_of  # noqa: PLC0415
    from subtui.views.note_entries import note_entries  # noqa: PLC0415

    subject = _subject(route)
    with signed_in(context) as backend:
        notes, fmt = backend.read(ListNotes(subject)), context.format(backend)
    if as_json:
        say_json({"notes": jsonify(notes)})
    else:
        say(text_of(note_entries(notes, fmt)) if notes else "No notes yet")


@note.command(epilog=ROUTES)
@click.argument("route", type=WORDS)
@once()
@json_option
@with_start
def undo(context: CliContext, route: str, as_json: bool) -> None:
    """Take back your newest note about the record at a route, on the day it was written."""
    subject = _subject(route)
    with signed_in(context) as backend:
        done = backend.do(UndoNote(subject), route=f"/{subject.type}s/{subject.id}")
    if as_json:
        say_json({"undone": jsonify(done)})
    else:
        say(sanitize(done.sentence))

"""The contact commands: correct a contact, merge a duplicate into it, and undo either."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from subtui.acts.contact_edits import GetContactForm, PreviewContact, SaveContact, UndoContactChange
from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.intentions import once
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.payment_output import answer_dry_run, lines_of
from subtui.domain.contact_fields import ADDRESSES, CONTACT_FIELDS, TAGS
from subtui.domain.errors import Invalid, WrongInput
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.domain.contact_edits import ContactDraft

_OPTIONS = {known.name: f"--{known.name.replace('_', '-')}" for known in CONTACT_FIELDS} | {
    "phone1": "--phone",
    "phone2": "--phone2",
    "billing_address": "--billing",
    "shipping_address": "--shipping",
}
"""The option of each field."""


@click.group()
def contact() -> None:
    """Correct a contact, merge a duplicate into it, and undo either."""


def _field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for known in reversed(CONTACT_FIELDS):
        name, metavar = _OPTIONS[known.name], "T"
        if known.name == TAGS:
            text = "+NAME adds a tag, -NAME removes it; repeat it for several."
            command = click.option("--tag", "tags", type=WORDS, multiple=True, metavar="+T|-T", help=text)(command)
            continue
        help_text = f"{known.label}; empty clears it."
        if known.name in ADDRESSES:
            help_text = f"{known.label} address, its lines parted by line breaks or “;”; empty clears it."
        command = click.option(name, known.name, type=WORDS, metavar=metavar, help=help_text)(command)
    return command


@contact.command()
@click.argument("contact_id", metavar="ID", type=ROW_ID)
@_field_options
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def edit(context: CliContext, /, contact_id: int, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Correct the fields that are given, and leave the others. The last correction can be undone."""
    values = {name: value for name, value in given.items() if value not in (None, ())}
    if not values:
        raise WrongInput("Name what to correct, such as --email or --tag +members.")
    with signed_in(context) as backend:
        form = backend.read(GetContactForm(contact_id))
        draft = _draft(form.draft, values)
        preview = backend.read(PreviewContact(contact_id, draft))
        if dry_run:
            answer_dry_run(preview, as_json=as_json, result="saved")
            return
        if preview.problems:
            raise Invalid(preview.problems)
        route = f"/contacts/{contact_id}/edit"
        saved = backend.do(SaveContact(contact_id, draft, version=form.version), route=route)
    if as_json:
        say_json({"preview": jsonify(preview), "saved": jsonify(saved)})
        return
    say(lines_of(preview))
    say(sanitize(saved.sentence.removesuffix(" u undoes it.")))
    say(f"Undo it with: subtui contact undo {contact_id}")


def _draft(stored: "ContactDraft", values: dict[str, Any]) -> "ContactDraft":
    """The stored fields with those that were given. Raises WrongInput for a tag without + or -."""
    changes: dict[str, Any] = {name: value for name, value in values.items() if name != TAGS}
    for name in changes.keys() & set(ADDRESSES):
        changes[name] = tuple(changes[name].replace(";", "\n").splitlines())
    if TAGS in values:
        changes[TAGS] = _tags(stored.tags, values[TAGS])
    return replace(stored, **changes)


def _tags(stored: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    tags = list(stored)
    for text in given:
        sign, name = text[:1], text[1:].strip()
        if sign not in ("+", "-") or not name:
            raise WrongInput(f"--tag: write +{text.strip() or 'NAME'} to add the tag, or - before it to remove it.")
        known = next((tag for tag in tags if tag.casefold() == name.casefold()), None)
        if sign == "-" and known is None:
            raise WrongInput(f"--tag: this contact has no tag “{name[:60]}”.")
        if sign == "-" and known is not None:
            tags.remove(known)
        elif known is None:
            tags.append(name)
    return tuple(tags)


@contact.command()
@click.argument("contact_id", metavar="ID", type=ROW_ID)
@once()
@json_option
@with_start
def undo(context: CliContext, contact_id: int, as_json: bool) -> None:
    """Undo the last correction of a contact, while its fields are as it saved them."""
    with signed_in(context) as backend:
        form = backend.read(GetContactForm(contact_id))
        done = backend.do(UndoContactChange(contact_id, version=form.version), route=f"/contacts/{contact_id}")
    if as_json:
        say_json({"undone": jsonify(done)})
    else:
        say(sanitize(done.sentence))


@contact.command()
@click.argument("keep_id", metavar="KEEP", type=ROW_ID)
@click.argument("duplicate_id", metavar="DUPLICATE", type=ROW_ID)
@click.option("--dry-run", is_flag=True, help="Show the result without saving.")
@once()
@json_option
@with_start
def merge(context: CliContext, keep_id: int, duplicate_id: int, dry_run: bool, as_json: bool) -> None:
    """Move the records of the contact DUPLICATE to the contact KEEP, and take DUPLICATE out of the search."""
    with signed_in(context) as backend:
        preview = backend.read(PreviewMerge(keep_id, duplicate_id))
        if dry_run:
            answer_dry_run(preview, as_json=as_json, result="saved")
            return
        if preview.problems:
            raise Invalid(preview.problems)
        act = MergeContacts(keep_id, duplicate_id, version=preview.version, duplicate_version=preview.duplicate_version)
        merged = backend.do(act, route=f"/contacts/{keep_id}/merge")
    if as_json:
        say_json({"preview": jsonify(preview), "merged": jsonify(merged)})
        return
    say(lines_of(preview))
    say(sanitize(merged.sentence))
    say(f"Undo it with: subtui contact unmerge {duplicate_id}")


@contact.command()
@click.argument("duplicate_id", metavar="DUPLICATE", type=ROW_ID)
@once()
@json_option
@with_start
def unmerge(context: CliContext, duplicate_id: int, as_json: bool) -> None:
    """Take a merge back: exactly the records that moved return to the contact DUPLICATE."""
    with signed_in(context) as backend:
        done = backend.do(UnmergeContact(duplicate_id), route=f"/contacts/{duplicate_id}")
    if as_json:
        say_json({"undone": jsonify(done)})
    else:
        say(sanitize(done.sentence))

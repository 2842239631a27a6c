"""The user commands: add a user, and verify one."""

import sys

import click

from subtui.acts.users import AddUser, VerifyUser
from subtui.cli.context import WORDS, CliContext, ask_password, json_option, opened, sign_in, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.domain.errors import WrongInput
from subtui.domain.permissions import Role
from subtui.domain.plain_text import sanitize


@click.group()
def user() -> None:
    """Add users and verify them."""


@user.command()
@click.argument("email", metavar="E-MAIL", type=WORDS)
@click.option("--name", type=WORDS, required=True, help="The name shown in the log and in letters.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Their role.")
@click.option("--password-stdin", is_flag=True, help="Read the new password from the first line of standard input.")
@json_option
@with_start
def add(context: CliContext, email: str, name: str, role: str, password_stdin: bool, as_json: bool) -> None:
    """Add a user. The first user of a database is its owner and needs no permission.

    The new password is SUBTUI_PASSWORD, unless that is your own for signing in; without it, you are asked.
    """
    with opened(context) as backend:
        place = backend.session_info()
        first = not place.demo and not place.has_users
        mine = False if first else sign_in(context, backend)
        password = _new_password(context, email, from_stdin=password_stdin, taken=mine)
        person = backend.do(AddUser(email=email, name=name, role=Role(role), password=password))
    if as_json:
        say_json({"user": jsonify(person)})
    else:
        say(sanitize(f"Added {person.name} ({person.email}), {person.role.value}."))


@user.command()
@click.argument("email", metavar="E-MAIL", type=WORDS)
@click.option("--not", "no_longer", is_flag=True, help="Remove the verification.")
@json_option
@with_start
def verify(context: CliContext, email: str, no_longer: bool, as_json: bool) -> None:
    """Mark a user as verified: only a verified owner or admin can cancel the account.

    Another verified owner or admin must do this.
    """
    with signed_in(context) as backend:
        person = backend.do(VerifyUser(email, verified=not no_longer))
    if as_json:
        say_json({"user": jsonify(person)})
    else:
        now = "verified now" if person.verified else "no longer verified"
        say(sanitize(f"{person.name} ({person.email}) is {now}."))


def _new_password(context: CliContext, email: str, *, from_stdin: bool, taken: bool) -> str:
    """Read the new user's password. `taken`: SUBTUI_PASSWORD was used to sign in, so it is not the new user's."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if context.settings.password and not taken:
        return context.settings.password
    if taken and not sys.stdin.isatty():
        raise WrongInput("SUBTUI_PASSWORD is your own password here: pass the new one with --password-stdin.")
    return ask_password(f"Password for {email}", twice=True)

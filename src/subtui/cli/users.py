"""The user commands: lists, adding a user with a password, verifying one, and one's own password."""

import sys

import click

from subtui.acts.users import AddUser, ChangePassword, ListSignIns, VerifyUser
from subtui.cli.context import WORDS, CliContext, ask_password, json_option, opened, sign_in, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.cli.user_acts import COMMANDS
from subtui.domain.errors import PasswordNeeded, WrongInput
from subtui.domain.permissions import Role
from subtui.domain.plain_text import sanitize


@click.group()
def user() -> None:
    """Manage users: invitations, roles, passwords, sessions."""


for _command in COMMANDS:
    user.add_command(_command)


@user.command("list")
@json_option
@with_start
def list_users(context: CliContext, as_json: bool) -> None:
    """List the users: role, state, last sign-in, and who is here now."""
    from subtui.cli.screens import say_screen  # noqa: PLC0415

    say_screen(context, "users", as_json=as_json)


@user.command("show")
@click.argument("email", metavar="E-MAIL", type=WORDS)
@json_option
@with_start
def show_user(context: CliContext, email: str, as_json: bool) -> None:
    """Show a user with their open sessions, their last sign-ins, and the log."""
    from subtui.acts.users import GetUser  # noqa: PLC0415
    from subtui.cli.screens import SHOWN  # noqa: PLC0415

    with signed_in(context) as backend:
        record, fmt = backend.read(GetUser(email=email)), context.format(backend)
    SHOWN["user"].say(record, fmt, as_json=as_json)


@user.command()
@click.option("--email", type=WORDS, default="", metavar="E", help="Only the attempts with this e-mail.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="The most rows to show.")
@json_option
@with_start
def sign_ins(context: CliContext, email: str, limit: int, as_json: bool) -> None:
    """List the newest attempts to sign in, also those that were refused."""
    from subtui.cli.layout import text_of  # noqa: PLC0415
    from subtui.views.entries import table  # noqa: PLC0415
    from subtui.views.user_entries import ATTEMPT_COLUMNS, WHO_TRIED  # noqa: PLC0415

    with signed_in(context) as backend:
        found, fmt = backend.read(ListSignIns(email=email, limit=limit)), context.format(backend)
    if as_json:
        say_json({"sign_ins": jsonify(found)})
    else:
        first, *others = ATTEMPT_COLUMNS
        say(text_of([table((first, WHO_TRIED, *others), found, fmt, empty="No sign-ins yet")]))


@user.command()
@click.option("--password-stdin", is_flag=True, help="Read the new password from the first line of standard input.")
@json_option
@with_start
def password(context: CliContext, password_stdin: bool, as_json: bool) -> None:
    """Change your own password, or choose one with a one-time code.

    The current password or the code is SUBTUI_PASSWORD; without it, you are asked. Your other sessions end.
    """
    with opened(context, must_exist=True) as backend:
        email = context.who
        if backend.session_info().demo and "@" not in email:
            email = backend.sign_in_demo(email or None).email
        if not email:
            raise WrongInput("Name whose password it is with --as E-MAIL or SUBTUI_AS.")
        current = context.settings.password or ask_password(f"Current password or code of {email}")
        try:
            backend.sign_in(email, current)
        except PasswordNeeded:
            person = backend.choose_password(email, current, _own_new_password(from_stdin=password_stdin))
        else:
            act = ChangePassword(current, _own_new_password(from_stdin=password_stdin))
            person = backend.do(act, route="/account")
    if as_json:
        say_json({"user": jsonify(person)})
    else:
        say(sanitize(f"The password of {person.name} ({person.email}) is changed."))


def _own_new_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise WrongInput("No terminal to type the new password in: pass it with --password-stdin.")
    return ask_password("New password", twice=True)


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

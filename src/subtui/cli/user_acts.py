"""The commands of an administrator on one user: invitations, roles, deactivation, new codes, sessions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from subtui.acts.act import Act
from subtui.acts.users import (
    ChangeRole,
    DeactivateUser,
    EndSessions,
    GetUser,
    InviteUser,
    PreviewUserAct,
    ReactivateUser,
    ResetPassword,
)
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.domain.permissions import Role
from subtui.domain.plain_text import sanitize
from subtui.domain.users import Seen, UserAct
from subtui.views.user_entries import HOW_TO_USE, SHOWN_ONCE

if TYPE_CHECKING:
    from subtui.views.users import NewCode, UserResult

ROLES = click.Choice([role.value for role in Role])
_email = click.argument("email", metavar="E-MAIL", type=WORDS)
_reason = click.option("--reason", type=WORDS, required=True, metavar="WHY", help="The reason; it is kept in the log.")
_dry_run = click.option("--dry-run", is_flag=True, help="Show the result without saving.")


@click.command()
@_email
@click.option("--name", type=WORDS, required=True, help="The name shown in the log and in letters.")
@click.option("--role", type=ROLES, required=True, help="Their role.")
@json_option
@with_start
def invite(context: CliContext, email: str, name: str, role: str, as_json: bool) -> None:
    """Add a user with a one-time code instead of a password, or give one who has not used theirs a new code.

    The code is printed once and is valid for 7 days. They sign in with it on the screens, or choose a password with
    `subtui user password`.
    """
    with signed_in(context) as backend:
        made = backend.do(InviteUser(email=email, name=name, role=Role(role)), route="/users")
        until = context.format(backend).instant(made.valid_until)
    _say_code(made, until, as_json=as_json)


@click.command()
@_email
@_dry_run
@json_option
@with_start
def reset_password(context: CliContext, email: str, dry_run: bool, as_json: bool) -> None:
    """Give a user a one-time code for a new password: the old one stops working, and their sessions end."""
    with signed_in(context) as backend:
        record = backend.read(GetUser(email=email))
        number, preview = record.user.id, PreviewUserAct(UserAct.RESET_PASSWORD, record.user.id)
        if dry_run:
            _say_preview(backend.read(preview).lines, as_json=as_json)
            return
        made = backend.do(ResetPassword(number, seen=record.seen), route=f"/users/{number}")
        until = context.format(backend).instant(made.valid_until)
    _say_code(made, until, as_json=as_json)


@click.command()
@_email
@_reason
@_dry_run
@json_option
@with_start
def deactivate(context: CliContext, email: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Keep a user from signing in; their sessions end at once."""
    _act(
        context,
        email,
        UserAct.DEACTIVATE,
        lambda number, seen: DeactivateUser(number, reason, seen=seen),
        dry_run=dry_run,
        as_json=as_json,
    )


@click.command()
@_email
@_reason
@_dry_run
@json_option
@with_start
def reactivate(context: CliContext, email: str, reason: str, dry_run: bool, as_json: bool) -> None:
    """Let a deactivated user sign in again."""
    _act(
        context,
        email,
        UserAct.REACTIVATE,
        lambda number, seen: ReactivateUser(number, reason, seen=seen),
        dry_run=dry_run,
        as_json=as_json,
    )


@click.command("role")
@_email
@click.argument("role", type=ROLES)
@_dry_run
@json_option
@with_start
def change_role(context: CliContext, email: str, role: str, dry_run: bool, as_json: bool) -> None:
    """Give a user another role, from their next step on."""
    _act(
        context,
        email,
        UserAct.CHANGE_ROLE,
        lambda number, seen: ChangeRole(number, Role(role), seen=seen),
        dry_run=dry_run,
        as_json=as_json,
        role=Role(role),
    )


@click.command()
@_email
@_dry_run
@json_option
@with_start
def end_sessions(context: CliContext, email: str, dry_run: bool, as_json: bool) -> None:
    """End the open sessions of a user; of your own, the other ones."""
    _act(
        context,
        email,
        UserAct.END_SESSIONS,
        lambda number, seen: EndSessions(number, seen=seen),
        dry_run=dry_run,
        as_json=as_json,
    )


COMMANDS = (invite, reset_password, deactivate, reactivate, change_role, end_sessions)


def _act(
    context: CliContext,
    email: str,
    kind: UserAct,
    make: "Callable[[int, Seen], Act[UserResult]]",
    *,
    dry_run: bool,
    as_json: bool,
    role: Role | None = None,
) -> None:
    with signed_in(context) as backend:
        record = backend.read(GetUser(email=email))
        number = record.user.id
        if dry_run:
            _say_preview(backend.read(PreviewUserAct(kind, number, role=role)).lines, as_json=as_json)
            return
        done = backend.do(make(number, record.seen), route=f"/users/{number}")
    if as_json:
        say_json(jsonify(done))
    else:
        say(sanitize(done.sentence))


def _say_preview(lines: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        say_json({"preview": list(lines), "user": None})
        return
    for line in (*lines, "Nothing was saved: this was a dry run."):
        say(sanitize(line))


def _say_code(made: "NewCode", until: str, *, as_json: bool) -> None:
    if as_json:
        answer: dict[str, Any] = jsonify(made)
        say_json(answer)
        return
    say(sanitize(made.sentence))
    say(f"Code: {made.code}  (valid until {until})")
    say(f"{SHOWN_ONCE} {HOW_TO_USE}")

"""The commands of the connection to Keap: connect, check, read, send, decide."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from subtui.cli.context import ROW_ID, WORDS, CliContext, ask_password, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.output import complain, say, say_json, table
from subtui.cli.progress import progress_line
from subtui.domain.errors import ConnectionLost, SubtuiError, WrongInput
from subtui.domain.outbox import SENTENCES, SendState
from subtui.signals import asked_to_stop, exit_code

if TYPE_CHECKING:
    from subtui.acts.keap import OpenCalls
    from subtui.views.keap import KeapStatus, OutboxEntry, PullReport, PushReport

_number = click.argument("number", type=ROW_ID)


@click.group()
def keap() -> None:
    """Work with the account's Keap: read what is there, send what was decided here, verify that it arrived."""


def _calls(context: CliContext) -> "OpenCalls":
    found = context.app_config("/").open_calls
    if found is None:
        raise AssertionError("every command has a line")
    return found


# --- connect ----------------------------------------------------------------------------------------------------------


@keap.command()
@click.option("--url", type=WORDS, default="", metavar="URL", help="Keap's address, if not the usual one.")
@click.option(
    "--store",
    type=click.Choice(["file", "keyring", "no"]),
    default="file",
    show_default=True,
    help="Where to keep a key that is typed: a file only you can read, or the system's keyring.",
)
@json_option
@with_start
def connect(context: CliContext, url: str, store: str, as_json: bool) -> None:
    """Connect this database to the Keap account of a key. Only an owner can.

    The key is a Personal Access Token or a Service Account Key. It is taken from SUBTUI_KEAP_KEY, from where it was
    kept before, or asked for; in a script, it is read from standard input. It is never an argument. Nothing is sent
    to Keap until that is allowed.
    """
    from subtui.acts.keap import ConnectKeap  # noqa: PLC0415
    from subtui.keap_api.base_url import DEFAULT, checked_base_url  # noqa: PLC0415
    from subtui.keap_api.credentials import VARIABLE, find_credential, forget  # noqa: PLC0415

    base_url = checked_base_url(url or context.settings.keap_url or DEFAULT)
    with signed_in(context) as backend:
        named = Path(context.settings.keap_key_file) if context.settings.keap_key_file else None
        known = find_credential(base_url, environ=os.environ, folder=context.folder, path=named)
        if known is None:
            key = _typed_key()
            _keep_key(context, base_url, key, store)
            if store == "no":
                os.environ[VARIABLE] = key  # of this process alone
        try:
            status = backend.do(ConnectKeap(base_url, _calls(context)), route="/keap")
        except SubtuiError:
            if known is None and store != "no":
                forget(base_url, context.folder)
            raise
    _say_status(status, as_json=as_json)
    if not as_json:
        say(f"Next: {context.command('keap doctor')}, then {context.command('keap pull')}")


def _typed_key() -> str:
    if sys.stdin.isatty():
        return ask_password("Key of Keap (it is not shown)").strip()
    key = sys.stdin.readline().strip()
    if not key:
        raise WrongInput("No key to Keap: set SUBTUI_KEAP_KEY, or give it on standard input.")
    return key


def _keep_key(context: CliContext, base_url: str, key: str, store: str) -> None:
    from subtui.keap_api.credentials import is_key, key_file, store_in_file, store_in_keyring  # noqa: PLC0415

    if not is_key(key):
        raise WrongInput("This is not a key: it has blanks or characters that no key has.")
    if store == "keyring" and not store_in_keyring(key, base_url):
        raise WrongInput("There is no keyring to keep the key in. Use --store file.")
    if store == "file":
        context.folder.mkdir(parents=True, exist_ok=True)
        path = key_file(base_url, context.folder)
        store_in_file(key, path)
        complain(f"The key is kept in {path}, which only you can read.")


@keap.command()
@click.option("--forget-key", is_flag=True, help="Also remove the key from this machine.")
@json_option
@with_start
def disconnect(context: CliContext, forget_key: bool, as_json: bool) -> None:
    """End the connection: nothing is read or sent any more. Only an owner can."""
    from subtui.acts.keap import DisconnectKeap  # noqa: PLC0415
    from subtui.keap_api.credentials import forget  # noqa: PLC0415

    with signed_in(context) as backend:
        status = backend.do(DisconnectKeap(), route="/keap")
    if forget_key:
        forget(status.base_url, context.folder)
    _say_status(status, as_json=as_json)


@keap.command()
@click.option("--by-itself", is_flag=True, help="Send each change as soon as it is saved.")
@json_option
@with_start
def allow_writing(context: CliContext, by_itself: bool, as_json: bool) -> None:
    """Allow to send changes to Keap. Only an owner can; it is logged."""
    _allow(context, True, by_itself, as_json=as_json)


@keap.command()
@json_option
@with_start
def forbid_writing(context: CliContext, as_json: bool) -> None:
    """Forbid to send changes to Keap. They wait in the outbox."""
    _allow(context, False, False, as_json=as_json)


def _allow(context: CliContext, allowed: bool, by_itself: bool, *, as_json: bool) -> None:
    from subtui.acts.keap import AllowKeapWriting  # noqa: PLC0415

    with signed_in(context) as backend:
        status = backend.do(AllowKeapWriting(allowed, by_itself=by_itself), route="/keap")
    _say_status(status, as_json=as_json)


def _say_status(status: "KeapStatus", *, as_json: bool) -> None:
    if as_json:
        say_json(jsonify(status))
        return
    if not status.connected:
        say(f"Not connected. This database belongs to the Keap account {status.tenant}.")
        return
    sends = "Nothing is sent: an owner has to allow it."
    if status.writing_allowed:
        sends = (
            "Changes are sent as soon as they are saved." if status.sends_by_itself else "Changes are sent on request."
        )
    say(f"Connected to {status.name or 'Keap'} ({status.tenant}). {sends}")


# --- check, read, send ------------------------------------------------------------------------------------------------


@keap.command()
@click.option("--write", "write_id", type=WORDS, default="", metavar="ID", help="Also try things out on this one.")
@json_option
@with_start
def doctor(context: CliContext, write_id: str, as_json: bool) -> None:
    """Find out what this account's Keap can do, by a few calls that only read.

    With --write and the Keap id of a subscription, its reason and its end date are changed and put back, to see what
    Keap makes of them. Only an owner can do that, and only where sending is allowed.
    """
    from subtui.acts.keap import CheckKeap  # noqa: PLC0415

    with signed_in(context) as backend, progress_line(quiet=as_json, of="questions") as tell:
        findings = backend.do(CheckKeap(_calls(context), write_id=write_id, tell=tell), route="/keap/checks")
    if as_json:
        say_json(jsonify(findings))
        return
    say(table(("Question", "Answer", ""), [(one.question, one.answer, one.detail) for one in findings]))


@keap.command()
@click.option("--whole", is_flag=True, help="Read everything, not only what has changed.")
@click.option("--watch", type=click.IntRange(1, 1440), metavar="MINUTES", help="Read again every so many minutes.")
@json_option
@with_start
def pull(context: CliContext, whole: bool, watch: int | None, as_json: bool) -> None:
    """Read from Keap what has changed there. Ctrl+C stops; the next one goes on from there."""
    from subtui.acts.keap import PullFromKeap  # noqa: PLC0415
    from subtui.keap_api.errors import CallFailed  # noqa: PLC0415
    from subtui.views.keap_entries import pull_line  # noqa: PLC0415
    from subtui.views.keap_reports import pull_sentences  # noqa: PLC0415

    def once() -> bool:
        with signed_in(context) as backend, progress_line(quiet=as_json) as tell, asked_to_stop() as stop:
            report = backend.do(PullFromKeap(_calls(context), whole=whole, tell=tell, stop=stop), route="/keap")
        if as_json:
            say_json(_as_json(report))
        else:
            say("\n".join((pull_line(report), *pull_sentences(report))))
        if stop() and watch:
            raise click.exceptions.Exit(exit_code())
        return not report.stopped

    if watch is None:
        if not once():
            raise click.exceptions.Exit(1)
        return
    while True:
        try:
            once()
            whole = False
        except (CallFailed, ConnectionLost) as failure:
            complain(f"{failure} It is tried again in {watch} min.")
        time.sleep(watch * 60)


def _as_json(report: "PullReport | PushReport") -> dict[str, Any]:
    told = {field.name: jsonify(getattr(report, field.name)) for field in fields(report) if field.name != "seconds"}
    return told | {"seconds": round(report.seconds, 3)}


@keap.command()
@click.option("--subscription", type=ROW_ID, metavar="ID", help="Only the changes of this subscription.")
@json_option
@with_start
def push(context: CliContext, subscription: int | None, as_json: bool) -> None:
    """Send the waiting changes to Keap: each is compared before and read again after.

    Exits with 1 if a change is not verified in Keap at the end.
    """
    from subtui.acts.keap import PushToKeap  # noqa: PLC0415
    from subtui.views.keap_entries import push_line  # noqa: PLC0415

    with (
        signed_in(context) as backend,
        progress_line(quiet=as_json, of="subscriptions") as tell,
        asked_to_stop() as stop,
    ):
        act = PushToKeap(_calls(context), subscription_id=subscription, tell=tell, stop=stop)
        report = backend.do(act, route="/keap/outbox")
    if as_json:
        say_json(_as_json(report))
    else:
        say(push_line(report))
    settled = (SendState.VERIFIED, SendState.REPLACED)
    if report.stopped or any(state not in settled for state in report.by_state):
        raise click.exceptions.Exit(1)


# --- look -------------------------------------------------------------------------------------------------------------


@keap.command("status")
@json_option
@with_start
def show_status(context: CliContext, as_json: bool) -> None:
    """Show the connection: how old the data are, what was read, and what waits."""
    _show(context, "keap", as_json=as_json)


@keap.command()
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in SendState]),
    multiple=True,
    help="Only changes in this state; may be repeated. Without it, the open ones.",
)
@json_option
@with_start
def outbox(context: CliContext, states: tuple[str, ...], as_json: bool) -> None:
    """List the changes that Keap is to follow, and what has become of them."""
    from subtui.acts.keap import ListOutbox  # noqa: PLC0415
    from subtui.cli.screens import SHOWN  # noqa: PLC0415

    with signed_in(context) as backend:
        rows, fmt = backend.read(ListOutbox(tuple(map(SendState, states)))), context.format(backend)
    SHOWN["keap_outbox"].say(rows, fmt, as_json=as_json)


@keap.command()
@_number
@json_option
@with_start
def change(context: CliContext, number: int, as_json: bool) -> None:
    """Show one change: its fields on both sides, what is to be done, and the proof."""
    _show(context, "keap_change", number, as_json=as_json)


@keap.command()
@json_option
@with_start
def left_out(context: CliContext, as_json: bool) -> None:
    """List the rows of Keap that could not be taken, and those that it has no longer."""
    _show(context, "keap_left_out", as_json=as_json)


def _show(context: CliContext, screen: str, number: int = 0, *, as_json: bool) -> None:
    from subtui.cli.screens import say_screen  # noqa: PLC0415

    say_screen(context, screen, number, as_json=as_json)


# --- decide -----------------------------------------------------------------------------------------------------------


@keap.command()
@_number
@click.option(
    "--take",
    type=click.Choice(["theirs", "ours", "leave"]),
    required=True,
    help="Keap's values; ours, to be sent again; or leave both as they are.",
)
@json_option
@with_start
def decide(context: CliContext, number: int, take: str, as_json: bool) -> None:
    """Decide about a change that Keap has otherwise, or has refused."""
    from subtui.acts.keap import DecideConflict  # noqa: PLC0415
    from subtui.views.keap import Choice  # noqa: PLC0415

    def act(entry: "OutboxEntry") -> DecideConflict:
        return DecideConflict(number, Choice(take), version=entry.version)

    _on_entry(context, number, act, as_json=as_json)


@keap.command()
@_number
@json_option
@with_start
def done(context: CliContext, number: int, as_json: bool) -> None:
    """Note that what has to be done by hand in Keap has been done there."""
    from subtui.acts.keap import TickOff  # noqa: PLC0415

    _on_entry(context, number, lambda entry: TickOff(number, version=entry.version), as_json=as_json)


def _on_entry(context: CliContext, number: int, act: "Callable[[OutboxEntry], Any]", *, as_json: bool) -> None:
    from subtui.acts.keap import GetOutboxEntry  # noqa: PLC0415

    with signed_in(context) as backend:
        entry: OutboxEntry = backend.do(act(backend.read(GetOutboxEntry(number))), route=f"/keap/outbox/{number}")
    if as_json:
        say_json(jsonify(entry))
    else:
        say(SENTENCES[entry.row.state])


@keap.command()
@_number
@json_option
@with_start
def stop_plans(context: CliContext, number: int, as_json: bool) -> None:
    """List the payment plans of a subscription's orders that would still charge, to be stopped in Keap."""
    from subtui.acts.keap import StopPlans  # noqa: PLC0415

    with signed_in(context) as backend:
        sentence = backend.do(StopPlans(number), route=f"/subscriptions/{number}")
    if as_json:
        say_json({"done": sentence})
    else:
        say(sentence)

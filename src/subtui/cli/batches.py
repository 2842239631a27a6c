"""The commands about many subscriptions at once: a dry run, the doing of it, and what can be done with a batch."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from subtui.acts.batches import (
    ApproveBatch,
    DeclineBatch,
    DropBatch,
    GetBatch,
    ListBatches,
    PreviewBatch,
    RunBatch,
    StartBatch,
    UndoBatch,
)
from subtui.cli.context import ROW_ID, WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.jsonify import jsonify
from subtui.cli.keap_follow import send_by_itself
from subtui.cli.layout import text_of
from subtui.cli.output import say, say_json
from subtui.cli.progress import progress_line
from subtui.domain.errors import Invalid, Refused, WrongInput
from subtui.domain.plain_text import counted, sanitize

if TYPE_CHECKING:
    from subtui.domain.batches import BatchAction, BatchDraft
    from subtui.services.backend import Backend
    from subtui.views.batches import BatchPreview, BatchResult, Selection

PAID = "paid"
SHOWN = 40
"""The number of rows of a dry run that are printed as text; JSON has as many as a screen."""

_EPILOG = (
    "QUERY is what the search takes, such as 'status:loose reason:none'. Without --dry-run, --yes names the number of "
    "subscriptions that will be done: look at the dry run first. Dates: 2026-03-14, 14 mar, +10d, eom, today."
)


@click.group()
def batch() -> None:
    """Do one act on many subscriptions, after a dry run."""


def _selecting(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and the options of every command that begins a batch."""
    for option in (
        with_start,
        json_option,
        click.option("--yes", "confirmed", type=click.IntRange(min=1), metavar="COUNT", help="Do it, for COUNT rows."),
        click.option("--dry-run", is_flag=True, help="Show what would be done, without doing it."),
        click.option("--ids", type=WORDS, default="", metavar="1,2,3", help="The subscriptions, instead of QUERY."),
        click.argument("query", type=WORDS, default="", required=False),
    ):
        command = option(command)
    return command


_END = click.option("--end-date", type=WORDS, metavar="D", help="The last day of access, or paid: each paid through.")
_REASON = click.option("--reason", "code", type=WORDS, metavar="CODE", help="A reason code (see `reasons`).")
_NOTE = click.option("--note", type=WORDS, default="", metavar="N", help="A note; the reason `other` needs one.")


@batch.command(epilog=_EPILOG)
@_END
@_REASON
@_NOTE
@_selecting
def cancel(context: CliContext, **options: Any) -> None:
    """Set many subscriptions Inactive."""
    from subtui.domain.batches import BatchAction  # noqa: PLC0415

    _ending(context, BatchAction.CANCEL, options)


@batch.command(epilog=_EPILOG)
@_END
@_REASON
@_NOTE
@_selecting
def reason(context: CliContext, **options: Any) -> None:
    """Set the reason of Inactive subscriptions without one."""
    from subtui.domain.batches import BatchAction  # noqa: PLC0415

    _ending(context, BatchAction.SET_REASON, options)


@batch.command("end-date", epilog=_EPILOG)
@_END
@_REASON
@_NOTE
@_selecting
def end_date(context: CliContext, **options: Any) -> None:
    """Set the end date of Inactive subscriptions without one."""
    from subtui.domain.batches import BatchAction  # noqa: PLC0415

    _ending(context, BatchAction.SET_END_DATE, options)


@batch.command("auto-charge-off", epilog=_EPILOG)
@_END
@_REASON
@_NOTE
@_selecting
def auto_charge_off(context: CliContext, **options: Any) -> None:
    """Switch Auto Charge off where an Inactive subscription still has it."""
    from subtui.domain.batches import BatchAction  # noqa: PLC0415

    _ending(context, BatchAction.AUTO_CHARGE_OFF, options)


@batch.command(epilog=_EPILOG)
@click.option("--from", "start", type=WORDS, metavar="D", help="The first day, or next-bill (default: today).")
@click.option("--until", type=WORDS, metavar="D", help="The day they resume (default: until they are resumed).")
@click.option("--new-cycle", is_flag=True, help="Begin a new billing cycle with it, instead of keeping the day.")
@_selecting
def pause(context: CliContext, start: str | None, until: str | None, new_cycle: bool, **options: Any) -> None:
    """Pause many subscriptions."""
    from subtui.domain.batches import BatchAction, BatchDraft  # noqa: PLC0415
    from subtui.domain.pauses import PauseStart  # noqa: PLC0415

    def draft(backend: "Backend") -> BatchDraft:
        dated = start is not None and start.strip() != "next-bill"
        return BatchDraft(
            action=BatchAction.PAUSE,
            start=PauseStart.DATE if dated else PauseStart.NEXT_BILL if start else PauseStart.TODAY,
            paused_from=context.read_day("--from", start, today=backend.today) if dated and start else None,
            resumes_on=context.read_day("--until", until, today=backend.today) if until else None,
            restarts_cycle=new_cycle,
        )

    _begin(context, draft, **options)


def _ending(context: CliContext, action: "BatchAction", options: dict[str, Any]) -> None:
    from subtui.domain.batches import CORRECTIONS, BatchDraft  # noqa: PLC0415

    end, code, note = (options.pop(name) for name in ("end_date", "code", "note"))
    paid = (end or "").strip() == PAID

    def draft(backend: "Backend") -> BatchDraft:
        # Of an old row the true end date is in the past.
        past = action in CORRECTIONS
        day = context.read_day("--end-date", end, today=backend.today, past=past) if end and not paid else None
        return BatchDraft(action=action, end_date=day, paid_through=paid, reason_code=code, reason_note=note)

    _begin(context, draft, **options)


def _selection(query: str, ids: str) -> "Selection":
    """The subscriptions that a command is about. Raises WrongInput."""
    from subtui.views.batches import Selection  # noqa: PLC0415
    from subtui.views.customers import SubscriptionFilter  # noqa: PLC0415

    if bool(query.strip()) == bool(ids.strip()):
        raise WrongInput("Name the subscriptions: a QUERY such as status:loose, or --ids 1,2,3.")
    if query.strip():
        return Selection(wanted=SubscriptionFilter(text=query), words=query.strip())
    words = [part.strip() for part in ids.split(",") if part.strip()]
    if not all(word.isascii() and word.isdecimal() and len(word) < 16 for word in words) or not words:
        raise WrongInput("--ids takes numbers with commas between, such as 1042,1047.")
    numbers = tuple(dict.fromkeys(int(word) for word in words))
    return Selection(numbers, words=f"{counted(len(numbers), 'named subscription')}")


def _begin(
    context: CliContext,
    make: "Callable[[Backend], BatchDraft]",
    *,
    query: str,
    ids: str,
    dry_run: bool,
    confirmed: int | None,
    as_json: bool,
) -> None:
    selection = _selection(query, ids)
    with signed_in(context) as backend:
        draft = make(backend)
        if selection.wanted is not None:
            _require_readable(backend, selection.wanted.text)
        preview = backend.read(PreviewBatch(draft, selection))
        if preview.problems:
            raise Invalid(preview.problems)
        if dry_run:
            _say_preview(context, backend, draft, preview, as_json=as_json)
            return
        if not preview.done:
            raise Refused("None of these subscriptions can be done: --dry-run says why.")
        if confirmed != preview.done:
            named = f"not {confirmed:,}" if confirmed is not None else "and --yes is missing"
            raise Refused(
                f"{counted(preview.done, 'subscription')} would be done, {named}. "
                f"Look at it with --dry-run, then say --yes {preview.done}."
            )
        begun = backend.do(
            StartBatch(draft, preview.versions, selection.words, preview.done), route="/subscriptions/batch"
        )
        if begun.batch.summary.standing == "running":
            begun = _through(backend, RunBatch, begun.batch.id, quiet=as_json)
        _say_result(begun, as_json=as_json)
        send_by_itself(context, backend)


def _require_readable(backend: "Backend", text: str) -> None:
    """Raise WrongInput for a search that cannot be read: it would find nothing, or something else."""
    from subtui.domain.search_query import parse  # noqa: PLC0415

    problem = parse(text, today=backend.today).problem
    if problem:
        raise WrongInput(str(problem))


def _say_preview(
    context: CliContext, backend: "Backend", draft: "BatchDraft", preview: "BatchPreview", *, as_json: bool
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from subtui.views.batch_entries import preview_entries  # noqa: PLC0415

    if as_json:
        told = jsonify(replace(preview, versions=(), reasons=()))
        del told["versions"], told["reasons"]
        say_json({"dry_run": told | {"refused": preview.refused}})
        return
    short = replace(preview, rows=preview.rows[:SHOWN])
    say(text_of(preview_entries(short, draft.action, context.format(backend))))


def _through(backend: "Backend", kind: Any, batch_id: int, *, quiet: bool) -> "BatchResult":
    with progress_line(quiet=quiet, of="subscriptions") as tell:
        done: BatchResult = backend.do(kind(batch_id, tell=tell), route=f"/batches/{batch_id}")
        return done


def _say_result(result: "BatchResult", *, as_json: bool) -> None:
    if as_json:
        say_json({"sentence": result.sentence, "batch": jsonify(result.batch)})
        return
    say(sanitize(result.sentence))
    say(f"Its rows: subtui batch show {result.batch.id}")


# --- batches ----------------------------------------------------------------------------------------------------------


@batch.command("list")
@json_option
@with_start
def list_(context: CliContext, as_json: bool) -> None:
    """List the batches, the newest first."""
    from subtui.views.batch_entries import list_entries  # noqa: PLC0415

    with signed_in(context) as backend:
        rows = backend.read(ListBatches())
        if as_json:
            say_json({"batches": jsonify(rows)})
        else:
            say(text_of(list_entries(rows, context.format(backend))))


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def show(context: CliContext, batch_id: int, as_json: bool) -> None:
    """Show a batch with its rows."""
    from subtui.views.batch_entries import batch_entries  # noqa: PLC0415

    with signed_in(context) as backend:
        found = backend.read(GetBatch(batch_id))
        if as_json:
            say_json({"batch": jsonify(found)})
        else:
            say(text_of(batch_entries(found, context.format(backend))))


def _decided(context: CliContext, batch_id: int, act: "Callable[[Backend], BatchResult]", *, as_json: bool) -> None:
    with signed_in(context) as backend:
        _say_result(act(backend), as_json=as_json)
        send_by_itself(context, backend)


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def resume(context: CliContext, batch_id: int, as_json: bool) -> None:
    """Do the rest of a batch that was stopped or interrupted."""
    _decided(context, batch_id, lambda b: _through(b, RunBatch, batch_id, quiet=as_json), as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def drop(context: CliContext, batch_id: int, as_json: bool) -> None:
    """Leave the rest of a batch undone; what is done stays."""
    route = f"/batches/{batch_id}"
    _decided(context, batch_id, lambda b: b.do(DropBatch(batch_id), route=route), as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def undo(context: CliContext, batch_id: int, as_json: bool) -> None:
    """Undo every row of a batch that can be undone."""
    _decided(context, batch_id, lambda b: _through(b, UndoBatch, batch_id, quiet=as_json), as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@json_option
@with_start
def approve(context: CliContext, batch_id: int, as_json: bool) -> None:
    """Approve a batch of another user, and do it."""

    def act(backend: "Backend") -> "BatchResult":
        version = backend.read(GetBatch(batch_id)).version
        backend.do(ApproveBatch(batch_id, version=version), route=f"/batches/{batch_id}")
        return _through(backend, RunBatch, batch_id, quiet=as_json)

    _decided(context, batch_id, act, as_json=as_json)


@batch.command()
@click.argument("batch_id", metavar="ID", type=ROW_ID)
@click.option("--note", type=WORDS, required=True, metavar="N", help="Why it is declined.")
@json_option
@with_start
def decline(context: CliContext, batch_id: int, note: str, as_json: bool) -> None:
    """Decline a batch of another user."""

    def act(backend: "Backend") -> "BatchResult":
        version = backend.read(GetBatch(batch_id)).version
        return backend.do(DeclineBatch(batch_id, note, version=version), route=f"/batches/{batch_id}")

    _decided(context, batch_id, act, as_json=as_json)

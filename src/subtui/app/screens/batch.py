"""A batch: what it does with which subscriptions, how far it is, and what was refused and why."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.batches import ApproveBatch, DeclineBatch, DropBatch, GetBatch, StopBatch
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.text_dialog import DraftStore, Written
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.batches import BatchStanding, RowState
from subtui.domain.plain_text import counted
from subtui.domain.progress import Progress
from subtui.views.batch_entries import ROW_COLUMNS, head_entries
from subtui.views.batches import BatchRecord, BatchResult
from subtui.views.entries import Paragraph

LOOKS_PER_SECOND = 5
_DECLINE = "decline"


class BatchScreen(BaseScreen):
    """One batch with its rows; a row opens its subscription."""

    CSS_PATH = "batch.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.BATCH,)
    BINDINGS = bindings(Scope.BATCH)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: BatchRecord | None = None
        self._unsent = DraftStore()
        self._under_way = False

    def compose_body(self) -> ComposeResult:
        """Compose the facts, the progress and the rows."""
        with Vertical(id="batch"):
            yield DescriptionList(id="facts")
            yield Static("", id="progress", markup=False)
            yield RecordTable(ROW_COLUMNS, id="list", empty="Loading …")
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Load the batch, and follow it while it is being done."""
        self.query_one("#progress").display = False
        self.query_one("#list").focus()
        self.reload()
        self.set_interval(1 / LOOKS_PER_SECOND, self._look)

    @asks("load", newest=True)
    async def reload(self) -> None:
        """Reload the batch."""
        self._show(await self.read(GetBatch(self.route.number)))

    def _show(self, record: BatchRecord) -> None:
        self.record = record
        fmt = self.subtui.format
        self.query_one("#facts", DescriptionList).show(head_entries(record, fmt))
        table = self.query_one("#list", RecordTable)
        table.empty = "No rows"
        table.show(rows_of(ROW_COLUMNS, record.rows, fmt))
        self._look()
        self._show_detail()
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why there is no batch, or why an act on it was refused."""
        self._unsent.refused()
        if refusal.about == "load":
            self.query_one("#facts", DescriptionList).show([Paragraph(str(refusal.error), "warn")])
            self.query_one("#list", RecordTable).show_refused("")
        super().refused(refusal)

    @on(RecordTable.Marked, "#list")
    def _show_detail(self) -> None:
        """Show in full why the selected row was refused: the list cuts it."""
        key = self.query_one("#list", RecordTable).marked_key
        row = next((row for row in (self.record.rows if self.record else ()) if row.id == key), None)
        hidden = (self.record.summary.total - len(self.record.rows)) if self.record else 0
        more = f" · {counted(hidden, 'further row')} not listed" if hidden else ""
        words = f"{row.contact} · {row.plan}{f' · {row.reason}' if row.reason else ''}{more}" if row else ""
        self.query_one("#detail", Static).update(safe(words, "$muted"))

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    # --- progress ---------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Show how far the thread is; it draws nothing itself. At its end the batch is loaded again."""
        runner = self.subtui.batch_runner
        progress = runner.progress_of(self.route.number)
        line = self.query_one("#progress", Static)
        line.display = progress is not None
        self.busy = progress is not None
        if progress is not None:
            words = "stopping" if runner.stopping else _progress_words(progress)
            line.update(concat(safe(words, "bold $primary"), safe("   x stops; what is done stays", "$muted")))
        if (progress is not None) != self._under_way:
            self._under_way = progress is not None
            self.refresh_frame()
            if not self._under_way:
                self.reload()

    # --- commands ---------------------------------------------------------------------------------------------------

    def _why_not(self, name: str) -> str | None:
        record = self.record
        if record is None:
            return "There is no batch here."
        standing = record.summary.standing
        waiting = standing is BatchStanding.WAITING
        if name in ("approve", "decline"):
            return (record.why_not_approve or None) if waiting else "This batch is not awaiting approval."
        if name == "stop":
            return None if self._under_way or standing is BatchStanding.RUNNING else "This batch is not under way."
        if self._under_way:
            return "This batch is under way: x stops it."
        if name == "resume":
            return None if record.goes_on() else "This batch has nothing left to do."
        if name == "drop":
            return None if record.goes_on() or waiting else "This batch has nothing left to drop."
        return None if record.can_undo() else "This batch has nothing to undo."

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable in the state of the batch."""
        reason = super().disabled_reason(wanted)
        name = wanted.id.removeprefix("batch.")
        return reason or (self._why_not(name) if name != wanted.id else None)

    def is_offered(self, known: Command) -> bool:
        """Show what can be done with the batch now."""
        name = known.id.removeprefix("batch.")
        return name == known.id or self._why_not(name) is None

    def _begin(self, *, undo: bool = False) -> None:
        if not self.subtui.begin_batch(self.route.number, undo=undo):
            self.say(f"Batch {self.subtui.batch_runner.batch_id} is under way here: one at a time.", "refused")
            return
        self._look()

    def do_batch_stop(self) -> None:
        """Stop the batch, here or in another program."""
        if self._under_way:
            self.subtui.batch_runner.stop()
            self._look()
        else:
            self._do(StopBatch(self.route.number))

    def do_batch_resume(self) -> None:
        """Do the rest."""
        self._begin()

    def do_batch_drop(self) -> None:
        """Ask, then leave the rest undone."""
        left = self.record.summary.count(RowState.PLANNED) if self.record else 0
        self._ask(
            f"Drop the rest of batch {self.route.number}?",
            f"{counted(left, 'subscription')} will be left as they are. What is done stays.",
            "Drop",
            lambda: self._do(DropBatch(self.route.number)),
        )

    def do_batch_undo(self) -> None:
        """Ask, then undo what can be undone."""
        done = self.record.summary.count(RowState.DONE) if self.record else 0
        self._ask(
            f"Undo {counted(done, 'subscription')}?",
            "What was changed again since, or can no longer be undone, stays and is listed.",
            "Undo",
            lambda: self._begin(undo=True),
        )

    def _ask(self, title: str, sentence: str, answer: str, then: Callable[[], None]) -> None:
        dialog = ConfirmDialog(title, [safe(sentence)], safe_answer="Back", other_answer=answer, key="y")
        self.app.push_screen(dialog, lambda wanted: then() if wanted else None)

    def do_batch_approve(self) -> None:
        """Ask, then approve the batch and do it."""
        record = self.record
        if record is None:
            return
        count = record.summary.count(RowState.PLANNED)
        self._ask(
            f"Approve batch {record.id}: {counted(count, 'subscription')}?",
            f"{record.summary.title}. It begins at once, in your name.",
            "Approve",
            lambda: self._do(ApproveBatch(record.id, version=record.version), then_begin=True),
        )

    def do_batch_decline(self) -> None:
        """Ask for the note, then decline."""
        record = self.record
        if record is None:
            return

        def decline(written: Written | None) -> None:
            if self._unsent.keep(_DECLINE, written) is not None and written is not None:
                self._do(DeclineBatch(record.id, written.text, version=record.version))

        dialog = self._unsent.dialog(
            _DECLINE, f"Decline batch {record.id}", ((_DECLINE, "Decline"),), placeholder="why it is declined"
        )
        self.app.push_screen(dialog, decline)

    @asks("act")
    async def _do(self, act: Act[BatchResult], *, then_begin: bool = False) -> None:
        result = await self.do(act)
        self._unsent.recorded()
        self._show(result.batch)
        self.say(result.sentence, "done")
        if then_begin:
            self._begin()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the list."""
        return ("Dashboard", "Batches", f"Batch {self.route.number}")


def _progress_words(progress: Progress) -> str:
    if not progress.total:
        return progress.doing
    return f"{progress.doing} {progress.done:,} of {progress.total:,}"

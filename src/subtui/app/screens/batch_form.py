"""The form of a batch: the action with its fields, and below it the dry run of every subscription."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Button, Input, Static

from subtui.acts.batches import PreviewBatch, StartBatch
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.form_screen import FormScreen
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.batches import ACTION_WORDS, CORRECTIONS, BatchAction, BatchDraft, BatchStanding
from subtui.domain.cancellation import LONGEST_NOTE
from subtui.domain.errors import Problem
from subtui.domain.pauses import PauseStart
from subtui.domain.plain_text import counted
from subtui.views.batch_entries import PLANNED_COLUMNS
from subtui.views.batch_words import draft_words, limit_words, preview_line, sums_words
from subtui.views.batches import BatchPreview, BatchResult, Selection
from subtui.views.customers import SubscriptionFilter

PATIENCE = 0.3
"""Seconds without a change of the form after which the dry run is made again."""

_PAID, _ON_A_DATE, _KEEP = "paid", "date", "keep"
_ENDS = ((_PAID, "each paid through"), (_ON_A_DATE, "on a date"))
_STARTS = (
    (PauseStart.TODAY.value, "today"),
    (PauseStart.NEXT_BILL.value, "with the next bill"),
    (PauseStart.DATE.value, "on a date"),
)
_BILLS = ((_KEEP, "on the same days"), ("new", "a new cycle"))
_REFUSALS_NAMED = 2


class BatchForm(FormScreen):
    """One act on the marked subscriptions, or with `state` on all in that state; saved once it is confirmed."""

    CSS_PATH = "batch_form.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.BATCH_FORM,)
    BINDINGS = bindings(Scope.BATCH_FORM)
    AUTO_FOCUS = ""
    SAVE = "batch_form.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.selection = Selection()
        self.preview: BatchPreview | None = None
        self._previewed: BatchDraft | None = None
        self._soon: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the fields of the action above the dry run."""
        looks = self.subtui.app_config.display_config
        actions = tuple((action.value, words) for action, words in ACTION_WORDS.items())
        chosen = self.route.parameter("action") or BatchAction.CANCEL.value
        with Vertical(id="batch-form"):
            yield Static("", id="headline", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                yield FormField("Do", Dropdown(actions, value=chosen, id="action"), id="field-action")
                yield FormField("End date", Dropdown(_ENDS, value=_PAID, id="ends"), id="field-ends")
                yield FormField(
                    "Last day",
                    DateInput(id="end-date", placeholder=DateInput.examples(looks), display_config=looks),
                    id="field-end_date",
                )
                yield FormField("Reason", Dropdown((), id="reason"), id="field-reason")
                yield FormField(
                    "Note", TextField(id="note", most=LONGEST_NOTE, placeholder="optional"), id="field-note"
                )
                yield FormField("From", Dropdown(_STARTS, value=PauseStart.TODAY.value, id="start"), id="field-start")
                yield FormField("First day", DateInput(id="paused-from", display_config=looks), id="field-paused_from")
                yield FormField(
                    "Resumes",
                    DateInput(id="resumes-on", placeholder="until resumed by hand", display_config=looks),
                    id="field-resumes_on",
                )
                yield FormField("Bills after", Dropdown(_BILLS, value=_KEEP, id="bills"), id="field-bills")
            yield Static(safe("Dry run …", "$muted"), id="counts", markup=False)
            yield RecordTable(PLANNED_COLUMNS, id="list", empty="Loading …")
            with Horizontal(id="buttons"):
                yield Static("", id="spacer", markup=False)
                yield LeaveButton()
                yield Button("Do it", id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Take the marked subscriptions, and make the dry run."""
        for field in self.query(DateInput):
            field.today = self.subtui.today
        state = self.route.parameter("state")
        if state:
            self.selection = Selection(wanted=SubscriptionFilter(state=state), words=f"all in state {state}")
        else:
            self.selection = self.subtui.batch_selection or Selection(words="none marked")
        self.query_one("#headline", Static).update(
            concat(safe("Many subscriptions at once", "bold"), safe(f"   {self.selection.words}", "$muted"))
        )
        self._follow()
        self.query_one("#action").focus()
        self.ask_preview()

    # --- reading ----------------------------------------------------------------------------------------------------

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#{name}", Dropdown).chosen or ""

    @property
    def action(self) -> BatchAction:
        """The chosen action."""
        return BatchAction(self._chosen("action") or BatchAction.CANCEL)

    def draft(self) -> BatchDraft:
        """The draft from the fields of the action; an unreadable date counts as none."""
        action = self.action
        if action is BatchAction.PAUSE:
            start = PauseStart(self._chosen("start") or PauseStart.TODAY)
            return BatchDraft(
                action=action,
                start=start,
                paused_from=self.query_one("#paused-from", DateInput).day if start is PauseStart.DATE else None,
                resumes_on=self.query_one("#resumes-on", DateInput).day,
                restarts_cycle=self._chosen("bills") != _KEEP,
            )
        paid = self._chosen("ends") == _PAID
        return BatchDraft(
            action=action,
            end_date=None if paid else self.query_one("#end-date", DateInput).day,
            paid_through=paid,
            reason_code=self._chosen("reason") or None,
            reason_note=self.typed("note").strip(),
        )

    def unreadable(self) -> tuple[Problem, ...]:
        """The problems of unreadable dates."""
        dates = (("end_date", "end-date"), ("paused_from", "paused-from"), ("resumes_on", "resumes-on"))
        found = (
            (name, self.query_one(f"#{field}", DateInput).problem)
            for name, field in dates
            if self.query_one(f"#field-{name}").display
        )
        return tuple(Problem(name, problem) for name, problem in found if problem)

    # --- the dry run ------------------------------------------------------------------------------------------------

    @on(Dropdown.Changed)
    @on(Input.Changed)
    @on(DateInput.Dated)
    def _edited(self, event: Message) -> None:
        event.stop()
        self._follow()
        if self._soon is not None:
            self._soon.stop()
        self.busy = True
        self._soon = self.set_timer(PATIENCE, self.ask_preview)

    def _follow(self) -> None:
        """Show the fields that the action has."""
        pausing = self.action is BatchAction.PAUSE
        dated = self._chosen("ends") == _ON_A_DATE
        shown = {
            "ends": not pausing,
            "end_date": not pausing and dated,
            "reason": not pausing,
            "note": not pausing,
            "start": pausing,
            "paused_from": pausing and self._chosen("start") == PauseStart.DATE.value,
            "resumes_on": pausing,
            "bills": pausing and self.query_one("#resumes-on", DateInput).day is not None,
        }
        for name, display in shown.items():
            self.query_one(f"#field-{name}").display = display
        missing = "where it is missing" if self.action in CORRECTIONS else ""
        for name in ("ends", "reason"):
            self.query_one(f"#field-{name}", FormField).set_hint(missing)

    def reload(self) -> None:
        """Make the dry run again: something may have been changed meanwhile."""
        self.ask_preview()

    @asks("preview", newest=True)
    async def ask_preview(self) -> None:
        """Make the dry run of the form as it is now."""
        draft = self.draft()
        self.busy = False  # from here on the backend is asked
        preview = await self.read(PreviewBatch(draft, self.selection))
        if draft != self.draft():
            return
        self.preview, self._previewed = preview, draft
        self.query_one("#reason", Dropdown).offer(tuple((each.code, each.label) for each in preview.reasons))
        self._show()

    def _show(self) -> None:
        preview = self.preview
        if preview is None:
            return
        problems = (*self.unreadable(), *preview.problems)
        table = self.query_one("#list", RecordTable)
        table.empty = problems[0].sentence if problems else "No subscriptions: mark some in the list of all."
        table.show(rows_of(PLANNED_COLUMNS, preview.rows, self.subtui.format))
        if self._tried:
            self.show_problems(problems)
        counts = self.query_one("#counts", Static)
        if problems:
            counts.update(safe("Dry run: fill in the form first.", "$muted"))
            return
        named = [f"{count:,} {reason}" for reason, count in preview.refusals[:_REFUSALS_NAMED]]
        more = [f"{len(preview.refusals) - _REFUSALS_NAMED} other reasons"] * (len(preview.refusals) > _REFUSALS_NAMED)
        why = f"   Refused: {' · '.join((*named, *more))}" if named else ""
        limit = limit_words(preview)
        counts.update(
            concat(
                safe(f"Dry run: {preview_line(preview, self.action)}.", "bold"),
                safe(why, "$muted"),
                safe(f"\n{limit}" if limit else "", "$warning"),
            )
        )
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why there is no dry run, or why nothing was begun."""
        if refusal.about == "preview":
            self.preview = None
            self.query_one("#list", RecordTable).show_refused(str(refusal.error))
        super().refused(refusal)

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    @on(Button.Pressed, "#save")
    async def _save_pressed(self) -> None:
        await self.action_command(self.SAVE)

    @on(Button.Pressed, "#leave")
    async def _leave_pressed(self) -> None:
        await self.action_command("app.back")

    # --- doing it ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: without a subscription to be done there is nothing to do."""
        reason = super().disabled_reason(wanted)
        if reason or wanted.id != self.SAVE or self.preview is None or self.preview.problems or self.unreadable():
            return reason
        return None if self.preview.done else "None of these subscriptions can be done."

    def do_batch_form_save(self) -> None:
        """Ask for confirmation with the count and the sums; another key than this one gives it."""
        self._tried = True
        draft, preview = self.draft(), self.preview
        if preview is None or self._previewed != draft:
            self.say("The dry run is being made. Look at it, then ctrl+s.")
            self.ask_preview()
            return
        problems = (*self.unreadable(), *preview.problems)
        if problems:
            self.show_wrong(problems)
            return
        reason = next((each.label for each in preview.reasons if each.code == draft.reason_code), "")
        facts = (
            draft_words(draft, reason, self.subtui.today, self.subtui.day),
            sums_words(preview.stops, action=draft.action),
            f"{counted(preview.refused, 'subscription')} refused: unchanged" if preview.refused else "",
            limit_words(preview),
        )
        title = f"{ACTION_WORDS[draft.action]}: {counted(preview.done, 'subscription')}?"
        lines = [safe(fact) for fact in facts if fact]
        dialog = ConfirmDialog(title, lines, safe_answer="Back", other_answer="Do it", key="y")
        self.app.push_screen(dialog, lambda wanted: self._start(draft, preview) if wanted else None)

    def _start(self, draft: BatchDraft, preview: BatchPreview) -> None:
        act = StartBatch(draft, preview.versions, self.selection.words, preview.done)
        self.do_once(act, self._begun)

    def _begun(self, result: BatchResult) -> None:
        """Do the batch in the background, unless it awaits approval, and show it."""
        batch, words = result.batch, result.sentence
        self.subtui.batch_selection = None
        if batch.summary.standing is BatchStanding.RUNNING and not self.subtui.begin_batch(batch.id):
            words += f" Batch {self.subtui.batch_runner.batch_id} is under way: go on with this one after it."
        self.subtui.go(routes.to("batch", batch.id), flash=words, instead=True)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the list."""
        return ("Dashboard", "All subscriptions", "Batch")

"""The pause form: pause a subscription, change its pause, or resume it; with a preview of the bills around it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from subtui.acts.act import Query
from subtui.acts.subscriptions import GetSubscription, PreviewPause, SavePause
from subtui.app import routes
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.workers import asks
from subtui.domain.errors import Problem
from subtui.domain.pauses import PauseDraft, PauseStart, draft_of_pause, why_not_pause
from subtui.views.customers import SaveResult, SubscriptionRecord
from subtui.views.pause_words import pause_words
from subtui.views.preview import Preview

_PAUSE, _RESUME = "pause", "resume"
_PAUSING, _RESUMING = (_PAUSE, "pause"), (_RESUME, "resume today")
_STARTS = (
    (PauseStart.TODAY.value, "today"),
    (PauseStart.NEXT_BILL.value, "with the next bill"),
    (PauseStart.DATE.value, "on a date"),
)
_KEEP, _NEW_CYCLE = "keep", "new"
_BILLS = ((_KEEP, "on the same days"), (_NEW_CYCLE, "a new cycle"))
_OF_A_PAUSE = ("start", "paused_from", "resumes_on")


class PauseForm(PreviewedForm):
    """The pause of one subscription. With `prepare=resume` it opens ready to resume."""

    CSS_PATH = "pause.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PAUSE,)
    BINDINGS = bindings(Scope.PAUSE)
    AUTO_FOCUS = ""
    SAVE = "pause.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: SubscriptionRecord | None = None

    @property
    def subscription_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the fields, with the preview panel beside them."""
        yield from self.compose_form(self._fields())

    def _fields(self) -> ComposeResult:
        looks = self.subtui.app_config.display_config
        yield FormField("Do", Dropdown((_PAUSING,), value=_PAUSE, id="do"), id="field-resume_now")
        yield FormField("From", Dropdown(_STARTS, value=PauseStart.TODAY.value, id="start"), id="field-start")
        yield FormField("First day", DateInput(id="paused-from", display_config=looks), id="field-paused_from")
        yield FormField(
            "Resumes",
            DateInput(id="resumes-on", placeholder="until resumed by hand", display_config=looks),
            id="field-resumes_on",
        )
        yield FormField("Bills after", Dropdown(_BILLS, value=_KEEP, id="bills"), id="field-restarts_cycle")

    def on_mount(self) -> None:
        """Load the subscription."""
        self.show_form(shown=False)
        self._load()

    @asks("load")
    async def _load(self) -> None:
        self._loaded(await self.read(GetSubscription(self.subscription_id)))

    # --- showing ----------------------------------------------------------------------------------------------------

    def _loaded(self, record: SubscriptionRecord) -> None:
        self.record = record
        self._show_headline(record)
        why_not = why_not_pause(record.terms)
        if why_not:
            self.query_one("#headline", Static).update(safe(why_not, "$warning"))
            self.refresh_frame()
            return
        first = self.begun is None
        for field in self.query(DateInput):
            field.today = self.subtui.today
        pause = record.terms.pause
        self.query_one("#do", Dropdown).offer([_PAUSING, *([_RESUMING] if pause else [])])
        if first:
            self._fill(draft_of_pause(record.terms))
            if pause is not None and self.route.parameter("prepare") == "resume":
                self.query_one("#do", Dropdown).choose(_RESUME)
        self.show_form(shown=True)
        self._follow()
        if first:
            self.focus_on("resume_now" if pause else "start")
        self.begin()
        self.refresh_frame()

    def _fill(self, draft: PauseDraft) -> None:
        self.query_one("#do", Dropdown).choose(_PAUSE)
        self.query_one("#start", Dropdown).choose(draft.start.value)
        self.query_one("#paused-from", DateInput).put(draft.paused_from)
        self.query_one("#resumes-on", DateInput).put(draft.resumes_on)
        self.query_one("#bills", Dropdown).choose(_NEW_CYCLE if draft.restarts_cycle else _KEEP)

    def _show_headline(self, record: SubscriptionRecord) -> None:
        day, pause = self.subtui.day, record.terms.pause
        state = record.terms.state(self.subtui.today)
        facts = [f"paid through {day(record.billing.paid_through)}"] if record.billing.paid_through else []
        if pause is not None:
            facts.append(f"paused {pause_words(pause, day)}")
        elif record.terms.ending.next_bill_date is not None:
            facts.append(f"next bill {day(record.terms.ending.next_bill_date)}")
        line = concat(
            safe(f"{record.plan}, subscription {record.id}", "bold"),
            safe(f"   {record.contact}", "$muted"),
            Content("\n"),
            safe(state, "bold $warning" if pause else "bold $success"),
            *(safe(f" · {fact}", "$muted") for fact in facts),
        )
        self.query_one("#headline", Static).update(line)

    def edited(self, _event: Message) -> None:
        """Show the fields that the choices ask for."""
        self._follow()

    def _follow(self) -> None:
        pausing = self.query_one("#do", Dropdown).chosen != _RESUME
        for name in _OF_A_PAUSE:
            self.query_one(f"#field-{name}").display = pausing
        dated = self.query_one("#start", Dropdown).chosen == PauseStart.DATE.value
        self.query_one("#field-paused_from").display = pausing and dated
        until = not pausing or self.query_one("#resumes-on", DateInput).day is not None
        self.query_one("#field-restarts_cycle").display = until

    # --- reading ----------------------------------------------------------------------------------------------------

    def draft(self) -> PauseDraft:
        """The draft from the form; an unreadable date counts as none."""
        start = PauseStart(self.query_one("#start", Dropdown).chosen or PauseStart.TODAY)
        return PauseDraft(
            resume_now=self.query_one("#do", Dropdown).chosen == _RESUME,
            start=start,
            paused_from=self.query_one("#paused-from", DateInput).day if start is PauseStart.DATE else None,
            resumes_on=self.query_one("#resumes-on", DateInput).day,
            restarts_cycle=self.query_one("#bills", Dropdown).chosen == _NEW_CYCLE,
        )

    def unreadable(self) -> tuple[Problem, ...]:
        """The problems of unreadable dates."""
        shown = [name for name in _OF_A_PAUSE[1:] if self.query_one(f"#field-{name}").display]
        found = ((name, self.query_one(f"#{name.replace('_', '-')}", DateInput).problem) for name in shown)
        return tuple(Problem(name, problem) for name, problem in found if problem)

    # --- saving -----------------------------------------------------------------------------------------------------

    def previewing(self, draft: PauseDraft) -> Query[Preview]:
        """The query that previews the draft."""
        return PreviewPause(self.subscription_id, draft)

    def do_pause_save(self) -> None:
        """Save the previewed draft."""
        self.try_to_save()

    def save(self, draft: PauseDraft, _preview: Preview) -> None:
        """Save the draft on the version that was shown."""
        if self.record is not None:
            self.do_once(SavePause(self.subscription_id, draft, version=self.record.version), self._saved)

    def _saved(self, saved: SaveResult) -> None:
        """Show the subscription in place of the form."""
        here = routes.to("subscription", self.subscription_id)
        if getattr(self.subtui.screen_below(self), "route", None) == here:
            self.subtui.pop_screen()
        self.subtui.go(here, flash=saved.sentence, kind="done", instead=True)

    @asks("load")
    async def after_stale(self, take_theirs: bool | None) -> None:
        """Reload the subscription, and keep the entries or take its own pause."""
        record = await self.read(GetSubscription(self.subscription_id))
        if take_theirs:
            self.begun = None
        self.forget_preview()
        self._loaded(record)
        self.say("This is the current subscription. Check the panel, then save.")

    def why_no_form(self) -> str:
        """Why there is nothing to pause."""
        return (self.record and why_not_pause(self.record.terms)) or "There is no subscription here."

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the subscription."""
        contact = self.record.contact if self.record else "Subscription"
        return ("Dashboard", contact, f"Subscription {self.subscription_id}", "Pause")

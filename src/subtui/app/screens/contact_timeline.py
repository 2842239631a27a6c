"""The Activity tab of a contact: the timeline with its filter, and the details of the marked line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from subtui.acts.timeline import GetTimeline
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.timeline import ALL, FILTERS, Filter, Position, filter_named
from subtui.views.entries import Entry, row_cells
from subtui.views.timeline import TimelineLine
from subtui.views.timeline_entries import TIMELINE_COLUMNS, empty_words, line_entries

if TYPE_CHECKING:
    from subtui.app.base_screen import BaseScreen

PAGE = 100
KEPT_AT_MOST = 500
"""The number of lines that a reload requests; further lines are requested by scrolling."""
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter line asks for."""

    chosen: Filter
    text: str = ""


class TimelinePane(Vertical):
    """The timeline of one contact. It is loaded when it is first shown."""

    def __init__(self, contact_id: int, kind: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.contact_id = contact_id
        self.wanted = Wanted(filter_named(kind))
        self.lines: tuple[TimelineLine, ...] = ()
        self._after: Position | None = None
        self._stale = True
        self._limit = PAGE

    def compose(self) -> ComposeResult:
        """Compose the filter line, the list and the details."""
        with Horizontal(id="timeline-filter"):
            yield Static("Show", classes="filter-label", markup=False)
            yield Dropdown([(each.name, each.title) for each in FILTERS], value=self.wanted.chosen.name, id="kind")
            yield Static("Text", classes="filter-label", markup=False)
            yield TextField(id="text", placeholder="title, note, reason or name", most=LONGEST_TEXT)
        yield RecordTable(TIMELINE_COLUMNS, id="events", empty="Loading …")
        with VerticalScroll(id="event"):
            yield DescriptionList(id="event-detail", empty="")

    @property
    def _screen(self) -> "BaseScreen":
        return cast("BaseScreen", self.screen)

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#events", RecordTable)

    # --- loading ----------------------------------------------------------------------------------------------------

    def reload(self, *, now: bool) -> None:
        """Load the lines again: `now`, else when the tab is opened."""
        self._stale = True
        if now:
            self.open()

    def open(self) -> None:
        """Load the lines unless they are up to date."""
        if self._stale:
            self._stale = False
            self._load()

    @asks("timeline", newest=True)
    async def _load(self) -> None:
        wanted = self.wanted
        found = await self._screen.read(self._query(limit=self._limit), is_cancelled=lambda: self.wanted != wanted)
        if self.wanted != wanted:
            return  # an answer for an earlier filter
        self.lines, self._after = found.lines, found.after
        none = empty_words(wanted.chosen, wanted.text.strip())
        self.table.empty = none if wanted.chosen is ALL else f"{none} f changes the filter."
        self.table.show(self._rows(found.lines), more=found.after is not None)
        self._show_detail()

    @on(RecordTable.EndReached, "#events")
    def _near_end(self, event: RecordTable.EndReached) -> None:
        event.stop()
        self.more()

    @asks("timeline", newest=True)
    async def more(self) -> None:
        """Load the lines after the last one shown."""
        wanted, after = self.wanted, self._after
        if after is None:
            return
        found = await self._screen.read(self._query(after), is_cancelled=lambda: self.wanted != wanted)
        if self.wanted != wanted or self._after != after:
            return  # an answer for an earlier list
        self.lines, self._after = (*self.lines, *found.lines), found.after
        self._limit = min(len(self.lines), KEPT_AT_MOST)
        self.table.extend(self._rows(found.lines), more=found.after is not None)

    def _query(self, after: Position | None = None, *, limit: int = PAGE) -> GetTimeline:
        wanted = self.wanted
        return GetTimeline(self.contact_id, kinds=wanted.chosen.kinds, text=wanted.text, after=after, limit=limit)

    def _rows(self, lines: tuple[TimelineLine, ...]) -> list[Row]:
        fmt = self._screen.subtui.format
        return [Row(line.key, row_cells(TIMELINE_COLUMNS, line, fmt)) for line in lines]

    @on(Refusal)
    def _refused(self, refusal: Refusal) -> None:
        """Say in place of the lines why there are none; the screen says it too."""
        self._stale = True
        self.table.show_refused(str(refusal.error))

    # --- the filter -------------------------------------------------------------------------------------------------

    @on(Dropdown.Changed, "#kind")
    def _kind_changed(self, event: Dropdown.Changed) -> None:
        self._filter(Wanted(filter_named(str(event.value)), self.wanted.text))

    @on(Input.Changed, "#text")
    def _text_changed(self, event: Input.Changed) -> None:
        self._filter(Wanted(self.wanted.chosen, event.value))

    def _filter(self, wanted: Wanted) -> None:
        if wanted != self.wanted:
            self.wanted, self._limit = wanted, PAGE
            self._screen.route = self.route()
            self.reload(now=True)

    @on(Input.Submitted, "#text")
    def _to_the_list(self) -> None:
        self.table.focus()

    def route(self) -> routes.Route:
        """The route to this tab with its filter."""
        kind = {} if self.wanted.chosen is ALL else {"kind": self.wanted.chosen.name}
        return routes.to("contact_activity", self.contact_id, **kind)

    def next_kind(self) -> None:
        """Filter by the next kind."""
        at = (FILTERS.index(self.wanted.chosen) + 1) % len(FILTERS)
        self.query_one("#kind", Dropdown).choose(FILTERS[at].name)

    def to_text(self) -> None:
        """Focus the filter text."""
        self.query_one("#text").focus()

    # --- the marked line --------------------------------------------------------------------------------------------

    def marked(self) -> TimelineLine | None:
        """The marked line."""
        key = self.table.marked_key
        return next((line for line in self.lines if line.key == key), None)

    def _entries(self, line: TimelineLine) -> tuple[Entry, ...]:
        dropped = [TIMELINE_COLUMNS[at].label for at in self.table.dropped_columns()]
        return tuple(line_entries(line, self._screen.subtui.format, dropped))

    @on(RecordTable.Marked, "#events")
    @on(RecordTable.ColumnsChanged, "#events")
    def _marked(self, event: RecordTable.Marked | RecordTable.ColumnsChanged) -> None:
        event.stop()
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.marked()
        self.query_one("#event-detail", DescriptionList).show(self._entries(line) if line else ())
        self.query_one("#event", VerticalScroll).scroll_home(animate=False)

    @on(RecordTable.Opened, "#events")
    def _open(self, event: RecordTable.Opened) -> None:
        event.stop()
        line = self.marked()
        if line is None:
            return
        if line.route:
            self._screen.subtui.go(routes.parse(line.route))
        else:
            self.app.push_screen(DetailDialog(self._entries(line)))


class DetailDialog(Dialog[None]):
    """A line that no record is behind, such as a note, in full. It scrolls; Escape and Enter close it."""

    CSS_PATH = "contact_timeline.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "close", show=False)]

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__()
        self._entries = entries

    def compose(self) -> ComposeResult:
        """Compose the text, and the key that closes it."""
        with Vertical(id="line"):
            with VerticalScroll(id="line-body"):
                yield DescriptionList(id="line-text")
            yield Static(safe("esc closes", "$muted"), id="line-keys", markup=False)

    def on_mount(self) -> None:
        """Show the text; the arrow keys scroll it."""
        self.query_one(DescriptionList).show(self._entries)
        self.query_one("#line-body").focus()

    def action_close(self) -> None:
        """Close."""
        self.answer(None)

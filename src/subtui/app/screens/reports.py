"""Reports: refunds issued, cancellations by reason and month with a chart, subscriptions that end soon, data issues."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from subtui.acts.reports import GetReport, SaveReport
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import cells, safe
from subtui.app.routes import Route
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.widgets.bar_chart import BarChart
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.workers import asks
from subtui.domain.money import Money
from subtui.domain.reports import DATED, REPORT_TITLES, Report, ReportName, ReportRow, Value
from subtui.views.entries import Cell, Column

_NAMES = tuple(ReportName)
LONGEST_COLUMN = 34


class Reports(BaseScreen):
    """One report at a time."""

    CSS_PATH = "reports.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REPORTS,)
    BINDINGS = bindings(Scope.REPORTS)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.report: Report | None = None
        self._wanted = ReportName(route.parameter("report") or ReportName.REASONS)
        self._path = ""

    def compose_body(self) -> ComposeResult:
        """Compose the choice of the report and its days, its sums, the rows and the chart."""
        display_config = self.subtui.app_config.display_config
        titles = tuple((name.value, REPORT_TITLES[name]) for name in ReportName)
        with Vertical(id="reports"):
            with Horizontal(id="choice"):
                yield Dropdown(titles, value=self._wanted.value, id="name")
                yield Static("From", classes="filter-label", id="from-label", markup=False)
                yield DateInput(id="first", placeholder="a year ago", display_config=display_config, past=True)
                yield Static("To", classes="filter-label", id="to-label", markup=False)
                yield DateInput(id="last", placeholder="today", display_config=display_config, past=True)
            yield Static("", id="sums", markup=False)
            with Horizontal(id="halves"):
                yield RecordTable((), id="rows", empty="Loading …")
                yield BarChart(id="chart")

    def on_mount(self) -> None:
        """Load the first report."""
        for field in self.query(DateInput):
            field.today = self.subtui.today
        self.query_one("#rows").focus()
        self.reload()

    @asks("report", newest=True)
    async def reload(self) -> None:
        """Reload the report."""
        first, last = self.query_one("#first", DateInput), self.query_one("#last", DateInput)
        problem = first.problem or last.problem
        if problem:
            self.say(problem, "refused")
            return
        report = self.report = await self.read(GetReport(self._wanted, first.day, last.day))
        dated = report.name in DATED
        for name in ("#from-label", "#first", "#to-label", "#last"):
            self.query_one(name).display = dated
        self.query_one("#sums", Static).update(safe(self._sums(report), "$muted"))
        table = self.query_one("#rows", RecordTable)
        table.empty = _EMPTY.get(report.name, "No data for these dates.")
        table.show_as(self._columns(report), [self._row(at, row) for at, row in enumerate(report.rows)])
        chart = self.query_one("#chart", BarChart)
        chart.display = bool(report.chart)
        self.set_class(bool(report.chart), "-charted")
        chart.show(report.chart)
        self.refresh_frame()

    def _sums(self, report: Report) -> str:
        over = []
        if report.first and report.last:
            over = [f"{self.subtui.day(report.first)} to {self.subtui.day(report.last)}"]
        return " · ".join((*report.sums, *over))

    def _columns(self, report: Report) -> list[Column]:
        """Columns as wide as their cells; the last ones are dropped first."""
        found = []
        for at, label in enumerate(report.columns):
            values = [row.cells[at] for row in report.rows]
            widest = max((cells(self._words(value)) for value in values), default=0)
            right = any(isinstance(value, int | Money | date) or self._words(value).endswith(" %") for value in values)
            width = min(max(widest, cells(label)), LONGEST_COLUMN)
            text = not right and width > 12
            least = 12 if text else width
            share = max(width // 8, 1) if text else 0
            found.append(Column(label, least, right=right, share=share, most=max(width, least), drop=max(at - 2, 0)))
        return found

    def _words(self, value: Value) -> str:
        if value is None:
            return "-"
        if isinstance(value, Money):
            return value.format()
        return self.subtui.day(value) if isinstance(value, date) else str(value) or "-"

    def _row(self, at: int, row: ReportRow) -> Row:
        return Row(at, tuple(Cell(self._words(value)) for value in row.cells))

    # --- choosing ---------------------------------------------------------------------------------------------------

    @on(Dropdown.Changed, "#name")
    def _name_changed(self, event: Dropdown.Changed) -> None:
        self._wanted = ReportName(str(event.value))
        self.reload()

    @on(DateInput.Dated)
    def _range_changed(self, event: DateInput.Dated) -> None:
        if event.field.problem is None:
            self.reload()

    @on(Input.Submitted)
    def _to_the_rows(self) -> None:
        self.reload()
        self.query_one("#rows").focus()

    def do_reports_next(self) -> None:
        """Show the next report."""
        following = _NAMES[(_NAMES.index(self._wanted) + 1) % len(_NAMES)]
        self.query_one("#name", Dropdown).choose(following.value)

    def do_reports_range(self) -> None:
        """Focus the first day."""
        self.query_one("#first").focus()

    # --- rows -------------------------------------------------------------------------------------------------------

    def marked(self) -> ReportRow | None:
        """The marked row."""
        key = self.query_one("#rows", RecordTable).marked_key
        rows = self.report.rows if self.report else ()
        return rows[key] if key is not None and key < len(rows) else None

    @on(RecordTable.Marked, "#rows")
    def _marked(self) -> None:
        self.refresh_frame()

    @on(RecordTable.Opened, "#rows")
    def _open(self) -> None:
        row = self.marked()
        if row is not None and row.route:
            self.subtui.go(routes.parse(row.route))
        else:
            self.say("This row is a total; there is nothing to open.")

    def do_reports_fix(self) -> None:
        """Open the marked row's screen with a correction prepared."""
        row = self.marked()
        if row is None or not row.fix:
            return
        route = routes.parse(row.route)
        if row.fix == "subscription":
            self.subtui.go(routes.to("subscription", route.id, prepare="fix"))
        else:
            self.subtui.go(routes.to("money", route.id, prepare="write-off"))

    def do_reports_export(self) -> None:
        """Ask for a file name."""
        report = self.report
        if report is not None:
            proposed = self._path or str(Path.home() / f"{report.name.value}.csv")
            self.app.push_screen(PathDialog("Export to a new file, .csv or .json", proposed), self._export)

    def _export(self, path: str | None) -> None:
        report = self.report
        if path and report is not None:
            self._path = path
            self._save(SaveReport(report, Path(path)))

    @asks("export")
    async def _save(self, query: SaveReport) -> None:
        written = await self.read(query)
        self._path = ""
        self.say(f"Exported to {written}.", "done")

    # --- commands ---------------------------------------------------------------------------------------------------

    def refused(self, refusal: Refusal) -> None:
        """Show the refusal of a range that ends before it begins, or of a file that cannot be written."""
        super().refused(refusal)
        if refusal.about == "report" and self.report is not None:
            self.report = replace(self.report, rows=(), sums=(), chart=())
            self.query_one("#rows", RecordTable).show([])
            self.query_one("#chart", BarChart).show(())

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: only data issues can be fixed from here."""
        reason = super().disabled_reason(wanted)
        if reason:
            return reason
        if wanted.id == "reports.fix":
            row = self.marked()
            return None if row is not None and row.fix else "Only loose ends can be fixed here. f shows them."
        if wanted.id == "reports.range" and self._wanted not in DATED:
            return "This report always shows today."
        if wanted.id == "reports.export" and self.report is None:
            return "The report is still loading."
        return None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if known.id.startswith("reports."):
            return self.disabled_reason(known) is None
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Reports")


_EMPTY = {
    ReportName.ENDING: "No scheduled cancellations.",
    ReportName.PAUSED: "No paused subscriptions.",
    ReportName.LOOSE: "No loose ends.",
}

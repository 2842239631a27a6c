"""The import screen: the files, the dry run, the progress, and the outcome of the rows."""

import glob
import os
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, fitted, safe
from subtui.app.import_job import ImportJob
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.import_report import (
    COUNT_COLUMNS,
    LEFT_OUT_COLUMNS,
    count_rows,
    files_read,
    in_full,
    left_out_rows,
    notes,
)
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.date_order import DateOrder
from subtui.domain.errors import DateOrderNeeded, EncodingNeeded, FileProblem, SubtuiError
from subtui.views.imports import ImportOptions, ImportReport

_LOOKS_PER_SECOND = 5
_HINT = "One or more files, separated by commas: contacts.csv, all.zip"
_TAKES = (
    "Accepts Keap exports (CSV, .xlsx), import wizard files, table dumps, REST answers (JSON) and subtui exports, also "
    "as .gz or .zip. ctrl+t shows what would be imported; ctrl+s imports. If it stops half way, nothing is imported."
)
_ORDERS = (
    ("", "Detect from file"),
    (DateOrder.MONTH_FIRST.value, "Month first, 3/14/2026"),
    (DateOrder.DAY_FIRST.value, "Day first, 14/3/2026"),
)
_ENCODINGS = (
    ("", "Detect from file"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Western (Windows-1252)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("cp1253", "Greek (Windows-1253)"),
    ("cp1254", "Turkish (Windows-1254)"),
    ("cp1257", "Baltic (Windows-1257)"),
    ("mac_roman", "Macintosh (Mac Roman)"),
    ("cp437", "MS-DOS (437)"),
    ("cp850", "MS-DOS (850)"),
    ("koi8_r", "Cyrillic (KOI8-R)"),
    ("shift_jis", "Japanese (Shift-JIS)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("big5", "Chinese (Big5)"),
    ("euc_kr", "Korean (EUC-KR)"),
)


def _alike(path: str) -> list[str]:
    """The files that match a name with `*` or `?`. Folders are not matched."""
    return [] if glob.has_magic(os.path.dirname(path)) else sorted(glob.glob(path))


class Import(BaseScreen):
    """Imports data. The import runs in its own thread; this screen polls its progress a few times a second."""

    CSS_PATH = "importing.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.IMPORT,)
    BINDINGS = bindings(Scope.IMPORT)
    AUTO_FOCUS = ""
    LEAVING = ("Stop the import?", "If you leave, the import stops and nothing is imported.")

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.job: ImportJob | None = None
        self.report: ImportReport | None = None
        self.under_way = False
        self._path = ""

    def compose_body(self) -> ComposeResult:
        """Compose the files and options, the progress, and the report."""
        with VerticalScroll(id="import", can_focus=False):
            with Horizontal(classes="line"):
                yield Static("Files", classes="label", markup=False)
                yield TextField(id="files", placeholder=_HINT, most=4000)
            with Horizontal(classes="line"):
                yield Static("Dates", classes="label", markup=False)
                yield Dropdown(_ORDERS, value="", id="dates")
            with Horizontal(classes="line"):
                yield Static("Encoding", classes="label", markup=False)
                yield Dropdown(_ENCODINGS, value="", id="encoding")
            with Horizontal(classes="line"):
                yield Static("", classes="label", markup=False)
                yield Checkbox("Stop if any row is rejected", id="strict")
            with Horizontal(classes="line"):
                yield Static("", classes="label", markup=False)
                yield Checkbox("Overwrite what was edited here", id="overwrite")
            yield Static(safe(_TAKES, "$muted"), id="standing", markup=False)
            with Vertical(id="outcome"):
                yield RecordTable(COUNT_COLUMNS, id="counts", empty="")
                yield Static("", id="notes", markup=False)
                yield Static("", id="left-out-head", classes="section", markup=False)
                yield RecordTable(LEFT_OUT_COLUMNS, id="left-out", empty="")
                yield Static("", id="left-out-detail", markup=False)

    def on_mount(self) -> None:
        """Focus the names of the files."""
        self._show_report()
        self.query_one("#files").focus()

    def on_unmount(self) -> None:
        """Stop the import when the screen is closed."""
        if self.job is not None:
            self.job.close()

    @property
    def unsaved(self) -> bool:
        """Whether an import is under way: leaving would stop it."""
        return self.under_way

    # --- the files ---------------------------------------------------------------------------------------------------

    def _paths(self) -> list[str]:
        """The named files. Raises FileProblem when none is named."""
        text = self.query_one("#files", Input).value.strip()
        # A file name may contain a comma or a wildcard.
        named = [text] if os.path.exists(os.path.expanduser(text)) else text.split(",")
        paths: list[str] = []
        for part in filter(None, (part.strip().strip("\"'") for part in named)):
            expanded = os.path.expanduser(part)
            paths += [expanded] if os.path.exists(expanded) else _alike(expanded) or [expanded]
        if not paths:
            raise FileProblem("Enter the file to import.")
        return paths

    def _options(self, *, dry_run: bool) -> ImportOptions:
        chosen = self.query_one("#dates", Dropdown).chosen
        return ImportOptions(
            date_order=DateOrder(chosen) if chosen else None,
            strict=self.query_one("#strict", Checkbox).ticked,
            dry_run=dry_run,
            overwrite=self.query_one("#overwrite", Checkbox).ticked,
            encoding=self.query_one("#encoding", Dropdown).chosen or None,
        )

    @on(Input.Submitted, "#files")
    def do_import_try(self) -> None:
        """Run the import as a dry run."""
        self._start(dry_run=True)

    def do_import_run(self) -> None:
        """Ask for confirmation, then import the files."""
        try:
            paths = self._paths()
        except SubtuiError as error:
            self.say(str(error), "refused")
            return
        names = ", ".join(Path(path).name for path in paths[:4]) + (" …" if len(paths) > 4 else "")
        account = self.subtui.session_info.account if self.subtui.session_info else ""
        lines = [safe(f"From    {fitted(names, 42).rstrip()}"), safe(f"Into    {fitted(account, 42).rstrip()}")]
        report = self.report
        if report is not None and report.dry_run and self.job is not None and self.job.paths == tuple(paths):
            new = sum(counts.new for counts in report.counts.values())
            changed = sum(counts.changed for counts in report.counts.values())
            lines.append(safe(f"Rows    {new:,} new, {changed:,} changed, {report.refused:,} rejected"))
        lines += [
            safe(""),
            safe("Everything is imported, or nothing.", "$muted"),
            safe("An import cannot be undone.", "$muted"),
        ]
        question = ConfirmDialog("Import these rows?", lines, safe_answer="Back", other_answer="Import", key="y")
        self.app.push_screen(question, lambda wanted: self._start(dry_run=False) if wanted else None)

    def _start(self, *, dry_run: bool) -> None:
        person = self.subtui.person
        if self.under_way or person is None:
            return
        try:
            paths = self._paths()
        except SubtuiError as error:
            self.say(str(error), "refused")
            return
        if self.job is not None:
            self.job.close()
        self.job = ImportJob(
            self.subtui.app_config,
            person,
            paths,
            self._options(dry_run=dry_run),
            session_id=self.subtui.backend.session_id,
        )
        self.report, self.under_way, self.busy = None, True, True
        self._show_report()
        self.job.start(self, str(self.route))
        self.set_interval(1 / _LOOKS_PER_SECOND, self._look, name="look")
        self._fields(disabled=True)  # leave the fields: x stops the import now, and is no text
        self._look()
        self.refresh_frame()

    def do_import_stop(self) -> None:
        """Stop the import."""
        if self.job is not None and self.under_way:
            self.job.stop()
            self._look()

    # --- progress ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Show the progress that the thread has noted; the thread itself draws nothing."""
        job = self.job
        if job is None or not self.under_way:
            return
        progress = job.progress
        share = progress.done / progress.total if progress.total else 0.0
        room = 24
        bar = "█" * round(room * share)
        words = "stopping" if job.stopping else progress.doing
        self.query_one("#standing", Static).update(
            concat(
                safe(f"{bar:<{room}}", "$primary"),
                safe(f" {share:4.0%}  {words} · {progress.rows:,} rows"),
                safe("" if job.stopping else "   x stops the import", "$muted"),
            )
        )

    def _fields(self, *, disabled: bool) -> None:
        for name in ("#files", "#dates", "#encoding", "#strict", "#overwrite"):
            self.query_one(name).disabled = disabled

    def _ended(self) -> None:
        self.under_way = self.busy = False
        self._fields(disabled=False)
        for timer in list(self._timers):
            if timer.name == "look":
                timer.stop()
        self.refresh_frame()

    @on(ImportJob.Finished)
    def _finished(self, message: ImportJob.Finished) -> None:
        report: ImportReport = message.answer
        self.report = report
        self._ended()
        self._show_report()
        self.query_one("#left-out" if report.left_out else "#counts").focus()
        if report.written:
            self.say(f"Imported in {report.seconds:,.1f} s. Log {report.log_hash[:12]}.", "done")
            self.subtui.ask_for_the_day()
        else:
            self.say("Trial only, nothing imported yet. ctrl+s imports.")

    def refused(self, refusal: Refusal) -> None:
        """Handle an import that was refused or stopped, or a file that could not be written."""
        if refusal.about != "import":
            super().refused(refusal)
            return
        self._ended()
        error = refusal.error
        self.report = getattr(error, "report", None)
        self._show_report()
        if self.report is not None:
            self.query_one("#left-out").focus()
            super().refused(refusal)
            return
        if isinstance(error, DateOrderNeeded):
            self.say(f"{error.name}: is {error.example} day first or month first? Choose it under Dates.", "refused")
            self.query_one("#dates").focus()
            return
        if isinstance(error, EncodingNeeded):
            self.say(f"{error.name}: {error.evidence} Choose it under Encoding.", "refused")
            self.query_one("#encoding").focus()
            return
        self.query_one("#files").focus()
        super().refused(refusal)

    # --- report ------------------------------------------------------------------------------------------------------

    def _show_report(self) -> None:
        report = self.report
        self.query_one("#outcome").display = report is not None
        if report is None:
            if not self.under_way:
                self.query_one("#standing", Static).update(safe(_TAKES, "$muted"))
            return
        self.query_one("#standing", Static).update(Content("\n").join(files_read(report)))
        self.query_one("#counts", RecordTable).show(count_rows(report))
        self.query_one("#notes", Static).update(Content("\n").join(notes(report)))
        shown, total = len(report.left_out), report.left_out_total
        head = f"Left out   {shown:,} of {total:,}" if shown < total else f"Left out   {total:,}"
        self.query_one("#left-out-head", Static).update(safe(head if total else ""))
        table = self.query_one("#left-out", RecordTable)
        table.display = bool(total)
        table.show(left_out_rows(report))
        self._show_detail()

    @on(RecordTable.Marked, "#left-out")
    def _show_detail(self) -> None:
        """Show the marked row in full, since the table cuts long texts."""
        report, table = self.report, self.query_one("#left-out", RecordTable)
        key = table.marked_key
        detail = self.query_one("#left-out-detail", Static)
        if report is None or key is None or key >= len(report.left_out):
            detail.update("")
            return
        detail.update(in_full(report.left_out[key]))

    @on(RecordTable.Marked)
    @on(RecordTable.ColumnsChanged)
    def _follow_the_mark(self, event: RecordTable.Marked | RecordTable.ColumnsChanged) -> None:
        self.call_after_refresh(self._bring_into_view, event.table)

    def _bring_into_view(self, table: RecordTable) -> None:
        """Scroll to the marked row, with the heading above the first one and its details below."""
        if not table.has_focus:
            return
        lines_above = 1 if table.cursor == 0 else 0
        region = table.marked_region().translate(table.virtual_region.offset).grow((lines_above, 0, 0, 0))
        scroll = self.query_one("#import", VerticalScroll)
        if table.id == "left-out":
            foot = self.query_one("#left-out-detail").virtual_region
            if foot.bottom - region.y <= scroll.size.height:
                region = region.union(foot)
        outcome = self.query_one("#outcome").virtual_region
        scroll.scroll_to_region(region.translate(outcome.offset), animate=False, force=True)

    # --- commands ----------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: only one import can run, and only an import can be stopped or saved."""
        reason = super().disabled_reason(wanted)
        if reason:
            return reason
        if wanted.id in ("import.try", "import.run", "import.files") and self.under_way:
            return "An import is running: x stops it."
        if wanted.id == "import.stop" and not self.under_way:
            return "No import is running."
        if wanted.id == "import.save" and (self.report is None or not self.report.left_out_total):
            return "No rows were left out."
        return None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar."""
        if known.id == "import.loose":
            return self.report is not None and self.report.written
        return self.disabled_reason(known) is None and known.id not in ("app.quit", "app.search", "list.open")

    def do_import_files(self) -> None:
        """Focus the names of the files."""
        self.query_one("#files").focus()

    def do_import_save(self) -> None:
        """Ask for a file name."""
        proposed = self._path or str(Path.home() / "left-out.csv")
        self.app.push_screen(PathDialog("Save the rows left out as a new CSV file", proposed), self._save_to)

    def _save_to(self, path: str | None) -> None:
        job = self.job
        if path and job is not None:
            self._path = path
            self._write(job, Path(os.path.expanduser(path)))

    @asks("save")
    async def _write(self, job: ImportJob, path: Path) -> None:
        written = await self.subtui.backend.run(lambda _backend: job.save_left_out(path))
        self._path = ""
        self.say(f"Saved to {written}.", "done")

    def do_import_loose(self) -> None:
        """Open the list of data issues."""
        self.subtui.go(routes.to("subscriptions", state="loose"))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Import")

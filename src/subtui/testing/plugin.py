"""The plugin: its fixtures and its option. Nothing heavy is imported before a test asks for one of the fixtures.

pytest loads this into every run of an environment that it is installed in, so it changes nothing by itself: not the
environment, not what other tests see.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subtui.testing.app import App
from subtui.testing.protocols import OpenApp, ScreenSnapshot, Shown
from subtui.testing.size import Size

if TYPE_CHECKING:
    from subtui.testing.template_databases import TemplateDatabases

# ruff: noqa: PLC0415

_CHANGED: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
_ON_REPORT = "subtui_screen"
"""The attribute of a test's report that carries its screen from a worker to the run that asked for it."""
_OPENED: pytest.StashKey[list[App]] = pytest.StashKey()
_LAST = "subtui/report"
"""Where the cache keeps the file of the last report, so that a run without one leaves no trace in it."""
_RECORDING = ("update_snapshots", "update_new_snapshots_only")
_ONLY_SOME = (
    *("collectonly", "keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob"),
    *("stepwise", "stepwise_skip", "setuponly", "setupplan"),
)
"""Options with which not every test of the files in question runs."""
_PARTIAL = "subtui_partial"
_ASKED: pytest.StashKey[bool] = pytest.StashKey()
"""Whether the run looks for no unused records."""


# --- fixtures -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _subtui_masters() -> "Iterator[TemplateDatabases]":
    """The databases that those of the tests are copied from."""
    from subtui.testing.template_databases import masters

    with masters() as made:
        yield made


@pytest.fixture
def subtui_app(request: pytest.FixtureRequest) -> Iterator[OpenApp]:
    """Opens the program on a copy of a seed file, without a terminal; it is closed with the test.

    subtui_app(data="my.json", at="2026-03-02", user="agent", size="80x24", theme="dark", route="/") gives an app with
    press, type, resize, text, svg, route, message and focus.
    """
    from subtui.testing.app import launch_for
    from subtui.testing.environment import neutral

    opened: list[App] = []
    request.node.stash[_OPENED] = opened
    # Whatever imports Textual comes after this has taken Textual's settings out of the environment.
    with neutral():
        masters: TemplateDatabases = request.getfixturevalue("_subtui_masters")

        def open_app(
            data: str | Path | None = None,
            at: date | str | None = None,
            user: str | None = "agent",
            size: Size = "80x24",
            theme: str = "dark",
            route: str = "/",
        ) -> App:
            __tracebackhide__ = True
            database = masters.fresh(None if data is None else request.path.parent / data)
            app_config = launch_for(database, at=at, user=user, theme=theme, route=route)
            app = App(app_config, size, named="The demo" if data is None else Path(data).name)
            opened.append(app)
            return app

        try:
            yield open_app
        finally:
            _close(opened)
            masters.throw_copies_away()


def _close(opened: list[App]) -> None:
    """Close them all, whatever comes of one; the first fault is then told."""
    __tracebackhide__ = True
    faults: list[Exception] = []
    for app in reversed(opened):
        try:
            app.close()
        except Exception as error:
            faults.append(error)
    if faults:
        raise faults[0]


@pytest.fixture
def screen_snapshot(request: pytest.FixtureRequest) -> ScreenSnapshot:
    """Compares a screen with the text and the picture on record; `pytest --snapshot-update` records them."""
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail("screen_snapshot needs syrupy: pip install 'subtui[testing]'.", pytrace=False)
    from syrupy.assertion import SnapshotAssertion

    from subtui.testing.report import carried
    from subtui.testing.snapshots import Records
    from subtui.testing.versions import wrong_versions

    snapshot = request.getfixturevalue("snapshot")
    if not isinstance(snapshot, SnapshotAssertion):
        pytest.fail(
            "screen_snapshot needs the fixture “snapshot” of syrupy; another fixture has that name.", pytrace=False
        )
    records = Records(
        snapshot,
        nodeid=request.node.nodeid,
        folder=request.config.invocation_params.dir,
        wrong_versions=wrong_versions(),
    )
    taken: set[str] = set()
    if _CHANGED in request.node.stash:
        del request.node.stash[_CHANGED]  # of an earlier attempt at the same test

    def compare(app: Shown, name: str = "", *, picture_only: bool = False) -> None:
        __tracebackhide__ = True
        if name and name in taken:
            pytest.fail(f"“{name}” is already used in this test. Give this screen another name.")
        taken.add(name)
        difference = records.compare(app, name, picture_only=picture_only)
        if difference is not None:
            request.node.stash[_CHANGED] = carried(difference, name)
            pytest.fail(records.message(difference))

    return compare


# --- the run --------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """The option of the plugin; and what must be said before anything of the program is imported."""
    _import_the_program_as_it_is(pluginmanager)
    parser.getgroup("subtui", "screens of subtui").addoption(
        "--screen-report",
        metavar="PATH",
        help="where to write the HTML report of screens that differ from their snapshots; "
        "by default in pytest's cache, and only if any differ",
    )


def _import_the_program_as_it_is(pluginmanager: pytest.PytestPluginManager) -> None:
    """Take the program out of the packages whose asserts pytest rewrites, which are all that come with a plugin.

    The program has none, and imports its parts in two threads at once: parsing a source in both, as rewriting does, is
    more than Python 3.11 can bear (“AST constructor recursion depth mismatch”). pytest has no other way to be told.
    """
    hook = getattr(pluginmanager, "rewrite_hook", None)
    for marked in (getattr(hook, "_must_rewrite", None), getattr(hook, "_marked_for_rewrite_cache", None)):
        if isinstance(marked, set):
            marked.discard("subtui")
        elif isinstance(marked, dict):
            marked.clear()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare for what this run is asked to do."""
    if _runs_only_some(config):
        _take_nothing_away(config)
    if any(getattr(config.option, name, False) for name in _RECORDING):
        from subtui.testing.versions import wrong_versions

        if wrong_versions():
            # A test that is refused never comes to its further records: they are not to be taken away as unused.
            config.option.no_cleanup = True
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Collector(config), "subtui-screens")


def _runs_only_some(config: pytest.Config) -> bool:
    """Whether this run was asked for less than all tests of some files, or for none at all."""
    named = any("::" in str(argument) for argument in config.args)
    return named or any(getattr(config.option, name, None) for name in _ONLY_SOME)


def _take_nothing_away(config: pytest.Config) -> None:
    """A record whose test did not run is not one that is not needed: it stays, and is not called unused."""
    config.stash.setdefault(_ASKED, bool(getattr(config.option, "disable_unused_snapshots", False)))
    config.option.disable_unused_snapshots = config.option.no_cleanup = True


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Some of the tests do not run."""
    if items:
        _take_nothing_away(items[0].config)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None]:
    """Before the records are looked through: a run that failed somewhere has not come to all of them."""
    config = session.config
    if exitstatus or session.testsfailed or session.shouldstop or session.shouldfail:
        _take_nothing_away(config)
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_PARTIAL] = bool(getattr(config.option, "no_cleanup", False))
    yield
    # Nothing was looked for, so nothing is said about it either: not that it was not looked for.
    config.option.disable_unused_snapshots = config.stash.get(
        _ASKED, getattr(config.option, "disable_unused_snapshots", False)
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give the report of a test its screen: as plain data, which can go from a worker to the run, or as it stands."""
    if call.when == "call" and call.excinfo is not None and _CHANGED not in item.stash:
        for app in item.stash.get(_OPENED, []):
            item.add_report_section("call", f"screen of {app.named}", app.last_words())
    report = yield
    if report.when == "call" and report.failed and _CHANGED in item.stash:
        setattr(report, _ON_REPORT, item.stash[_CHANGED])
    return report


class _Collector:
    """Gathers the screens of all tests, in the run that has the reports of all, and writes them at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._changed: dict[str, dict[str, Any]] = {}
        self._told = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of pytest-xdist is done; if it is gone, what it ran is not known."""
        if getattr(node, "workeroutput", {_PARTIAL: True}).get(_PARTIAL, True):
            _take_nothing_away(self._config)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test is done."""
        screen = getattr(report, _ON_REPORT, None)
        if screen is not None:
            self._changed[report.nodeid] = screen

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """All are."""
        if self._changed:
            self._write()
        elif exitstatus == 0 and not self._config.option.collectonly:
            self._take_the_last_one_away()

    def _write(self) -> None:
        from subtui.testing.report import write

        named, cache = self._config.option.screen_report, self._cache
        if not named and cache is None:
            self._told = "name a file for the report with --screen-report: there is no cache for it."
            return
        try:
            if named:
                where = Path(self._config.invocation_params.dir, named)
            else:
                where = Path(cache.mkdir("subtui"), "subtui-screens.html")
                cache.set(_LAST, str(where))
            write(where, self._changed)
            self._told = where.as_uri()
        except OSError as error:
            self._told = f"the report could not be written to {error.filename}: {error.strerror}."

    def _take_the_last_one_away(self) -> None:
        """What the report in the cache shows is true no more. A file that somebody named is theirs."""
        last = self._cache.get(_LAST, "") if self._cache is not None else ""
        if last:
            with suppress(OSError):
                Path(last).unlink()
            self._cache.set(_LAST, "")

    @property
    def _cache(self) -> Any:
        return getattr(self._config, "cache", None)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """Say where the pictures are."""
        if self._told:
            count = len(self._changed)
            terminalreporter.write_sep("-", "screens")
            what = (
                "1 screen differs from its snapshot" if count == 1 else f"{count} screens differ from their snapshots"
            )
            terminalreporter.write_line(f"{what}. Before, after and the difference:")
            terminalreporter.write_line(self._told)

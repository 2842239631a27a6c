"""The pytest plugin: its fixtures and its option. Nothing heavy is imported before a test uses one of the fixtures.

pytest loads it in every run of an environment in which it is installed, so by itself it must not change anything that
other tests see.
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
"""The cache key of the last report's file."""
_RECORDING = ("update_snapshots", "update_new_snapshots_only")
_ONLY_SOME = (
    *("collectonly", "keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob"),
    *("stepwise", "stepwise_skip", "setuponly", "setupplan"),
)
"""The options with which not every test of the selected files runs."""
_PARTIAL = "subtui_partial"
_ASKED: pytest.StashKey[bool] = pytest.StashKey()
"""The stash key for whether the user chose to skip the search for unused records."""


# --- fixtures -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _subtui_masters() -> "Iterator[TemplateDatabases]":
    """The databases that the tests' databases are copied from."""
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
    from subtui.testing.environment import garbage_is_collected_seldom, neutral

    opened: list[App] = []
    request.node.stash[_OPENED] = opened
    # Textual must be imported only after its settings are removed from the environment.
    with neutral(), garbage_is_collected_seldom():
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
    """Close all of them, even if one fails; then raise the first error."""
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
        del request.node.stash[_CHANGED]  # from an earlier attempt of the same test

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
    """Add the option of the plugin, and exclude the program from assert rewriting before it is imported."""
    _import_the_program_as_it_is(pluginmanager)
    parser.getgroup("subtui", "screens of subtui").addoption(
        "--screen-report",
        metavar="PATH",
        help="where to write the HTML report of screens that differ from their snapshots; "
        "by default in pytest's cache, and only if any differ",
    )


def _import_the_program_as_it_is(pluginmanager: pytest.PytestPluginManager) -> None:
    """Exclude the program from pytest's assert rewriting, which covers every package with a plugin.

    The program has no asserts to rewrite, and imports its modules in two threads at once: parsing a source in both, as
    rewriting does, fails on Python 3.11 (“AST constructor recursion depth mismatch”). pytest has no option for it.
    """
    hook = getattr(pluginmanager, "rewrite_hook", None)
    for marked in (getattr(hook, "_must_rewrite", None), getattr(hook, "_marked_for_rewrite_cache", None)):
        if isinstance(marked, set):
            marked.discard("subtui")
        elif isinstance(marked, dict):
            marked.clear()


def pytest_configure(config: pytest.Config) -> None:
    """Configure the plugin for the options of this run."""
    if _runs_only_some(config):
        _take_nothing_away(config)
    if any(getattr(config.option, name, False) for name in _RECORDING):
        from subtui.testing.versions import wrong_versions

        if wrong_versions():
            # A test that may not record stops before its further records: they must not be deleted as unused.
            config.option.no_cleanup = True
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Collector(config), "subtui-screens")


def _runs_only_some(config: pytest.Config) -> bool:
    """Whether this run was asked for only some tests of a file, or for none."""
    named = any("::" in str(argument) for argument in config.args)
    return named or any(getattr(config.option, name, None) for name in _ONLY_SOME)


def _take_nothing_away(config: pytest.Config) -> None:
    """Keep the records of tests that did not run: they are not unused."""
    config.stash.setdefault(_ASKED, bool(getattr(config.option, "disable_unused_snapshots", False)))
    config.option.disable_unused_snapshots = config.option.no_cleanup = True


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note that some of the tests do not run."""
    if items:
        _take_nothing_away(items[0].config)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None]:
    """Keep all records after a run with a failure, which has not reached all of them."""
    config = session.config
    if exitstatus or session.testsfailed or session.shouldstop or session.shouldfail:
        _take_nothing_away(config)
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_PARTIAL] = bool(getattr(config.option, "no_cleanup", False))
    yield
    # Unused records were not searched for, so nothing is reported about them.
    config.option.disable_unused_snapshots = config.stash.get(
        _ASKED, getattr(config.option, "disable_unused_snapshots", False)
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the screen to the report of a test, as plain data if a worker must send it to the main process."""
    if call.when == "call" and call.excinfo is not None and _CHANGED not in item.stash:
        for app in item.stash.get(_OPENED, []):
            item.add_report_section("call", f"screen of {app.named}", app.last_words())
    report = yield
    if report.when == "call" and report.failed and _CHANGED in item.stash:
        setattr(report, _ON_REPORT, item.stash[_CHANGED])
    return report


class _Collector:
    """Collects the screens of all tests in the main process, and writes the report at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._changed: dict[str, dict[str, Any]] = {}
        self._told = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Note a finished worker of pytest-xdist; the tests of a crashed one are not known."""
        if getattr(node, "workeroutput", {_PARTIAL: True}).get(_PARTIAL, True):
            _take_nothing_away(self._config)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the screen of a finished test."""
        screen = getattr(report, _ON_REPORT, None)
        if screen is not None:
            self._changed[report.nodeid] = screen

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the report at the end of the run."""
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
        """Delete the outdated report in the cache; a report at a path that the user named is kept."""
        last = self._cache.get(_LAST, "") if self._cache is not None else ""
        if last:
            with suppress(OSError):
                Path(last).unlink()
            self._cache.set(_LAST, "")

    @property
    def _cache(self) -> Any:
        return getattr(self._config, "cache", None)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        """Print the path of the report."""
        if self._told:
            count = len(self._changed)
            terminalreporter.write_sep("-", "screens")
            what = (
                "1 screen differs from its snapshot" if count == 1 else f"{count} screens differ from their snapshots"
            )
            terminalreporter.write_line(f"{what}. Before, after and the difference:")
            terminalreporter.write_line(self._told)

"""What every test may use: the demo data in a file of its own, and a backend on it."""

import gc
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings

from subtui.clock import Clock
from subtui.domain.permissions import Role
from subtui.services import unit_of_work
from subtui.services.backend import Backend
from tests.lanes import SQLITE, databases_of, is_slow
from tests.postgres_places import Copies, ServerPlace
from tests.postgres_proxy import Line
from tests.postgres_server import RUN_FOLDER, PostgresServer, remove_shared_server, shared_server

# What the machine has set must not colour a screen or choose a setting; done before anything imports Textual.
for _name in [name for name in os.environ if name == "NO_COLOR" or name.startswith(("TEXTUAL", "SUBTUI_"))]:
    del os.environ[_name]

# Collecting thousands of tests makes objects that all stay: looking through them for cycles finds none.
gc.set_threshold(200_000, 20, 50)

# A shell that runs the tests in the background, or under nohup, lets them ignore these; programs under test would too.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (getattr(signal, "SIGHUP", 0), signal.SIG_DFL)):
    if _number and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for each core: a test of a screen mostly waits for what is to be drawn.

    The fast lane has few of those, and each further worker has to collect all tests first.
    """
    cores = os.cpu_count() or 1
    return cores if config.option.markexpr == "not slow" else 2 * cores


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which kinds of database the tests of storage and services run on."""
    parser.addoption("--databases", default="", help="sqlite, postgresql, or both with a comma")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the processes of this run share."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="subtui-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server of this run, when its last process has ended."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop(RUN_FOLDER))
        remove_shared_server(folder)
        shutil.rmtree(folder, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that are made for it on every kind of database."""
    if "database_kind" in metafunc.fixturenames:
        kinds = databases_of(metafunc.definition.nodeid, metafunc.config.getoption("--databases"))
        if metafunc.definition.get_closest_marker("files_only"):
            kinds = (SQLITE,)
        if kinds != (SQLITE,):
            metafunc.parametrize("database_kind", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests, so that `-m "not slow"` leaves them out."""
    for item in items:
        if is_slow(item.nodeid):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Collect garbage seldom, and never among what is there for good: a quarter of the time went into that.

    A screen makes hundreds of thousands of small objects, of which next to none are cycles.
    """
    del session
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


settings.register_profile(
    "subtui",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    # Elsewhere every run draws new examples; what lands must not depend on a draw.
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("subtui")

DEMO_DAY = date(2026, 3, 2)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home folder without anybody's settings or data."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        yield folder


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo database, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    Backend.open(str(path)).close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The run's one PostgreSQL server; skips where none can be started."""
    try:
        return shared_server()
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"no PostgreSQL server can be started: {error}")


@pytest.fixture(scope="session")
def demo_template(postgres_server: PostgresServer) -> Iterator[ServerPlace]:
    """The demo data on the server, made once; tests work on copies."""
    copies = Copies(postgres_server)
    place = copies.empty()
    Backend.open(place, create=True).close()
    yield place
    copies.remove()


@pytest.fixture
def copies(postgres_server: PostgresServer) -> Iterator[Copies]:
    """Makes databases on the server, which are removed after the test."""
    made = Copies(postgres_server)
    yield made
    made.remove()


@pytest.fixture
def place(copies: Copies, demo_template: ServerPlace) -> Path:
    """A demo database of the test's own, on the server."""
    made: Any = copies.of(demo_template)
    return cast("Path", made)


@pytest.fixture
def line(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A line to the server that can be cut; what became of a commit is asked for without long pauses."""
    monkeypatch.setattr(unit_of_work, "PAUSES", (0.0, 0.05))
    made = Line(postgres_server.folder)
    yield made
    made.close()


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on."""
    kind: str = getattr(request, "param", SQLITE)
    return kind


@pytest.fixture
def demo_db(request: pytest.FixtureRequest, database_kind: str, demo_file: Path, tmp_path: Path) -> Path:
    """A demo database of the test's own: a file; on the server what has the same text as its URL."""
    if database_kind == SQLITE:
        return Path(shutil.copy(demo_file, tmp_path / "demo.db"))
    copies: Copies = request.getfixturevalue("copies")
    place: Any = copies.of(request.getfixturevalue("demo_template"))
    return cast("Path", place)


@pytest.fixture
def desk_as(demo_db: Path) -> Iterator[Callable[[Role], Backend]]:
    """Opens a backend on the test's database for a demo account of a role; all are closed afterwards."""
    opened: list[Backend] = []

    def open_as(role: Role) -> Backend:
        backend = Backend.open(str(demo_db), clock=Clock(DEMO_DAY))
        opened.append(backend)
        backend.sign_in_demo(role)
        return backend

    yield open_as
    for backend in opened:
        backend.close()


@pytest.fixture
def backend(desk_as: Callable[[Role], Backend]) -> Backend:
    """A backend at which the demo's agent sits, on the demo's day."""
    return desk_as(Role.AGENT)

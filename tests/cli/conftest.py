"""A shell to run the program in: its own folders, its own database, nothing of this machine's."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from subtui.cli.main import main
from subtui.services.backend import Backend

from .small_seed import shop_seed, small_seed, write_seed

ALL_OF = {
    table: f'SELECT * FROM "{table}"'  # noqa: S608  (the names stand right here)
    for table in (
        "subscription",
        "event",
        "letter",
        "user",
        "contact",
        "order",
        "order_item",
        "payment",
        "refund_line",
        "refund_request",
        "refund_task",
        "account",
        "account_invoice",
        "cancellation_request",
        "correspondence",
    )
}


@dataclass
class Shell:
    """Runs command lines against one database, by default the small one."""

    folder: Path
    db: Path
    env: dict[str, str | None] = field(default_factory=dict)

    def run(self, *args: str, typed: str | None = None, **env: str) -> Result:
        """The result of `subtui --db DB ARGS`, with `env` set for it alone."""
        return CliRunner().invoke(main, ["--db", str(self.db), *args], input=typed, env=self.env | env)

    def says(self, *args: str, **env: str) -> str:
        """Standard output of a command that must be done."""
        result = self.run(*args, **env)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    def answers(self, *args: str, exit_code: int = 0, **env: str) -> Any:
        """The JSON of a command."""
        result = self.run(*args, "--json", **env)
        assert result.exit_code == exit_code, result.output
        return json.loads(result.stdout)

    def rows(self) -> dict[str, list[Any]]:
        """Every row of the tables that matter."""
        with closing(sqlite3.connect(self.db)) as connection:
            return {table: connection.execute(all_of).fetchall() for table, all_of in ALL_OF.items()}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database, made once."""
    folder = tmp_path_factory.mktemp("small")
    Backend.open(str(folder / "subtui.db"), seed=write_seed(folder, small_seed())).close()
    return folder / "subtui.db"


@pytest.fixture(scope="session")
def made_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as somebody's own data: it plays on no day, and takes passwords."""
    folder = tmp_path_factory.mktemp("own")
    seed = {name: value for name, value in small_seed().items() if name != "day"}
    Backend.open(str(folder / "subtui.db"), seed=write_seed(folder, seed)).close()
    return folder / "subtui.db"


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database with more orders, made once."""
    folder = tmp_path_factory.mktemp("shop")
    Backend.open(str(folder / "subtui.db"), seed=write_seed(folder, shop_seed())).close()
    return folder / "subtui.db"


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell on a machine that has never seen the program."""
    home: dict[str, str | None] = {
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    return Shell(tmp_path, tmp_path / "subtui.db", home)


@pytest.fixture
def shell(bare: Shell, made: Path) -> Shell:
    """A shell on the small demo."""
    shutil.copy(made, bare.db)
    return bare


@pytest.fixture
def shop(bare: Shell, made_shop: Path) -> Shell:
    """A shell on the small demo with more orders and a limit on refunds."""
    shutil.copy(made_shop, bare.db)
    return bare


@pytest.fixture
def own(bare: Shell, made_own: Path) -> Shell:
    """A shell on somebody's own data."""
    shutil.copy(made_own, bare.db)
    return bare

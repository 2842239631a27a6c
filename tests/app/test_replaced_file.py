"""The database file is replaced while the screens are open: a copy of the same business is worked in, no other."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.clock import Clock
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.storage.seed import demo_seed_path
from tests.app.driver import DEMO_DAY, running
from tests.services.database import run

FORM = "/subscriptions/1042"
SAVE = ("i", "tab", "tab", "t", "ctrl+s")


@pytest.fixture
def backup(demo_db: Path) -> Path:
    """A copy of the database as a backup holds it: one file, compacted."""
    copy = Path(shutil.copy(demo_db, demo_db.with_name("backup.db")))
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return copy


def status(db: Path) -> Status:
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        assert backend.read(VerifyLog()).broken is None
        return backend.read(GetSubscription(1042)).terms.ending.status


async def test_a_save_goes_into_the_copy_of_the_same_business(demo_db: Path, backup: Path) -> None:
    away = demo_db.with_name("away.db")
    async with running(demo_db, route=FORM) as driver:
        demo_db.rename(away)
        backup.rename(demo_db)
        await driver.press(*SAVE)
        assert driver.message.startswith("Saved. Monthly plan is Inactive")
        assert "was replaced while it was open" in driver.message
        await driver.press("u")
        assert "Active again" in driver.message
    assert status(demo_db) is Status.ACTIVE
    assert status(away) is Status.ACTIVE, "nothing is written to what was moved away"


async def test_a_record_that_is_another_one_there_is_not_saved_over(demo_db: Path, backup: Path) -> None:
    run(backup, "UPDATE subscription SET version = version + 1, quantity = 3 WHERE id = 1042")
    async with running(demo_db, route=FORM) as driver:
        backup.replace(demo_db)
        await driver.press(*SAVE)
        assert "changed this subscription after you opened it" in driver.text
    assert status(demo_db) is Status.ACTIVE


@pytest.mark.parametrize("there", ["another business", "another person", "nothing", "no database"])
async def test_what_is_not_of_the_same_business_is_left_alone(demo_db: Path, backup: Path, there: str) -> None:
    if there == "another business":
        backup.unlink()
        Backend.open(str(backup), seed=demo_seed_path(), empty=True).close()
    elif there == "another person":
        run(backup, "UPDATE user SET email = 'else@demo.example', email_key = 'else@demo.example' WHERE id = 3")
    elif there == "no database":
        backup.write_text("a list of names")
    before = backup.read_bytes()
    async with running(demo_db, route=FORM) as driver:
        if there == "nothing":
            demo_db.rename(demo_db.with_name("away.db"))
        else:
            backup.replace(demo_db)
        await driver.press(*SAVE)
        assert "Nothing was saved" in driver.message
        await driver.press("ctrl+s")
        assert "Saved." not in driver.message
        assert "Inactive" in driver.text, "the form keeps what was typed"
    if there == "nothing":
        assert not demo_db.exists()
    else:
        assert demo_db.read_bytes() == before

"""The form that ends the account, as somebody fills it in, and what it says."""

from datetime import date
from pathlib import Path

from subtui.app.screens.account_cancel import CancelAccount
from subtui.app.widgets.description_list import DescriptionList
from subtui.domain.requests import CancellationDraft
from subtui.views.entries import Item
from tests.app.driver import Driver
from tests.services.database import changed_tables, everything

FORM = "/account/cancel"
LAST_SAFE, TOO_LATE = date(2026, 3, 9), date(2026, 3, 10)
NOT_TICKED = "Read and acknowledge the terms to save."


def form(driver: Driver) -> CancelAccount:
    """The form that is open."""
    assert isinstance(driver.here, CancelAccount)
    return driver.here


def draft(driver: Driver) -> CancellationDraft:
    """What is typed into it."""
    return form(driver).draft()


def terms(driver: Driver) -> list[str]:
    """The terms above the tick."""
    return [
        entry.text for entry in form(driver).query_one("#terms", DescriptionList).entries if isinstance(entry, Item)
    ]


async def typed_into(driver: Driver, name: str, text: str) -> None:
    """Go to a field by its name, and type over what is there."""
    form(driver).query_one(f"#{name}").focus()
    await driver.settle()
    await driver.press("ctrl+u")
    await driver.type(text)


async def all_filled_in(driver: Driver) -> None:
    """A form without a fault, with something in every field."""
    await driver.press("t", "tab")
    await driver.type("We bake less.")
    await driver.press("tab", "tab")
    await driver.type("602 555 0163")
    await driver.press("tab", "tab", "tab", "space")
    assert not form(driver).query(".-wrong")


def newly_written(before: dict[str, list[object]], db: Path) -> set[str]:
    """The tables that hold something else than before."""
    return changed_tables(before, everything(db))

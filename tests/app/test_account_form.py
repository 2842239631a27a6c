"""The form that ends the account: what it says before, leaving it, and every field without a mouse."""

from datetime import date
from pathlib import Path

import pytest

from subtui.app.screens.dialogs import LeaveDialog
from tests.app.asking import TERMS, TO_THE_TICK, letter, panel, ticket
from tests.app.driver import DEMO_DAY, Driver, running
from tests.app.filling_in import FORM, LAST_SAFE, TOO_LATE, draft, form, newly_written, terms, typed_into
from tests.services.database import everything, run

NOTHING_PRORATED = TERMS[2]


# --- what it leads to -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "shown", "said"),
    [
        (
            DEMO_DAY,
            {
                "Notice": "In time (7 days left)",
                "Invoices": "No further invoices",
                "Ends": "18 Mar 2026 (end of day)",
                "Refund": "No refund for unused time",
                "Outstanding": "249.00 USD still due",
                "Answer due": "4 Mar 2026",
                "Withdraw": "Possible until 18 Mar 2026",
            },
            TERMS,
        ),
        (
            LAST_SAFE,
            {
                "Notice": "In time (last safe day is today)",
                "Invoices": "No further invoices",
                "Ends": "18 Mar 2026 (end of day)",
                "Refund": "No refund for unused time",
                "Outstanding": "249.00 USD still due",
                "Answer due": "11 Mar 2026",
                "Withdraw": "Possible until 18 Mar 2026",
            },
            TERMS,
        ),
        (
            TOO_LATE,
            {
                "Notice": "Too late for the 19 Mar 2026 invoice (last safe day was 9 Mar 2026)",
                "Invoices": "19 Mar 2026, 249.00 USD",
                "Ends": "18 Apr 2026 (end of day)",
                "Refund": "No refund for unused time",
                "Outstanding": "249.00 USD still due",
                "Answer due": "12 Mar 2026",
                "Withdraw": "Possible until 18 Apr 2026",
            },
            (
                TERMS[0],
                "The 19 Mar 2026 invoice (249.00 USD) is still charged, and the account ends on 18 Apr 2026.",
                NOTHING_PRORATED,
                TERMS[3],
            ),
        ),
    ],
    ids=["in time", "on the last safe day", "the day after"],
)
async def test_the_panel_and_the_terms_say_what_asking_today_leads_to(
    demo_db: Path, at: date, shown: dict[str, str], said: tuple[str, ...]
) -> None:
    async with running(demo_db, who="owner", route=FORM, size=(120, 40), at=at) as driver:
        assert panel(driver) == shown
        assert tuple(terms(driver)) == said
        await driver.press("t", *TO_THE_TICK, "space", "ctrl+s")
        assert f"The account ends on {shown['Ends'].removesuffix(' (end of day)')};" in driver.message
    stored = ticket(demo_db)
    assert stored.acknowledged == said, "acknowledged is what was shown"
    assert stored.in_time is (at != TOO_LATE)
    assert stored.last_invoice == (date(2026, 3, 19) if at == TOO_LATE else None)


async def test_the_panel_and_the_terms_follow_the_day_of_the_request(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM, size=(120, 40), at=TOO_LATE) as driver:
        assert panel(driver)["Ends"] == "18 Apr 2026 (end of day)"
        await typed_into(driver, "requested", "yesterday")
        assert panel(driver)["Notice"] == "In time (requested on 9 Mar 2026)"
        assert panel(driver)["Ends"] == "18 Mar 2026 (end of day)"
        assert tuple(terms(driver)) == TERMS
        await driver.press("up")
        assert draft(driver).requested_on == TOO_LATE
        assert panel(driver)["Ends"] == "18 Apr 2026 (end of day)"
        await driver.press("down", "tab", "space")
        assert draft(driver).requested_on == LAST_SAFE
        form(driver).query_one("#reason").focus()
        await driver.press("t", "ctrl+s")
        assert driver.message == (
            "T-1005 is recorded. The account ends on 18 Mar 2026; an answer is due by 11 Mar 2026."
        )
        assert "Requested on  9 Mar 2026" in driver.text
        assert "Recorded      10 Mar 2026" in driver.text


async def test_an_invoice_made_after_the_day_of_the_request_is_named(demo_db: Path) -> None:
    run(
        demo_db,
        "INSERT INTO account_invoice (number, issued_on, amount_minor, currency) "
        "VALUES ('JR-2026-03', '2026-03-19', 24900, 'USD')",
    )
    async with running(demo_db, who="owner", route=FORM, size=(120, 40), at=date(2026, 3, 20)) as driver:
        await driver.press("t")
        await typed_into(driver, "requested", "2026-03-09")
        assert panel(driver)["To reverse"] == "JR-2026-03 of 19 Mar 2026"
        await driver.press("tab", "space", "ctrl+s", "l")
        assert "Issued after the request and to be reversed: JR-2026-03." in letter(driver).body


# --- leaving ----------------------------------------------------------------------------------------------------------


async def test_leaving_a_changed_form_asks_and_stays_by_default(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route="/account") as driver:
        await driver.press("x", "t", "tab")
        await driver.type("half a comm")
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("enter")
        assert draft(driver).comment == "half a comm", "the safe answer has the focus"
        await driver.press("escape", "y")
        assert driver.route == "/account"
    assert newly_written(before, demo_db) == set()


async def test_leaving_by_the_button_asks_too_and_an_untouched_form_does_not(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/account") as driver:
        await driver.press("x", "escape")
        assert driver.route == "/account"
        await driver.press("x", "t", "shift+tab", "shift+tab")
        assert driver.focus == "leave"
        await driver.press("enter")
        assert isinstance(driver.app.screen, LeaveDialog)


@pytest.mark.parametrize("key", ["q", "slash", "Q", "ctrl+q"])
async def test_no_other_way_out_loses_what_was_typed(demo_db: Path, key: str) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", "shift+tab", "shift+tab", key)
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("escape")
        assert draft(driver).reason_code == "too_expensive"
        assert driver.app.person is not None


async def test_read_only_shows_everything_and_saves_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM, read_only=True) as driver:
        assert "read-only" in driver.text
        await driver.press("t", *TO_THE_TICK, "space")
        assert panel(driver)["Invoices"] == "No further invoices"
        for keys in (("ctrl+s",), ("tab", "tab", "enter")):
            await driver.press(*keys)
            assert driver.message == "This is read-only mode: nothing can be changed."
        assert draft(driver).acknowledged
    async with running(demo_db, who="agent", route="/account/phone", read_only=True) as driver:
        await driver.type("602 555 0163")
        await driver.press("ctrl+s")
        assert driver.message == "This is read-only mode: nothing can be changed."
    assert newly_written(before, demo_db) == set()


# --- without a mouse --------------------------------------------------------------------------------------------------

RING = ("reason", "comment", "email", "phone", "preferred", "requested", "tick", "leave", "save")
LABELS = {
    "reason": "› Reason",
    "comment": "› Comment",
    "email": "› E-mail",
    "phone": "› Phone",
    "preferred": "› Contact by",
    "requested": "› Requested",
    "tick": "[ ] I acknowledge these terms.",
}


def on_screen(driver: Driver, name: str) -> bool:
    """Whether what has the focus can be seen, with its label."""
    focused = driver.here.focused
    assert focused is not None
    return driver.here.find_widget(focused).visible_region.area > 0 and LABELS.get(name, "") in driver.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_every_field_is_reached_by_tab_and_is_then_on_the_screen(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, who="owner", route=FORM, size=size) as driver:
        for name in (*RING, RING[0]):
            assert driver.focus == name
            assert on_screen(driver, name)
            await driver.press("tab")
        assert driver.focus == "comment"
        for name in ("reason", *reversed(RING)):
            await driver.press("shift+tab")
            assert driver.focus == name
            assert on_screen(driver, name)

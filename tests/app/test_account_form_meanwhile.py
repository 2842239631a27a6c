"""The form that ends the account, saved twice, or after a right, an invoice or the terms changed meanwhile."""

from datetime import date
from pathlib import Path

import pytest

from subtui.acts.log import ListEvents
from subtui.acts.tickets import GetTicket, ListTickets, WithdrawTicket
from subtui.app.screens.dialogs import KeptDialog
from subtui.app.widgets.checkbox import Checkbox
from subtui.domain.event_types import Subject
from tests.app.asking import NEW, SAVED, SEEDED, TO_THE_TICK, asked, called, desk_of, log_is_whole, panel, ticket
from tests.app.driver import running
from tests.app.filling_in import FORM, NOT_TICKED, TOO_LATE, all_filled_in, draft, form, newly_written, terms
from tests.services.database import everything, run

NO_PLAN = "The plan and first bill date are not set yet"
REASSESSED = (
    "An invoice, the terms or the date changed after you opened this form. Nothing was saved: check the new "
    "result, then save again."
)
WRITTEN = {"cancellation_request", "letter", "correspondence", "event"}


# --- saving twice -----------------------------------------------------------------------------------------------------


async def once(db: Path) -> None:
    """One ticket, one letter, one entry of the log."""
    with desk_of(db) as backend:
        assert backend.read(ListTickets(only_open=False)).total == SEEDED + 1
        assert len(backend.read(ListEvents(subject=Subject.read(f"request:{NEW}")))) == 1
        assert len(backend.read(GetTicket(NEW)).thread) == 1


async def test_ctrl_s_again_and_again_gives_one_ticket(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", *TO_THE_TICK, "space")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
    await once(demo_db)


async def test_enter_held_down_on_the_button_gives_one_ticket(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", *TO_THE_TICK, "space", "tab", "tab")
        assert driver.focus == "save"
        await driver.pilot.press(*["enter"] * 5)
        await driver.settle()
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
    await once(demo_db)


async def test_a_request_that_came_first_is_opened_instead(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route=FORM) as driver:
        assert driver.route == "/requests/1005"
        assert driver.message == "The account is already being cancelled: this is T-1005."
    await once(demo_db)


async def test_a_request_made_while_the_form_is_open_is_opened_instead(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=FORM) as driver:
        await driver.press("t", *TO_THE_TICK, "space")
        asked(demo_db)
        await driver.press("ctrl+s")
        assert driver.route == "/requests/1005"
        assert driver.message == "A request already exists: T-1005 (open). Nothing was added."
        await driver.press("escape")
        assert driver.route == "/", "nothing is left to be saved"
    await once(demo_db)
    assert ticket(demo_db).requested_by == "Ruth Hollis"


async def test_after_withdrawing_it_can_be_asked_for_again(demo_db: Path) -> None:
    asked(demo_db)
    with desk_of(demo_db) as backend:
        backend.do(WithdrawTicket(NEW, version=backend.read(GetTicket(NEW)).version))
    async with running(demo_db, who="owner", route=FORM, at=TOO_LATE) as driver:
        await driver.press("t", *TO_THE_TICK, "space", "ctrl+s")
        assert driver.message.startswith("T-1006 is recorded. The account ends on 18 Apr 2026;")
    assert log_is_whole(demo_db)


# --- changes meanwhile ------------------------------------------------------------------------------------------------

TAKEN_AWAY = {
    "role = 'agent'": "An agent cannot cancel the account: ask an admin or the owner.",
    "verified = 0": ("Only a verified owner or admin can cancel the account, and you are not verified yet."),
}


@pytest.mark.parametrize("change", TAKEN_AWAY)
async def test_a_right_taken_away_while_the_form_is_open_counts(demo_db: Path, change: str) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await all_filled_in(driver)
        kept = draft(driver)
        run(demo_db, f"UPDATE user SET {change} WHERE email = 'owner@demo.example'")  # noqa: S608
        before = everything(demo_db)
        await driver.press("ctrl+s")
        assert (driver.route, driver.message) == (FORM, TAKEN_AWAY[change])
        assert draft(driver) == kept, "nothing typed is lost"
        assert newly_written(before, demo_db) == set()
        run(demo_db, "UPDATE user SET role = 'owner', verified = 1, active = 1 WHERE email = 'owner@demo.example'")
        await driver.press("ctrl+s")
        assert driver.message == SAVED
    assert newly_written(before, demo_db) == WRITTEN | {"user"}


async def test_the_form_of_a_user_who_was_deactivated_is_kept_for_their_return(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await all_filled_in(driver)
        kept = draft(driver)
        run(demo_db, "UPDATE user SET active = 0 WHERE email = 'owner@demo.example'")
        before = everything(demo_db)
        await driver.press("ctrl+s")
        gone = "Your user has been deactivated. Ask an admin or the owner."
        assert (driver.route, driver.message) == ("/sign-in", gone)
        assert newly_written(before, demo_db) == set()
    run(demo_db, "UPDATE user SET active = 1 WHERE email = 'owner@demo.example'")
    async with running(demo_db, who="owner") as driver:
        assert isinstance(driver.app.screen, KeptDialog)
        await driver.press("enter")
        assert driver.route == FORM
        assert draft(driver) == kept, "nothing typed is lost"


async def test_an_invoice_made_while_the_form_is_open_is_shown_before_anything_is_saved(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM, size=(120, 40), at=date(2026, 3, 19)) as driver:
        await all_filled_in(driver)
        kept = draft(driver)
        assert panel(driver)["Invoices"] == "19 Mar 2026, 249.00 USD"
        run(
            demo_db,
            "INSERT INTO account_invoice (number, issued_on, amount_minor, currency) "
            "VALUES ('JR-2026-03', '2026-03-19', 24900, 'USD')",
        )
        before = everything(demo_db)
        await driver.press("ctrl+s")
        assert driver.message == REASSESSED
        assert newly_written(before, demo_db) == set()
        assert panel(driver)["Invoices"] == "No further invoices"
        assert panel(driver)["Outstanding"] == "498.00 USD still due"
        assert terms(driver)[0] == (
            "Notice is at least 10 days before the next invoice: cancel by 9 Apr 2026 to avoid the 19 Apr 2026 invoice."
        )
        assert form(driver).query_one(Checkbox).ticked is False, "other terms are acknowledged anew"
        assert draft(driver).comment == kept.comment
        assert draft(driver).reach == kept.reach
        await driver.press("ctrl+s")
        assert driver.message == f"Not saved. {NOT_TICKED}"
        assert driver.focus == "tick"
        await driver.press("space", "ctrl+s")
        assert driver.message.startswith("T-1005 is recorded. The account ends on 18 Apr 2026;")
    stored = ticket(demo_db)
    assert stored.last_invoice is None
    assert "Open invoices (498.00 USD) are still due." in stored.acknowledged


@pytest.mark.parametrize(
    "change",
    ["notice_days = 30", "answer_days = 5", "fee_minor = 29900", "anchor = '2019-05-10'", "minimum_months = 90"],
)
async def test_other_terms_while_the_form_is_open_are_shown_before_anything_is_saved(
    demo_db: Path, change: str
) -> None:
    at = TOO_LATE  # an invoice is still to come, so that the fee counts
    async with running(demo_db, who="owner", route=FORM, at=at) as driver:
        await driver.press("t", *TO_THE_TICK, "space")
        old = panel(driver)
        run(demo_db, f"UPDATE account SET {change}")  # noqa: S608
        before = everything(demo_db)
        await driver.press("ctrl+s")
        assert (driver.route, driver.message) == (FORM, REASSESSED)
        assert panel(driver) != old
        assert draft(driver).reason_code == "too_expensive"
        assert newly_written(before, demo_db) == set()
        await driver.press("space", "ctrl+s")
        assert driver.message.startswith("T-1005 is recorded.")


async def test_a_plan_that_is_not_recorded_is_said_and_nothing_can_be_saved(demo_db: Path) -> None:
    run(demo_db, "UPDATE account SET plan = '', anchor = NULL")
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM, size=(120, 30)) as driver:
        assert NO_PLAN in driver.text
        await driver.press("tab", "ctrl+s")
        assert driver.message == "There is no form to save here."
        await driver.press("escape")
        await driver.press("tab", "B")
        assert NO_PLAN in driver.text
        await driver.press("x")
        assert (driver.route, driver.message[: len(NO_PLAN)]) == ("/admin/billing", NO_PLAN)
    async with running(demo_db, who="agent", route="/account/phone", size=(100, 44)) as driver:
        assert "Please tell me which invoice is the last, and when the account ends." in driver.text
        await driver.type("602 555 0163")
        await driver.press("ctrl+s")
        assert driver.message.startswith("T-1005 is recorded."), "a call can be filed all the same"
    async with running(demo_db, who="admin", route="/requests/1005", size=(120, 30)) as driver:
        await driver.press("c")
        assert NO_PLAN in driver.text
    assert newly_written(before, demo_db) == {"cancellation_request", "event"}


async def test_a_plan_taken_away_while_the_form_is_open_is_said(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await all_filled_in(driver)
        kept = draft(driver)
        run(demo_db, "UPDATE account SET plan = ''")
        await driver.press("ctrl+s")
        assert driver.message.startswith(NO_PLAN)
        assert (driver.route, draft(driver)) == (FORM, kept)
        run(demo_db, "UPDATE account SET plan = 'Max Classic'")
        await driver.press("ctrl+s")
        assert driver.message == SAVED


async def test_a_call_withdrawn_while_its_form_is_open_is_refused(demo_db: Path) -> None:
    called(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005") as driver:
        await driver.press("c", "t", *TO_THE_TICK, "space")
        with desk_of(demo_db, "agent") as backend:
            backend.do(WithdrawTicket(NEW, version=backend.read(GetTicket(NEW)).version))
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 was changed after you opened it. Nothing was saved: open it again."
        assert draft(driver).acknowledged
    assert ticket(demo_db).ends_on is None

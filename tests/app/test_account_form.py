"""The form that ends the account: what it says before, bad input, saving twice, changes meanwhile, leaving."""

from datetime import date
from pathlib import Path

import pytest
from textual.events import Paste

from subtui.app.screens.account_cancel import CancelAccount
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.widgets.fact_sheet import FactSheet, Item
from subtui.app.widgets.tick import Tick
from subtui.domain.requests import CancellationDraft, Preferred
from tests.app.driver import DEMO_DAY, Driver, running
from tests.app.test_account_paths import (
    NEW,
    SAVED,
    SEEDED,
    TERMS,
    TO_THE_TICK,
    asked,
    called,
    desk_of,
    letter,
    log_is_whole,
    panel,
    problem,
    ticket,
)
from tests.services.database import changed_tables, everything, run

FORM = "/account/cancel"
LAST_SAFE, TOO_LATE = date(2026, 3, 9), date(2026, 3, 10)
NOTHING_PRORATED = TERMS[2]
NO_PLAN = "The account's plan and the day of its first bill are not recorded yet"
NOT_TICKED = "Read the terms, and acknowledge them: without that nothing can be saved."
REASSESSED = (
    "An invoice, the terms or the day have changed since you opened this form. Nothing was saved: look at what it "
    "leads to now, then save again."
)
WRITTEN = {"cancellation_request", "letter", "correspondence", "event"}


def form(driver: Driver) -> CancelAccount:
    """The form that is open."""
    assert isinstance(driver.here, CancelAccount)
    return driver.here


def draft(driver: Driver) -> CancellationDraft:
    """What is typed into it."""
    return form(driver).draft()


def terms(driver: Driver) -> list[str]:
    """The terms above the tick."""
    return [entry.text for entry in form(driver).query_one("#terms", FactSheet)._entries if isinstance(entry, Item)]


async def typed_into(driver: Driver, name: str, text: str) -> None:
    """Go to a field by its name, and type over what is there."""
    form(driver).query_one(f"#{name}").focus()
    await driver.settle()
    await driver.press("ctrl+u")
    await driver.type(text)


async def pasted(driver: Driver, text: str) -> None:
    """Paste into whatever has the focus."""
    driver.app.post_message(Paste(text))
    await driver.settle()


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


# --- what it leads to -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "shown", "said"),
    [
        (
            DEMO_DAY,
            {
                "Notice": "in time, 7 days to spare",
                "Invoices": "none more",
                "Ends": "on 18 Mar 2026, that day included",
                "Prorated": "nothing: 0.00 USD comes back",
                "Open now": "249.00 USD stays due",
                "Answer due": "by 4 Mar 2026",
                "Withdraw": "possible until 18 Mar 2026",
            },
            TERMS,
        ),
        (
            LAST_SAFE,
            {
                "Notice": "in time, on the last safe day",
                "Invoices": "none more",
                "Ends": "on 18 Mar 2026, that day included",
                "Prorated": "nothing: 0.00 USD comes back",
                "Open now": "249.00 USD stays due",
                "Answer due": "by 11 Mar 2026",
                "Withdraw": "possible until 18 Mar 2026",
            },
            TERMS,
        ),
        (
            TOO_LATE,
            {
                "Notice": "too late for 19 Mar 2026: the last safe day was 9 Mar 2026",
                "Invoices": "19 Mar 2026, 249.00 USD",
                "Ends": "on 18 Apr 2026, that day included",
                "Prorated": "nothing: 0.00 USD comes back",
                "Open now": "249.00 USD stays due",
                "Answer due": "by 12 Mar 2026",
                "Withdraw": "possible until 18 Apr 2026",
            },
            (
                TERMS[0],
                "The invoice of 19 Mar 2026, 249.00 USD, is still charged, and the account ends on 18 Apr 2026.",
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
        assert f"The account ends on {shown['Ends'][3:].split(',')[0]};" in driver.message
    stored = ticket(demo_db)
    assert stored.acknowledged == said, "acknowledged is what was shown"
    assert stored.in_time is (at != TOO_LATE)
    assert stored.last_invoice == (date(2026, 3, 19) if at == TOO_LATE else None)


async def test_the_panel_and_the_terms_follow_the_day_of_the_request(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM, size=(120, 40), at=TOO_LATE) as driver:
        assert panel(driver)["Ends"] == "on 18 Apr 2026, that day included"
        await typed_into(driver, "requested", "yesterday")
        assert panel(driver)["Notice"] == "in time: asked on 9 Mar 2026"
        assert panel(driver)["Ends"] == "on 18 Mar 2026, that day included"
        assert tuple(terms(driver)) == TERMS
        await driver.press("up")
        assert draft(driver).requested_on == TOO_LATE
        assert panel(driver)["Ends"] == "on 18 Apr 2026, that day included"
        await driver.press("down", "tab", "space")
        assert draft(driver).requested_on == LAST_SAFE
        form(driver).query_one("#reason").focus()
        await driver.press("t", "ctrl+s")
        assert driver.message == (
            "T-1005 is recorded. The account ends on 18 Mar 2026; an answer is due by 11 Mar 2026."
        )
        assert "Asked on      9 Mar 2026" in driver.text
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
        assert panel(driver)["Made since"] == "JR-2026-03, 19 Mar 2026: to be taken back"
        await driver.press("tab", "space", "ctrl+s", "l")
        assert "Made after the request, and to be taken back: JR-2026-03." in letter(driver).body


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "field", "sentence"),
    [
        ("requested", "2026-03-03", "requested_on", "It was asked for today, 2 Mar 2026, or earlier"),
        ("requested", "2019-05-05", "requested_on", "The account began on 6 May 2019; nobody can have asked before."),
        ("requested", "last week", "requested_on", "“last week” is not a date"),
        ("requested", "30 feb", "requested_on", "30 Feb"),
        ("email", "owner at demo", "email", "An email address must have an @-sign."),
        ("email", "owner@", "email", "There must be something after the @-sign."),
        ("email", "", "email", "The answer goes by e-mail: give the address, or choose the phone."),
        ("phone", "12", "phone", "This phone number is too short."),
        ("phone", "the bakery", "phone", "This is not a phone number: write digits, as in +1 602 555 0142."),
        ("phone", "+1 602 555 01634", "phone", "This phone number is too long."),
    ],
)
async def test_a_field_that_is_wrong_says_why_and_nothing_is_written(
    demo_db: Path, name: str, text: str, field: str, sentence: str
) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM) as driver:
        await all_filled_in(driver)
        await typed_into(driver, name, text)
        kept = draft(driver)
        await driver.press("ctrl+s")
        assert sentence in problem(driver, field)
        assert driver.message.startswith(f"Not saved. {problem(driver, field)[:20]}")
        assert driver.focus == name
        assert draft(driver) == kept, "nothing typed is lost"
        assert form(driver).typed(name) == text
        assert kept.acknowledged
    assert newly_written(before, demo_db) == set()


async def test_what_is_missing_is_asked_for_one_after_the_other_and_then_saved(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM, size=(100, 40)) as driver:
        await driver.press("ctrl+s")
        assert (driver.focus, problem(driver, "reason")) == ("reason", "Choose a reason.")
        assert problem(driver, "acknowledged") == NOT_TICKED
        await driver.press("o")
        assert problem(driver, "reason") == "", "the sentence goes once it is put right"
        await driver.press("ctrl+s")
        assert problem(driver, "comment") == "“Other” needs a comment that says what it was."
        assert driver.focus == "comment"
        await driver.type("   ")
        await driver.press("ctrl+s")
        assert driver.focus == "comment", "blanks say nothing"
        await driver.type("We move.")
        await driver.press("ctrl+s")
        assert (driver.focus, problem(driver, "comment")) == ("tick", "")
        assert driver.message == f"Not saved. {NOT_TICKED}"
        await driver.press("enter", "ctrl+s")
        assert driver.message == SAVED
    stored = ticket(demo_db)
    assert (stored.reason, stored.comment) == ("Other", "We move.")


async def test_the_phone_as_the_way_to_answer_needs_a_number_and_no_e_mail(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", *TO_THE_TICK, "space")
        await typed_into(driver, "email", "")
        await driver.press("tab", "tab", "p", "ctrl+s")
        assert problem(driver, "phone") == "The answer comes by phone: give the number, or choose e-mail."
        assert driver.focus == "phone"
        await driver.type("(602) 555-0163")
        await driver.press("ctrl+s")
        assert driver.message == SAVED
    stored = ticket(demo_db)
    assert (stored.email, stored.phone, stored.preferred) == ("", "+1 602-555-0163", Preferred.PHONE)


async def test_a_comment_that_is_too_long_is_told_and_kept(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM) as driver:
        await all_filled_in(driver)
        await typed_into(driver, "comment", "")
        await pasted(driver, "a" * 500)
        await driver.type("b")
        await driver.press("ctrl+s")
        assert problem(driver, "comment") == "A comment has at most 500 characters; this one has 501."
        assert driver.focus == "comment"
        assert draft(driver).comment == "a" * 500 + "b"
        assert newly_written(before, demo_db) == set()
        await driver.press("backspace", "ctrl+s")
        assert driver.message.startswith("T-1005 is recorded.")
    assert ticket(demo_db).comment == "a" * 500


async def test_a_page_pasted_into_the_comment_is_only_its_first_line(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", "tab")
        await pasted(driver, "We bake less.\nq\n\tctrl+s\nenter\n[b]\n" * 300)
        assert (driver.route, driver.focus) == (FORM, "comment")
        assert draft(driver).comment == "We bake less."
        await pasted(driver, "")
        await pasted(driver, "\n\n\n")
        assert (driver.route, draft(driver).comment) == (FORM, "We bake less.")
        assert draft(driver).acknowledged is False
        assert driver.app.failure is None
    assert newly_written(before, demo_db) == set()


# --- saving twice -----------------------------------------------------------------------------------------------------


async def once(db: Path) -> None:
    """One ticket, one letter, one entry of the log."""
    with desk_of(db) as desk:
        assert desk.requests(only_open=False).total == SEEDED + 1
        assert len(desk.log(subject=f"request:{NEW}")) == 1
        assert len(desk.request(NEW).thread) == 1


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
        assert driver.message == "The account is being cancelled already: this is T-1005."
    await once(demo_db)


async def test_a_request_made_while_the_form_is_open_is_opened_instead(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=FORM) as driver:
        await driver.press("t", *TO_THE_TICK, "space")
        asked(demo_db)
        await driver.press("ctrl+s")
        assert driver.route == "/requests/1005"
        assert driver.message == "There is a request already: T-1005, open. Nothing was added."
        await driver.press("escape")
        assert driver.route == "/", "nothing is left to be saved"
    await once(demo_db)
    assert ticket(demo_db).requested_by == "Ruth Hollis"


async def test_after_withdrawing_it_can_be_asked_for_again(demo_db: Path) -> None:
    asked(demo_db)
    with desk_of(demo_db) as desk:
        desk.withdraw(NEW, version=desk.request(NEW).version)
    async with running(demo_db, who="owner", route=FORM, at=TOO_LATE) as driver:
        await driver.press("t", *TO_THE_TICK, "space", "ctrl+s")
        assert driver.message.startswith("T-1006 is recorded. The account ends on 18 Apr 2026;")
    assert log_is_whole(demo_db)


# --- changes meanwhile ------------------------------------------------------------------------------------------------

TAKEN_AWAY = {
    "role = 'agent'": "An agent cannot request the cancellation of the account: ask an admin or the owner.",
    "verified = 0": (
        "Only a verified owner or admin can request the cancellation of the account, and you are not verified yet."
    ),
    "active = 0": "You can no longer act here: your user has been switched off. Ask an admin or the owner.",
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
        assert panel(driver)["Invoices"] == "none more"
        assert panel(driver)["Open now"] == "498.00 USD stays due"
        assert terms(driver)[0] == (
            "Notice is given at least 10 days before the next invoice: for the invoice of 19 Apr 2026 by 9 Apr 2026."
        )
        assert form(driver).query_one(Tick).ticked is False, "other terms are acknowledged anew"
        assert draft(driver).comment == kept.comment
        assert draft(driver).reach == kept.reach
        await driver.press("ctrl+s")
        assert driver.message == f"Not saved. {NOT_TICKED}"
        assert driver.focus == "tick"
        await driver.press("space", "ctrl+s")
        assert driver.message.startswith("T-1005 is recorded. The account ends on 18 Apr 2026;")
    stored = ticket(demo_db)
    assert stored.last_invoice is None
    assert "Invoices that are open now, 498.00 USD, stay due." in stored.acknowledged


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
        assert "Please tell me which invoice will be the last, and on which day it ends." in driver.text
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
        with desk_of(demo_db, "agent") as desk:
            desk.withdraw(NEW, version=desk.request(NEW).version)
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 was changed after you opened it. Nothing was saved: open it again."
        assert draft(driver).acknowledged
    assert ticket(demo_db).ends_on is None


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
        assert panel(driver)["Invoices"] == "none more"
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
    "preferred": "› Answer by",
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

"""Tickets: the queue in the order in which answers are due, one ticket read to its end, who may do what."""

from pathlib import Path

import pytest

from tests.app.asking import NEW, UNVERIFIED, asked, called, questioned, record
from tests.app.driver import running
from tests.app.tickets import CANNOT_ANSWER, NOT_VERIFIED, OVERDUE, SAM, close, listed, offered
from tests.services.database import changed_tables, everything, run

TWO_OPEN = "2 of 2 open tickets · 1 overdue"


# --- the queue --------------------------------------------------------------------------------------------------------


async def test_the_queue_is_in_the_order_in_which_answers_are_due(demo_db: Path) -> None:
    questioned(demo_db)
    run(demo_db, "UPDATE cancellation_request SET answer_due = '2026-02-20' WHERE id = 1004")
    async with running(demo_db, route="/requests", size=(120, 30)) as driver:
        assert listed(driver) == ["T-1004", "T-1003", "T-1005"]
        assert "3 of 3 open tickets · 2 overdue" in driver.text
        due = [line.split("  ")[-1] for line in driver.text.splitlines() if "T-10" in line]
        assert due == ["overdue by 10 days", "overdue by 3 days", "4 Mar 2026"]


async def test_f_shows_what_is_done_too_and_back(demo_db: Path) -> None:
    async with running(demo_db, route="/requests", size=(120, 30)) as driver:
        assert (listed(driver), TWO_OPEN in driver.text) == (["T-1003", "T-1004"], True)
        await driver.press("f")
        assert listed(driver) == ["T-1003", "T-1004", "T-1002", "T-1001"], "open first, then the newest"
        assert "4 of 4 tickets" in driver.text
        for shown in ("overdue by 3 days", "today", "answered", "withdrawn"):
            assert shown in driver.text
        await driver.press("down", "down", "enter")
        assert driver.route == "/requests/1002"
        await driver.press("escape")
        assert listed(driver) == ["T-1003", "T-1004", "T-1002", "T-1001"], "one comes back to the same list"
        await driver.press("f")
        assert listed(driver) == ["T-1003", "T-1004"]


async def test_n_opens_the_next_that_is_due_and_goes_round(demo_db: Path) -> None:
    questioned(demo_db)
    async with running(demo_db, route="/requests") as driver:
        seen = []
        for _ in range(4):
            await driver.press("n")
            seen.append(driver.route)
        assert seen == ["/requests/1003", "/requests/1004", "/requests/1005", "/requests/1003"]
        await driver.press("escape")
        assert driver.route == "/requests", "n takes the place of the ticket before"


async def test_n_from_a_ticket_that_is_done_opens_the_first(demo_db: Path) -> None:
    async with running(demo_db, route="/requests/1002") as driver:
        await driver.press("n")
        assert driver.route == OVERDUE


async def test_with_nothing_left_to_do_the_queue_and_n_say_so(demo_db: Path) -> None:
    close(demo_db, 1004)
    async with running(demo_db, route=OVERDUE) as driver:
        await driver.press("n")
        assert (driver.route, driver.message) == (OVERDUE, "No other open tickets.")
    close(demo_db, 1003)
    async with running(demo_db, route="/requests") as driver:
        assert "No open tickets. f shows all tickets." in driver.text
        await driver.press("n")
        assert driver.message == "No open tickets."
        await driver.press("enter")
        assert driver.route == "/requests"


async def test_answers_due_on_the_dashboard_lead_to_the_queue(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        assert "1 overdue · 1 today" in driver.text
        for _ in range(6):
            await driver.press("tab")
            if driver.focus == "waiting":
                break
        assert driver.focus == "waiting"
        await driver.press("enter")
        assert driver.route == "/requests"
        close(demo_db, 1003, 1004)
        await driver.press("escape")
        assert "1 overdue" not in driver.text, "the dashboard is asked anew when one comes back"


async def test_a_ticket_that_is_not_there(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/requests/9") as driver:
        assert "There is no ticket T-0009." in driver.text
        for key in "rpcdwln":
            await driver.press(key)
            assert driver.message == "There is no ticket here."
        await driver.press("escape")
        assert driver.route == "/"
        assert driver.app.failure is None


async def test_the_ticket_is_read_to_its_end_with_the_keys(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", size=(60, 16)) as driver:
        assert record(driver).ticket == "T-1005"
        assert "l reads this letter" not in driver.text
        await driver.press("end")
        assert "Letter 1: recorded, not sent." in driver.text


# --- who may do what --------------------------------------------------------------------------------------------------

CANNOT_WITHDRAW = " cannot withdraw the account cancellation: ask an admin or the owner."
NOT_A_CALL = "Only a phone call can be completed for the caller."
NOT_THEIRS = "Only Sam Okonkwo, who opened this ticket, can withdraw it."


@pytest.mark.parametrize(
    ("who", "number", "keys", "refused"),
    [
        (
            "agent",
            1003,
            "",
            {
                "r": f"An agent{CANNOT_ANSWER}",
                "p": f"An agent{CANNOT_ANSWER}",
                "d": f"An agent{CANNOT_ANSWER}",
                "w": NOT_THEIRS,
                "c": NOT_A_CALL,
                "l": "This ticket has no letter.",
            },
        ),
        (SAM, 1003, "pw", {"r": f"An agent{CANNOT_ANSWER}", "d": f"An agent{CANNOT_ANSWER}", "c": NOT_A_CALL}),
        ("viewer", 1004, "pw", {"r": f"A viewer{CANNOT_ANSWER}", "d": f"A viewer{CANNOT_ANSWER}"}),
        (
            "viewer",
            NEW,
            "l",
            {"r": f"A viewer{CANNOT_ANSWER}", "p": f"A viewer{CANNOT_ANSWER}", "w": f"A viewer{CANNOT_WITHDRAW}"},
        ),
        ("agent", NEW, "l", {"d": f"An agent{CANNOT_ANSWER}", "w": f"An agent{CANNOT_WITHDRAW}"}),
        (UNVERIFIED, NEW, "rpdl", {"w": NOT_VERIFIED, "c": NOT_A_CALL}),
        ("admin", NEW, "rpdwl", {"c": NOT_A_CALL}),
        ("admin", 1003, "rpd", {"w": NOT_THEIRS}),
        ("owner", 1002, "rp", {"d": "This ticket is already answered.", "w": "This ticket is already answered."}),
        ("owner", 1001, "rp", {"d": "This ticket is already withdrawn.", "w": "This ticket is already withdrawn."}),
    ],
)
async def test_the_key_bar_offers_what_can_be_done_and_the_other_keys_say_why_not(
    demo_db: Path, who: str, number: int, keys: str, refused: dict[str, str]
) -> None:
    asked(demo_db)
    before = everything(demo_db)
    async with running(demo_db, who=who, route=f"/requests/{number}") as driver:
        assert offered(driver) == list(keys)
        for key, sentence in refused.items():
            await driver.press(key)
            assert driver.route == f"/requests/{number}"
            assert driver.message.startswith(sentence), key
    assert changed_tables(before, everything(demo_db)) == set()


async def test_read_only_says_so_at_every_act(demo_db: Path) -> None:
    called(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", read_only=True) as driver:
        assert offered(driver) == []
        for key in "rpcdw":
            await driver.press(key)
            assert driver.message == "This is read-only mode: nothing can be changed."

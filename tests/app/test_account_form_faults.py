"""Mistakes in the form that ends the account: told at their field, and nothing typed is lost."""

from pathlib import Path

import pytest
from textual.events import Paste

from subtui.domain.requests import Preferred
from tests.app.asking import SAVED, TO_THE_TICK, problem, ticket
from tests.app.driver import Driver, running
from tests.app.filling_in import FORM, NOT_TICKED, all_filled_in, draft, form, newly_written, typed_into
from tests.services.database import everything


async def pasted(driver: Driver, text: str) -> None:
    """Paste into whatever has the focus."""
    driver.app.post_message(Paste(text))
    await driver.settle()


@pytest.mark.parametrize(
    ("name", "text", "field", "sentence"),
    [
        ("requested", "2026-03-03", "requested_on", "The request date can't be after today (2 Mar 2026)."),
        ("requested", "2019-05-05", "requested_on", "The request date can't be before the account began (6 May 2019)."),
        ("requested", "last week", "requested_on", "“last week” is not a date"),
        ("requested", "30 feb", "requested_on", "30 Feb"),
        ("email", "owner at demo", "email", "An email address must have an @-sign."),
        ("email", "owner@", "email", "There must be something after the @-sign."),
        ("email", "", "email", "Enter an e-mail address, or choose to be contacted by phone."),
        ("phone", "12", "phone", "This phone number is too short."),
        ("phone", "the bakery", "phone", "This is not a phone number: enter digits, as in +1 602 555 0142."),
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
        assert problem(driver, "comment") == "“Other” needs a comment: explain the reason."
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
        assert problem(driver, "phone") == "Enter a phone number, or choose to be contacted by e-mail."
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
        assert problem(driver, "comment") == "A comment can have at most 500 characters; this one has 501."
        assert driver.focus == "comment"
        assert draft(driver).comment == "a" * 500 + "b"
        assert newly_written(before, demo_db) == set()
        await driver.press("backspace", "ctrl+s")
        assert driver.message.startswith("T-1005 is recorded.")
    assert ticket(demo_db).comment == "a" * 500


async def test_a_page_pasted_into_the_comment_is_all_there_and_presses_no_key(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=FORM) as driver:
        await driver.press("t", "tab")
        page = "We bake less.\nq\n\tctrl+s\nenter\n[b]\n"
        await pasted(driver, page)
        assert (driver.route, driver.focus) == (FORM, "comment")
        assert draft(driver).comment.split() == page.split()
        await pasted(driver, "")
        assert draft(driver).comment.split() == page.split()
        assert draft(driver).acknowledged is False
        assert driver.app.failure is None
    assert newly_written(before, demo_db) == set()

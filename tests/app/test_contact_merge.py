"""Merging on the screens: choosing the duplicate, the preview, the merge, its undo, and where the duplicate leads."""

from pathlib import Path

from subtui.acts.contacts import GetContact
from subtui.app.screens.contact_merge import ContactMergeForm
from tests.app.asking import desk_of
from tests.app.driver import running

CONTACT, OTHER = "/contacts/1007", "/contacts/1002"


async def test_d_opens_it_and_a_search_finds_the_duplicate(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=CONTACT, size=(110, 36)) as driver:
        await driver.press("d")
        assert isinstance(driver.here, ContactMergeForm)
        await driver.press("ctrl+s")
        assert driver.message == "Not saved. Choose the duplicate."
        await driver.type("smithcatering")
        await driver.press("enter")
        assert "Chosen: Smith, James, contact 1002" in driver.text
        assert "7, moved here" in driver.text
        await driver.press("ctrl+s", "ctrl+s")
        assert driver.route == CONTACT
        assert driver.message == "Merged with Smith, James, contact 1002. D undoes it."
        await driver.press("D")
        assert "Undo this merge?" in driver.text
        await driver.press("y")
        assert driver.message == "Undone: contact 1002 has its records again."
    with desk_of(demo_db) as backend:
        assert backend.read(GetContact(1002)).id == 1002


async def test_a_link_opens_it_prepared_and_the_duplicate_leads_to_the_contact(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=f"{CONTACT}/merge?with=1002") as driver:
        assert "Merged" in driver.text
        await driver.press("ctrl+s")
        assert driver.route == CONTACT
    for route, there in ((OTHER, CONTACT), (f"{OTHER}/orders", f"{CONTACT}/orders"), (f"{OTHER}/merge", CONTACT)):
        async with running(demo_db, who="admin", route=route) as driver:
            assert driver.route == there
            if not route.endswith("merge"):
                assert driver.message == "Contact 1002 was merged into this one, contact 1007."
    async with running(demo_db, who="admin", route=f"{OTHER}/edit") as driver:
        assert "This contact was merged into contact 1007: correct that one." in driver.text


async def test_several_matches_are_chosen_from_the_list(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=f"{CONTACT}/merge", size=(110, 36)) as driver:
        await driver.type("smith james")
        await driver.press("enter", "down", "enter")
        assert "Chosen: Smith, James, contact 1013" in driver.text


async def test_itself_is_not_offered(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=f"{CONTACT}/merge") as driver:
        await driver.type("maria@bluedoor")
        assert driver.message == "No other contact matches."


async def test_an_agent_is_told_whom_to_ask(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route=CONTACT) as driver:
        await driver.press("d")
        assert driver.message == "An agent cannot merge contacts: ask an admin or the owner."
        assert "Merge" not in driver.text

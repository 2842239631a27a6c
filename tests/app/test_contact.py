"""The contact record and its tabs."""

from pathlib import Path

from subtui.app.widgets.record_table import RecordTable
from subtui.views.list_columns import CONTACT_SUBSCRIPTION_COLUMNS
from tests.app.driver import running


def test_the_columns_are_keaps_in_its_order_between_the_id_and_the_end_date() -> None:
    names = [column.label for column in CONTACT_SUBSCRIPTION_COLUMNS if not column.optional]
    assert names == [
        "Id",
        "View",
        "QTY",
        "Start Date",
        "Bill Amt",
        "Auto$",
        "Status",
        "Cycle",
        "Next Bill",
        "Credits",
        "End Date",
    ]


async def test_general_shows_the_person(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        for shown in (
            "López, María",
            "Blue Door Bakery",
            "maria@bluedoor.example",
            "(602) 555-0142",
            "49.00 USD due",
            "Members",
        ):
            assert shown in driver.text


async def test_the_orders_tab_has_its_sections_in_order(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders", size=(120, 50)) as driver:
        heads = ["Recent orders", "Subscriptions", "Credit cards", "Recent recurring charges"]
        places = [driver.text.index(head) for head in heads]
        assert places == sorted(places)
        assert "paid, 10.00 refunded" in driver.text
        assert "49.00 USD due" in driver.text


async def test_every_column_is_shown_or_told_at_any_width(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders", size=(60, 40)) as driver:
        for width in (60, 80, 120, 200):
            await driver.resize(width, 40)
            always = [column for column in CONTACT_SUBSCRIPTION_COLUMNS if not column.optional]
            assert all(column.label in driver.text for column in always), width


async def test_letters_move_between_the_tabs_and_the_route_follows(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        for key, route in (("o", "/orders"), ("a", "/activity"), ("1", ""), ("2", "/orders"), ("3", "/activity")):
            await driver.press(key)
            assert driver.route == f"/contacts/1007{route}"


async def test_the_arrows_lead_from_one_list_into_the_next(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        assert driver.focus == "subscriptions"
        await driver.press("down", "down")
        assert driver.focus == "cards"
        await driver.press("up")
        assert driver.focus == "subscriptions"
        assert driver.here.query_one("#subscriptions", RecordTable).cursor == 1


async def test_tab_goes_round_the_lists_and_nothing_else(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        seen = []
        for _ in range(4):
            await driver.press("tab")
            seen.append(driver.focus)
        assert seen == ["cards", "charges", "orders", "subscriptions"]


async def test_a_contact_with_hundreds_of_subscriptions_shows_a_part_and_says_so(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1022/orders") as driver:
        assert "100 of 240" in driver.text
        await driver.press("m")
        assert "200 of 240" in driver.text
        await driver.press("G")
        assert driver.here.query_one("#subscriptions", RecordTable).cursor == 199


async def test_a_contact_with_nothing_has_words_for_it(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1064/orders") as driver:
        for words in ("no orders", "no subscriptions", "no cards on file", "no recurring charges"):
            assert words in driver.text
        await driver.press("x")
        assert driver.message == "This contact has no subscriptions."
    async with running(demo_db, route="/contacts/1064/activity") as driver:
        assert "No activity for this contact yet." in driver.text


async def test_a_contact_that_is_not_there(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/99") as driver:
        assert "There is no contact 99." in driver.text
        await driver.press("escape")
        assert driver.route == "/"


async def test_cancelling_what_is_inactive_already_says_so(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("down", "x")
        assert driver.message == "Workshop, yearly is already Inactive. Open it for details."
        assert driver.route == "/contacts/1007/orders"


async def test_cancelling_wants_the_subscription_marked_where_it_can_be_seen(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        await driver.press("x")
        assert driver.message == "Select the subscription on the Orders tab first (s goes there)."
        assert driver.route == "/contacts/1007"


async def test_what_was_saved_shows_when_one_comes_back(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders", size=(120, 36)) as driver:
        await driver.press("x", "t", "ctrl+s", "escape")
        assert driver.route == "/contacts/1007/orders"
        table = driver.here.query_one("#subscriptions", RecordTable)
        assert table.marked_key == 1042, "the mark stays on the record, wherever it is sorted now"
        row = next(row for row in table.rows if row.key == 1042)
        cells = {column.label: row.cells[at].text for at, column in enumerate(CONTACT_SUBSCRIPTION_COLUMNS)}
        assert (cells["Status"], cells["Auto$"], cells["End Date"], cells["Next Bill"]) == (
            "Inactive",
            "No",
            "14 Mar 2026",
            "-",
        )


async def test_a_loose_end_is_named_below_its_row(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("f", "f", "f", "f")
        assert "inactive without an end date" in driver.text

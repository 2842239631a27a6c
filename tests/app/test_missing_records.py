"""A record that is not there: a sentence that stays, nothing that looks like an empty record, and a way back."""

from pathlib import Path

import pytest

from tests.app.driver import running


@pytest.mark.parametrize(
    ("route", "sentence"),
    [
        ("/subscriptions/99999", "There is no subscription 99999."),
        ("/orders/99999", "There is no order 99999."),
        ("/orders/99999/refund", "There is no order 99999."),
        ("/orders/99999/payment", "There is no order 99999."),
        ("/contacts/99999", "There is no contact 99999."),
        ("/contacts/99999/orders", "There is no contact 99999."),
        ("/contacts/99999/activity", "There is no contact 99999."),
        ("/letters/99999", "There is no letter 99999."),
        ("/requests/99999", "There is no ticket T-99999."),
        ("/users/99999", "There is no user 99999."),
        ("/keap/outbox/99999", "There is no change 99999 in the outbox."),
    ],
)
async def test_a_missing_record_is_said_and_left(demo_db: Path, route: str, sentence: str) -> None:
    async with running(demo_db, who="owner", route=route) as driver:
        assert driver.text.count(sentence) >= 2, "on the screen and in the message"
        for words in ("Loading", "nothing has been paid", "no orders", "Nothing has been recorded", "no lines"):
            assert words not in driver.text
        await driver.press("escape")
        assert driver.route != route
        assert driver.message == ""

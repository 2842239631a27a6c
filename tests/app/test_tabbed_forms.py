"""Every form after tab has gone over all of its fields: each is seen from its beginning, and nothing has moved."""

from pathlib import Path

import pytest

from tests.app.conftest import ScreenSnapshot
from tests.app.driver import running

FORMS = {
    "subscription": ("/subscriptions/1042", "i"),
    "refund": ("/orders/1881/refund", ""),
    "payment": ("/orders/1868/payment", ""),
    "question": ("/help/ticket", ""),
    "cancellation": ("/account/cancel", ""),
    "settings": ("/admin/settings", ""),
    "import": ("/import", ""),
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_form_after_tab_over_every_field(demo_db: Path, form: str, screen_snapshot: ScreenSnapshot) -> None:
    route, key = FORMS[form]
    async with running(demo_db, who="owner", route=route) as driver:
        if key:
            await driver.press(key)
        first = driver.app.screen.focused
        for _ in range(60):
            await driver.press("tab")
            if driver.app.screen.focused is first:
                break
        else:
            pytest.fail("tab never came back to the first field")
        screen_snapshot(driver)

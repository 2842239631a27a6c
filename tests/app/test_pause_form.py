"""The pause form: what it shows, what it saves, and where it leads."""

from pathlib import Path

from subtui.acts.subscriptions import GetSubscription, SavePause
from subtui.app.screens.pause import PauseForm
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.domain.pauses import PauseDraft
from tests.app.asking import desk_of
from tests.app.driver import Driver, running

FORM = "/subscriptions/1042/pause"


def shown(driver: Driver) -> set[str | None]:
    """The fields that are shown."""
    return {field.id for field in driver.here.query(FormField) if field.display}


async def test_p_on_the_subscription_opens_it_and_saving_leads_back_once(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route="/subscriptions/1042") as driver:
        await driver.press("p")
        assert isinstance(driver.here, PauseForm)
        await driver.press("ctrl+s")
        assert str(driver.here.route) == "/subscriptions/1042"
        assert driver.message == "Saved. Monthly plan is Paused until it is resumed, no charges meanwhile."
        assert "Paused · paid through 14 Mar 2026 · paused from 2 Mar 2026 until resumed" in driver.text
        await driver.press("u")
        assert driver.message == "Undone. Monthly plan is Active again; next bill 15 Mar 2026."


async def test_the_fields_follow_the_choices(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route=FORM) as driver:
        assert shown(driver) == {"field-resume_now", "field-start", "field-resumes_on"}
        await driver.press("o")  # on a date
        assert "field-paused_from" in shown(driver)
        assert "→ Enter the day on" in driver.text
        await driver.press("tab")
        await driver.type("20 mar")
        await driver.press("tab")
        await driver.type("1 jun")
        assert "field-restarts_cycle" in shown(driver)
        preview = driver.here.query_one(PreviewPanel).preview
        assert preview is not None
        said = {line.label: line.text for line in preview.lines}
        assert said["Charges"] == "2 bills of 49.00 USD are not made"
        assert said["Next bill"] == "49.00 USD on 15 Mar 2026", "a bill that is due before it is still made"


async def test_a_wrong_day_is_said_at_its_field_and_nothing_is_saved(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route=FORM) as driver:
        await driver.press("tab")
        await driver.type("today")
        await driver.press("ctrl+s")
        assert driver.message.startswith("Not saved. It can resume on a day after 2 Mar 2026")
        assert driver.here.focused is not None
        assert driver.here.focused.id == "resumes-on"
    with desk_of(demo_db) as backend:
        assert backend.read(GetSubscription(1042)).terms.pause is None


async def test_another_pause_meanwhile_is_shown_and_not_overwritten(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route=FORM) as driver:
        with desk_of(demo_db, "admin") as backend:
            backend.do(SavePause(1042, PauseDraft(), version=1))
        await driver.press("ctrl+s")
        assert "changed this subscription after you opened it" in driver.text
        await driver.press("t")
        assert "This is the current subscription." in driver.message
        assert "paused from 2 Mar 2026 until resumed" in driver.text


async def test_resume_is_prepared_by_its_link(demo_db: Path) -> None:
    with desk_of(demo_db, "admin") as backend:
        backend.do(SavePause(1042, PauseDraft(), version=1))
    async with running(demo_db, who="agent", route=f"{FORM}?prepare=resume") as driver:
        assert "Paused → Active" in driver.text
        await driver.press("ctrl+s")
        assert driver.message == "Saved. Monthly plan is Active again; next bill 15 Mar 2026."


async def test_an_inactive_one_and_a_viewer_get_a_reason(demo_db: Path) -> None:
    async with running(demo_db, who="agent", route="/subscriptions/1052/pause") as driver:
        assert "Only an active subscription can be paused; this one is Inactive." in driver.text
        await driver.press("ctrl+s")
        assert driver.message.startswith("Only an active subscription")
    async with running(demo_db, who="viewer", route="/subscriptions/1042") as driver:
        await driver.press("p")
        assert str(driver.here.route) == "/subscriptions/1042"
        assert driver.message

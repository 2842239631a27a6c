"""Every text can be read and every field found, in every theme: 4.5 to 1 for words, 3 to 1 for the edges of fields."""

from pathlib import Path

import pytest
from rich.style import Style
from textual.color import Color
from textual.widgets import Input, Static
from textual.widgets._select import SelectCurrent

from subtui.app.widgets.key_bar import KeyBar, KeyHint
from subtui.app.widgets.text_box import TextBox
from subtui.app_config import THEMES, DisplayConfig
from tests.app.driver import Driver, running

FORMS = ("/subscriptions/1042", "/orders/1881/refund", "/help/ticket", "/account/cancel", "/", "/reports", "/sign-in")


def contrast(one: Color, other: Color) -> float:
    def luminance(color: Color) -> float:
        parts = [value / 255 for value in color.rgb]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    first, second = sorted((luminance(one), luminance(other)))
    return (second + 0.05) / (first + 0.05)


def of_style(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


def check(driver: Driver) -> int:
    looked_at = 0
    for field in driver.here.query("Input, TextBox, SelectCurrent"):
        _, edge = field.styles.border_left
        around = (field.parent or field).background_colors[1]
        assert contrast(edge, around) >= 3, (field.id, edge.hex)
        assert contrast(edge, field.background_colors[1]) >= 3 or field.has_pseudo_class("focus"), field.id
        if isinstance(field, Input | TextBox):
            part = "input--placeholder" if isinstance(field, Input) else "text-area--placeholder"
            assert of_style(field.get_component_rich_style(part)) >= 4.5, (field.id, part)
        elif isinstance(field, SelectCurrent):
            assert of_style(field.query_one("#label", Static).rich_style) >= 4.5, field.parent
        looked_at += 1
    return looked_at


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("route", FORMS)
async def test_fields_can_be_found_and_their_defaults_read(demo_db: Path, theme: str, route: str) -> None:
    async with running(demo_db, who="owner", route=route, display_config=DisplayConfig(theme=theme)) as driver:
        assert check(driver)
        for _ in range(4):
            await driver.press("tab")
            check(driver)


@pytest.mark.parametrize("theme", THEMES)
async def test_a_key_that_cannot_be_used_can_be_read(demo_db: Path, theme: str) -> None:
    async with running(demo_db, display_config=DisplayConfig(theme=theme)) as driver:
        bar = driver.here.query_one(KeyBar)
        bar.show((KeyHint("x", "Export", available=False), KeyHint("?", "Keys")))
        await driver.settle()
        for segment in bar.render_line(0):
            if segment.text.strip() and segment.style is not None:
                assert of_style(segment.style) >= 4.5, segment.text

"""The style sheet that remembers gives every widget the styles that Textual's own gives."""

from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.dom import DOMNode
from textual.widgets import Input, Static

from subtui.app import style_sheet
from subtui.app.style_sheet import StyleSheet
from subtui.app_config import THEMES
from tests.app.driver import Driver, running


def described(node: DOMNode) -> dict[str, Any]:
    """The styles of a node and of its parts, with layouts by their names: each node has its own."""
    rules = {"": node.styles.base, **{name: styles.base for name, styles in node._component_styles.items()}}
    return {
        part: {
            name: getattr(styles, name).name if name == "layout" else getattr(styles, name)
            for name in sorted(styles.get_rules())
        }
        for part, styles in rules.items()
    }


def assert_as_textual_does(app: App[Any]) -> int:
    """Compare every node of every screen with what Textual's own sheet sets; returns how many there are."""
    plain = Stylesheet(variables=app.get_css_variables())
    plain.source = dict(app.stylesheet.source)
    plain.parse()
    count = 0
    for screen in app.screen_stack:
        for node in screen.walk_children(with_self=True):
            before = described(node)
            marks = (node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even)
            plain.apply(node)
            assert described(node) == before, node
            assert marks == (
                node._has_hover_style,
                node._has_focus_within,
                node._has_order_style,
                node._has_odd_or_even,
            ), node
            count += 1
    return count


async def through(driver: Driver) -> None:
    """A way through a form, a dialog and the sizes, compared at each step."""
    assert assert_as_textual_does(driver.app) > 100
    for keys in (("x", "t"), ("tab", "tab"), ("ctrl+s",), ("escape",)):
        await driver.press(*keys)
        assert_as_textual_does(driver.app)
    for size in ((60, 24), (200, 60), (40, 10), (80, 24)):
        await driver.resize(*size)
        assert_as_textual_does(driver.app)
    for theme in THEMES:
        driver.app.theme = theme
        await driver.settle()
        assert_as_textual_does(driver.app)


@pytest.mark.parametrize("round_", ["nothing known", "all known"])
async def test_every_widget_has_the_styles_that_textual_gives_it(demo_db: Path, round_: str) -> None:
    if round_ == "nothing known":
        style_sheet._MEMORY.forget()
    async with running(demo_db, route="/subscriptions/1042") as driver:
        await through(driver)


@pytest.mark.parametrize("route", ["/", "/reports", "/admin/billing", "/subscriptions", "/help"])
async def test_so_it_has_on_the_other_screens(demo_db: Path, route: str) -> None:
    async with running(demo_db, route=route, who="admin") as driver:
        assert_as_textual_does(driver.app)
        for key in ("tab", "down", "ctrl+p", "escape"):
            await driver.press(key)
            assert_as_textual_does(driver.app)


async def test_it_remembers_little_and_nothing_wrong_when_the_memory_is_cleared_meanwhile(
    demo_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style_sheet, "MOST", 50)
    monkeypatch.setattr(style_sheet, "MOST_SHEETS", 2)
    style_sheet._MEMORY.forget()
    async with running(demo_db, route="/subscriptions/1042") as driver:
        await through(driver)
    assert len(style_sheet._MEMORY.places) <= 50
    assert len(style_sheet._MEMORY.sheets) <= 2


async def test_textual_asks_it_for_everything_it_remembers(demo_db: Path) -> None:
    """With another Textual that asks in another way, tests would only be slow: this one says so."""
    async with running(demo_db, route="/subscriptions/1042") as driver:
        sheet = driver.app.stylesheet
        assert isinstance(sheet, StyleSheet)
        calls = {"apply": 0, "_process_component_classes": 0}

        def counted(name: str) -> Any:
            plain = getattr(Stylesheet, name)

            def call(*arguments: Any, **options: Any) -> None:
                calls[name] += 1
                plain(*arguments, **options)

            return call

        driver.app.screen.update_node_styles()
        with pytest.MonkeyPatch.context() as patch:
            for name in calls:
                patch.setattr(Stylesheet, name, counted(name))
            driver.app.screen.update_node_styles()
        assert calls == {"apply": 0, "_process_component_classes": 0}


class Placed(App[None]):
    """Rules that ask for brothers and sisters, children, and the focus of others."""

    CSS = """
    Static { color: red; }
    Static:first-child { color: green; }
    Static:last-child { background: blue; }
    Static:even { text-style: bold; }
    Screen:focus-within Static.seen { width: 7; }
    Static:hover { color: yellow; }
    Input:focus { border: none; }
    .in Static { height: 9; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = StyleSheet(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        """Three lines and a field."""
        for number in range(3):
            yield Static(str(number), classes="seen" if number == 1 else "")
        yield Input()


async def test_rules_that_ask_for_other_widgets_are_not_remembered() -> None:
    for _ in range(2):
        app = Placed()
        async with app.run_test() as pilot:
            assert_as_textual_does(app)
            await app.mount(Static("last", id="new"))
            await pilot.pause()
            assert_as_textual_does(app)
            app.set_focus(None)
            await pilot.pause()
            app.screen.update_node_styles()  # Textual itself leaves those that ask for the focus below another
            assert_as_textual_does(app)
            await app.query_one("#new").remove()
            app.query_one(Input).disabled = True
            app.screen.add_class("in")  # this asks anew for all
            await pilot.pause()
            assert_as_textual_does(app)


async def test_what_a_program_sets_itself_stays_and_what_the_sheet_sets_comes_back() -> None:
    app = Placed()
    async with app.run_test():
        line = app.query_one(Static)
        line.styles.width = 3
        line.styles.base.height = 5
        app.screen.update_node_styles()
        assert str(line.styles.width) == "3"
        assert_as_textual_does(app)


def test_a_wrong_sheet_is_refused_each_time_and_harms_no_other() -> None:
    for _ in range(2):
        sheet = StyleSheet(variables={"a": "red"})
        sheet.add_source("Static { color: $a; }", ("here", "1"))
        assert len(sheet.rules) == 1
        sheet.add_source("Static { colour: $a; }", ("here", "2"))
        with pytest.raises(StylesheetParseError):
            sheet.parse()
        sheet.set_variables({"a": "blue"})
        with pytest.raises(StylesheetParseError):
            sheet.reparse()


def test_each_set_of_variables_has_its_own_rules() -> None:
    colours = []
    for colour in ("red", "blue", "red"):
        sheet = StyleSheet(variables={"a": colour})
        sheet.add_source("Static { color: $a; }", ("here", "1"))
        colours.append(sheet.rules[0].styles.color.css)
    assert colours[0] == colours[2] != colours[1]

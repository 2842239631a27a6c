"""The command records feed everything: keys, key bar, help, palette and the keymap."""

import inspect
from collections import Counter
from pathlib import Path

import pytest
from textual.binding import Binding

from subtui.app import list_tools
from subtui.app.app import SubtuiApp, make_screen
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import COMMANDS, Command, Scope
from subtui.app.commands.keymap import check_keymap, keys_in_force
from subtui.app.commands.keys import shown_key, textual_key, why_not_a_key
from subtui.app.routes import PATTERNS, Pattern, Route
from subtui.app.screens.help import Help
from subtui.app.screens.palette import Palette
from subtui.app.screens.subscriptions import Subscriptions
from subtui.app.widgets.key_bar import MOST_KEYS, KeyBar
from subtui.app.widgets.record_table import RecordTable
from subtui.app_config import DisplayConfig
from tests.app.driver import running


def screens() -> dict[str, type[BaseScreen]]:
    """Every screen by its name."""
    return {pattern.screen: type(make_screen(Route(pattern, 1))) for pattern in PATTERNS}


def handler(command: Command, screen: type[BaseScreen]) -> object:
    name = "do_" + command.id.replace(".", "_")
    return getattr(screen, name, None) or getattr(SubtuiApp, name, None)


def test_ids_are_unique_and_every_command_says_what_it_does() -> None:
    assert [name for name, count in Counter(command.id for command in COMMANDS).items() if count > 1] == []
    for command in COMMANDS:
        assert command.title, command.id
        assert command.help.endswith("."), command.id
        assert command.keys, command.id


def test_every_command_of_a_screen_is_done_by_it() -> None:
    for screen in screens().values():
        for command in COMMANDS:
            if command.scope in (*screen.SCOPES, Scope.EVERYWHERE) and not command.widget:
                assert handler(command, screen) is not None, (screen.__name__, command.id)


def test_every_command_of_a_list_is_done_by_the_list() -> None:
    source = inspect.getsource(RecordTable.action_command) + inspect.getsource(list_tools)
    for command in COMMANDS:
        if command.scope is Scope.LISTS:
            assert f'"{command.id}"' in source


def test_every_scope_belongs_to_a_screen_or_a_widget() -> None:
    used = {scope for screen in screens().values() for scope in screen.SCOPES}
    assert set(Scope) - used == {
        *(Scope.EVERYWHERE, Scope.LISTS, Scope.MARKS),
        *(Scope.DATES, Scope.DROPDOWNS, Scope.TICKS),
    }


def test_the_bindings_are_the_records_and_nothing_else() -> None:
    for screen in screens().values():
        ids = {
            binding.id
            for base in screen.__mro__
            for binding in vars(base).get("BINDINGS", ())
            if isinstance(binding, Binding) and "command(" in binding.action
        }
        wanted = {c.id for c in COMMANDS if c.scope in (*screen.SCOPES, Scope.EVERYWHERE) and not c.widget}
        assert ids == wanted, screen.__name__


def of_lists(screen: type[BaseScreen]) -> tuple[Scope, ...]:
    """The scopes of the lists of a screen."""
    return (Scope.LISTS, Scope.MARKS) if screen is Subscriptions else (Scope.LISTS,)


def test_no_default_key_is_taken_twice_or_cannot_be_had() -> None:
    for command in COMMANDS:
        for key in command.keys:
            own = (command.id, key) == ("app.suspend", "ctrl+z")  # which is kept from all others
            assert why_not_a_key(key) is None or command.widget or own, (command.id, key)
    for screen in screens().values():
        keys = Counter(
            textual_key(key)
            for command in COMMANDS
            if command.scope in (*screen.SCOPES, *of_lists(screen), Scope.EVERYWHERE) and not command.widget
            for key in command.keys
            # In a list the slash filters; a second one searches, as it does elsewhere. A letter has no list.
            if command.id not in ("app.search", "letter.copy")
        )
        assert [key for key, count in keys.items() if count > 1] == [], screen.__name__


def test_every_key_with_a_modifier_has_a_plain_way_too() -> None:
    with_modifier = [command.id for command in COMMANDS if all("+" in key and len(key) > 1 for key in command.keys)]
    of_orders, of_account = ["refund.save", "money.save"], ["settings.save", "cancellation.save"]
    of_contacts = ["contact_merge.save", "contact_form.save"]
    saves = [
        *of_contacts,
        "form.save",
        "pause.save",
        "batch_form.save",
        *of_orders,
        *of_account,
        "phone.file",
        "ticket.send",
    ]
    assert with_modifier == ["app.previous", *saves], "A form has its button; shift+tab goes round with tab"


@pytest.mark.parametrize(
    "route", [p.address.replace("{id}", "1007" if "contacts" in p.address else "1042") for p in PATTERNS]
)
async def test_the_key_bar_shows_at_most_eight_keys_and_the_way_to_the_rest(demo_db: Path, route: str) -> None:
    async with running(demo_db, route=route) as driver:
        for size in ((60, 24), (80, 24), (200, 60)):
            await driver.resize(*size)
            line = driver.text.splitlines()[-1]
            shown = [hint for hint in driver.here.query_one(KeyBar).hints if f"{hint.key} {hint.title}" in line]
            assert 1 <= len(shown) <= MOST_KEYS
            assert line.rstrip().endswith(("? Keys", "^p Commands"))


async def test_help_lists_every_command_with_its_key(demo_db: Path) -> None:
    async with running(demo_db, size=(120, 340), route="/contacts/1007") as driver:
        await driver.press("question_mark")
        assert isinstance(driver.app.screen, Help)
        for command in COMMANDS:
            assert command.help in driver.text, command.id
            assert shown_key(command.keys[0]) in driver.text
        assert "Contact record (previous screen)" in driver.text


async def test_the_palette_finds_a_command_by_its_name_and_runs_it(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        await driver.press("ctrl+p")
        assert isinstance(driver.app.screen, Palette)
        await driver.type("activity")
        await driver.press("enter")
        assert driver.route == "/contacts/1007/activity"


async def test_the_palette_opens_a_route_and_refuses_one_that_leads_nowhere(demo_db: Path) -> None:
    async with running(demo_db, size=(120, 36)) as driver:
        await driver.press("ctrl+p")
        await driver.type("/subscription/1042")
        await driver.press("enter")
        assert "Did you mean /subscriptions/{id}?" in driver.text
        await driver.press(*["backspace"] * len("/1042"))
        await driver.type("s/1042")
        await driver.press("enter")
        assert driver.route == "/subscriptions/1042"


async def test_the_palette_holds_every_command_of_the_screen(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions", size=(120, 60)) as driver:
        await driver.press("ctrl+p")
        table = driver.app.screen.query_one("#matches", RecordTable)
        titles = {row.cells[0].text for row in table.rows}
        scopes = (Scope.SUBSCRIPTIONS, Scope.LISTS, Scope.MARKS, Scope.EVERYWHERE)
        wanted = {c.title for c in COMMANDS if c.scope in scopes and not c.widget and c.id != "app.palette"}
        assert titles == wanted


@pytest.mark.parametrize(
    ("keymap", "reason"),
    [
        ({"form.sve": "x"}, "there is no command “form.sve”; did you mean “form.save”?"),
        ({"form.save": "ctrl+h"}, "“ctrl+h” cannot be used: a terminal sends it for backspace"),
        ({"form.save": "ctrl+enter"}, "“ctrl+enter” cannot be used: terminals do not send it"),
        ({"form.save": "F5"}, "“F5” cannot be used: editors and desktops reserve the F-keys"),
        ({"form.save": "banana"}, "“banana” is not a key"),
        ({"form.save": ""}, "“form.save” needs at least one key"),
        ({"form.save": "u"}, "“u” is already the key of “form.undo”"),
        ({"form.undo": "q"}, "“q” is already the key of “app.quit”"),
        ({"app.next": "n"}, "the keys of “app.next” are fixed"),
    ],
)
def test_a_keymap_that_cannot_be_used_is_refused(keymap: dict[str, str], reason: str) -> None:
    assert [why for _, why in check_keymap(keymap)] == [reason]


def test_a_keymap_may_swap_two_keys() -> None:
    assert check_keymap({"form.undo": "l", "form.letter": "u"}) == []


async def test_a_keymap_replaces_the_keys_everywhere(demo_db: Path) -> None:
    display_config = DisplayConfig(keymap={"contact.orders": "w"})
    assert keys_in_force(display_config.keymap, next(c for c in COMMANDS if c.id == "contact.orders")) == ("w",)
    async with running(demo_db, route="/contacts/1007", display_config=display_config) as driver:
        assert "w Orders" in driver.text
        await driver.press("o")
        assert driver.route == "/contacts/1007"
        await driver.press("w")
        assert driver.route == "/contacts/1007/orders"


async def test_what_cannot_be_done_now_says_why_when_pressed(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders", who="viewer") as driver:
        hints = {hint.title: hint.available for hint in driver.here.query_one(KeyBar).hints}
        assert hints["Cancel subscription"] is False
        await driver.press("x")
        assert driver.route == "/contacts/1007/orders"
        assert driver.message != ""


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.screen)
async def test_the_keys_of_everywhere_work_on_every_screen_without_a_fault(demo_db: Path, pattern: Pattern) -> None:
    route = pattern.address.replace("{id}", "1007" if "contacts" in pattern.address else "1042")
    async with running(demo_db, route=route) as driver:
        await driver.pilot.press("tab", "shift+tab", "j", "G", "pagedown", "T", "colon", "escape", "f12", "ctrl+z")
        await driver.settle()
        assert driver.app.failure is None

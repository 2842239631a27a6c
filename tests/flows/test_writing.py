"""A flow written by hand: what is done is written down so that it can be done again, and no secret with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.pilot import Pilot

from subtui.flows.check import check
from subtui.flows.demo.recorder import WritingApp
from subtui.flows.driver import DrivenApp, config_on, key_event
from subtui.flows.flow import Expect, Expectation, ExpectRoute, Flow, Press, Say, Type
from subtui.flows.parser import LONGEST_EXPECTED, LONGEST_LINE, LONGEST_TITLE, flow_of
from subtui.flows.temp_db import Copies
from subtui.flows.writer import Draft

FILE = Path("mine.toml")
DAY = date(2026, 3, 2)
SECRET = "Tr0ub"


def draft(**more: str) -> Draft:
    return Draft(more.get("title", "A"), "agent", "/", (80, 24), at=DAY)


def read(made: Draft) -> Flow:
    return flow_of(made.toml(), FILE)


# --- the draft ------------------------------------------------------------------------------------------------------


def test_keys_come_before_text_and_what_they_led_to_ends_a_step() -> None:
    made = draft()
    made.pressed("/", help_="Search.")
    for character in "lop":
        made.typed(character)
    made.pressed("enter")
    made.led_to(route="/contacts/1007")
    made.pressed("o", help_="Open the Orders tab.")
    made.led_to(message="Here.")
    made.pressed("tab")
    assert [step.actions for step in read(made).steps] == [
        (Say("Search."), Press("/"), Type("lop")),
        (Press("enter"), ExpectRoute("/contacts/1007")),
        (Say("Open the Orders tab."), Press("o"), Expect(Expectation("Here.", "message"))),
        (Press("tab"),),
    ]
    assert made.keys == 4


def test_what_was_written_down_last() -> None:
    made = draft()
    assert made.last == ("", "")
    made.pressed("tab")
    made.pressed(" ")
    assert made.last == ("space", "")
    for character in "lop":
        made.typed(character)
    assert made.last == ("", "lop")
    made.led_to(message="Here.")
    made.pressed("ctrl+s")
    assert made.last == ("ctrl+s", "")


def test_what_is_taken_back_need_not_be_typed() -> None:
    made = draft()
    for character in "lox":
        made.typed(character)
    made.corrected("lox")
    made.typed("p")
    assert [step.type for step in made.steps] == ["lop"]


@pytest.mark.parametrize("before", ["l", "", "lo"])
def test_what_may_have_replaced_something_or_was_refused_is_taken_back_by_a_key(before: str) -> None:
    made = draft()
    made.typed("l")
    made.corrected(before)
    assert [(step.type, step.press) for step in made.steps] == [("l", []), ("", ["backspace"])]


def test_the_key_that_leaves_is_no_part_of_it() -> None:
    made = draft()
    made.taken_back()
    made.pressed("q", help_="Leave.")
    made.taken_back()
    assert not made.steps
    assert made.keys == 0


def test_more_than_a_step_may_hold_goes_into_the_next() -> None:
    made = draft()
    for _ in range(LONGEST_LINE):
        made.pressed("pagedown")
    for _ in range(2 * LONGEST_LINE + 1):
        made.typed("x")
    made.led_to(message="word " * LONGEST_EXPECTED)
    steps = read(made).steps
    assert sum(len(step.press) for step in steps) == LONGEST_LINE
    assert "".join(step.type for step in steps) == "x" * (2 * LONGEST_LINE + 1)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=LONGEST_TITLE))
def test_any_title_and_text_are_read_as_they_were(text: str) -> None:
    made = draft(title=text)
    typed = "".join(character for character in text if character.isprintable())
    made.pressed("tab", help_="Go on.")
    for character in typed:
        made.typed(character)
    made.led_to(message=text)
    (step,) = read(made).steps
    assert read(made).title == text.strip()
    assert step.type == typed
    assert [wanted.text for wanted in step.expect] == [text.strip()] * bool(text.strip())


@pytest.mark.parametrize("text", ["say \"x\" = 'y'", "C:\\new\\", "\x7f", "Łódź 日本 🧁", "a = [1] # no", "'''", '"""'])
def test_signs_that_mean_something_to_toml(text: str) -> None:
    made = draft(title=text)
    made.pressed("tab")
    made.led_to(message=text)
    assert read(made).steps[0].expect == (Expectation(text, "message"),)


# --- by hand --------------------------------------------------------------------------------------------------------


class Writer:
    """Somebody who does it by hand."""

    def __init__(self, app: WritingApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> str:
        return "\n".join(line.text.rstrip() for line in self.app.screen._compositor.render_strips())

    async def sees(self, words: str) -> None:
        for _ in range(300):
            if words in self.text:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"“{words}” did not come:\n{self.text}")

    async def press(self, *keys: str) -> None:
        """Press keys as people write them."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.done()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.done()

    async def done(self) -> None:
        """Wait until all of it has had its effect."""
        await asyncio.sleep(0.02)
        for _ in range(300):
            if self.app._session.idle or not self.app.is_running:
                return
            await asyncio.sleep(0.02)
        pytest.fail(f"It did not come to rest:\n{self.text}")


@asynccontextmanager
async def writing(
    copies: Copies, *, start: str = "/", who: str | None = "agent", size: tuple[int, int] = (100, 33)
) -> AsyncIterator[Writer]:
    made = Draft("A test", who or "agent", start, (80, 24), at=DAY)
    app = WritingApp(made, config_on(copies.fresh(None), start=start, who=who, at=DAY), "mine.toml", "dark")
    async with app.run_test(size=size) as pilot:
        person = Writer(app, pilot)
        await person.sees("Recording. Do the task")
        await person.done()
        yield person


Checked = Callable[[Writer], Awaitable[Flow]]


@pytest.fixture
def checked(copies: Copies, tmp_path: Path) -> Checked:
    """Reads what was written, and plays it: it must come out."""

    async def play(person: Writer) -> Flow:
        text = person.app.draft.toml()
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        made = flow_of(text, tmp_path / "mine.toml")
        outcome = await check(made, copies, patience=3)
        assert outcome.passed, f"{text}\n{outcome.problems[0].sentence}\n{outcome.problems[0].screen}"
        return made

    return play


async def test_a_procedure_done_by_hand_is_a_flow_that_passes(copies: Copies, checked: Checked) -> None:
    async with writing(copies) as person:
        await person.type("lopp")
        await person.press("backspace", " ")
        await person.type("mar")
        await person.press("enter", "o", "s", "x", "t", "ctrl+s")
        await person.sees("Saved. Monthly plan is Inactive")
        await person.press("?", "escape")
    made = await checked(person)
    steps = made.steps
    assert steps[0].type == "lop mar"
    assert (steps[1].press, steps[1].route) == (("enter",), "/contacts/1007")
    assert (steps[2].press, steps[2].route) == (("o",), "/contacts/1007/orders")
    assert steps[2].say
    saved = next(step for step in steps if step.press == ("ctrl+s",))
    assert saved.say
    assert saved.expect[0].where == "message"
    assert saved.expect[0].text.startswith("Saved. Monthly plan is Inactive, access until 14 Mar 2026")
    assert [step.press for step in steps if "?" in step.press] == [("?",)]
    assert made.size == (100, 30)


async def test_keys_are_written_as_people_write_them(copies: Copies, checked: Checked) -> None:
    async with writing(copies, start="/subscriptions/1042") as person:
        await person.press("tab", "shift+tab", "down", "escape", "/")
    made = await checked(person)
    assert [key for step in made.steps for key in step.press] == ["tab", "shift+tab", "down", "escape", "/"]
    async with writing(copies, start="/account/cancel", who="owner") as person:
        await _focus(person, "tick", "shift+tab")
        await person.press("space", "esc")
    made = await checked(person)
    assert [key for step in made.steps for key in step.press if key != "shift+tab"] == ["space", "escape"]


async def test_a_key_that_no_flow_can_name_is_not_done(copies: Copies, checked: Checked) -> None:
    async with writing(copies) as person:
        for key in ("f6", "ctrl+j", "no-break_space"):
            person.app.post_message(events.Key(key, None))
        await person.type("lop")
    assert [step.actions for step in (await checked(person)).steps] == [(Type("lop"),)]


async def test_several_lines_pasted_into_a_box_are_typed_with_enter(copies: Copies, checked: Checked) -> None:
    text = 'She said "no".\n\nC:\\new  Łódź\u00a0日本 \x7f end'
    async with writing(copies, start="/help/ticket") as person:
        await person.press("tab", "tab")
        await person.paste(text)
        await person.sees("She said")
        await person.press("backspace")
    made = await checked(person)
    typed = [action for step in made.steps for action in step.actions if action != Press("tab")]
    assert typed == [Type('She said "no".'), Press("enter"), Press("enter"), Type("C:\\new  Łódź 日本 ␡ en")]


async def test_lines_pasted_into_a_field_are_typed_with_blanks_between(copies: Copies, checked: Checked) -> None:
    async with writing(copies) as person:
        await person.paste("lop\nmar")
        await person.press("enter")
        await person.sees("Blue Door Bakery")
        await person.paste("nowhere to go")
    made = await checked(person)
    assert [step.actions for step in made.steps] == [
        (Type("lop mar"),),
        (Press("enter"), ExpectRoute("/contacts/1007")),
    ]


async def test_a_field_that_is_emptied_by_typing_over_it_is_empty_again(copies: Copies, checked: Checked) -> None:
    """The date is marked when one comes to it: what is typed replaces it, and taken back it is gone."""
    async with writing(copies, start="/subscriptions/1042") as person:
        await person.press("i", "tab", "3", "backspace")
        await person.press("ctrl+s")
        await person.sees("end date")
        message = person.app.draft.steps[-1].message
    assert message
    await checked(person)


async def test_signing_in_is_left_out_with_every_secret(copies: Copies, checked: Checked) -> None:
    async with writing(copies, start="/sign-in", who=None) as person:
        await person.press("tab", "tab")
        for field in ("email", "password"):
            await _focus(person, field)
            await person.type(SECRET)
        await person.press("enter")
        await person.sees("! ")
        await person.paste(SECRET)
        await person.press("enter")
        await _focus(person, "accounts")
        await person.press("enter")
        await person.sees("Type to find a customer")
        await person.type("lop")
        await person.sees("characters recorded")
    made = await checked(person)
    assert made.start == "/"
    assert "@" in made.who
    assert [step.actions for step in made.steps] == [(Type("lop"),)]
    assert SECRET not in person.app.draft.toml()


async def test_it_ends_where_somebody_signs_out(copies: Copies, checked: Checked) -> None:
    async with writing(copies, start="/contacts/1007") as person:
        await person.press("o", "Q")
        await person.sees("Signed out: the flow ends here")
        await _focus(person, "password")
        await person.type(SECRET)
        await person.paste(SECRET)
        await _focus(person, "accounts")
        await person.press("enter")
        await person.sees("Recently opened")
        await person.type("lop")
    made = await checked(person)
    assert made.who == "agent"
    assert [key for step in made.steps for key in step.press] == ["o", "Q"]
    assert made.steps[-1].route == "/sign-in"
    assert SECRET not in person.app.draft.toml()
    assert "lop" not in person.app.draft.toml()


async def test_leaving_the_program_is_no_part_of_it(copies: Copies, checked: Checked) -> None:
    async with writing(copies) as person:
        await person.type("lop")
        await person.press("enter", "ctrl+c")
        for _ in range(100):
            if not person.app.is_running:
                break
            await asyncio.sleep(0.05)
        assert person.app.return_value == 0
    made = await checked(person)
    assert "ctrl+c" not in person.app.draft.toml()
    assert made.steps[-1].route


async def test_what_was_pressed_before_ctrl_g_is_written(copies: Copies, checked: Checked) -> None:
    async with writing(copies) as person:
        for key in (*"lop", "enter", "ctrl+g"):
            person.app.post_message(key_event(key))
        for _ in range(100):
            if not person.app.is_running:
                break
            await asyncio.sleep(0.05)
        assert person.app.return_value == 0
    assert (await checked(person)).steps[-1].press == ("enter",)


async def test_a_fault_of_the_program_keeps_what_led_to_it(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_app: DrivenApp) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(DrivenApp, "do_app_help", fail)
    async with writing(copies) as person:
        await person.press("tab", "?")
        for _ in range(100):
            if not person.app.is_running:
                break
            await asyncio.sleep(0.05)
    assert person.app.failure is not None
    assert "crashed (ZeroDivisionError)" in person.app.failure
    assert SECRET not in person.app.failure
    assert [key for step in person.app.draft.steps for key in step.press] == ["tab", "?"]


async def test_what_is_pressed_while_it_starts_waits_for_it(copies: Copies) -> None:
    app = WritingApp(draft(), config_on(copies.fresh(None), start="/", who="agent", at=DAY), "mine.toml", "dark")
    for key in "lop":
        await app.on_event(key_event(key))
    async with app.run_test(size=(100, 33)) as pilot:
        person = Writer(app, pilot)
        await person.done()
        await person.sees("3 typed characters")
        assert "│ lop │" in person.text
    assert [step.type for step in app.draft.steps] == ["lop"]


async def test_in_a_small_window_that_grows(copies: Copies, checked: Checked) -> None:
    async with writing(copies, start="/subscriptions/1042", size=(40, 15)) as person:
        await person.press("x", "t", "ctrl+s")
        await person.sees("Saved.")
        await person.pilot.resize_terminal(80, 24)
        await person.press("l")
    assert (await checked(person)).size == (40, 12)


async def test_a_window_larger_than_any_flow(copies: Copies) -> None:
    async with writing(copies, size=(400, 150)) as person:
        await person.press("tab")
    assert read(person.app.draft).size == (300, 120)


async def _focus(person: Writer, name: str, key: str = "tab") -> None:
    """Go to a field of the program, as somebody does with tab."""
    for _ in range(20):
        driver = person.app._session.driver
        if driver is not None and driver.focus == name:
            return
        await person.press(key)
    pytest.fail(f"“{name}” was not reached:\n{person.text}")

"""A demo as somebody watches it: it plays, stops, goes on and back, and gives the keys away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from subtui.flows.bar import BAR_ROWS
from subtui.flows.demo.caption_bar import CaptionBar
from subtui.flows.demo.keys import WATCH_KEYS, Room
from subtui.flows.demo.playback import Playback
from subtui.flows.demo.player_app import DemoApp
from subtui.flows.demo.screens import Ended, FlowList, Playing
from subtui.flows.demo.stage_view import StageView
from subtui.flows.driver import DrivenApp
from subtui.flows.flow import Flow
from subtui.flows.registry import find_flow, shipped
from subtui.flows.temp_db import Copies

Make = Callable[..., Flow]
THREE_STEPS = """
[[step]]
say = "The dashboard."
type = "lop"
[[step]]
say = "The contact."
press = "enter"
route = "/contacts/1007"
[[step]]
say = "The orders."
press = "o"
expect = "Recent orders"
"""


class Watching:
    """Somebody in front of a demo."""

    def __init__(self, app: DemoApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> str:
        return "\n".join(line.text.rstrip() for line in self.app.screen._compositor.render_strips())

    @property
    def bar(self) -> str:
        return "\n".join(self.text.split("\n")[-BAR_ROWS:])

    async def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        """Wait for something to be so."""
        for _ in range(int(seconds / 0.05)):
            if true():
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"It did not come:\n{self.text}")

    async def sees(self, words: str) -> None:
        await self.until(lambda: words in self.text)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)


@asynccontextmanager
async def watching(
    copies: Copies, flow: Flow | None = None, *, flows: tuple[Flow, ...] = (), size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Watching]:
    app = DemoApp(flows or ((flow,) if flow else ()), copies, first=flow)
    async with app.run_test(size=size) as pilot:
        yield Watching(app, pilot)
    assert app.failure is None


async def test_it_plays_by_itself_to_the_summary(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsay = "Hello."\npress = "escape"\n')
    async with watching(copies, made) as person:
        await person.press("+", "+", "+")
        await person.sees("Finished: A test")
        assert "Hello." in person.text
        assert "esc" in person.text
        assert "1 keystrokes" not in person.text
        assert isinstance(person.app.screen, Ended)


async def test_the_program_has_all_the_room_above_the_bar(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.press("space")
        await person.sees("64 contacts")
        assert person.app.screen.query_one(StageView).size == (80, 24 - BAR_ROWS)
        await person.pilot.resize_terminal(120, 36)
        await person.until(lambda: len(person.text.split("\n")[1].rstrip()) == 120)
        assert person.text.split("\n")[36 - BAR_ROWS - 1].lstrip().startswith("enter Open")


async def test_steps_forward_and_back(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("right")
        await person.until(lambda: "The contact." in person.bar or "2 of 2 contacts" in person.text)
        await person.press("right")
        await person.sees("Blue Door Bakery")
        await person.press("right")
        await person.sees("Recent orders")
        await person.press("left", "left")
        await person.until(lambda: "Recent orders" not in person.text and "Dashboard" in person.text)
        assert "space Continue" in person.bar


async def test_paused_means_that_nothing_happens(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("space")
        await person.sees("space Continue")
        before = person.text
        await asyncio.sleep(1.5)
        assert person.text == before
        await person.press("space")
        await person.until(lambda: "lop" in person.bar)


async def test_taken_over_and_handed_back_it_goes_on_from_the_same_step(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("right")
        await person.press("t")
        await person.sees("You are in control.")
        await person.press(*"zz")
        await person.until(lambda: "zz" in person.text)
        await person.press("escape", "escape", "q", "space", "+")
        await person.press("ctrl+g")
        await person.until(lambda: "You are in control" not in person.text)
        await person.sees("Blue Door Bakery")
        assert "zz" not in person.text


async def test_leaving_the_program_by_hand_hands_the_keys_back(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("t")
        await person.sees("You are in control.")
        await person.press("ctrl+c")
        await person.until(lambda: "You are in control" not in person.text)
        await person.sees("Blue Door Bakery")


async def test_a_fault_while_somebody_has_the_keys_hands_them_back(
    flow: Make, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_app: DrivenApp) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(DrivenApp, "do_app_help", fail)
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("t")
        await person.sees("You are in control.")
        await person.press("tab", "question_mark")
        await person.until(lambda: "You are in control" not in person.text)
        await person.sees("Blue Door Bakery")


async def test_a_role_that_nobody_has_is_told(flow: Make, copies: Copies) -> None:
    app = DemoApp((), copies, first=flow('as = "nobody@demo.example"\n' + THREE_STEPS))
    async with app.run_test(size=(80, 24)) as pilot:
        await Watching(app, pilot).until(lambda: not app.is_running)
    assert str(app.failure).startswith("mine: No user “nobody@demo.example”. ")
    assert app.return_code == 2


async def test_what_does_not_come_out_as_written_is_said_and_stops_it(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsay = "Look."\nroute = "/reports"\n[[step]]\nsay = "On."\npress = "escape"\n')
    async with watching(copies, made) as person:
        await person.sees("Not as expected: the route should be")
        assert "space Continue" in person.bar
        await person.press("space")
        await person.sees("Finished:")


async def test_at_another_size_a_text_may_stand_elsewhere(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsay = "Look."\nexpect = "Nobody says this"\n')
    async with watching(copies, made, size=(60, 20)) as person:
        await person.press("+", "+", "+")
        await person.sees("Finished:")


async def test_a_terminal_smaller_than_the_flow_was_written_for_is_told(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getting_ready(_playback: Playback) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Playback, "run", getting_ready)
    async with watching(copies, find_flow("express", Path()), size=(80, 24)) as person:
        await person.sees("Made for 100 × 30; it adapts to this terminal.")
    async with watching(copies, find_flow("express", Path()), size=(100, 33)) as person:
        await person.sees("Getting ready …")


async def test_every_key_is_told_in_the_bar(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("question_mark")
        await person.sees("r Restart")
        for known in WATCH_KEYS:
            if known.room is Room.PLAYING and known.action != "keys":
                assert known.title.split()[0] in person.bar


async def test_the_list_marks_the_flow_that_enter_plays(copies: Copies) -> None:
    async with watching(copies, flows=shipped()) as person:
        await person.sees("› Cancel a customer's subscription")
        await person.press("down", "enter")
        await person.until(lambda: isinstance(person.app.screen, Playing))
        await person.sees("The contact record is open.")


async def test_enter_twice_plays_once(copies: Copies) -> None:
    async with watching(copies, flows=shipped()) as person:
        await person.sees("› Cancel a customer's subscription")
        await person.press("enter", "enter", "enter")
        await person.sees("Demo accounts")
        assert [type(screen) for screen in person.app.screen_stack[1:]] == [Playing]


async def test_from_the_summary_again_or_to_the_list(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsay = "Hello."\npress = "escape"\n')
    async with watching(copies, made, flows=(find_flow("undo", Path()), made)) as person:
        await person.press("+", "+", "+")
        await person.sees("Finished: A test")
        await person.press("r")
        await person.until(lambda: isinstance(person.app.screen, Playing))
        await person.press("+", "+", "+")
        await person.sees("Finished: A test")
        await person.press("l")
        await person.until(lambda: isinstance(person.app.screen, FlowList))
        assert "› A test" in person.text


async def test_restarting_begins_with_new_data(flow: Make, copies: Copies) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        await person.press("right", "right")
        await person.sees("Blue Door Bakery")
        await person.press("r")
        await person.until(lambda: "1 of 3" in person.bar)
        assert person.app.screen.query_one(CaptionBar).display


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c"])
async def test_leaving_in_the_middle_leaves_nothing_behind(flow: Make, copies: Copies, key: str) -> None:
    async with watching(copies, flow(THREE_STEPS)) as person:
        await person.sees("The dashboard.")
        screen = person.app.screen
        assert isinstance(screen, Playing)
        task = screen.apart.task
        await person.press(key)
    assert task is not None
    assert task.done()
    assert not person.app._exception

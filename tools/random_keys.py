"""Press random keys in every screen, and tell what ends the program or leaves it without an answer.

    python tools/random_keys.py SEED NUMBER [--terminal] [--demo]

Drives the program with keys, typed and pasted text, clicks, broken escape sequences and other sizes, in every role and
from every route, on new demo data each time. SEED decides all of it: the same seed presses the same keys. After a
crash, or a key without an answer for ten seconds, the last keys are told, and the exit code is 1. Without a terminal
the keys go straight into the program; `--terminal` runs it in a pseudo-terminal, as a person does; `--demo` presses
them in a demo while it plays.
"""

import argparse
import asyncio
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from textual import events
from textual.errors import NoWidget

from subtui.app.routes import PATTERNS
from subtui.flows.demo.player_app import DemoApp
from subtui.flows.driver import FRAME, Driver, config_on, driven, key_event
from subtui.flows.registry import shipped
from subtui.flows.temp_db import Copies, temporary

if TYPE_CHECKING:
    from tests.terminal import Terminal

DAY = date(2026, 3, 2)
ROLES = ("owner", "admin", "agent", "viewer", None)
KEYS_OF_A_RUN = 150
PATIENCE = 10.0
"""Seconds that a key may go without an answer."""
_NAMED = (
    *("enter", "enter", "escape", "tab", "tab", "shift+tab", "up", "down", "down", "left", "right", "home", "end"),
    *("pageup", "pagedown", "backspace", "delete", "space", "ctrl+s", "ctrl+p", "ctrl+u", "ctrl+a", "ctrl+k", "ctrl+j"),
    *("ctrl+z", "ctrl+v", "ctrl+x", "ctrl+w", "ctrl+g", "f1", "f5", "insert", "ctrl+end", "shift+down"),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHILRSTU0123456789/?+-.,:;[]{}()'\"éß王 "
_TEXTS = (
    *("lop", "14 mar", "+10d", "eom", "49.00", "1042", "-1", "a [/foo] b", "[@click=app.quit]x[/]", "x" * 700),
    *("Customer wrote:\r\nplease cancel\n\tthank you\n", "\x1b[31mred\x1b]52;c;AAAA\x07", "é王\u202eabc", "\n", "\t"),
)
_BYTES = (
    *(b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b[<0;10;5", b"\x1b[<0;10;5M\x1b[<0;10;5m", b"\x1b[<64;20;10M", b"\x1b]0;x"),
    *(b"\x1b[200~lines\nof text", b"\x1b[201~", b"\x1b[999~", b"\x1bOP", b"\x1b[I\x1b[O", b"\x1b[1;5C", b"\x1b[M !!"),
    *(b"\x1bP", b"\x1b\\", b"\x07", b"\x00", b"\x1b[?1;2c", b"\x1b[5;7R", b"\xc3", b"\xff\xfe"),
)


class Frozen(Exception):
    """A key had no answer in time."""


def routes_of(random: Random) -> Iterator[str]:
    """Start routes without end, with ids that there are and some that there are not."""
    ids = {"contact": (1007, 1001, 9), "subscription": (1042, 1043, 9), "order": (1881, 9), "request": (1, 9)}
    while True:
        pattern = random.choice(PATTERNS)
        kind = pattern.screen.split("_")[0]
        number = random.choice(ids.get({"refund": "order", "money": "order"}.get(kind, kind), (1, 2, 9)))
        yield pattern.address.replace("{id}", str(number))


@dataclass(frozen=True)
class Permission:
    """What is done next: `key` or `paste` a text, `click` somewhere, or make it another `size`."""

    kind: str
    text: str = ""
    x: int = 0
    y: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.text!r}" if self.text else f"{self.kind} {self.x} {self.y}"


def action(random: Random) -> Permission:
    """The next thing to do."""
    chance = random.random()
    if chance < 0.45:
        return Permission("key", random.choice(_NAMED))
    if chance < 0.82:
        return Permission("key", random.choice(_LETTERS))
    if chance < 0.88:
        return Permission("paste", random.choice(_TEXTS))
    if chance < 0.95:
        return Permission("click", x=random.randrange(200), y=random.randrange(60))
    return Permission("size", x=random.randrange(20, 201), y=random.randrange(5, 61))


async def _do(driver: Driver, doing: Permission) -> None:
    if doing.kind == "key":
        driver.send(doing.text)
    elif doing.kind == "paste":
        driver.app.post_message(events.Paste(doing.text))
    elif doing.kind == "click":
        await _click(driver, doing.x, doing.y)
    else:
        await driver.pilot.resize_terminal(doing.x, doing.y)


async def _click(driver: Driver, x: int, y: int) -> None:
    width, height = driver.app.size
    at = (x % max(width, 1), y % max(height, 1))
    for kind in (events.MouseDown, events.MouseUp):
        driver.app.screen._forward_event(_mouse(kind, *at))
        await asyncio.sleep(0)
    try:
        widget, _ = driver.app.screen.get_widget_at(*at)
    except NoWidget:
        return
    if widget.is_attached:
        region = widget.region
        click = events.Click(widget, at[0] - region.x, at[1] - region.y, 0, 0, 1, False, False, False, *at)
        widget.post_message(click)


def _mouse(kind: type[events.MouseEvent], x: int, y: int) -> events.MouseEvent:
    return kind(None, x, y, 0, 0, 1, False, False, False, x, y)


async def run(random: Random, database: Path, count: int, done: deque[str]) -> int:
    """Press up to `count` keys in one start of the program; returns how many. Raises what it comes to."""
    who, route = random.choice(ROLES), next(routes_of(random))
    done.append(f"start {route} as {who}")
    app_config = config_on(database, start=route, who=who, at=DAY)
    async with driven(app_config, (80, 24)) as driver:
        pressed = 0
        while pressed < count and not driver.over:
            doing = action(random)
            done.append(str(doing))
            await _do(driver, doing)
            pressed += 1
            if random.random() < 0.3:
                await _settled(driver)
        await _settled(driver)
        if driver.app._exception is not None:
            raise driver.app._exception
        if driver.app.failure and not driver.app.return_code:
            raise RuntimeError(driver.app.failure)
        return pressed


async def _settled(driver: Driver) -> None:
    answered = asyncio.Event()
    driver.app.call_later(answered.set)
    try:
        if not driver.over:
            await asyncio.wait_for(answered.wait(), PATIENCE)
        await asyncio.wait_for(driver.settle(), 6 * PATIENCE)  # a slow machine has its time, what never rests has not
    except TimeoutError:
        if not driver.over:
            raise Frozen(f"no answer for {PATIENCE:g} seconds at {driver.route}") from None


async def run_demo(random: Random, copies: Copies, count: int, done: deque[str]) -> int:
    """Press keys in a demo while it plays and is rebuilt."""
    flows = shipped()
    flow = random.choice(flows)
    done.append(f"demo {flow.name}")
    app = DemoApp(flows, copies, first=flow)
    pressed = 0
    async with app.run_test(size=(100, 34)) as pilot:
        while pressed < count and not app._exit:
            name = random.choice(("left", "right", "space", "t", "r", "b", "n", "+", "ctrl+g", "ctrl+p", "enter", "l"))
            if random.random() < 0.3:
                name = random.choice((*_NAMED, *"abc/?xi"))
            if name in ("escape", "ctrl+c") and random.random() < 0.9:
                continue
            done.append(f"key {name!r}")
            app.post_message(key_event(name))
            pressed += 1
            if random.random() < 0.1:
                size = (random.randrange(20, 201), random.randrange(5, 61))
                done.append(f"size {size}")
                await asyncio.wait_for(pilot.resize_terminal(*size), PATIENCE)
            await asyncio.sleep(random.choice((0, 0, FRAME, 5 * FRAME)))
        if app.failure:
            raise app._exception or RuntimeError(app.failure)
    if app.failure:
        raise RuntimeError(app.failure)
    return pressed


def run_in_terminal(random: Random, database: Path, count: int, done: deque[str]) -> int:
    """The same in a pseudo-terminal, with bytes that are no keys at all."""
    from tests.terminal import KEYS, Terminal  # noqa: PLC0415  (only with --terminal, which needs pyte)

    who, route = random.choice(ROLES[:4]), next(routes_of(random))
    done.append(f"start {route} as {who}")
    program = [sys.executable, "-m", "subtui", "--db", str(database), "--at", DAY.isoformat(), "--as", str(who)]
    with Terminal([*program, "open", route], size=(80, 24)) as terminal:
        terminal.wait_quiet(0.3)
        pressed = 0
        while pressed < count and terminal.running:
            doing = action(random)
            done.append(str(doing))
            if random.random() < 0.1:
                sent = random.choice(_BYTES)
                done.append(f"bytes {sent!r}")
                terminal.send_bytes(sent)
            elif doing.kind == "key":
                terminal.send_bytes(KEYS.get(doing.text, doing.text if len(doing.text) == 1 else "\t").encode())
            elif doing.kind == "paste":
                terminal.send_bytes(f"\x1b[200~{doing.text}\x1b[201~".encode())
            elif doing.kind == "click":
                terminal.send_bytes(f"\x1b[<0;{doing.x};{doing.y}M\x1b[<0;{doing.x};{doing.y}m".encode())
            else:
                terminal.resize(doing.x, doing.y)
            pressed += 1
            time.sleep(random.choice((0, 0, 0.01)))
        _still_there(terminal)
        return pressed


def _still_there(terminal: "Terminal") -> None:
    """Whether it is left in order, or answers a key: the end of a paste, then another size, which is drawn anew."""
    if terminal.running:
        terminal.send_bytes(b"\x1b[201~")
        terminal.wait_quiet(0.3)
        before = terminal.written
        terminal.resize(90, 30)
        until = time.monotonic() + PATIENCE
        while terminal.written == before:
            if not terminal.running:
                break
            if time.monotonic() > until:
                raise Frozen("the terminal shows nothing more")
            time.sleep(0.05)
    if not terminal.running and terminal.wait_exit() not in (0, 1):
        raise RuntimeError(f"left with exit code {terminal.wait_exit()}: {terminal.screen()[-400:]}")


def press(seed: int, number: int, *, terminal: bool = False, demo: bool = False) -> str:
    """Press so many keys. Returns what to tell of a fault, empty if there was none."""
    left, round_ = number, 0
    with temporary(ours=False) as copies:
        while left > 0:
            round_ += 1
            random, done = Random(f"{seed} {round_}"), deque[str](maxlen=50)
            count = min(left, KEYS_OF_A_RUN)
            try:
                if demo:
                    pressed = asyncio.run(run_demo(random, copies, count, done))
                else:
                    database = copies.fresh(None)
                    if terminal:
                        pressed = run_in_terminal(random, database, count, done)
                    else:
                        pressed = asyncio.run(run(random, database, count, done))
                    copies.drop(database)
            except Exception:
                return f"seed {seed}, start {round_}\n" + "\n".join(done) + "\n" + traceback.format_exc()
            left -= max(pressed, 1)
    return ""


def main() -> int:
    """Read the arguments, press, tell."""
    parser = argparse.ArgumentParser(description="Press random keys in every screen.")
    parser.add_argument("seed", type=int)
    parser.add_argument("number", type=int)
    parser.add_argument("--terminal", action="store_true")
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args()
    fault = press(given.seed, given.number, terminal=given.terminal, demo=given.demo)
    print(fault or f"{given.number} keys, no fault.")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())

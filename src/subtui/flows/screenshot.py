"""Plays keystrokes in the program and draws the last screen, at any number of sizes and in any theme."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from subtui.app.routes import Pattern
from subtui.domain.errors import SubtuiError, WrongInput
from subtui.flows.driver import Driver, config_on, driven
from subtui.flows.environment import at_nobodys_home
from subtui.flows.event_loop import finished
from subtui.flows.flow import Press
from subtui.flows.frames import Frame, frame_of
from subtui.flows.states.state import Way
from subtui.flows.svg import still

PATIENCE = 120
"""The seconds within which the keystrokes must be played and drawn."""

Size = tuple[int, int]


class Stopped(SubtuiError):
    """The program failed before its screen was drawn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One screen, drawn at one size in one theme."""

    size: Size
    theme: str
    where: Pattern
    """The route pattern of the screen, below any dialog."""
    text: str
    svg: str
    frame: Frame


def draw(
    database: Path, way: Way, sizes: Sequence[Size], themes: Sequence[str], *, start_at: Size | None = None
) -> list[Drawing]:
    """Draw the last screen of a way, which is played once, at the size `start_at` or the first of the sizes.

    Raises Stopped, and WrongInput where the user cannot be signed in or the program has been left.
    """
    with at_nobodys_home():
        return finished(_draw(database, way, sizes, themes, start_at or sizes[0]))


async def _draw(
    database: Path, way: Way, sizes: Sequence[Size], themes: Sequence[str], start_at: Size
) -> list[Drawing]:
    app_config = config_on(
        database,
        start=way.route,
        who=None if way.route == "/sign-in" else way.who,
        at=way.at,
        theme=themes[0],
    )
    app_config = replace(app_config, read_only=way.read_only)
    driver: Driver | None = None
    try:
        async with asyncio.timeout(PATIENCE), driven(app_config, start_at) as driver:
            await _go(driver, way)
            return [await _drawing(driver, size, theme) for size, theme in product(sizes, themes)]
    except SubtuiError:
        raise
    except TimeoutError:
        raise Stopped(f"The screen {way.route} was not ready within {PATIENCE} seconds.") from None
    except Exception:
        if driver is not None and driver.app.failure:
            raise Stopped(driver.app.failure) from None
        raise


async def _go(driver: Driver, way: Way) -> None:
    if driver.app.failure:
        raise Stopped(driver.app.failure)
    driver.require_signed_in()
    for act in way.acts:
        if isinstance(act, Press):
            await driver.press(act.key)
        else:
            await driver.type(act.text)
        if driver.app.failure:
            raise Stopped(driver.app.failure)
        if driver.over:
            done = act.key if isinstance(act, Press) else act.text
            raise WrongInput(f"“{done}” closed the program: there is no screen to draw.")


async def _drawing(driver: Driver, size: Size, theme: str) -> Drawing:
    app = driver.app
    if app.theme != theme:
        app.theme = theme
        await driver.settle()
    if (app.size.width, app.size.height) != size:
        await driver.resize(*size)
    if app.failure:
        raise Stopped(app.failure)
    frame, where = frame_of(app.strips(), size[0]), driver.here.route
    return Drawing(size, theme, where.pattern, driver.text, still(frame, f"subtui: {where}"), frame)

"""Goes a way through the program and draws the screen at its end, at any number of sizes and in any theme."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from subtui.app.routes import Pattern
from subtui.domain.errors import SubtuiError, WrongInput
from subtui.flows.drawing import still
from subtui.flows.flow import Press
from subtui.flows.frames import Frame, frame_of
from subtui.flows.running import finished
from subtui.flows.stage import Stage, launch_on, staged
from subtui.flows.states.state import Way
from subtui.flows.surroundings import at_nobodys_home

PATIENCE = 120
"""Seconds in which a way must have been gone and drawn."""

Size = tuple[int, int]


class Stopped(SubtuiError):
    """The program ended by a fault or a problem of its own before its screen was drawn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One screen, drawn at one size in one theme."""

    size: Size
    theme: str
    where: Pattern
    """The screen that one is on, below any dialog."""
    text: str
    svg: str
    frame: Frame


def draw(
    database: Path, way: Way, sizes: Sequence[Size], themes: Sequence[str], *, start_at: Size | None = None
) -> list[Drawing]:
    """The drawings of the screen at the end of a way, gone once, at the size `start_at` or the first of the sizes.

    Raises Stopped, and WrongInput where nobody can sign in so or the program has been left.
    """
    with at_nobodys_home():
        return finished(_draw(database, way, sizes, themes, start_at or sizes[0]))


async def _draw(
    database: Path, way: Way, sizes: Sequence[Size], themes: Sequence[str], start_at: Size
) -> list[Drawing]:
    app_config = launch_on(
        database,
        start=way.route,
        who=None if way.route == "/sign-in" else way.who,
        at=way.at,
        theme=themes[0],
    )
    app_config = replace(app_config, read_only=way.read_only)
    stage: Stage | None = None
    try:
        async with asyncio.timeout(PATIENCE), staged(app_config, start_at) as stage:
            await _go(stage, way)
            return [await _drawing(stage, size, theme) for size, theme in product(sizes, themes)]
    except SubtuiError:
        raise
    except TimeoutError:
        raise Stopped(f"The screen {way.route} was not ready within {PATIENCE} seconds.") from None
    except Exception:
        if stage is not None and stage.app.failure:
            raise Stopped(stage.app.failure) from None
        raise


async def _go(stage: Stage, way: Way) -> None:
    if stage.app.failure:
        raise Stopped(stage.app.failure)
    stage.require_signed_in()
    for act in way.acts:
        if isinstance(act, Press):
            await stage.press(act.key)
        else:
            await stage.type(act.text)
        if stage.app.failure:
            raise Stopped(stage.app.failure)
        if stage.over:
            done = act.key if isinstance(act, Press) else act.text
            raise WrongInput(f"“{done}” closed the program: there is no screen to draw.")


async def _drawing(stage: Stage, size: Size, theme: str) -> Drawing:
    app = stage.app
    if app.theme != theme:
        app.theme = theme
        await stage.settle()
    if (app.size.width, app.size.height) != size:
        await stage.resize(*size)
    if app.failure:
        raise Stopped(app.failure)
    frame, where = frame_of(app.strips(), size[0]), stage.here.route
    return Drawing(size, theme, where.pattern, stage.text, still(frame, f"subtui: {where}"), frame)

"""Drives the program without a terminal: presses keys, waits until nothing is under way, reads the screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from subtui.acts.keap import OpenCalls
from subtui.app_config import AppConfig, DisplayConfig
from subtui.clock import Clock
from subtui.flows.driver import FRAME, HOST, Driver, driven

__all__ = ["DEMO_DAY", "FRAME", "Driver", "running"]

DEMO_DAY = date(2026, 3, 2)


@asynccontextmanager
async def running(
    db: Path,
    *,
    folder: Path | None = None,
    who: str | None = "agent",
    route: str = "/",
    size: tuple[int, int] = (80, 24),
    display_config: DisplayConfig | None = None,
    at: date = DEMO_DAY,
    read_only: bool = False,
    open_calls: OpenCalls | None = None,
) -> AsyncIterator[Driver]:
    """The program on a database, signed in as a demo account by its role or e-mail unless `who` is None.

    `folder` is where it keeps what it writes; beside a database that is a file.
    """
    app_config = AppConfig(
        where=str(db),
        clock=Clock(at),
        display_config=display_config or DisplayConfig(),
        sign_in_as=who,
        route=route,
        read_only=read_only,
        crash_folder=folder or db.parent,
        form_folder=(folder or db.parent) / "unsaved",
        host=HOST,
        open_calls=open_calls,
    )
    async with driven(app_config, size) as driver:
        yield driver

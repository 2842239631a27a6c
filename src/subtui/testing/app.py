"""Drives the program for a synchronous test, in its own thread with its own event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar, cast

from subtui.domain.errors import SubtuiError
from subtui.testing.size import Size

if TYPE_CHECKING:
    from subtui.app_config import AppConfig
    from subtui.flows.driver import Driver

# Textual takes longer to import than pytest to start, and must not be imported before the environment is neutral.
# ruff: noqa: PLC0415

T = TypeVar("T")

LIMIT = 60.0
"""The seconds within which the program must be idle after a request."""
_TO_CLOSE = 10.0


class AppFailed(SubtuiError):
    """The program could not start, did not become idle, was left, or has failed."""


class App:
    """The program, driven key by key. Each call returns when its effect is on the screen."""

    def __init__(self, app_config: "AppConfig", size: Size, *, named: str = "the demo", limit: float = LIMIT) -> None:
        __tracebackhide__ = True
        self._app_config, self.named, self._limit = app_config, named, limit
        self._size = _read_size(size)
        self._jobs: asyncio.Queue[Callable[[Driver], Awaitable[None]] | None] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started: Future[None] = Future()
        self._stuck = self._told = self._closed = False
        self._ended_by: BaseException | None = None
        self._thread = Thread(target=self._run, name="subtui", daemon=True)
        self._thread.start()
        try:
            self._wait(self._started, "it was started")
            if app_config.sign_in_as is not None:
                self._ask("it was started", self._who_is_signed_in)
        except BaseException:
            self.close(quietly=True)
            raise

    # --- input ------------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `press("x", "t")` or `press("x t")`; blank is `space`."""
        __tracebackhide__ = True
        from subtui.flows.parser import read_keys

        wanted = _sentence(lambda: [key for each in keys for key in read_keys(each)])
        if not wanted:
            raise AppFailed("Name at least one key; a blank is “space”.")
        for key in wanted:
            self._ask(f"the key {key}", lambda driver, key=key: driver.press(key))  # type: ignore[misc]

    def type(self, text: str) -> None:
        """Type text at once, as a fast typist would."""
        __tracebackhide__ = True
        if not text.isprintable():
            raise AppFailed("type() takes text only; pass keys such as enter to press().")
        self._ask("what was typed", lambda driver: driver.type(text))

    def resize(self, width: int | Size, height: int | None = None) -> None:
        """Make the terminal another size: `resize(120, 36)` or `resize("120x36")`."""
        __tracebackhide__ = True
        columns, rows = _read_size((cast("int", width), height) if height is not None else cast("Size", width))
        self._ask("the terminal had another size", lambda driver: driver.resize(columns, rows))

    # --- output -----------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        __tracebackhide__ = True
        return self._look("text")

    @property
    def svg(self) -> str:
        """The screen as a picture."""
        __tracebackhide__ = True
        return self._look("svg")

    @property
    def route(self) -> str:
        """The current route, such as `/contacts/7/orders`."""
        __tracebackhide__ = True
        return self._look("route")

    @property
    def message(self) -> str:
        """The sentence in the message line."""
        __tracebackhide__ = True
        return self._look("message")

    @property
    def focus(self) -> str:
        """The id of the focused widget."""
        __tracebackhide__ = True
        return self._look("focus")

    @property
    def left(self) -> bool:
        """Whether the program has been left, as with `q`."""
        return self._closed or self._ended_by is not None or self._driver.app._exit

    def _look(self, what: str) -> str:
        __tracebackhide__ = True
        if self.left:
            raise AppFailed(f"The program has been closed; it has no {what} any more.")

        async def look(driver: "Driver") -> str:
            return str(getattr(driver, what))

        return self._ask(f"its {what} was asked for", look)

    def last_words(self) -> str:
        """The report of a failed test: the route and the screen, or that the program has ended."""
        try:
            return f"at {self.route}\n{self.text}"
        except Exception as error:
            return str(error)

    def __repr__(self) -> str:
        return f"<subtui on {self.named}>"

    # --- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._perform())
        except BaseException as error:
            self._ended_by = error
            if not self._started.done():
                self._started.set_exception(error)

    async def _perform(self) -> None:
        from subtui.flows.driver import driven

        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        async with driven(self._app_config, self._size) as driver:
            self._driver = driver
            trouble = _trouble(driver)
            if trouble is not None:
                self._told = True
                self._started.set_exception(trouble)
                return
            self._started.set_result(None)
            # All in one task: Textual's context variables belong to the program only here.
            while (job := await self._jobs.get()) is not None:
                await job(driver)

    async def _who_is_signed_in(self, driver: "Driver") -> None:
        try:
            driver.require_signed_in()
        except SubtuiError as error:
            raise AppFailed(f"{self.named}: {error}") from None

    def _ask(self, after: str, act: "Callable[[Driver], Awaitable[T]]") -> T:
        """Run `act` in the thread; returns its result. Raises AppFailed if the program stops."""
        __tracebackhide__ = True
        if self._closed or self._ended_by is not None or self._loop is None:
            raise AppFailed("The program has been closed.")
        if self._stuck:
            raise AppFailed("The program has not been ready since.")
        answer: Future[T] = Future()

        async def job(driver: "Driver") -> None:
            if driver.app._exit:
                answer.set_exception(AppFailed("The program has been closed."))
                return
            try:
                result = await act(driver)
            except Exception as error:
                trouble = _trouble(driver)
                if trouble is None and driver.app._exit:
                    answer.set_result(cast("T", None))  # the last key left the program; its screens are closed
                else:
                    self._told |= trouble is not None
                    answer.set_exception(trouble or error)
            else:
                trouble = _trouble(driver)
                self._told |= trouble is not None
                if trouble:
                    answer.set_exception(trouble)
                else:
                    answer.set_result(result)

        self._loop.call_soon_threadsafe(self._jobs.put_nowait, job)
        return self._wait(answer, after)

    def _wait(self, answer: "Future[T]", after: str) -> T:
        __tracebackhide__ = True
        try:
            return _sentence(lambda: answer.result(self._limit))
        except TimeoutError:
            self._stuck = True
            raise AppFailed(f"{self._limit:g} seconds after {after} the program is still not ready.") from None

    def close(self, *, quietly: bool = False) -> None:
        """Leave the program, even if it is busy. Raises AppFailed for an error that was not reported yet."""
        if self._closed:
            return
        self._closed = True
        if self._loop is not None and self._thread.is_alive():
            try:
                if self._stuck and self._task is not None:
                    self._loop.call_soon_threadsafe(self._task.cancel)
                else:
                    self._loop.call_soon_threadsafe(self._jobs.put_nowait, None)
            except RuntimeError:
                pass  # the loop has just been closed
        self._thread.join(_TO_CLOSE)
        if quietly or self._told or self._stuck:
            return
        if self._ended_by is not None:
            raise AppFailed(f"The program crashed: {_named_error(self._ended_by)}") from None


def _trouble(driver: "Driver") -> AppFailed | None:
    """Why the program has failed; None while it runs, or if a key left it.

    A crash report has no values, which may be customer data; for a test the error itself is more useful.
    """
    app = driver.app
    error: Any = app._exception
    if error is None:
        return AppFailed(app.failure) if app.failure else None
    from subtui.app.crash import CrashReport

    report = CrashReport.of(error, folder=None)
    return AppFailed(f"{report.sentence}\n{_named_error(error)}\n{report.text}".rstrip())


def _named_error(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _read_size(size: Size) -> tuple[int, int]:
    __tracebackhide__ = True
    from subtui.flows.parser import read_size

    return _sentence(lambda: read_size(size if isinstance(size, str) else "x".join(str(each) for each in size)))


def launch_for(database: Path, *, at: date | str | None, user: str | None, theme: str, route: str) -> "AppConfig":
    """The configuration of the program for a test. Raises WrongInput for an invalid date, theme or route."""
    __tracebackhide__ = True
    from subtui.app.routes import parse
    from subtui.app_config import THEMES
    from subtui.clock import read_clock
    from subtui.domain.errors import WrongInput
    from subtui.flows.driver import config_on

    if theme not in THEMES:
        raise WrongInput(f"There is no theme “{theme}”. The themes are {', '.join(THEMES)}.")
    day = _sentence(lambda: read_clock(at)).frozen if isinstance(at, str) else at
    start = _sentence(lambda: parse(route)).link
    app_config = config_on(database, start=start, who=user, at=day, theme=theme)
    return replace(app_config, crash_folder=None)  # the report is in the failure of the test


def _sentence(act: Callable[[], T]) -> T:
    """Call `act`; returns its result. A SubtuiError is raised at the line of the test, without an inner traceback."""
    __tracebackhide__ = True
    try:
        return act()
    except SubtuiError as error:
        raise error.with_traceback(None) from None

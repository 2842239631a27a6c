"""The base of the programs on a terminal: starts, suspends and ends so that the terminal stays usable."""

import asyncio
import os
import signal
from typing import Any

from textual import constants
from textual.app import App
from textual.driver import Driver

from subtui import signals


class TerminalApp(App[int]):
    """The base class of our Textual programs. Without a terminal, as in tests, Textual's driver is used."""

    def get_driver_class(self) -> type[Driver]:
        """Our own driver, where it supports the system and the environment names no other."""
        if os.name != "posix" or constants.DRIVER is not None:
            return super().get_driver_class()
        from subtui.app.terminal import TerminalDriver  # noqa: PLC0415  (another system has no such terminals)

        return TerminalDriver

    def run_to_its_end(self) -> int | None:
        """Run until the user leaves, or a signal ends it. Returns the exit code, then that of the signal."""
        with signals.ended_in_order(), signals.at_the_last(self.give_back):
            try:
                return asyncio.run(self._until_it_ends())
            finally:
                self.give_back()

    async def _until_it_ends(self) -> int | None:
        if os.name == "posix":
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._leave, 128 + signal.SIGINT)
        with signals.ended_by(lambda: self._leave(signals.exit_code())):
            return await self.run_async()

    def _leave(self, code: int) -> None:
        self.exit(code, return_code=code)

    def give_back(self) -> None:
        """Restore the terminal at once, if that has not been done."""
        give_back = getattr(self._driver, "give_back", None)
        if give_back is not None:
            give_back()

    def suspend_here(self) -> bool:
        """Suspend this job as the terminal itself would. Returns False where no shell could continue it."""
        driver = self._driver
        if os.name != "posix" or driver is None or driver.is_headless or not driver.can_suspend:
            return False
        if os.getpgrp() == os.getsid(0):
            return False  # the first program of its terminal: it would stay suspended for ever
        self._suspend_signal()
        os.kill(0, signal.SIGTSTP)
        return True

    def _resume_signal(self, *event: Any) -> None:
        """Draw everything again: the terminal showed another program meanwhile."""
        super()._resume_signal()
        self.refresh(layout=True)

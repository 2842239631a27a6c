"""The types of the fixtures, for annotations; they import nothing."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from subtui.testing.size import Size

if TYPE_CHECKING:
    from subtui.testing.app import App


class Shown(Protocol):
    """Any object with a screen: the app of `subtui_app`, or an asynchronous driver."""

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        ...

    @property
    def svg(self) -> str:
        """The screen as a picture."""
        ...


class OpenApp(Protocol):
    """The type of the fixture `subtui_app`."""

    def __call__(
        self,
        data: str | Path | None = None,
        at: date | str | None = None,
        user: str | None = "agent",
        size: Size = "80x24",
        theme: str = "dark",
        route: str = "/",
    ) -> "App":
        """Open the program on a copy of the data, and wait for its first screen."""
        ...


class ScreenSnapshot(Protocol):
    """The type of the fixture `screen_snapshot`."""

    def __call__(self, app: Shown, name: str = "", *, picture_only: bool = False) -> None:
        """Compare the screen of `app` with its record, under a name if a test has more than one.

        `picture_only` records no text: for a screen whose text is recorded already, such as one in another theme.
        """
        ...

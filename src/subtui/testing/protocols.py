"""The shapes of what the fixtures take and give, for annotations; nothing is imported for them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from subtui.testing.size import Size

if TYPE_CHECKING:
    from subtui.testing.app import App


class Shown(Protocol):
    """Anything with a screen: what `subtui_app` opens, or a stage that is awaited."""

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        ...

    @property
    def svg(self) -> str:
        """The screen as a picture."""
        ...


class OpenApp(Protocol):
    """What the fixture `subtui_app` gives."""

    def __call__(
        self,
        data: str | Path | None = None,
        at: date | str | None = None,
        user: str | None = "agent",
        size: Size = "80x24",
        theme: str = "dark",
        route: str = "/",
    ) -> "App":
        """Open the program on a copy of the data, and wait until it has drawn its first screen."""
        ...


class ScreenSnapshot(Protocol):
    """What the fixture `screen_snapshot` gives."""

    def __call__(self, app: Shown, name: str = "", *, picture_only: bool = False) -> None:
        """Compare what `app` shows with what is on record, under a name if a test has more than one.

        `picture_only` keeps no text: for a screen whose words are on record already, such as one in another theme.
        """
        ...

"""The configuration of the program: the database, the clock and the display."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from subtui.clock import Clock

if TYPE_CHECKING:
    from subtui.acts.keap import OpenCalls

ADD_OWNER = "user add E-MAIL --name NAME --role owner"
"""The command that adds the first user to a database without users."""


@dataclass(frozen=True, slots=True)
class DisplayConfig:
    """The display settings of the screens. `date_format` is one of `domain.days.DATE_FORMATS`.

    `date_order` is one of `domain.days.DATE_ORDERS`, or empty: then it is that of the format, if that has one.
    """

    theme: str = "dark"
    date_format: str = "d MMM yyyy"
    date_order: str = ""
    keymap: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppConfig:
    """The start configuration of the screens. `sign_in_as` names a demo account to sign in without the dialog.

    `add_owner` is the command that adds the first user to this database. `host` is the name of this machine.
    `open_calls` opens the line to Keap; without it nothing can be read from there or sent.
    """

    where: str
    clock: Clock = field(default_factory=Clock)
    display_config: DisplayConfig = field(default_factory=DisplayConfig)
    route: str = "/"
    sign_in_as: str | None = None
    read_only: bool = False
    seed: Path | None = None
    crash_folder: Path | None = None
    form_folder: Path | None = None
    host: str = ""
    add_owner: str = f"subtui {ADD_OWNER}"
    open_calls: "OpenCalls | None" = None


THEMES = ("dark", "light", "high-contrast")
"""The theme names for `--theme` and the settings."""

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
"""The columns and rows of the smallest usable terminal."""

"""What the program is started with: where the data is, what day it is, how it should look."""

from dataclasses import dataclass, field
from pathlib import Path

from subtui.clock import Clock

ADD_OWNER = "user add E-MAIL --name NAME --role owner"
"""The command that a database without users waits for."""


@dataclass(frozen=True, slots=True)
class DisplayConfig:
    """What settings may choose about the screens. `date_format` is one of `domain.days.DATE_FORMATS`.

    `date_order` is one of `domain.days.DATE_ORDERS`, or empty: then it is that of the format, if that has one.
    """

    theme: str = "dark"
    date_format: str = "d MMM yyyy"
    date_order: str = ""
    keymap: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppConfig:
    """Everything the screens need to start. `sign_in_as` names a demo account to begin with, without the dialog.

    `add_owner` is the command that adds the first user to this database.
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
    add_owner: str = f"subtui {ADD_OWNER}"


THEMES = ("dark", "light", "high-contrast")
"""The names that `--theme` and the settings take."""

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
"""The columns and rows of the smallest terminal that can be worked in."""

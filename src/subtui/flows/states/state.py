"""A state of a screen: the keys that lead to it on the demo data, and a text that it shows at every size."""

from dataclasses import dataclass
from datetime import date, datetime

from subtui.flows.flow import Press, Type

DEMO_DAY = date(2026, 3, 2)

Keystroke = Press | Type


@dataclass(frozen=True, slots=True)
class Way:
    """The start of a user, by route, role and day, and the keystrokes from there."""

    route: str = "/"
    acts: tuple[Keystroke, ...] = ()
    who: str | None = "agent"
    read_only: bool = False
    at: date | datetime | None = DEMO_DAY


@dataclass(frozen=True)
class State:
    """`keys` are pressed, `typed` is typed, then `then` is pressed. `shows` is a text that identifies the state."""

    name: str
    shows: str
    route: str = "/"
    keys: tuple[str, ...] = ()
    typed: str = ""
    then: tuple[str, ...] = ()
    who: str | None = "agent"
    read_only: bool = False
    at: date | None = DEMO_DAY

    @property
    def way(self) -> Way:
        """The way to this state."""
        acts: list[Keystroke] = [Press(key) for key in self.keys]
        acts += [Type(self.typed)] if self.typed else []
        acts += [Press(key) for key in self.then]
        return Way(self.route, tuple(acts), self.who, self.read_only, self.at)

"""A state of a screen: how to get there on the demo data, and what is shown there at every size."""

from dataclasses import dataclass
from datetime import date, datetime

from subtui.flows.flow import Press, Type

DEMO_DAY = date(2026, 3, 2)

Keystroke = Press | Type


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody starts, as whom and when, and what they press and type from there."""

    route: str = "/"
    acts: tuple[Keystroke, ...] = ()
    who: str | None = "agent"
    read_only: bool = False
    at: date | datetime | None = DEMO_DAY


@dataclass(frozen=True)
class State:
    """`keys` are pressed, `typed` is typed, and `then` more keys are pressed. `shows` tells the state from others."""

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
        """The way to it."""
        acts: list[Keystroke] = [Press(key) for key in self.keys]
        acts += [Type(self.typed)] if self.typed else []
        acts += [Press(key) for key in self.then]
        return Way(self.route, tuple(acts), self.who, self.read_only, self.at)

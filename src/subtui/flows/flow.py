"""The parts of a flow: the steps of a procedure on the screens, and their durations for a viewer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

Area = Literal["screen", "top", "message", "keys", "focus", "panel"]
"""The places of the screen where a text can be expected: anywhere, the top bar, the message line, the key bar, the
focused widget, or the preview panel."""

KEY_SECONDS = 0.9
"""The seconds a key is shown before the next action."""
LETTER_SECONDS = 0.11
READING_SECONDS = 0.045
"""The seconds for each character of a caption, in addition to one second to find it."""
LOOKING_SECONDS = 1.2
"""The seconds of the last frame of a step before the next caption."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A text that must be shown; line breaks and runs of blanks count as one blank."""

    text: str
    where: Area = "screen"

    def __str__(self) -> str:
        return f"“{self.text}”" if self.where == "screen" else f"“{self.text}” in the {self.where}"


@dataclass(frozen=True, slots=True)
class Say:
    """A caption of the procedure."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """One key, as users write it: `enter`, `ctrl+s`, `x`."""

    key: str


@dataclass(frozen=True, slots=True)
class Type:
    """A text typed letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Expect:
    """The expectations of the screen."""

    wanted: Expectation


@dataclass(frozen=True, slots=True)
class ExpectRoute:
    """The expected route."""

    route: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The picture to take, under a name in the flow."""

    name: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause for the viewer, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class InKeap:
    """A change of a subscription in the flow's Keap, by another user there: its id and the fields."""

    change: Mapping[str, Any]


Action = Say | InKeap | Press | Type | Expect | ExpectRoute | Snapshot | Pause
"""One action of a step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One table of the file; its actions are done in this order, whatever the order in the file.

    A step without a caption belongs to the caption before it.
    """

    say: str = ""
    in_keap: Mapping[str, Any] = field(default_factory=dict)
    press: tuple[str, ...] = ()
    type: str = ""
    expect: tuple[Expectation, ...] = ()
    route: str = ""
    snapshot: str = ""
    pause: float = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of this step, in order."""
        actions: list[Action] = [Say(self.say)] if self.say else []
        actions += [InKeap(self.in_keap)] if self.in_keap else []
        actions += [Press(key) for key in self.press]
        actions += [Type(self.type)] if self.type else []
        actions += [Expect(wanted) for wanted in self.expect]
        actions += [ExpectRoute(self.route)] if self.route else []
        actions += [Snapshot(self.snapshot)] if self.snapshot else []
        actions += [Pause(self.pause)] if self.pause else []
        return tuple(actions)


@dataclass(frozen=True, slots=True)
class Section:
    """A caption with all its steps: one step of the procedure for a reader."""

    say: str
    first: int
    """The index of its first step in the flow."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole flow. `data` is None for the demo data, `at` None for the day of the data.

    `who` is the user signed in at the start, by role or e-mail; with the start `/sign-in` the steps sign in. With
    `keap` the data are connected to a mock of Keap that holds the same business.
    """

    name: str
    title: str
    purpose: str
    steps: tuple[Step, ...]
    who: str = "agent"
    at: date | None = None
    data: Path | None = None
    size: tuple[int, int] = (100, 30)
    start: str = "/"
    keap: bool = False
    file: Path | None = field(default=None, compare=False)

    @property
    def passages(self) -> tuple[Section, ...]:
        """The captions with their steps; steps before the first caption have an empty one."""
        starts = [at for at, step in enumerate(self.steps) if step.say or at == 0]
        return tuple(
            Section(self.steps[first].say, first, self.steps[first:end])
            for first, end in pairwise([*starts, len(self.steps)])
        )

    @property
    def seconds(self) -> float:
        """The duration for a viewer, in seconds."""
        return sum(seconds_of(action) for step in self.steps for action in step.actions) + LOOKING_SECONDS * len(
            self.passages
        )

    @property
    def keys(self) -> int:
        """The number of keys pressed, besides typed text."""
        return sum(len(step.press) for step in self.steps)


def seconds_of(action: Action) -> float:
    """The duration of an action for a viewer, in seconds."""
    match action:
        case Say(text):
            return 1 + READING_SECONDS * len(text)
        case Press():
            return KEY_SECONDS
        case Type(text):
            return LETTER_SECONDS * (len(text) - 1) + KEY_SECONDS
        case Pause(seconds):
            return seconds
    return 0


def minutes(seconds: float) -> str:
    """A duration in minutes and seconds: `0:48`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"

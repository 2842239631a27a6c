"""A flow: a procedure of the screens, step by step, and how long it takes to watch."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Literal

Area = Literal["screen", "top", "message", "keys", "focus", "panel"]
"""Where on the screen a text is looked for: anywhere, in the bar at the top, in the sentence above the keys, in the bar
of keys, in whatever has the focus, or in the panel that tells what Save will do."""

KEY_SECONDS = 0.9
"""How long a key is shown before the next thing happens."""
LETTER_SECONDS = 0.11
READING_SECONDS = 0.045
"""For each character of a caption, beside the second that the eye takes to find it."""
LOOKING_SECONDS = 1.2
"""How long the last picture of a step stands before the next caption."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A text that must be shown; line breaks and runs of blanks count as one blank."""

    text: str
    where: Area = "screen"

    def __str__(self) -> str:
        return f"“{self.text}”" if self.where == "screen" else f"“{self.text}” in the {self.where}"


@dataclass(frozen=True, slots=True)
class Say:
    """A caption: the words of the procedure."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """One key, as people write it: `enter`, `ctrl+s`, `x`."""

    key: str


@dataclass(frozen=True, slots=True)
class Type:
    """A text typed letter by letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be shown by now."""

    wanted: Expectation


@dataclass(frozen=True, slots=True)
class ExpectRoute:
    """The route one must be at by now."""

    route: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The picture taken here, under a name of the flow's own."""

    name: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Time to look, in seconds. Nothing happens."""

    seconds: float


Action = Say | Press | Type | Expect | ExpectRoute | Snapshot | Pause
"""One thing that happens."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one table of the file says; it is done in this order, whatever the order in the file.

    A step without a caption belongs to the caption before it.
    """

    say: str = ""
    press: tuple[str, ...] = ()
    type: str = ""
    expect: tuple[Expectation, ...] = ()
    route: str = ""
    snapshot: str = ""
    pause: float = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        """What happens in this step, in order."""
        actions: list[Action] = [Say(self.say)] if self.say else []
        actions += [Press(key) for key in self.press]
        actions += [Type(self.type)] if self.type else []
        actions += [Expect(wanted) for wanted in self.expect]
        actions += [ExpectRoute(self.route)] if self.route else []
        actions += [Snapshot(self.snapshot)] if self.snapshot else []
        actions += [Pause(self.pause)] if self.pause else []
        return tuple(actions)


@dataclass(frozen=True, slots=True)
class Section:
    """A caption with all that is done under it: what a reader takes for one step of the procedure."""

    say: str
    first: int
    """The index of its first step in the flow."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole flow. `data` is None for the demo data, `at` None for the day that the data stands on.

    `who` is signed in at the start: a role or an e-mail; with the start `/sign-in` nobody is, and the steps do it.
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
    file: Path | None = field(default=None, compare=False)

    @property
    def passages(self) -> tuple[Section, ...]:
        """The captions, each with its steps; what stands before the first caption has an empty one."""
        starts = [at for at, step in enumerate(self.steps) if step.say or at == 0]
        return tuple(
            Section(self.steps[first].say, first, self.steps[first:end])
            for first, end in pairwise([*starts, len(self.steps)])
        )

    @property
    def seconds(self) -> float:
        """How long it takes to watch, in seconds."""
        return sum(seconds_of(action) for step in self.steps for action in step.actions) + LOOKING_SECONDS * len(
            self.passages
        )

    @property
    def keys(self) -> int:
        """How many keys are pressed, besides typed text."""
        return sum(len(step.press) for step in self.steps)


def seconds_of(action: Action) -> float:
    """How long a beat lasts when it is watched."""
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
    """How long it takes to watch, as people say it: `0:48`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"

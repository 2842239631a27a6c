"""A flow played without a terminal and kept: what is shown at which moment, as plain data, the same every time.

Nothing is measured. A key takes as long as a viewer needs to see it, whatever the machine takes to act on it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from subtui.flows.bar import BAR_ROWS, Caption, draw_bar
from subtui.flows.copies import Copies
from subtui.flows.flow import (
    KEY_SECONDS,
    LETTER_SECONDS,
    LOOKING_SECONDS,
    Arrive,
    Beat,
    Expect,
    Flow,
    Passage,
    Pause,
    Press,
    Say,
    Snapshot,
    Type,
    seconds_of,
)
from subtui.flows.frames import Frame, frame_of
from subtui.flows.performing import launch_of, perform
from subtui.flows.stage import Stage, staged

KEY_FIRST = 0.4
"""So many seconds a key is shown before it has its effect."""
LAST_SECONDS = 2.5
"""How long the last picture stands."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` seconds on, `frame` is shown. `caption` is what is said from here on, empty where that stays."""

    at: float
    frame: Frame
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A caption, the keys pressed and the text typed under it in order, the screen at its end, and its pictures."""

    say: str
    done: tuple[Press | Type, ...]
    end: Frame
    shots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """All that was shown. Frames of the moments have the bar with the caption below the screen; shots have not."""

    flow: Flow
    theme: str
    moments: tuple[Moment, ...]
    seconds: float
    chapters: tuple[Chapter, ...]
    shots: dict[str, Frame]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of the moments' frames."""
        frame = self.moments[0].frame
        return frame.width, frame.height


@dataclass
class _Recorder:
    """Keeps what a camera would see, while the beats are done."""

    stage: Stage
    flow: Flow
    theme: str
    now: float = 0.0
    caption: Caption = field(default_factory=Caption)
    moments: list[Moment] = field(default_factory=list)
    shots: dict[str, Frame] = field(default_factory=dict)

    @property
    def screen(self) -> Frame:
        return frame_of(self.stage.app.strips(), self.flow.size[0])

    def look(self, caption: Caption, seconds: float = 0, *, said: str = "") -> None:
        """Show the screen as it is, below it this caption, for so long."""
        self.caption = caption
        width = self.flow.size[0]
        below = frame_of(draw_bar(caption, width, self.theme), width)
        frame = Frame(width, self.screen.lines + below.lines)
        if said or not self.moments or self.moments[-1].frame != frame:
            self.moments.append(Moment(round(self.now, 3), frame, said))
        self.now += seconds

    async def do(self, step: int, beat: Beat) -> None:
        """Do one beat, and keep how it looks."""
        before = self.caption
        quiet = Caption(before.text, place=before.place)
        match beat:
            case Say(text):
                self.look(Caption(text, place=before.place), seconds_of(beat), said=text)
            case Press(key):
                pressed = Caption(before.text, key=key, place=before.place)
                self.look(pressed, KEY_FIRST)
                await perform(self.stage, self.flow, step, beat)
                self.look(pressed, KEY_SECONDS - KEY_FIRST)
            case Type(text):
                for end in range(1, len(text) + 1):
                    await perform(self.stage, self.flow, step, Type(text[end - 1]))
                    self.look(Caption(before.text, typed=text[:end], place=before.place), LETTER_SECONDS)
                self.now += KEY_SECONDS
            case Expect() | Arrive():
                await perform(self.stage, self.flow, step, beat)
                self.look(before)
            case Snapshot(name):
                self.shots[name] = self.screen
            case Pause(seconds):
                self.look(quiet, seconds)


async def record(flow: Flow, copies: Copies, *, data: Path | None = None, theme: str = "dark") -> Recording:
    """Play a flow and keep it. Raises FlowFailed where it does not come out as written, and FileProblem."""
    async with staged(launch_of(flow, copies, data=data, theme=theme), flow.size) as stage:
        recorder = _Recorder(stage, flow, theme)
        chapters = []
        for number, passage in enumerate(flow.passages, 1):
            recorder.caption = Caption(place=f"{number} of {len(flow.passages)}")
            await _play(recorder, passage)
            chapters.append(_chapter(passage, recorder.screen))
            recorder.now += LOOKING_SECONDS
        seconds = round(recorder.now - LOOKING_SECONDS + LAST_SECONDS, 3)
    return Recording(flow, theme, tuple(recorder.moments), seconds, tuple(chapters), recorder.shots)


async def _play(recorder: _Recorder, passage: Passage) -> None:
    for step, each in enumerate(passage.steps, passage.first):
        for beat in each.beats:
            await recorder.do(step, beat)


def _chapter(passage: Passage, end: Frame) -> Chapter:
    beats = [beat for step in passage.steps for beat in step.beats]
    return Chapter(
        passage.say,
        tuple(beat for beat in beats if isinstance(beat, Press | Type)),
        end,
        tuple(beat.name for beat in beats if isinstance(beat, Snapshot)),
    )


__all__ = ["BAR_ROWS", "Chapter", "Moment", "Recording", "record"]

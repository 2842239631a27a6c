"""Records a flow played without a terminal: the frames and their times as plain data, the same every time.

Times are computed, not measured. A key lasts as long as a viewer needs to see it, however long its effect takes.
"""

from dataclasses import dataclass
from pathlib import Path

from subtui.app_config import AppConfig
from subtui.flows.bar import Caption, draw_bar
from subtui.flows.driver import Driver, driven
from subtui.flows.environment import at_nobodys_home
from subtui.flows.flow import Action, Flow, Press, Section, Snapshot, Type
from subtui.flows.frames import Frame, frame_of
from subtui.flows.player import LAST_SECONDS, Player
from subtui.flows.runner import config_of, perform, require_started
from subtui.flows.temp_db import Copies


@dataclass(frozen=True, slots=True)
class Moment:
    """The frame shown from `at` seconds on. `caption` is the new caption, empty where it stays."""

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
    """A recording. The frames of its moments include the caption bar below the screen; its shots do not."""

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


class _Recorder(Player):
    """Collects the frames."""

    def __init__(self, driver: Driver, flow: Flow, theme: str) -> None:
        super().__init__(flow)
        self._driver, self._theme = driver, theme
        self._said = ""
        self.now = 0.0
        self.moments: list[Moment] = []
        self.shots: dict[str, Frame] = {}

    @property
    def screen(self) -> Frame:
        """The frame of the program, without the bar."""
        return frame_of(self._driver.app.strips(), self.flow.size[0])

    async def show(self, caption: Caption, seconds: float = 0) -> None:
        """Add a moment if the frame has changed, and advance the time."""
        width = self.flow.size[0]
        below = frame_of(draw_bar(caption, width, self._theme), width)
        frame = Frame(width, self.screen.lines + below.lines)
        if self._said or not self.moments or self.moments[-1].frame != frame:
            self.moments.append(Moment(round(self.now, 3), frame, self._said))
        self._said = ""
        self.now += seconds

    async def perform(self, step: int, action: Action) -> None:
        """Do an action; its real duration is not recorded."""
        await perform(self._driver, self.flow, step, action)

    def said(self, text: str) -> None:
        """Begin a chapter with the next moment."""
        self._said = text

    def shot(self, name: str) -> None:
        """Add the screen as a shot under a name."""
        self.shots[name] = self.screen


async def record(flow: Flow, copies: Copies, *, data: Path | None = None, theme: str = "dark") -> Recording:
    """Play a flow and record it. Raises FlowFailed where an expectation fails, and FileProblem."""
    with at_nobodys_home():
        return await _record(flow, config_of(flow, copies, data=data, theme=theme), theme)


async def _record(flow: Flow, app_config: AppConfig, theme: str) -> Recording:
    async with driven(app_config, flow.size) as driver:
        require_started(driver, flow)
        recorder = _Recorder(driver, flow, theme)
        chapters = []
        for number, passage in enumerate(flow.passages, 1):
            await recorder.play(number, passage)
            chapters.append(_chapter(passage, recorder.screen))
        seconds = round(recorder.now + LAST_SECONDS, 3)
    return Recording(flow, theme, tuple(recorder.moments), seconds, tuple(chapters), recorder.shots)


def _chapter(passage: Section, end: Frame) -> Chapter:
    actions = [action for step in passage.steps for action in step.actions]
    return Chapter(
        passage.say,
        tuple(action for action in actions if isinstance(action, Press | Type)),
        end,
        tuple(action.name for action in actions if isinstance(action, Snapshot)),
    )

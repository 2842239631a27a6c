"""Does what a flow says, on a stage, and says where it did not come out as written."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from subtui.app_config import AppConfig
from subtui.domain.errors import Refused, SubtuiError, WrongInput
from subtui.flows.driver import Driver, config_on
from subtui.flows.flow import Action, Expect, ExpectRoute, Flow, Press, Type
from subtui.flows.temp_db import Copies

PATIENCE = 10.0
"""Seconds in which what is expected must have come."""
_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was expected and did not come: where, what, and the screen as it was."""

    flow: str
    step: int
    """Counted from 1, as the tables in the file."""
    say: str
    """The caption that it stands under."""
    sentence: str
    screen: str
    not_on_record: bool = False
    """Whether the flow is not whole: a picture has nothing to be compared with. Otherwise the program is another."""
    over: bool = False
    """Whether the program has been left or has failed; its screen is the last one that there was."""


class FlowFailed(Refused):
    """A flow did not come out as it is written."""

    def __init__(self, missed: Failure) -> None:
        super().__init__(f"{missed.flow}, step {missed.step}: {missed.sentence}")
        self.missed = missed


def config_of(flow: Flow, copies: Copies, *, data: Path | None = None, theme: str = "dark") -> AppConfig:
    """How a flow is started, on a copy of its own; `data` stands for the flow's data. Raises FileProblem."""
    return config_on(
        copies.fresh(data or flow.data, day=flow.at),
        start=flow.start,
        who=None if flow.start == "/sign-in" else flow.who,
        at=flow.at,
        theme=theme,
    )


def require_started(driver: Driver, flow: Flow) -> None:
    """Raises SubtuiError where the program did not start, and WrongInput where its data has nobody that the flow names.

    The keys of a flow are for whoever it names: on the screen to sign in they would do something else.
    """
    if driver.app.failure:
        raise SubtuiError(f"{flow.name}: {driver.app.failure}")
    try:
        driver.require_signed_in()
    except WrongInput as error:
        raise WrongInput(f"{flow.name}: {error}") from None


_EDGES = str.maketrans("│▏▕", "   ")
"""What stands at the edges of a panel and of a field."""


def collapse_whitespace(text: str) -> str:
    """The words of a screen, wherever its lines break."""
    return " ".join(text.translate(_EDGES).split())


async def perform(driver: Driver, flow: Flow, step: int, action: Action, *, patience: float | None = None) -> None:
    """Do one beat of the step with this index. What only concerns who watches is nothing here. Raises FlowFailed."""
    match action:
        case Press(key):
            await driver.press(key)
        case Type(text):
            await driver.type(text)
        case Expect() | ExpectRoute():
            sentence = await _missing(driver, action, PATIENCE if patience is None else patience)
            if sentence:
                raise FlowFailed(missed(driver, flow, step, sentence))
    if driver.over:
        raise FlowFailed(missed(driver, flow, step, driver.app.failure or "the program was closed."))


def missed(driver: Driver, flow: Flow, step: int, sentence: str, *, not_on_record: bool = False) -> Failure:
    """What did not come at the step with this index, with the screen as it is."""
    caption = next((each.say for each in reversed(flow.passages) if each.first <= step), "")
    return Failure(flow.name, step + 1, caption, sentence, driver.text, not_on_record, driver.over)


async def _missing(driver: Driver, action: Expect | ExpectRoute, patience: float) -> str:
    """What is not there after so many seconds, in a sentence; empty once it is."""
    until = monotonic() + patience
    while True:
        sentence = _not_there(driver, action)
        if not sentence or monotonic() >= until:
            return sentence
        await asyncio.sleep(_LOOK_AGAIN)


def _not_there(driver: Driver, action: Expect | ExpectRoute) -> str:
    match action:
        case ExpectRoute(route):
            return "" if driver.route == route else f"the route should be {route}, but is {driver.route}."
        case Expect(wanted):
            shown = collapse_whitespace(driver.text_in(wanted.where))
            if collapse_whitespace(wanted.text) in shown:
                return ""
            instead = f" It shows: “{shown[:200]}”." if wanted.where != "screen" else ""
            return f"{wanted} is not shown.{instead}"

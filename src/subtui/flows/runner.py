"""Runs the actions of a flow on a driver, and reports failed expectations."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from subtui.app_config import AppConfig
from subtui.domain.errors import Refused, SubtuiError, WrongInput
from subtui.flows.driver import Driver, config_on
from subtui.flows.flow import Action, Expect, ExpectRoute, Flow, InKeap, Press, Type
from subtui.flows.temp_db import Copies

PATIENCE = 10.0
"""The seconds within which an expectation must be met."""
_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed expectation: its step, the sentence, and the screen at that moment."""

    flow: str
    step: int
    """Counted from 1, as the tables in the file."""
    say: str
    """The caption of the step."""
    sentence: str
    screen: str
    not_on_record: bool = False
    """Whether a picture has no stored one to compare with, so that the flow is incomplete."""
    over: bool = False
    """Whether the program was left or has failed; the screen is then its last one."""


class FlowFailed(Refused):
    """An expectation of a flow failed."""

    def __init__(self, missed: Failure) -> None:
        super().__init__(f"{missed.flow}, step {missed.step}: {missed.sentence}")
        self.missed = missed


def config_of(flow: Flow, copies: Copies, *, data: Path | None = None, theme: str = "dark") -> AppConfig:
    """The configuration of a flow, on its own copy of the data; `data` replaces the flow's. Raises FileProblem."""
    database = copies.fresh(data or flow.data, day=flow.at)
    return config_on(
        database,
        start=flow.start,
        who=None if flow.start == "/sign-in" else flow.who,
        at=flow.at,
        theme=theme,
        open_calls=copies.keaps.serve(database, flow.at) if flow.keap else None,
    )


def require_started(driver: Driver, flow: Flow) -> None:
    """Raise SubtuiError where the program did not start, and WrongInput where the flow's user is not in the data.

    On the sign-in screen the keys of the flow would have other effects.
    """
    if driver.app.failure:
        raise SubtuiError(f"{flow.name}: {driver.app.failure}")
    try:
        driver.require_signed_in()
    except WrongInput as error:
        raise WrongInput(f"{flow.name}: {error}") from None


_EDGES = str.maketrans("│▏▕", "   ")
"""The signs at the edges of a panel and of a field."""


def collapse_whitespace(text: str) -> str:
    """The words of a screen, independent of its line breaks."""
    return " ".join(text.translate(_EDGES).split())


async def perform(driver: Driver, flow: Flow, step: int, action: Action, *, patience: float | None = None) -> None:
    """Do one action of the step with this index. Actions for the viewer only are ignored. Raises FlowFailed."""
    match action:
        case Press(key):
            await driver.press(key)
        case Type(text):
            await driver.type(text)
        case InKeap(change):
            line: Any = driver.app.app_config.open_calls
            line.change(change)
        case Expect() | ExpectRoute():
            sentence = await _missing(driver, action, PATIENCE if patience is None else patience)
            if sentence:
                raise FlowFailed(missed(driver, flow, step, sentence))
    if driver.over:
        raise FlowFailed(missed(driver, flow, step, driver.app.failure or "the program was closed."))


def missed(driver: Driver, flow: Flow, step: int, sentence: str, *, not_on_record: bool = False) -> Failure:
    """The failure at the step with this index, with the current screen."""
    caption = next((each.say for each in reversed(flow.passages) if each.first <= step), "")
    return Failure(flow.name, step + 1, caption, sentence, driver.text, not_on_record, driver.over)


async def _missing(driver: Driver, action: Expect | ExpectRoute, patience: float) -> str:
    """Wait for an expectation; the sentence of its failure after a number of seconds, or empty."""
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

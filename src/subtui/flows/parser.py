"""Reads a flow file: strict TOML. Errors name the file, the step and the field."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct, field

from subtui.app.commands.keys import why_not_a_key
from subtui.app.routes import parse
from subtui.app_config import LEAST_HEIGHT, LEAST_WIDTH
from subtui.domain.errors import FileProblem, WrongInput
from subtui.flows.flow import Area, Expectation, Flow, Step

T = TypeVar("T")

LARGEST_FILE = 1_000_000
LARGEST_SIZE = (300, 120)
LONGEST_PAUSE = 60
MOST_STEPS = 1_000
LONGEST_TITLE = 120
LONGEST_LINE = 400
"""The most characters of a caption, and of the keys and the text of one step."""
LONGEST_EXPECTED = 500
DEMO = "demo"

_NAME = "^[a-z0-9][a-z0-9_-]{0,59}$"
_SIZE = re.compile("([0-9]{1,4})x([0-9]{1,4})")


class WrittenExpectation(Struct, forbid_unknown_fields=True, kw_only=True):
    """`expect = { text = "Saved.", where = "message" }`."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_EXPECTED)]
    where: Area = "screen"


Wanted = str | WrittenExpectation


class WrittenStep(Struct, forbid_unknown_fields=True, kw_only=True):
    """One table `[[step]]`."""

    say: Annotated[str, Meta(max_length=LONGEST_LINE)] = ""
    in_keap: dict[str, str | int | float | bool] = {}
    press: Annotated[str, Meta(max_length=LONGEST_LINE)] = ""
    type: Annotated[str, Meta(max_length=LONGEST_LINE)] = ""
    expect: Wanted | list[Wanted] = ""
    route: str = ""
    snapshot: Annotated[str, Meta(pattern=_NAME)] | None = None
    pause: Annotated[float, Meta(ge=0, le=LONGEST_PAUSE)] = 0


class WrittenFlow(Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
    purpose: Annotated[str, Meta(max_length=600)] = ""
    who: str = field(default="agent", name="as")
    at: date | None = None
    data: str = DEMO
    size: str = "100x30"
    start: str = "/"
    keap: bool = False
    step: Annotated[list[WrittenStep], Meta(min_length=1, max_length=MOST_STEPS)]


def read_flow(file: Path) -> Flow:
    """The flow in a file. Raises FileProblem, naming the file, the step and the field."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise FileProblem(f"{file} is too large for a flow: the limit is {LARGEST_FILE // 1000:,} kB.")
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise FileProblem(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileProblem(f"{file} is not UTF-8 text.") from error
    return flow_of(text, file)


def flow_of(text: str, file: Path) -> Flow:
    """Read a flow from `text`; `file` gives its name, and the folder of its data. Raises FileProblem."""
    try:
        written = msgspec.convert(tomllib.loads(text), WrittenFlow)
    except tomllib.TOMLDecodeError as error:
        raise FileProblem(f"{file} is not TOML: {error}.") from error
    except RecursionError as error:
        raise FileProblem(f"{file} is not a flow: it is nested too deeply.") from error
    except msgspec.ValidationError as error:
        raise FileProblem(f"{file}, {_place(str(error))}") from error
    try:
        return _checked(written, file)
    except WrongInput as error:
        raise FileProblem(f"{file}, {error}") from error


def _place(message: str) -> str:
    """The decoder's sentence with its path in words: `$.step[3].press` is step 4, press."""
    said, _, path = message.partition(" - at `")
    path = path.rstrip("`")
    said = re.sub(r"`([^`]*)`", r"“\1”", said.rstrip("."))
    if said.startswith("Invalid enum value"):
        said += f"; it is one of {', '.join(get_args(Area))}"
    found = re.match(r"\$\.step\[(\d+)\]\.?([a-z]*)", path)
    if found:
        where = f"step {int(found[1]) + 1}" + (f", {found[2]}" if found[2] else "")
    else:
        where = path.removeprefix("$.").removeprefix("$") or "the file as a whole"
    return f"{where}: {said[:1].lower()}{said[1:]}."


def _checked(written: WrittenFlow, file: Path) -> Flow:
    data = None if written.data == DEMO else (file.parent / written.data)
    if data is not None and not data.exists():
        raise WrongInput(f"data: there is no file {data}.")
    return Flow(
        name=file.stem,
        title=written.title.strip(),
        purpose=" ".join(written.purpose.split()),
        who=written.who,
        at=written.at,
        data=data,
        size=_named("size", partial(read_size, written.size)),
        start=_named("start", lambda: parse(written.start).link),
        keap=written.keap,
        steps=_steps(written),
        file=file,
    )


def _named(place: str, read: Callable[[], T]) -> T:
    """Call `read`, and add the place to its error. Raises WrongInput."""
    try:
        return read()
    except WrongInput as error:
        raise WrongInput(f"{place}: {error}") from None


def _address(text: str) -> str:
    return str(parse(text))


def read_size(text: str) -> tuple[int, int]:
    """Read the columns and rows of a terminal from `80x24`. Raises WrongInput."""
    found = _SIZE.fullmatch(text.strip().lower().replace("×", "x"))
    if found is None:
        raise WrongInput(f"“{text[:20]}” is not a terminal size. Write columns and rows, such as 80x24.")
    width, height = int(found[1]), int(found[2])
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise WrongInput(f"{width}x{height} is too small: the minimum is {LEAST_WIDTH}x{LEAST_HEIGHT}.")
    if width > LARGEST_SIZE[0] or height > LARGEST_SIZE[1]:
        raise WrongInput(f"{width}x{height} is too large: the maximum is {LARGEST_SIZE[0]}x{LARGEST_SIZE[1]}.")
    return width, height


def read_keys(text: str) -> tuple[str, ...]:
    """Read keys separated by blanks: `tab tab space`. Raises WrongInput for an unknown key."""
    keys = tuple(text.split())
    for key in keys:
        reason = why_not_a_key(key)
        if reason and not (len(key) == 1 and key.isprintable()):
            raise WrongInput(f"{reason}.")
    return keys


def _steps(flow: WrittenFlow) -> tuple[Step, ...]:
    steps: list[Step] = []
    taken: dict[str, int] = {}
    for number, each in enumerate(flow.step, 1):
        wanted = each.expect if isinstance(each.expect, list) else [each.expect]
        step = Step(
            say=" ".join(each.say.split()),
            in_keap=each.in_keap,
            press=_named(f"step {number}, press", partial(read_keys, each.press)),
            type=each.type,
            expect=tuple(_expectation(one) for one in wanted if one),
            route=_named(f"step {number}, route", partial(_address, each.route)) if each.route else "",
            snapshot=each.snapshot or "",
            pause=each.pause,
        )
        if not step.actions:
            raise WrongInput(f"step {number}: it is empty. Add say, press, type, expect, route or snapshot.")
        if step.in_keap and not (flow.keap and "subscription" in step.in_keap):
            raise WrongInput(f"step {number}, in_keap: takes “keap = true” in the flow, and the id of a subscription.")
        if not step.type.isprintable():
            raise WrongInput(f"step {number}, type: takes text only; put keys such as enter in press.")
        if step.snapshot:
            if step.snapshot in taken:
                raise WrongInput(
                    f"step {number}, snapshot: “{step.snapshot}” is already used in step {taken[step.snapshot]}."
                )
            taken[step.snapshot] = number
        steps.append(step)
    return tuple(steps)


def _expectation(written: Wanted) -> Expectation:
    return Expectation(written) if isinstance(written, str) else Expectation(written.text, written.where)

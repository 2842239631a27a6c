"""Filters of a list: what may be filtered by, how the text of a filter is read, and which rows it lets through."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from subtui.keap_mock.errors import ApiError
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.values import Row, instant, number, values_at

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_CONDITION = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(==|!=|<=|>=|<|>)(.*)", re.DOTALL)
_STRICT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class How(StrEnum):
    """How the value of a filter is compared with the field."""

    TEXT = "text"
    """Equal without regard to case; `*` at the end stands for any rest."""
    NUMBER = "number"
    FLAG = "flag"
    MANY = "many"
    """One of several, joined by commas."""
    SINCE = "since"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Filter:
    """One name that a list may be filtered by. `path` leads to the field, through lists; `read` replaces it."""

    path: str
    how: How = How.TEXT
    compared: bool = False
    """Whether other operators than == are allowed."""
    read: Callable[[Row], list[Any]] | None = None

    def values(self, row: Row) -> list[Any]:
        """The values of the row that count."""
        return self.read(row) if self.read else values_at(row, tuple(self.path.split(".")))


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a filter, ready to be asked. `bound` is the number or the instant that is compared with."""

    name: str
    filter: Filter
    sign: str
    text: str
    bound: float = 0.0

    @property
    def many(self) -> list[str]:
        """The values of a list in a filter."""
        return [each.strip() for each in self.text.split(",") if each.strip()]

    def lets_through(self, row: Row) -> bool:
        """Whether the row fulfils this condition."""
        values = self.filter.values(row)
        compare = _OPERATORS[self.sign]
        match self.filter.how:
            case How.NUMBER:
                found = [number(value) for value in values]
                if not found:
                    return self.sign == "!="
                return any(compare(each, self.bound) for each in found if each is not None)
            case How.SINCE | How.UNTIL:
                moments = [instant(value) for value in values]
                since = self.filter.how is How.SINCE
                return any(each >= self.bound if since else each <= self.bound for each in moments if each is not None)
            case How.FLAG:
                return (any(value is True for value in values)) == (self.text.casefold() == "true")
            case How.MANY:
                wanted = set(self.many)
                return any(str(value) in wanted for value in values)
        return any(_same_text(str(value), self.text) for value in values) == (self.sign == "==")


def _same_text(value: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return value.casefold().startswith(wanted[:-1].casefold())
    return value.casefold() == wanted.casefold()


def conditions_of(text: str, known: Mapping[str, Filter], switches: Switches) -> list[Condition]:
    """Read a filter, which may end with a semicolon. ApiError 400: it cannot be read, or names what is unknown."""
    found = []
    for part in text.split(";"):
        if not part.strip():
            continue
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise ApiError(400, f"The filter cannot be read: {part.strip()}")
        name, sign, value = match[1], match[2], match[3].strip()
        if name in switches.ignored_filters:
            continue
        if name not in known:
            if switches.unknown_filter == "ignore":
                continue
            raise ApiError(400, f"{name} is not a field that can be filtered by", resource="filter")
        found.append(_condition(name, known[name], sign, value, switches))
    return found


def _condition(name: str, a_filter: Filter, sign: str, value: str, switches: Switches) -> Condition:
    if sign != "==" and not a_filter.compared:
        raise ApiError(400, f"{name} cannot be compared by {sign}", resource="filter")
    bound = 0.0
    if a_filter.how is How.NUMBER:
        read = number(value)
        if read is None:
            raise ApiError(400, f"{name} needs a number, not {value!r}", resource="filter")
        bound = read
    elif a_filter.how in {How.SINCE, How.UNTIL}:
        moment = instant(value)
        if moment is None or (switches.strict_times and not _STRICT_TIME.fullmatch(value)):
            raise ApiError(
                400, f"{name} needs a time such as 2025-04-16T20:33:02.321Z, not {value!r}", resource="filter"
            )
        bound = moment
    elif a_filter.how is How.FLAG and value.casefold() not in {"true", "false"}:
        raise ApiError(400, f"{name} is true or false, not {value!r}", resource="filter")
    return Condition(name, a_filter, sign, value, bound)

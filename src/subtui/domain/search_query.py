"""Parses a search with operators: `lopez status:inactive ends:<30d -tag:members plan:Gold_yearly`.

An operator is a known name, a colon and a value; several values are separated by commas, and any of them matches. An
underscore stands for a space; a value in quotes has spaces itself. A minus sign before an operator reverses it. All
other words are free text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.normalization import normalize
from subtui.domain.search_values import AmountRange, DayRange, amount_range, day_range


class Operator(StrEnum):
    """The name of an operator, as it is typed."""

    STATUS = "status"
    PLAN = "plan"
    PRODUCT = "product"
    ENDS = "ends"
    BILLS = "bills"
    REASON = "reason"
    BY = "by"
    TAG = "tag"
    CITY = "city"
    OWES = "owes"
    CARD = "card"


OF_CONTACTS = frozenset({Operator.TAG, Operator.CITY, Operator.OWES, Operator.CARD})
"""The operators about a contact; the others are about a subscription."""

STATUSES = ("active", "paused", "ending", "inactive", "loose")
"""The values of `status`."""

NONE = "none"
"""The value of `ends`, `bills` and `reason` for a subscription that has none."""

HELP: dict[Operator, str] = {
    Operator.STATUS: f"the status: {', '.join(STATUSES)}",
    Operator.PLAN: "words of the plan",
    Operator.PRODUCT: "words of the product",
    Operator.ENDS: "the end date: 2026-12-31, 2026-12, <30d, >2026-12-31, none",
    Operator.BILLS: "the next bill: today, <7d, 2026-12, none",
    Operator.REASON: "the reason of the cancellation, or none",
    Operator.BY: "the user who recorded the cancellation",
    Operator.TAG: "a tag of the contact",
    Operator.CITY: "the city of the contact",
    Operator.OWES: "what the contact owes: >0, >=100, 50..200",
    Operator.CARD: "the last four digits of a card of the contact",
}
"""What each operator takes, for completion and help."""

_PARTS = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_OPERATOR = re.compile(r"(?P<minus>-?)(?P<name>[A-Za-z]+):(?P<value>.*)", re.DOTALL)
_VALUES = re.compile(r'(?:"[^"]*"?|[^,"])+')
_NAMED = {operator.value: operator for operator in Operator}
_BREAKS = re.compile(r'[\s,"_]+')
_DATED = frozenset({Operator.ENDS, Operator.BILLS})

Value = str | DayRange | AmountRange


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator with its values; any of them matches, and none of them where it is `negated`.

    The values are folded texts, or ranges of days or of amounts; the text `none` of an operator that takes days means
    that there is no day.
    """

    operator: Operator
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed search: its free words, its conditions, and what is wrong with a value, in a sentence."""

    words: str
    conditions: tuple[Condition, ...] = ()
    problem: str = ""

    @property
    def of_subscriptions(self) -> bool:
        """Whether a condition is about subscriptions: then they are what is listed."""
        return any(condition.operator not in OF_CONTACTS for condition in self.conditions)


def parts_of(typed: str) -> list[str]:
    """The words of a search as they were typed, a quoted value in one piece."""
    return _PARTS.findall(typed)


def operator_of(part: str) -> tuple[Operator, str] | None:
    """The operator of a typed word with its unparsed value; None for free text."""
    found = _OPERATOR.fullmatch(part)
    operator = _NAMED.get(found["name"].lower()) if found else None
    return (operator, found["value"]) if found and operator else None


def parse(typed: str, *, today: date) -> SearchQuery:
    """Parse a search. An operator without a value yet is left out; a value that cannot be read gives the problem."""
    words: list[str] = []
    conditions: list[Condition] = []
    problem = ""
    for part in parts_of(typed.replace("\0", " ")):
        known = operator_of(part)
        if known is None:
            words.append(part.replace('"', " "))
            continue
        operator, written = known
        texts = [value for value in map(_bare, _VALUES.findall(written)) if value]
        if not texts:
            continue
        try:
            values = tuple(_value(operator, text, today) for text in texts)
        except ValueError as error:
            problem = problem or str(error)
        else:
            conditions.append(Condition(operator, values, negated=part.startswith("-")))
    return SearchQuery(" ".join(" ".join(words).split()), tuple(conditions), problem)


def _bare(value: str) -> str:
    return " ".join(value.replace('"', " ").split())


def _value(operator: Operator, text: str, today: date) -> Value:
    """The value of an operator. Raises ValueError, worded for the user."""
    value = folded(text)
    if operator in _DATED:
        return NONE if value == NONE else day_range(text, operator.value, today=today)
    if operator is Operator.OWES:
        return amount_range(text, operator.value)
    if operator is Operator.STATUS:
        matching = [status for status in STATUSES if status.startswith(value)]
        if not matching:
            raise ValueError(f"status: is one of {', '.join(STATUSES)}.")
        return matching[0]
    if operator is Operator.CARD and not (value.isascii() and value.isdigit() and len(value) == 4):
        raise ValueError("card: takes the last four digits, as in card:4242.")
    return value


def begun(typed: str) -> tuple[str, Operator | None]:
    """A search without a last operator that has no value yet, and that operator."""
    parts = parts_of(typed)
    known = operator_of(parts[-1]) if parts else None
    if known is None or _bare(known[1]):
        return typed, None
    return typed[: typed.rindex(parts[-1])].rstrip(), known[0]


def folded(text: str) -> str:
    """A value as it is compared: without case and accents, single spaces in place of commas, quotes and underscores."""
    return " ".join(_BREAKS.sub(" ", normalize(text)).split())


def written(operator: Operator, value: str) -> str:
    """An operator with a value as it is typed, in one word: `plan:Gold_yearly`."""
    return f"{operator.value}:{_BREAKS.sub('_', value.strip()).strip('_')}"


def joined(text: str, *, state: str = "all", product: str = "", ends_by: date | None = None) -> str:
    """A search that holds what the fields of a list filter by, each as an operator."""
    parts = (
        text.strip(),
        "" if state == "all" else f"{Operator.STATUS.value}:{state}",
        written(Operator.PRODUCT, product) if product else "",
        f"{Operator.ENDS.value}:<={ends_by.isoformat()}" if ends_by else "",
    )
    return " ".join(part for part in parts if part)


def completions(typed: str, values: Mapping[Operator, Sequence[str]]) -> tuple[str, ...]:
    """The ways in which the last word of a search can go on, each as the whole text, the likeliest first.

    `values` holds the known values of operators other than `status`.
    """
    parts = parts_of(typed)
    if not parts or (typed != typed.rstrip() and not _is_open(parts[-1])):
        return ()
    last, minus = parts[-1], "-" if parts[-1].startswith("-") else ""
    before = typed[: typed.rstrip().rfind(last)]
    known = operator_of(last)
    if known is None:
        begun = last.removeprefix("-").lower()
        names = [f"{operator.value}:" for operator in Operator if begun and operator.value.startswith(begun)]
        return tuple(f"{before}{minus}{name}" for name in names)
    operator, value = known
    earlier, _, begun = value.rpartition(",")
    offered = values.get(operator, STATUSES if operator is Operator.STATUS else ())
    start = folded(begun)
    fitting = [each for each in offered if folded(each).startswith(start) and folded(each) != start]
    kept = f"{earlier}," if earlier else ""
    return tuple(
        f"{before}{minus}{operator.value}:{kept}{written(operator, each).partition(':')[2]}" for each in fitting
    )


def _is_open(part: str) -> bool:
    return part.count('"') % 2 == 1

"""Which rows a list shows in which order: filtered, sorted, and from a place on."""

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

from subtui.keap_mock.filters import Condition, How
from subtui.keap_mock.tables import Table
from subtui.keap_mock.values import Row, instant, number, row_number, values_at

Key = tuple[float, str]
Place = tuple[Key, int]
"""Where a row stands in an order: the value sorted by, then its number."""
Placed = tuple[Place, Row]

_TIMES = ("_time", "_date", "_at")


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: a path, or the number of the row."""

    path: str = ""
    descending: bool = False

    def place(self, at: int, row: Row) -> Place:
        """Where this row stands. A row without the field stands first."""
        if not self.path:
            return (0.0, ""), at
        values = values_at(row, tuple(self.path.split(".")))
        return (_key(values[0], self.path) if values else (float("-inf"), "")), at


def _key(value: Any, path: str) -> Key:
    if path.endswith(_TIMES):
        moment = instant(value)
        return (moment if moment is not None else float("-inf")), ""
    read = None if isinstance(value, bool) else number(value)
    return (read, "") if read is not None else (0.0, str(value).casefold())


def select(
    table: Table, conditions: Sequence[Condition], order: Order, *, after: Place | None, offset: int, count: int
) -> list[Placed]:
    """At most `count` rows that fulfil all conditions, behind a place of the order or behind `offset` rows."""
    fitting = (
        each for each in _placed(table, conditions, order, after) if all(c.lets_through(each[1]) for c in conditions)
    )
    return list(islice(fitting, offset, offset + count))


def _placed(table: Table, conditions: Sequence[Condition], order: Order, after: Place | None) -> Iterator[Placed]:
    few = _few(table, conditions)
    if few is not None:
        return iter(_sorted(few, order, after))
    if order.path and order.path not in table.made.growing:
        return iter(_sorted(table.rows(), order, after))
    own = _sorted(table.own_rows(), order, after)
    if not table.made.last:
        return iter(own)
    return heapq.merge(_computed(table, conditions, order, after), own, key=itemgetter(0), reverse=order.descending)


def _sorted(rows: Iterable[tuple[int, Row]], order: Order, after: Place | None) -> list[Placed]:
    placed = [(order.place(at, row), row) for at, row in rows]
    if after is not None:
        placed = [each for each in placed if (each[0] < after if order.descending else each[0] > after)]
    return sorted(placed, key=itemgetter(0), reverse=order.descending)


def _few(table: Table, conditions: Sequence[Condition]) -> list[tuple[int, Row]] | None:
    """The only rows that a condition leaves, where they are known without looking at all; else None."""
    for condition in conditions:
        if condition.sign != "==":
            continue
        path = condition.filter.path
        wanted = condition.many if condition.filter.how is How.MANY else [condition.text]
        numbers = [at for text in wanted if (at := row_number(text)) is not None]
        if path == table.id_field:
            rows = ((at, table.get(at)) for at in dict.fromkeys(numbers))
            return [(at, row) for at, row in rows if row is not None]
        if table.made.last and len(numbers) == len(wanted) and table.made.related(path, 0) is not None:
            return list({at: (at, row) for each in numbers for at, row in table.related(path, each)}.values())
    return None


def _computed(table: Table, conditions: Sequence[Condition], order: Order, after: Place | None) -> Iterator[Placed]:
    """The computed rows in order; those that the conditions and the place surely leave out are not computed."""
    low, high = 1, table.made.last
    for condition in conditions:
        path, bound = condition.filter.path, condition.bound
        if condition.filter.how is How.NUMBER and path == table.id_field:
            if condition.sign in {">", ">="}:
                low = max(low, int(bound))
            elif condition.sign in {"<", "<="}:
                high = min(high, int(bound))
        elif path in table.made.growing and condition.filter.how is How.SINCE:
            low = max(low, _first(table, path, ((bound, ""), 0)))
        elif path in table.made.growing and condition.filter.how is How.UNTIL:
            high = min(high, _first(table, path, ((bound, ""), table.made.last + 1)))
    if after is not None:
        edge = _first(table, order.path, after) if order.path else after[1]
        low, high = (low, min(high, edge)) if order.descending else (max(low, edge), high)
    numbers = range(high, low - 1, -1) if order.descending else range(low, high + 1)
    for at in numbers:
        if at in table.own:
            continue
        row = table.made.row(at)
        if row is None:
            continue
        place = order.place(at, row)
        if after is None or (place < after if order.descending else place > after):
            yield place, row


def _first(table: Table, path: str, wanted: Place) -> int:
    """The first number whose computed row stands at or behind this place in the order by a growing field."""
    order = Order(path)

    def place(at: int) -> Place:
        # A gap stands where the next row stands.
        for there in range(at, table.made.last + 1):
            if (row := table.made.row(there)) is not None:
                return order.place(there, row)
        return (float("inf"), ""), at

    return 1 + bisect_left(range(1, table.made.last + 1), wanted, key=place)

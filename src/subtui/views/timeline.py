"""The views of a customer's timeline: frozen, and raw data."""

from dataclasses import KW_ONLY, dataclass
from datetime import date

from subtui.domain.money import Money
from subtui.domain.timeline import LineKind, Position
from subtui.views.customers import EventView


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A fact about a customer. `day` is set where only the day is known; else it happened at `position.at`.

    `title` names it: the order's title, the subject of a letter, the title of a log entry. `about` names the record
    that `route` opens; without a route there is none. `event` is the log entry that it is, or that was written with it.
    """

    position: Position
    kind: LineKind
    _: KW_ONLY
    title: str = ""
    about: str = ""
    route: str = ""
    day: date | None = None
    paid_on: date | None = None
    amount: Money | None = None
    due: Money | None = None
    who: str = ""
    method: str = ""
    state: str = ""
    reason: str = ""
    reference: str = ""
    text: str = ""
    event: EventView | None = None

    @property
    def key(self) -> int:
        """A number of its own among all lines."""
        return self.position.id * 8 + self.position.source

    @property
    def failed(self) -> bool:
        """Whether it is money that did not move."""
        return self.state == "failed"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest lines that pass the filter, or those behind a position; `after` is where the next ones begin."""

    contact_id: int
    contact: str
    lines: tuple[TimelineLine, ...]
    after: Position | None = None

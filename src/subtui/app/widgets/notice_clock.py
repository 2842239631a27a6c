"""The notice clock: the days until the next invoice, drawn to scale, with today and the last safe day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from textual.content import Content

from subtui.app.content import cells, concat, safe
from subtui.app.widgets.wrapped_text import WrappedText

SAFE, NOTICE, TODAY, INVOICE = "━", "╌", "●", "┃"
DAYS_BEFORE = 4
LEAST_WIDTH, MOST_WIDTH = 30, 72


@dataclass(frozen=True, slots=True)
class Days:
    """The three days of the notice clock."""

    today: date
    last_safe: date
    invoice: date


class NoticeClock(WrappedText):
    """Safe days are a thick line and days of notice a broken one, so that it is readable without colour."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._days: Days | None = None
        self._day: Callable[[date | None], str] = str

    def show(self, days: Days | None, day: Callable[[date | None], str]) -> None:
        """Show these days; None clears it."""
        self._days, self._day = days, day
        self.changed()

    def wrapped(self, width: int) -> Content:
        """Draw the days to the scale of the width; nothing where it is too small."""
        days = self._days
        if days is None or width < LEAST_WIDTH:
            return Content("")
        width = min(width, MOST_WIDTH)
        first = min(days.today, days.last_safe - timedelta(days=DAYS_BEFORE))
        whole = max((days.invoice - first).days, 1)

        def at(day: date) -> int:
            return round((day - first).days * (width - 1) / whole)

        now, safe_end, end = at(days.today), at(days.last_safe), at(days.invoice)
        parts = [safe(_sign(place, now, safe_end, end), _style(place, now, safe_end, end)) for place in range(width)]
        return Content("\n").join((self._above(days, safe_end, width), concat(*parts), self._below(days, now)))

    def _above(self, days: Days, safe_end: int, width: int) -> Content:
        """The labels: the last safe day above its mark, the invoice at the right end."""
        invoice = f"invoice {self._day(days.invoice)}"
        room = width - cells(invoice) - 1
        day = self._day(days.last_safe)
        # The sign is above its mark, the words on the side with enough room.
        ways = [(words, safe_end + 1 - cells(words)) for words in (f"last safe day {day} ▾", f"{day} ▾")]
        ways[1:1] = [(f"▾ last safe day {day}", safe_end)]
        ways.append((f"▾ {day}", safe_end))
        last, lead = next(
            ((words, lead) for words, lead in ways if lead >= 0 and lead + cells(words) <= room), (ways[-1])
        )
        if lead + cells(last) > room:
            return concat(" " * lead, safe(last, "bold $success"))
        gap = width - lead - cells(last) - cells(invoice)
        return concat(" " * lead, safe(last, "bold $success"), " " * gap, safe(invoice, "$muted"))

    def _below(self, days: Days, now: int) -> Content:
        return concat(" " * now, safe("▴ today" if days.today != days.invoice else "▴", "bold $primary"))


def _sign(place: int, now: int, safe_end: int, end: int) -> str:
    if place == now:
        return TODAY
    if place == end:
        return INVOICE
    return SAFE if place <= safe_end else NOTICE


def _style(place: int, now: int, safe_end: int, end: int) -> str:
    if place == now:
        return "bold $primary"
    if place == end:
        return "bold $warning"
    return "$success" if place <= safe_end else "$warning"

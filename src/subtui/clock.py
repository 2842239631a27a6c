"""The only module that reads the time. A clock can be frozen, for a demo or a picture."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from subtui.domain.billing import local_day
from subtui.domain.errors import WrongInput

FROZEN_AT = time(9, 30)
"""The local time of day of a clock frozen at a date."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the instant in UTC and the account's local day. `frozen` is a date, an instant, or None: the real time.

    With `looking` the day is for reading only: on the user's own data nothing is written under it.
    """

    frozen: date | datetime | None = None
    looking: bool = False

    def now(self, time_zone: str = "UTC") -> datetime:
        """The instant, in UTC. A frozen date is at half past nine, the account's local time."""
        if self.frozen is None:
            return datetime.now(UTC).replace(microsecond=0)
        if isinstance(self.frozen, datetime):
            return self.frozen.astimezone(UTC)
        return datetime.combine(self.frozen, FROZEN_AT, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)

    def today(self, time_zone: str = "UTC") -> date:
        """The account's local date."""
        return local_day(self.now(time_zone), time_zone)

    def ticking(self) -> datetime:
        """The instant for measuring a wait, in UTC: the real time, unless the clock is frozen at an instant."""
        if isinstance(self.frozen, datetime):
            return self.frozen.astimezone(UTC)
        return datetime.now(UTC).replace(microsecond=0)


def read_clock(text: str | None, *, looking: bool = False) -> Clock:
    """A clock frozen at `text` (`2026-03-02` or an ISO instant with its offset), or the real one for None or empty.

    Raises WrongInput.
    """
    if not text:
        return Clock()
    try:
        if len(text) == 10:
            return Clock(date.fromisoformat(text), looking)
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(
            f"“{text[:40]}” is not a date. Write it as 2026-03-02, or 2026-03-02T09:30:00+00:00."
        ) from None
    if instant.tzinfo is None:
        raise WrongInput(f"“{text[:40]}” names no time zone. Add an offset, as in 2026-03-02T09:30:00+00:00.")
    return Clock(instant, looking)

"""How values are written for the reader: dates in the chosen format, instants in the account's time zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from subtui.domain.days import DATE_FORMATS, format_day


@dataclass(frozen=True, slots=True)
class Format:
    """The date format of the settings, and the account's time zone and day."""

    date_format: str = DATE_FORMATS[0]
    time_zone: str = "UTC"
    today: date = date.min

    def day(self, day: date | None) -> str:
        """A date in the chosen format; empty for None."""
        return format_day(day, self.date_format) if day else ""

    def instant(self, at: datetime | None) -> str:
        """An instant as the account's local day and time; empty for None."""
        if at is None:
            return ""
        local = at.astimezone(ZoneInfo(self.time_zone))
        return f"{self.day(local.date())} {local:%H:%M}"

    def logged(self, value: str) -> str:
        """A value of the log: dates and instants in the chosen format, codes as words."""
        try:
            return (
                self.day(date.fromisoformat(value)) if len(value) == 10 else self.instant(datetime.fromisoformat(value))
            )
        except ValueError:
            return self.code(value) if value.islower() and "_" in value else value

    @staticmethod
    def code(value: str) -> str:
        """A stored code as words: `Too expensive`; a sentence stays as it is."""
        return value if " " in value else value.replace("_", " ").capitalize()

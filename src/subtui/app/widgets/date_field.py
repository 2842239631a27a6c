"""A date input that reads `14 mar`, `+10d`, `eom`, `paid`; up and down move it by a day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.widgets import Input

from subtui.app.commands.catalog import Scope
from subtui.app.widgets.text_field import TextField
from subtui.app_config import DisplayConfig
from subtui.domain.days import format_day, is_day_first, parse_day


class DateInput(TextField):
    """An input that holds a date, no date, or text that is none. Leaving it writes the date in full."""

    KEY_SCOPES: ClassVar = (Scope.DATES,)

    class Dated(Message):
        """The date of the input has changed."""

        def __init__(self, field: "DateInput") -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> "DateInput":
            """The input, so that `@on` can select by its id."""
            return self.field

    def __init__(self, *, id: str, display_config: DisplayConfig, placeholder: str = "", past: bool = False) -> None:  # noqa: A002
        """`past` is for a day in the past: `1 feb` then means the last such day, not the next."""
        super().__init__(id=id, most=40, placeholder=placeholder)
        self.style_of_dates = display_config.date_format
        self.day_first = is_day_first(display_config.date_format, display_config.date_order)
        self.past = past
        self.today = date.min
        self.paid_through: date | None = None
        self.default: Callable[[], date] = lambda: self.today

    @property
    def problem(self) -> str | None:
        """Why the text is no date; None when it is one, or empty."""
        try:
            self._read()
        except ValueError as error:
            return str(error)
        return None

    @property
    def day(self) -> date | None:
        """The date of the text; None when it is empty or no date."""
        try:
            return self._read()
        except ValueError:
            return None

    def _read(self) -> date | None:
        if not self.value.strip():
            return None
        return parse_day(
            self.value,
            today=self.today,
            paid_through=self.paid_through,
            day_first=self.day_first,
            past=self.past,
        )

    @staticmethod
    def examples(display_config: DisplayConfig) -> str:
        """The hint on what can be typed, with the order of a date with slashes if it is set."""
        third = {True: "14/3", False: "3/14", None: "eom"}[
            is_day_first(display_config.date_format, display_config.date_order)
        ]
        return f"14 mar, {third}, +10d, paid"

    def put(self, day: date | None) -> None:
        """Set this date, written in full; or clear the input."""
        self.value = format_day(day, self.style_of_dates) if day else ""

    def on_key(self, event: events.Key) -> None:
        """Move the date by a day with up and down, starting from today if it is empty."""
        if event.key not in ("up", "down"):
            return
        event.stop()
        event.prevent_default()
        now = self.day
        step = timedelta(days=1 if event.key == "up" else -1)
        self.put(now + step if now else self.default())
        self.cursor_position = len(self.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Post `Dated` at every change of the text, since it may change the date."""
        event.stop()
        self.post_message(self.Dated(self))

    def on_blur(self) -> None:
        """Write the date in full, so that the user sees how it was read."""
        day = self.day
        if day is not None:
            self.put(day)

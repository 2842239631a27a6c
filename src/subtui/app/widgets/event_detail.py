"""A log entry in full: the values before and after."""

from subtui.app.widgets.description_list import DescriptionList
from subtui.views.customers import EventView
from subtui.views.entries import Paragraph
from subtui.views.format import Format
from subtui.views.log_entries import change_entries


class EventDetail(DescriptionList):
    """The changes of one entry, and its hash."""

    DEFAULT_CSS = "EventDetail { padding: 0 2; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, empty="")

    def show_event(self, event: EventView | None, fmt: Format) -> None:
        """Show this entry, or nothing."""
        if event is None:
            self.show(())
            return
        head = f"{event.title}  by {event.actor} ({event.role})   entry {event.id}, {event.hash[:12]}"
        self.show([Paragraph(head, "strong"), *change_entries(event, fmt)])

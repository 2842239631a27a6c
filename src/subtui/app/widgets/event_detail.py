"""An entry of the log in full: what stood there before, and what after."""

from textual.content import Content
from textual.widgets import Static

from subtui.app.text import cells, joined, safe
from subtui.domain.views import EventView


class EventDetail(Static):
    """The changes of one entry, and its hash."""

    DEFAULT_CSS = "EventDetail { padding: 0 2; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)

    def show(self, event: EventView | None) -> None:
        """Show this entry, or nothing."""
        if event is None:
            self.update("")
            return
        width = max((cells(change.before) for change in event.changes), default=0)
        lines = [
            joined(
                safe(event.title, "bold"),
                safe(f"  by {event.actor} ({event.role})   entry {event.id}, {event.hash[:12]}", "$muted"),
            )
        ]
        lines += [
            joined(
                safe(f"{change.field:<15}", "$muted"),
                safe(f"{change.before:<{width}}", "$muted"),
                "  →  ",
                safe(change.after),
            )
            for change in event.changes
        ]
        self.update(Content("\n").join(lines))

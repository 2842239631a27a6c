"""A log entry in full: the values before and after."""

from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static

from subtui.app.content import cells, concat, fitted, safe
from subtui.views.customers import EventView


class EventDetail(Static):
    """The changes of one entry, and its hash."""

    DEFAULT_CSS = "EventDetail { padding: 0 2; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)

    def show(self, event: EventView | None, words: Callable[[str], str]) -> None:
        """Show this entry, or nothing; `words` formats a logged value."""
        if event is None:
            self.update("")
            return
        changes = [(change.field, words(change.before), words(change.after)) for change in event.changes]
        width = max((cells(before) for _, before, _ in changes), default=0)
        lines = [
            concat(
                safe(event.title, "bold"),
                safe(f"  by {event.actor} ({event.role})   entry {event.id}, {event.hash[:12]}", "$muted"),
            )
        ]
        lines += [
            concat(safe(f"{field:<15}", "$muted"), safe(fitted(before, width), "$muted"), "  →  ", safe(after))
            for field, before, after in changes
        ]
        self.update(Content("\n").join(lines))

"""The search field: takes text, and passes up and down to the list below."""

from textual import events
from textual.message import Message

from subtui.app.widgets.text_field import TextField

LONGEST_SEARCH = 100


class SearchField(TextField):
    """An input that passes up, down and the page keys to the list below it."""

    class Stepped(Message):
        """The user moves in the list by `by` rows; down is positive."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, id: str, placeholder: str = "") -> None:  # noqa: A002
        super().__init__(id=id, placeholder=placeholder, most=LONGEST_SEARCH, select_on_focus=False)

    def on_key(self, event: events.Key) -> None:
        """Pass the arrow keys to the list; all other keys are text."""
        steps = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self.post_message(self.Stepped(steps[event.key]))

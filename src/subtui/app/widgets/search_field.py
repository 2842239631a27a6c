"""The search field: takes text, completes operators, and passes up and down to the list below."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from textual import events
from textual.message import Message
from textual.suggester import Suggester

from subtui.app.widgets.text_field import TextField
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.domain.search_query import Operator

    Values: TypeAlias = Callable[[], Awaitable[Mapping[Operator, tuple[str, ...]]]]

LONGEST_SEARCH = 200

_SHORTEST_NAME = 3
"""The fewest letters of an operator's name that are completed: shorter ones begin many names."""


class OperatorSuggester(Suggester):
    """Completes the operators of a search and their values; `values` reads the values when they are first needed."""

    def __init__(self, values: "Values") -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._values = values

    async def get_suggestion(self, value: str) -> str | None:
        """The likeliest way in which the text goes on; None where there is none."""
        if len(value) < _SHORTEST_NAME:
            return None
        from subtui.domain.search_query import completions, operator_of, parts_of  # noqa: PLC0415  (once one types)

        last = (parts_of(value) or [""])[-1]
        is_value = operator_of(last) is not None
        if not is_value and len(last.removeprefix("-")) < _SHORTEST_NAME:
            return None
        found = completions(value, await self._values() if is_value else {})
        # What cannot be shown as it is cannot be completed either.
        return next((each for each in found if each.lower().startswith(value.lower()) and sanitize(each) == each), None)


class SearchField(TextField):
    """An input that passes up, down and the page keys to the list below it."""

    class Stepped(Message):
        """The user moves in the list by `by` rows; down is positive."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, id: str, placeholder: str = "", values: "Values | None" = None) -> None:  # noqa: A002
        super().__init__(id=id, placeholder=placeholder, most=LONGEST_SEARCH, select_on_focus=False)
        if values is not None:
            self.suggester = OperatorSuggester(values)

    def on_key(self, event: events.Key) -> None:
        """Pass the arrow keys to the list; all other keys are text."""
        steps = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self.post_message(self.Stepped(steps[event.key]))

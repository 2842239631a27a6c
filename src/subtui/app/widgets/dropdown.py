"""A dropdown in which a letter chooses an option without opening it, as on the web."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Select
from textual.widgets._select import SelectCurrent, SelectOverlay

from subtui.app.commands.catalog import Scope
from subtui.app.content import safe


class Choices(SelectOverlay):
    """The open list. Handles terminals without room for it, where Textual's list fails."""

    def _move_page(self, direction: Literal[-1, 1]) -> None:
        if (self.highlighted or 0) in self._index_to_line:
            super()._move_page(direction)

    def _least(self) -> int:
        """The least columns of a choice, with one sign of its text; Rich fails to wrap to none."""
        return int(self.get_component_styles("option-list--option").padding.width + self.styles.line_pad * 2 + 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height of the choices, each at least one sign wide."""
        return super().get_content_height(container, viewport, max(width, self._least()))

    def _update_lines(self) -> None:
        if self.scrollable_content_region.width - self._get_left_gutter_width() >= self._least():
            super()._update_lines()


class Dropdown(Select[str]):
    """A one-line dropdown of (value, words). Enter opens it; a letter chooses the next option that begins with it."""

    KEY_SCOPES: ClassVar = (Scope.DROPDOWNS,)
    DEFAULT_CSS = """
    Dropdown { width: 1fr; max-width: 34; height: 1; }
    Dropdown > SelectCurrent { background: $field; color: $foreground; padding: 0 1; height: 1; border: none; }
    Dropdown > SelectCurrent .arrow { color: $muted; background: $field; }
    Dropdown:focus > SelectCurrent { background: $field-focus; text-style: bold; border: none; }
    Dropdown:focus > SelectCurrent .arrow { color: $primary; background: $field-focus; }
    Dropdown > SelectOverlay { background: $panel; border: round $rule; padding: 0; max-height: 10; }
    Dropdown > SelectOverlay:focus { border: round $primary; background: $panel; }
    """

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        *,
        value: str | None = None,
        prompt: str = "choose",
        id: str | None = None,  # noqa: A002
    ) -> None:
        self.choices = tuple(options)
        super().__init__(
            [(safe(words), code) for code, words in options],
            prompt=prompt,
            allow_blank=value is None,
            value=Select.NULL if value is None else value,
            compact=True,
            id=id,
        )

    def compose(self) -> ComposeResult:
        """Compose the current choice and our own list."""
        yield SelectCurrent(self.prompt)
        yield Choices(type_to_search=self._type_to_search).data_bind(compact=Select.compact)

    @property
    def chosen(self) -> str | None:
        """The chosen value; None when nothing is chosen."""
        return None if self.value is Select.NULL else str(self.value)

    def choose(self, value: str | None) -> None:
        """Choose a value, or none where that is possible."""
        if value is None:
            if self._allow_blank:
                self.clear()
            return
        self.value = value

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Set the options as (value, words); the chosen one stays chosen if it is among them."""
        if tuple(options) == self.choices:
            return
        chosen = self.chosen
        self.choices = tuple(options)
        with self.prevent(Select.Changed):
            self.set_options([(safe(words), code) for code, words in options])
            if chosen in [code for code, _ in options]:
                self.choose(chosen)

    def _letters(self, letter: str) -> list[str]:
        return [code for code, words in self.choices if words[:1].casefold() == letter.casefold()]

    def takes_letter(self, letter: str) -> bool:
        """Whether a letter would choose an option."""
        return bool(self._letters(letter))

    def _watch_expanded(self, expanded: bool) -> None:
        """Open with the first option marked where nothing is chosen: the prompt is no option."""
        super()._watch_expanded(expanded)
        if expanded and self.chosen is None and self.choices:
            self.query_one(SelectOverlay).highlighted = 1

    def on_key(self, event: events.Key) -> None:
        """Choose the next option that begins with a typed letter."""
        if self.expanded or not event.character or not event.is_printable:
            return
        codes = self._letters(event.character)
        if codes:
            event.stop()
            event.prevent_default()
            at = codes.index(self.chosen) + 1 if self.chosen in codes else 0
            self.value = codes[at % len(codes)]

"""The base of dialogs: a dialog is answered once, even if its key arrives repeatedly."""

from typing import Generic, TypeVar

from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T], Generic[T]):
    """A modal screen that returns one answer."""

    _answered = False

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence about the input in the message line of the screen below."""
        below = next((screen for screen in reversed(self.app.screen_stack) if hasattr(screen, "breadcrumbs")), None)
        if below is not None:
            below.say(sentence, kind)

    def answer(self, answer: T) -> None:
        """Close with this answer; keys that arrive afterwards have no effect."""
        if not self._answered:
            self._answered = True
            self.dismiss(answer)

"""What every dialog has: it is answered once, however often the key for it arrives."""

from typing import Generic, TypeVar

from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T], Generic[T]):
    """A screen on top that gives one answer back."""

    _answered = False

    def say(self, sentence: str, kind: str = "note") -> None:
        """Say something about what was typed: below a dialog lies a screen with a line for it."""
        below = next((screen for screen in reversed(self.app.screen_stack) if hasattr(screen, "breadcrumbs")), None)
        if below is not None:
            below.say(sentence, kind)

    def answer(self, answer: T) -> None:
        """Close with this answer; a key that is still on its way when it closes does nothing."""
        if not self._answered:
            self._answered = True
            self.dismiss(answer)

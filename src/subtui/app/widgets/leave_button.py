"""The button that leaves a form: it says what leaving does."""

from textual.widgets import Button

_BACK, _DISCARD = "Back", "Discard"


class LeaveButton(Button):
    """`Back` while nothing would be lost, `Discard` while the form holds changes."""

    def __init__(self) -> None:
        super().__init__(_BACK, id="leave", compact=True)

    def follow(self, *, unsaved: bool) -> None:
        """Say what leaving would do now; any other label, such as `Done`, stays until something is changed."""
        if unsaved:
            self.label = _DISCARD
        elif str(self.label) == _DISCARD:
            self.label = _BACK

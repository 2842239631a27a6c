"""The button that leaves a form; its label says what leaving does."""

from textual.widgets import Button

_BACK, _DISCARD = "Back", "Discard"


class LeaveButton(Button):
    """`Back` while nothing would be lost, `Discard` while the form holds changes."""

    def __init__(self) -> None:
        super().__init__(_BACK, id="leave", compact=True)

    def follow(self, *, unsaved: bool) -> None:
        """Set the label to the effect of leaving; another label, such as `Done`, stays until a field is changed."""
        if unsaved:
            self.label = _DISCARD
        elif str(self.label) == _DISCARD:
            self.label = _BACK

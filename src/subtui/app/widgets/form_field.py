"""A line of a form: the focus mark, the label, the control, a hint, and below it the problem."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from subtui.app.content import safe, wrap
from subtui.app.widgets.wrapped_text import WrappedText


class ProblemText(WrappedText):
    """The problem below a control. Its dates and amounts are not broken over lines."""

    sentence = ""

    def show(self, sentence: str) -> None:
        """Show this sentence, or none."""
        self.sentence = sentence
        self.changed()

    def wrapped(self, width: int) -> Content:
        """Draw the sentence after its sign."""
        lines = wrap(f"! {self.sentence}", width) if self.sentence else [""]
        return Content("\n").join(safe(line) for line in lines)


class FormField(Vertical):
    """One labelled control."""

    DEFAULT_CSS = """
    FormField { height: auto; width: 100%; }
    FormField > Horizontal { height: auto; width: 100%; }
    FormField .mark { width: 2; color: $primary; text-style: bold; visibility: hidden; }
    FormField.-focused .mark { visibility: visible; }
    FormField .label { width: 12; color: $muted; }
    FormField.-focused .label { color: $foreground; text-style: bold; }
    FormField .hint { width: auto; max-width: 25; color: $muted; padding-left: 1; }
    FormField .problem { display: none; color: $error; padding-left: 14; width: 100%; height: auto; }
    FormField.-wrong .problem { display: block; }
    FormField Input { width: 1fr; max-width: 34; background: $field; padding: 0 1; }
    FormField Input:focus { background: $field-focus; }
    FormField .value { width: 1fr; padding: 0 1; height: auto; }
    """

    def __init__(
        self,
        label: str,
        control: Widget,
        *,
        hint: str = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._label, self._control, self._hint = label, control, hint
        self.problem = ""

    def compose(self) -> ComposeResult:
        """Compose the line and the problem."""
        with Horizontal():
            yield Static("›", classes="mark", markup=False)
            yield Static(safe(self._label), classes="label", markup=False)
            yield self._control
            hint = Static(safe(self._hint), classes="hint", markup=False)
            hint.display = bool(self._hint)
            yield hint
        yield ProblemText(classes="problem")

    def on_descendant_focus(self) -> None:
        """Mark the focused line; a pseudo-class would leave the mark on the previous line."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Clear the mark, unless the focus went from the dropdown's list back to the dropdown."""
        focused = self.screen.focused
        if focused is None or self not in focused.ancestors:
            self.remove_class("-focused")

    def set_hint(self, text: str) -> None:
        """Show this hint to the right of the control."""
        hint = self.query_one(".hint", Static)
        hint.update(safe(text))
        hint.display = bool(text)

    def set_problem(self, sentence: str) -> None:
        """Show a problem below the control, or clear it."""
        self.problem = sentence
        self.query_one(ProblemText).show(sentence)
        self.set_class(bool(sentence), "-wrong")

    @property
    def control(self) -> Widget:
        """The focusable widget."""
        return self._control

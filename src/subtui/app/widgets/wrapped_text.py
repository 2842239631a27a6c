"""Text that is laid out for whatever width there is."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class WrappedText(Widget):
    """As high as its text is at its width.

    The text is made where the height is asked for, at the width that is asked about. Made when a new size is told, it
    would be one layout late: the height would be that of lines broken for the width before.
    """

    DEFAULT_CSS = "WrappedText { height: auto; width: 100%; }"

    def wrapped(self, width: int) -> Content:
        """The text in lines of at most `width` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """The text is another now."""
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines the text has at this width."""
        del container, viewport
        return self.wrapped(width).get_height(self.styles.get_rules(), width) if width else 0

    def render(self) -> Content:
        """The text at the width there is."""
        width = self.content_size.width
        return self.wrapped(width) if width else Content("")

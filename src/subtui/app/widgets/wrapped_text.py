"""Text that is wrapped to the width of the widget."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class WrappedText(Widget):
    """A widget with the height of its wrapped text.

    The text is wrapped when the height is asked for, at the given width. Wrapped on a resize event, it would be one
    layout late: the height would be that for the previous width.
    """

    DEFAULT_CSS = "WrappedText { height: auto; width: 100%; }"

    def wrapped(self, width: int) -> Content:
        """The text in lines of at most `width` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """Lay out again, because the text has changed."""
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines of the text at this width."""
        del container, viewport
        return self.wrapped(width).get_height(self.styles.get_rules(), width) if width else 0

    def render(self) -> Content:
        """The text wrapped to the current width."""
        width = self.content_size.width
        return self.wrapped(width) if width else Content("")

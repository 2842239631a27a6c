"""Covers the screen with a sentence when the terminal is too small."""

from textual.widgets import Static

from subtui.app.content import safe_lines
from subtui.app_config import LEAST_HEIGHT, LEAST_WIDTH


class SizeGuard(Static):
    """Covers the screen while the terminal is smaller than 40 × 12."""

    DEFAULT_CSS = """
    SizeGuard {
        layer: guard; width: 100%; height: 100%; display: none; background: $background; color: $foreground;
        content-align: center middle; text-align: center; padding: 1;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def on_mount(self) -> None:
        """Set the sentence once: it is the same at every size."""
        self.update(safe_lines(f"This terminal is too small.\nMake it {LEAST_WIDTH} × {LEAST_HEIGHT} or larger."))


def too_small(width: int, height: int) -> bool:
    """Whether a terminal of this size is too small."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT

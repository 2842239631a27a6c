"""What every test of a screen may use: `screen_snapshot` is the plugin's own, the one that is there for everybody."""

from subtui.testing import ScreenSnapshot

__all__ = ["ScreenSnapshot"]

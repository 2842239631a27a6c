"""A pytest plugin for snapshot tests of the screens with a project's own data. These names are for annotations."""

from subtui.testing.app import App, AppFailed
from subtui.testing.protocols import OpenApp, ScreenSnapshot

__all__ = ["App", "AppFailed", "OpenApp", "ScreenSnapshot"]

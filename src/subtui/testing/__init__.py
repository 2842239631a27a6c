"""Snapshot tests of the screens with anybody's own data: a pytest plugin. These names are here for annotations."""

from subtui.testing.driver import App, AppFailed
from subtui.testing.shapes import OpenApp, ScreenSnapshot

__all__ = ["App", "AppFailed", "OpenApp", "ScreenSnapshot"]

"""Snapshot tests of the screens with anybody's own data: a pytest plugin. These names are here for annotations."""

from subtui.testing.app import App, AppFailed
from subtui.testing.protocols import OpenApp, ScreenSnapshot

__all__ = ["App", "AppFailed", "OpenApp", "ScreenSnapshot"]

"""Snapshots of screens: as an SVG, which is the picture, and as text, which can be read in a review."""

import re
from collections.abc import Callable
from importlib.metadata import version

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.app.driver import Driver

PINNED = {"textual": "8.2.8", "rich": "15.0.0"}
ScreenSnapshot = Callable[[Driver, str], None]


class TextFile(SingleFileSnapshotExtension):
    """The screen as lines of text."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class SvgFile(SingleFileSnapshotExtension):
    """The screen as a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


def pytest_configure(config: pytest.Config) -> None:
    """A picture drawn by another version is another picture: refuse to record one."""
    if not getattr(config.option, "update_snapshots", False):
        return
    for name, pinned in PINNED.items():
        if version(name) != pinned:
            raise pytest.UsageError(f"Snapshots are drawn with {name} {pinned}; this is {version(name)}.")


@pytest.fixture
def screen_snapshot(snapshot: SnapshotAssertion) -> ScreenSnapshot:
    """Compares what the driver shows with the text and the picture on record under a name of the test's."""

    def compare(driver: Driver, name: str) -> None:
        assert driver.text == snapshot(name=name, extension_class=TextFile)
        picture = re.sub(r"terminal-\d+-", "terminal-", driver.app.export_screenshot(simplify=True))
        assert picture == snapshot(name=name, extension_class=SvgFile)

    return compare

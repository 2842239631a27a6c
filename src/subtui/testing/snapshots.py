"""Compares a screen with its record: a text, which is readable in a review, and an SVG picture."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import WriteMode

from subtui.testing.differences import Difference, Picture
from subtui.testing.protocols import Shown
from subtui.testing.record_names import OwnFile


class TextFile(OwnFile):
    """The screen as lines of text."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class SvgFile(OwnFile):
    """The screen as a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


class Records:
    """The recorded screens of one test. With `wrong_versions` of the drawing libraries nothing is recorded."""

    def __init__(
        self, snapshot: SnapshotAssertion, *, nodeid: str, folder: Path, wrong_versions: Sequence[str]
    ) -> None:
        self._nodeid, self._folder, self._wrong = nodeid, folder, wrong_versions
        self._texts = snapshot.with_defaults(extension_class=TextFile)
        self._pictures = snapshot.with_defaults(extension_class=SvgFile)
        if wrong_versions:
            for each in (self._texts, self._pictures):
                each.update_snapshots = each.update_new_snapshots_only = False
        self._writing = bool(snapshot.update_snapshots or snapshot.update_new_snapshots_only)

    def compare(self, shown: Shown, name: str, *, picture_only: bool = False) -> Difference | None:
        """The difference, or None; while recording, a difference is written instead. Both records are always read:
        a record that is not read would be taken for an unused one."""
        after = Picture(shown.text, shown.svg)
        same = [picture_only or self._texts(name=name) == after.text, self._pictures(name=name) == after.svg]
        if all(same):
            return None
        svg = self._pictures.executions[self._pictures.num_executions - 1]
        file, words = svg.snapshot_location, after.text
        missing = svg.recalled_data is None
        if not picture_only:
            text = self._texts.executions[self._texts.num_executions - 1]
            file, words = text.snapshot_location, str(text.recalled_data)
            missing = missing or text.recalled_data is None
        return Difference(
            before=None if missing else Picture(words, str(svg.recalled_data)),
            after=after,
            route=str(getattr(shown, "route", "")),
            record=self._called(Path(file)),
            picture_at=int(getattr(shown, "picture_at", 0)),
        )

    def message(self, difference: Difference) -> str:
        """The message of a failure."""
        if self._wrong and self._writing:
            return (
                f"{difference.summary} It was not recorded: screens are drawn with {' and '.join(self._wrong)}. "
                "Another version draws other pictures of the same screen."
            )
        told = difference.message(f"pytest --snapshot-update {shlex.quote(self._nodeid)}")
        if self._wrong:
            told += f"\nThe snapshots were drawn with {' and '.join(self._wrong)}, which may be the only difference."
        return told

    def _called(self, path: Path) -> str:
        try:
            return Path(os.path.relpath(path, self._folder)).as_posix()
        except ValueError:  # on another drive
            return path.as_posix()

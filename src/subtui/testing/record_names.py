"""The file names of recorded screens: screens with different names never share a file, on any file system.

A valid file name is used unchanged. From another name the invalid signs are left out, and a hash of the whole name is
added; also to a name that is too long, or that a file system may take for another recorded one: one that differs only
in capitals or in the composition of its accents.
"""

import re
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from syrupy.extensions.base import AbstractSyrupyExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

_HASH = re.compile("-[0-9a-f]{8}$")

LONGEST_NAME = 200
"""The longest name in bytes: some file systems take 255, with the ending and the temporary suffix."""


class OwnFile(SingleFileSnapshotExtension):
    """Assigns a file to each name."""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The name of the file, without its ending."""
        whole = AbstractSyrupyExtension.get_snapshot_name(test_location=test_location, index=index)
        plain = super().get_snapshot_name(test_location=test_location, index=index)
        apart = _with_hash(plain, repr((test_location.snapshot_name, index)))
        if plain != whole or len(plain.encode()) > LONGEST_NAME or _looks_like_two(test_location.snapshot_name):
            return apart
        on_record = cls._on_record(test_location)
        if plain in on_record:
            return plain
        taken = {_as_a_file_system_sees_it(name) for name in on_record}
        return apart if apart in on_record or _as_a_file_system_sees_it(plain) in taken else plain

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether a file may belong to this test; a hash does not show its parameters."""
        file = Path(snapshot_location)
        mine = file.parent == Path(cls.dirname(test_location=test_location))
        with_hash = _HASH.search(file.stem) is not None and test_location.matches_snapshot_name(file.stem)
        return (mine and with_hash) or super().matches_test_location(
            test_location=test_location, snapshot_location=snapshot_location
        )

    @classmethod
    def _on_record(cls, test_location: PyTestLocation) -> set[str]:
        ending = f".{cls.file_extension}"
        folder = Path(cls.dirname(test_location=test_location))
        try:
            return {file.name.removesuffix(ending) for file in folder.iterdir() if file.name.endswith(ending)}
        except OSError:
            return set()


def _with_hash(name: str, of: str) -> str:
    kept = name.encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{kept}-{sha256(of.encode(errors='backslashreplace')).hexdigest()[:8]}"


def _looks_like_two(snapshot_name: str) -> bool:
    """Whether a parameter contains brackets: `[a][b]` is also the screen `b` of the parameter `a`."""
    return "[" in snapshot_name.partition("[")[2]


def _as_a_file_system_sees_it(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())

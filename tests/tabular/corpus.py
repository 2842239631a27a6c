"""Makes files to import, and reads them whole: the tests compare what came out, or the sentence that was said."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from subtui.tabular.errors import TabularError
from subtui.tabular.files import read_files
from subtui.tabular.types import LIMITS, Limits, Objects, Sheet, Unreadable


@dataclass
class Read:
    """One sheet or one list of objects with all of its rows. `shape`: the header, or what the list is called."""

    name: str
    shape: tuple[str, ...] | str
    rows: list[Any]
    encoding: str = "UTF-8"

    @property
    def good(self) -> list[Any]:
        return [row for row in self.rows if not isinstance(row, Unreadable)]

    @property
    def bad(self) -> list[Unreadable]:
        return [row for row in self.rows if isinstance(row, Unreadable)]


def read_all(
    *paths: Path | str,
    limits: Limits = LIMITS,
    stdin: BinaryIO | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> list[Read]:
    return [_read(found) for found in read_files(paths, limits=limits, stdin=stdin, encoding=encoding, sheet=sheet)]


def _read(found: Sheet | Objects) -> Read:
    shape = found.header if isinstance(found, Sheet) else found.listed_as
    return Read(found.name, shape, list(found.rows), found.encoding)


def read(path: Path, content: bytes | str, limits: Limits = LIMITS) -> Read:
    """What comes out of a file with this content, of which there must be one sheet or list."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (only,) = read_all(path, limits=limits)
    return only


def refusal(path: Path, content: bytes | str | None = None, limits: Limits = LIMITS) -> str:
    """The sentence with which a file is refused, at once or while its rows are taken."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(TabularError) as refused:
        read_all(path, limits=limits)
    return str(refused.value)


def gz(content: bytes | str) -> bytes:
    return gzip.compress(content.encode() if isinstance(content, str) else content, compresslevel=1, mtime=0)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()

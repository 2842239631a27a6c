"""Which texts a file holds: itself, the one in a gzip file, or the members of a zip archive."""

import gzip
import io
import re
import struct
import zipfile
from collections.abc import Callable, Generator
from contextlib import ExitStack
from functools import partial
from typing import IO, Any

from subtui.tabular.errors import TabularError
from subtui.tabular.sources import (
    BLOCK,
    BeforeTheBeginning,
    OnDisk,
    Progress,
    Source,
    Unpacked,
    View,
    plainly,
)
from subtui.tabular.types import Limits
from subtui.tabular.workbooks import Package, Workbooks, unreadable_compound, unreadable_package, workbook_part

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND = b"\xd0\xcf\x11\xe0"
# zipfile reads an archive's list of contents in one go; that of 1,000 members with long names has less than this.
_LARGEST_LIST = 4_000_000
_ENCRYPTED = 0x1
_BROKEN_ZIP = (
    BeforeTheBeginning,
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)


def sources(
    file: OnDisk, limits: Limits, progress: Progress, workbooks: Workbooks, skipped: Callable[[str, str], None]
) -> Generator[Source, None, None]:
    """The texts in `file`, one after the other; each must be done with before the next is asked for.

    What kind of file it is says its content, not its name. `skipped` hears of the members of an archive that systems
    leave in it, and of the sheets of a workbook that are not read, and why. Raises TabularError.
    """
    with ExitStack() as stack:
        opened = file.opened(stack)
        unpacked = Unpacked(file.name, file.size, limits)
        with plainly(file.name):
            start = View(opened).read(4) or b""
        if start.startswith(GZIP):
            yield Source(file.name, unpacked, limits, partial(_gzip, opened), progress)
        elif start in ZIP:
            archive_file = _ArchiveFile(View(opened), BLOCK)
            archive = stack.enter_context(_archive(archive_file, file.name, limits))
            book = workbook_part(archive.namelist())
            if book:
                package = _package(file, archive, book, archive_file.tell, unpacked, progress)
                yield workbooks.source(package, progress, skipped)
            for member in () if book else _members(archive, file.name, limits, skipped):
                name = f"{file.name}: {_printable(member.filename)}"
                begin = partial(_member, archive, member, name, archive_file.tell)
                yield Source(name, unpacked, limits, begin, progress, member.filename)
        else:
            if start == COMPOUND:
                _refuse_workbook(opened, file.name)
            yield Source(file.name, unpacked, limits, partial(_plain, opened), progress)
    progress.finished(file.size)


def is_packed(start: bytes) -> bool:
    """Whether a text that begins with `start` is no text but an archive."""
    return start.startswith((GZIP, *ZIP))


class _ListTooLong(Exception):
    """The list of contents of an archive is longer than any that would be accepted."""


class _ArchiveFile(io.BufferedReader):
    """Refuses to read a list of contents that is far larger than any that would be accepted."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_LIST:
            raise _ListTooLong
        return super().read(size)


_Pass = tuple[io.RawIOBase | io.BufferedIOBase, Callable[[], int]]


def _plain(opened: io.RawIOBase | io.BufferedIOBase) -> _Pass:
    view = View(opened)
    return view, view.tell


def _gzip(opened: io.RawIOBase | io.BufferedIOBase) -> _Pass:
    view = View(opened)
    return gzip.GzipFile(fileobj=io.BufferedReader(view, BLOCK)), view.tell


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, at: Callable[[], int]) -> _Pass:
    try:
        return _Member(archive.open(member), name), at
    except _BROKEN_ZIP:
        raise TabularError(_damaged(name)) from None


class _Member(io.RawIOBase):
    """One member of an archive; a wrong checksum or garbage becomes a sentence."""

    def __init__(self, inner: IO[bytes], name: str) -> None:
        self._inner = inner
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            block = self._inner.read(len(buffer))
        except _BROKEN_ZIP:
            raise TabularError(_damaged(self._name)) from None
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _package(
    file: OnDisk, archive: zipfile.ZipFile, book: str, at: Callable[[], int], unpacked: Unpacked, progress: Progress
) -> Package:
    def open_part(part: str) -> io.BufferedReader:
        begin = partial(_member, archive, archive.getinfo(part), file.name, at)
        return Source(file.name, unpacked, unpacked.limits, begin, progress).opened(counted=True)

    return Package(file, frozenset(archive.namelist()), book, open_part, unpacked)


def _refuse_workbook(opened: io.RawIOBase | io.BufferedIOBase, name: str) -> None:
    with plainly(name):
        reason = unreadable_compound(iter(partial(View(opened).read, BLOCK), b""), name)
    if reason:
        raise TabularError(reason)


def _archive(file: _ArchiveFile, name: str, limits: Limits) -> zipfile.ZipFile:
    with plainly(name):
        try:
            return zipfile.ZipFile(file)
        except _ListTooLong:
            most = f"{limits.members:,}"
            raise TabularError(f"{name} contains too many files; at most {most} can be read at once.") from None
        except _BROKEN_ZIP:
            raise TabularError(
                f"{name} is cut off or damaged: the list of contents at its end is broken. Download or copy it again."
            ) from None


def _members(
    archive: zipfile.ZipFile, name: str, limits: Limits, skipped: Callable[[str, str], None]
) -> list[zipfile.ZipInfo]:
    """The members to read, in the order of the archive. Raises TabularError if one of them could not be read at all."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise TabularError(f"{name} holds {len(members):,} files; at most {limits.members:,} can be read at once.")
    held = {member.filename for member in members}
    if document := unreadable_package(held, name):
        raise TabularError(document)
    wanted = [member for member in members if not _is_skipped(member)]
    if not wanted:
        raise TabularError(f"{name} contains no file to import.")
    for member in members:
        if member not in wanted and not member.is_dir():
            skipped(f"{name}: {_printable(member.filename)}", "left by a system")
    for member in wanted:
        inside = f"{name}: {_printable(member.filename)}"
        if member.flag_bits & _ENCRYPTED:
            raise TabularError(f"{inside} is password-protected. Unpack it first, then import its contents.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TabularError(f"{inside} uses an unsupported compression. Unpack it first, then import its contents.")
    return wanted


def _is_skipped(member: zipfile.ZipInfo) -> bool:
    """Folders, and what systems leave in archives beside the files: `__MACOSX`, and names with a dot before them."""
    parts = [part for part in re.split(r"[/\\]", member.filename) if part not in ("", ".", "..")]
    return (
        member.filename.endswith(("/", "\\"))
        or "__MACOSX" in parts
        or not parts
        or any(part.startswith(".") for part in parts)
    )


def _damaged(name: str) -> str:
    return f"{name} is damaged and cannot be unpacked. Download or copy the archive again."


def _printable(name: str) -> str:
    return "".join(mark if mark.isprintable() else "�" for mark in name)

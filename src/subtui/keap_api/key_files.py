"""The file of a key: one line that only its user can read.

What others could have read or put there is refused, with the command that helps.
"""

import os
import shlex
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from subtui.domain.errors import FileProblem

LARGEST = 4_096
_POSIX = os.name == "posix"


def read(path: Path) -> str | None:
    """The line in a file; None if there is no file. Raises FileProblem for a link, another's file, a readable one."""
    if path.is_symlink():
        raise FileProblem(f"{path} is a link. The key to Keap has to be a file itself: copy it there.")
    # A pipe in place of the file would otherwise be waited for, and a link made meanwhile be followed.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        number = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        why = _why_not(path, os.fstat(number))
        data = b"" if why else _content(number)
    finally:
        os.close(number)
    if not why and data is None:
        why = f"{path} cannot be read."
    if why or data is None:
        raise FileProblem(why)
    return _line_of(path, data)


def write(path: Path, line: str) -> None:
    """Replace the file by one with this line, with mode 0600 from its first moment. Raises FileProblem."""
    made: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # mkstemp makes the file with mode 0600 and refuses to open one that is there, or a link.
        number, name = tempfile.mkstemp(prefix=".subtui-key-", dir=path.parent)
        made = Path(name)
        with os.fdopen(number, "wb") as opened:
            opened.write(line.encode("ascii") + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        made.replace(path)
    except OSError as error:
        if made is not None:
            with suppress(OSError):
                made.unlink(missing_ok=True)
        raise FileProblem(f"{path} cannot be written: {error.strerror or error}. No key was stored.") from None


def remove(path: Path) -> bool:
    """Remove the file; a link is removed, not what it leads to. Returns whether there was one. Raises FileProblem."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FileProblem(f"{path} cannot be removed: {error.strerror or error}.") from None
    return True


def _why_not(path: Path, state: os.stat_result) -> str:
    if not stat.S_ISREG(state.st_mode):
        return f"{path} is not a file. Remove it, and store the key to Keap again."
    if _POSIX and state.st_uid != os.getuid():
        return f"{path} belongs to another user of this computer. Remove it, and store the key to Keap again."
    if _POSIX and state.st_mode & 0o077:
        return f"{path} can be read by others. Run: chmod 600 {shlex.quote(str(path))}"
    if state.st_size > LARGEST:
        return f"{path} is too large for a key to Keap."
    return ""


def _content(number: int) -> bytes | None:
    try:
        return os.read(number, LARGEST + 1)
    except OSError:
        return None


def _line_of(path: Path, data: bytes) -> str:
    # Looked at before decoding: the error of a decoder would carry the bytes of the key.
    lines = data.strip().splitlines()
    if len(data) > LARGEST or len(lines) != 1 or not data.isascii():
        raise FileProblem(f"{path} has to hold the key to Keap in one line, and nothing else.")
    return lines[0].strip().decode("ascii")

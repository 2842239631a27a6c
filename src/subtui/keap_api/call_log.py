"""The local log of the calls to Keap, as JSON lines: what was asked and how it went; never the key, headers or bodies.

Several programs may write it at once. A failure to write never fails a call.
"""

import json
import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a file that another program holds open is not rotated
    fcntl = None  # type: ignore[assignment]

LARGEST = 5 * 1024 * 1024
"""Bytes at which a log becomes the older one, of which one is kept."""

_TRIES = 3


class CallLog:
    """Writes to `path`, readable for this user only; the older one is beside it, with `.1` behind its name."""

    def __init__(self, path: Path, *, largest: int = LARGEST) -> None:
        self._path, self._largest = path, largest

    @property
    def older(self) -> Path:
        """The path of the log before this one."""
        return self._path.with_name(self._path.name + ".1")

    def write(
        self,
        *,
        now: datetime,
        method: str,
        path: str,
        status: int,
        seconds: float,
        attempt: int,
        size: int,
        error: str,
    ) -> None:
        """Add a line for one try of a call. `size` is of the answer in bytes. Never raises."""
        entry = {
            "time": now.isoformat(),
            "method": method,
            "path": path,
            "status": status,
            "seconds": round(seconds, 3),
            "attempt": attempt,
            "bytes": size,
            "error": error,
        }
        line = json.dumps(entry).encode("ascii") + b"\n"
        with suppress(OSError, ValueError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            for _ in range(_TRIES):
                if self._add(line):
                    return

    def _add(self, line: bytes) -> bool:
        """Write a line to the file at the path; False if another program has just moved it away."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        number = os.open(self._path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
        try:
            # A stopped program may hold the lock: then the line is added without it, since a single write at the end
            # of a file does not mix with another's, and only the rotation is left to a later call.
            locked = _lock(number)
            state = os.fstat(number)
            if not stat.S_ISREG(state.st_mode):
                return True
            if locked and not os.path.samestat(state, os.stat(self._path)):
                return False
            if locked and state.st_size + len(line) > self._largest and state.st_size > 0:
                os.replace(self._path, self.older)
                return False
            if os.name == "posix" and state.st_mode & 0o077:
                os.fchmod(number, 0o600)
            os.write(number, line)
            return True
        finally:
            os.close(number)


def _lock(number: int) -> bool:
    if fcntl is None:
        return True
    with suppress(OSError):
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

"""Reports a crash without customer data: writes a report without locals, and one sentence says where it is."""

import platform
import traceback
from dataclasses import dataclass
from pathlib import Path

from subtui import __version__


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A crash: the sentence for the user, and the written report."""

    sentence: str
    text: str

    @classmethod
    def of(cls, error: BaseException | None, *, folder: Path | None) -> "CrashReport":
        """Report `error`, written to `folder` if possible: types, files and lines; no values, no messages."""
        frames = traceback.extract_tb(error.__traceback__) if error else []
        lines = [f"subtui {__version__}, Python {platform.python_version()}", f"error: {type(error).__name__}"]
        lines += [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        text = "\n".join(lines) + "\n"
        where = _write(text, folder)
        told = f" A report without customer data is in {where}." if where else ""
        return cls(
            f"subtui crashed ({type(error).__name__}). Everything saved is safe.{told}",
            text,
        )


def _write(text: str, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "crash-report.txt"
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path

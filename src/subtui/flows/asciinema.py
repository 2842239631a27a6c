"""Writes a recording as an asciinema cast, version 2 or 3: the terminal output with its times."""

import json
from collections.abc import Iterator
from typing import Literal

from subtui.flows.frames import Frame, Line, Paint
from subtui.flows.recorder import Recording

Version = Literal[2, 3]
_RESET = "\x1b[0m"
_BEGIN = "\x1b[?25l\x1b[2J"


def cast(recording: Recording, version: Version) -> str:
    """The whole file. Times count from the beginning in version 2, from the previous event in version 3."""
    lines = [_json(_head(recording, version))]
    before = 0.0
    for at, kind, data in _events(recording):
        time = at if version == 2 else round(at - before, 3)
        before = at
        lines.append(_json([time, kind, data]))
    return "\n".join(lines) + "\n"


def _head(recording: Recording, version: Version) -> dict[str, object]:
    width, height = recording.size
    if version == 2:
        return {"version": 2, "width": width, "height": height, "title": recording.flow.title}
    return {"version": 3, "term": {"cols": width, "rows": height}, "title": recording.flow.title}


def _events(recording: Recording) -> Iterator[tuple[float, str, str]]:
    shown: Frame | None = None
    for moment in recording.moments:
        if moment.caption:
            yield moment.at, "m", moment.caption
        changes = drawn(moment.frame, shown)
        if changes:
            yield moment.at, "o", changes if shown else _BEGIN + changes
        shown = moment.frame
    # Without an event at its end a player would stop at the last change, before the viewer has read it.
    yield recording.seconds, "o", _RESET


def drawn(frame: Frame, before: Frame | None) -> str:
    """The output that draws `frame` on a terminal showing `before`: the lines that differ, each at its row."""
    return "".join(
        f"\x1b[{row};1H{_line(line)}"
        for row, line in enumerate(frame.lines, 1)
        if before is None or before.lines[row - 1] != line
    )


def _line(line: Line) -> str:
    return "".join(f"{_style(run.paint)}{run.text}" for run in line) + _RESET


def _style(paint: Paint) -> str:
    codes = ["0"]
    codes += [code for code, on in (("1", paint.bold), ("3", paint.italic), ("4", paint.underline)) if on]
    codes += ["9"] if paint.strike else []
    codes += [f"38;2;{_rgb(paint.color)}", f"48;2;{_rgb(paint.background)}"]
    return f"\x1b[{';'.join(codes)}m"


def _rgb(color: str) -> str:
    return ";".join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))

"""The caption bar below the screen of a played flow: the pressed key, drawn large, and the caption."""

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from subtui.app import themes
from subtui.app.commands.keys import spoken_key
from subtui.app.content import cells, fitted, wrap

BAR_ROWS = 3
_KEY_ROOM = 20
_NARROW = 64
_NARROW_KEY_ROOM = 14
_EDGES = 4


@dataclass(frozen=True, slots=True)
class Caption:
    """The content of the caption bar; line breaks in `text` are kept.

    `key` is a key, `typed` the text typed so far. Below is `foot`, and to its right `place`: the step number of all.
    """

    text: str = ""
    key: str = ""
    typed: str = ""
    place: str = ""
    foot: str = ""


def words_room(width: int) -> int:
    """The cells for the caption in a bar of this width."""
    return width - _key_room(width) - 1


def _key_room(width: int) -> int:
    return _KEY_ROOM if width >= _NARROW else _NARROW_KEY_ROOM


def draw_bar(caption: Caption, width: int, theme: str = "dark") -> list[Strip]:
    """The rows of the bar, each `width` cells wide."""
    look = next(known for known in themes.ALL if known.name == theme)
    # A background other than that of the key bar, which may be right above and belongs to the program.
    back = look.variables["field-focus"]
    ground = Style(color=look.foreground, bgcolor=back)
    strong = Style(color=look.primary, bgcolor=back, bold=True)
    room, space = _key_room(width), words_room(width)
    lines = [part for line in caption.text.split("\n") for part in wrap(line, space)]
    below = fitted(caption.foot, max(space - cells(caption.place), 0)) + caption.place
    # A caption of three lines covers the line below it, because the caption has priority.
    if len(lines) >= BAR_ROWS:
        rows = [(line, ground) for line in [*lines[: BAR_ROWS - 1], " ".join(lines[BAR_ROWS - 1 :])]]
    else:
        rows = [(line, ground) for line in [*lines, ""][: BAR_ROWS - 1]] + [(below, ground)]
    key = _key(caption, room)
    return [
        Strip([Segment(cap, strong), Segment(fitted(text, space), style), Segment(" ", ground)], width)
        for cap, (text, style) in zip(key, rows, strict=True)
    ]


def _key(caption: Caption, room: int) -> list[str]:
    """A key drawn as a keycap: three rows, `room` cells wide."""
    label = spoken_key(caption.key) if caption.key else ""
    if caption.typed:
        most = room - _EDGES - 2
        label = caption.typed if cells(caption.typed) <= most else "…" + _end_of(caption.typed, most - 1)
    if not label:
        return [" " * room] * BAR_ROWS
    rule = "─" * (cells(label) + 2)
    return [fitted(f" {part}", room) for part in (f"╭{rule}╮", f"│ {label} │", f"╰{rule}╯")]


def _end_of(text: str, most: int) -> str:
    while cells(text) > most:
        text = text[1:]
    return text

"""Every screen in every state, at every size and in every theme: a folder of pictures, and a page that shows them."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from subtui.app.routes import PATTERNS, Pattern
from subtui.domain.errors import FileProblem, SubtuiError
from subtui.domain.progress import Progress
from subtui.flows.gallery_page import MARK, Shown, page, picture_name
from subtui.flows.screenshot import Size, Stopped, draw
from subtui.flows.seed_screens import Standing
from subtui.flows.states import State
from subtui.flows.temp_db import temporary
from subtui.storage.files import absolute, require_writable, why, write_whole

INDEX = "index.html"
REACHED_AT = (80, 24)
_LISTED = re.compile(r'<img [^>]*?src="([a-z0-9_]+\.[0-9]{1,4}x[0-9]{1,4}\.[a-z-]+\.svg)"')


class Tell(Protocol):
    """A callback for the progress."""

    def __call__(self, progress: Progress) -> None: ...


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures drawn, and those of the previous run that this one has not drawn."""

    index: Path
    screens: int
    states: int
    pictures: int
    removed: int


def make_gallery(
    folder: Path,
    states: Sequence[State],
    data: Standing,
    *,
    sizes: Sequence[Size],
    themes: Sequence[str],
    tell: Tell | None = None,
) -> Gallery:
    """Draw the states into a folder, its page last. Raises FileProblem, Stopped and WrongInput.

    In the folder only pictures of the same names, and those that the previous page lists, are changed.
    """
    into = absolute(folder)
    before = _listed(into)
    _require_folder(into)
    shown: list[Shown] = []
    made: set[str] = set()
    each = len(sizes) * len(themes)
    with temporary() as copies:
        for number, state in enumerate(states):
            if tell is not None:
                tell(Progress(number, len(states), number * each, "drawing"))
            database = copies.fresh(data.data, day=data.set_day)
            where = _draw(into, state, database, sizes, themes)
            copies.drop(database)
            shown.append(Shown(where, state))
            made |= {picture_name(state, size, theme) for size in sizes for theme in themes}
    stale = before - made
    for name in stale:
        with suppress(OSError):
            (into / name).unlink()
    shown.sort(key=lambda one: PATTERNS.index(one.where))
    title = data.data.name if data.data is not None else "the demo data"
    index = write_whole(into / INDEX, page(title, shown, sizes, themes).encode())
    return Gallery(index, len({one.where for one in shown}), len(shown), len(shown) * each, len(stale))


def _draw(into: Path, state: State, database: Path, sizes: Sequence[Size], themes: Sequence[str]) -> Pattern:
    try:
        drawings = draw(database, state.way, sizes, themes, start_at=REACHED_AT)
    except SubtuiError as error:
        raise Stopped(f"{state.name}, {state.route}: {error}") from error
    for drawing in drawings:
        write_whole(into / picture_name(state, drawing.size, drawing.theme), drawing.svg.encode())
    return drawings[0].where


def _require_folder(into: Path) -> None:
    try:
        into.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise FileProblem(f"{into} is not a folder.") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{into} cannot be created: {why(error)}.") from None
    require_writable(into / INDEX)


def _listed(into: Path) -> set[str]:
    """The pictures that the page of a previous run lists. Raises FileProblem for a page that is no gallery."""
    index = into / INDEX
    try:
        text = index.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except (OSError, ValueError) as error:
        raise FileProblem(f"{index} cannot be read: {why(error)}.") from None
    if MARK not in text:
        raise FileProblem(f"{index} was not made by subtui snapshot and was not changed. Choose another folder.")
    return set(_LISTED.findall(text))

"""Writes the files of the flow commands: recordings and guides. All are made before the first is written."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from subtui.cli.output import complain_lines
from subtui.domain.errors import WrongInput
from subtui.flows.environment import make_neutral
from subtui.flows.files import require_room, write_files
from subtui.flows.flow import Flow
from subtui.storage.files import require_writable

if TYPE_CHECKING:
    from subtui.flows.recorder import Recording

ENDINGS = (".cast", ".svg", ".txt")


def recorded(flow: Flow, *, data: Path | None = None, theme: str = "dark") -> "Recording":
    """Record a flow. Raises FlowFailed, after printing the last screen, and FileProblem."""
    make_neutral()
    from subtui.flows.event_loop import finished  # noqa: PLC0415
    from subtui.flows.plain_screen import boxed  # noqa: PLC0415
    from subtui.flows.recorder import record  # noqa: PLC0415
    from subtui.flows.runner import FlowFailed  # noqa: PLC0415
    from subtui.flows.temp_db import temporary  # noqa: PLC0415

    with temporary() as copies:
        try:
            return finished(record(flow, copies, data=data, theme=theme))
        except FlowFailed as failed:
            if not failed.missed.over:
                complain_lines(boxed(failed.missed.screen))
            raise


def write_recording(
    flow: Flow, wanted: Sequence[str], *, cast_version: int, data: Path | None, theme: str
) -> Sequence[Path]:
    """Record a flow into these files; returns those written. Raises WrongInput for an unknown file ending.

    A path that ends with a slash is a folder, even with dots in its name.
    """
    folders = {Path(name) for name in wanted if _is_folder(name)}
    files = list(map(Path, wanted))
    for file in files:
        if file in folders:
            require_room(file)
        elif file.suffix in ENDINGS:
            require_writable(file)
        else:
            raise WrongInput(f"{file} needs an ending that sets the format: {', '.join(ENDINGS)}, or a folder/.")
    recording = recorded(flow, data=data, theme=theme)
    contents: dict[Path, str] = {}
    for file in files:
        if file in folders:
            contents |= {file / name: text for name, text in _everything(recording)}
        else:
            contents[file] = _as_one(recording, file.suffix, cast_version)
    for file, text in contents.items():
        write_files(file.parent, {file.name: text})
    return tuple(contents)


def _is_folder(name: str) -> bool:
    if not name.strip():
        raise WrongInput("-o needs a file name.")
    return name.endswith(("/", os.sep)) or Path(name).is_dir() or not Path(name).suffix


def _as_one(recording: "Recording", ending: str, version: int) -> str:
    from subtui.flows.asciinema import cast  # noqa: PLC0415
    from subtui.flows.svg import film  # noqa: PLC0415
    from subtui.flows.text_export import transcript  # noqa: PLC0415

    writers: dict[str, Callable[[], str]] = {
        ".cast": lambda: cast(recording, 3 if version == 3 else 2),
        ".svg": lambda: film(recording),
        ".txt": lambda: transcript(recording),
    }
    return writers[ending]()


def _everything(recording: "Recording") -> Iterable[tuple[str, str]]:
    from subtui.flows.guide import pictures  # noqa: PLC0415

    name = recording.flow.name
    yield f"{name}.v2.cast", _as_one(recording, ".cast", 2)
    yield f"{name}.v3.cast", _as_one(recording, ".cast", 3)
    yield f"{name}.svg", _as_one(recording, ".svg", 2)
    yield f"{name}.txt", _as_one(recording, ".txt", 2)
    yield from pictures(recording).items()


def write_guides(
    flows: Sequence[Flow], folder: Path, *, forms: Sequence[str], data: Path | None, theme: str
) -> Sequence[Path]:
    """Write the articles of these flows and their pictures; returns the files written."""
    require_room(folder)
    contents: dict[str, str] = {}
    for flow in flows:
        contents |= guide_files(recorded(flow, data=data, theme=theme), forms)
    write_files(folder, contents)
    return [folder / name for name in contents]


def guide_files(recording: "Recording", forms: Sequence[str]) -> dict[str, str]:
    """An article in the forms `md` and `html`, with its pictures: file contents by file name."""
    from subtui.flows.guide import html, markdown, pictures  # noqa: PLC0415

    writers = {"md": markdown, "html": html}
    pages = {f"{recording.flow.name}.{form}": writers[form](recording) for form in forms}
    return pages | pictures(recording)

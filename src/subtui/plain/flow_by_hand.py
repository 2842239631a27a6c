"""Writes a flow file while somebody does the procedure by hand, on data to throw away."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.app.routes import parse
from subtui.domain.errors import Refused, WrongInput
from subtui.plain.start import Start, has_terminal
from subtui.storage.files import require_writable, write_whole

if TYPE_CHECKING:
    from subtui.flows.writing import Draft


def write_by_hand(start: Start, output: Path, *, title: str, route: str, data: Path | None) -> "Draft":
    """Let somebody do it, and write the file. Raises WrongInput, FileProblem, and Refused when nothing was done."""
    address = str(parse(route))
    if output.suffix != ".toml":
        raise WrongInput(f"{output}: the name of a flow file ends with .toml.")
    if output.exists():
        raise Refused(f"{output} is there already. Choose another name, or move it away.")
    require_writable(output)
    if not has_terminal():
        raise WrongInput("To do it by hand takes a terminal.")
    from subtui.flows.copies import throw_away  # noqa: PLC0415
    from subtui.flows.demo.by_hand import WritingApp  # noqa: PLC0415
    from subtui.flows.stage import launch_on  # noqa: PLC0415
    from subtui.flows.streams import kept_streams  # noqa: PLC0415
    from subtui.flows.writing import Draft  # noqa: PLC0415

    who, day = start.who or "agent", start.clock.frozen
    at = day if day is None or type(day).__name__ == "date" else None
    beside = os.path.relpath(data, output.parent) if data else ""
    draft = Draft(title or output.stem.replace("-", " ").capitalize(), who, address, (80, 24), at=at, data=beside)
    with throw_away() as copies:
        signing_in = address == "/sign-in"
        launch = launch_on(copies.fresh(data), start=address, who=None if signing_in else who, at=at)
        app = WritingApp(draft, launch, output.name, start.settings.theme)
        with kept_streams():
            app.run()
    if app.failure:
        sys.stderr.write(app.failure + "\n")
        raise click.exceptions.Exit(2)
    if not any(not step.empty for step in draft.steps):
        raise Refused("Nothing was done, so nothing was written.")
    write_whole(output, draft.toml().encode())
    return draft

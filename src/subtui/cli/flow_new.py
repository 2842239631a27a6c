"""Writes a flow file from the keys of a user who does the procedure by hand, on temporary data."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.app.routes import parse
from subtui.cli.context import CliContext, has_terminal, require_size
from subtui.cli.output import complain, say
from subtui.domain.errors import FileProblem, Refused, WrongInput
from subtui.flows.parser import LONGEST_TITLE
from subtui.flows.seed_screens import standing
from subtui.storage.files import require_writable, write_whole

if TYPE_CHECKING:
    from subtui.flows.writer import Draft


def write_by_hand(context: CliContext, output: Path, *, title: str, route: str, data: Path | None) -> "Draft":
    """Let the user do the procedure, and write the file. Raises WrongInput, FileProblem; Refused for an empty draft.

    The draft is written however the session ends: so no work is lost when a window is closed, and the steps that led to
    a crash are kept.
    """
    address = parse(route).link
    if output.suffix != ".toml":
        raise WrongInput(f"{output}: the name of a flow file ends with .toml.")
    if output.exists():
        raise Refused(f"{output} already exists. Choose another name, or move it.")
    file = require_writable(output)
    if len(title) > LONGEST_TITLE:
        raise WrongInput(f"--title: at most {LONGEST_TITLE} characters.")
    who, day = context.who or "agent", context.clock.frozen
    at = day.date() if isinstance(day, datetime) else day
    standing(data, at, otherwise="say --at before the command")
    if not has_terminal():
        raise WrongInput("Recording a flow needs a terminal.")
    from subtui.flows.bar import BAR_ROWS  # noqa: PLC0415

    require_size("this", below=BAR_ROWS)
    from subtui.flows.demo.recorder import WritingApp  # noqa: PLC0415
    from subtui.flows.driver import config_on  # noqa: PLC0415
    from subtui.flows.environment import at_nobodys_home  # noqa: PLC0415
    from subtui.flows.event_loop import run_here  # noqa: PLC0415
    from subtui.flows.temp_db import temporary  # noqa: PLC0415
    from subtui.flows.writer import Draft  # noqa: PLC0415

    beside = os.path.relpath(data, file.parent) if data else ""
    named = title.strip() or output.stem.replace("-", " ").strip().capitalize()[:LONGEST_TITLE] or "A flow"
    draft = Draft(named, who, address, (80, 24), at=at, data=beside)
    with temporary() as copies, at_nobodys_home():
        signing_in = address == "/sign-in"
        app_config = config_on(copies.fresh(data, day=at), start=address, who=None if signing_in else who, at=at)
        app = WritingApp(draft, app_config, output.name, context.settings.theme)
        try:
            run_here(app)
        finally:
            if draft.done:
                _keep(draft, file)
    if app.failure:
        complain(app.failure + (f" The steps until then are in {output}." if draft.done else ""))
        raise click.exceptions.Exit(2)
    if not draft.done:
        raise Refused("No keys were pressed, so nothing was saved.")
    return draft


def _keep(draft: "Draft", file: Path) -> None:
    """Write the draft; print it where that fails. Raises FileProblem."""
    try:
        write_whole(file, draft.toml().encode())
    except FileProblem:
        say(draft.toml())
        raise

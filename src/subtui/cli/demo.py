"""The command that plays a flow in the terminal, on temporary data."""

from pathlib import Path

import click

from subtui.cli.context import WORDS, CliContext, has_terminal, require_size, with_start
from subtui.cli.flows import found, listed, readable, require_data
from subtui.cli.output import complain, say
from subtui.domain.errors import WrongInput

_BAR = 3


@click.command()
@click.argument("name", metavar="[FLOW]", required=False, type=WORDS)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Play on this seed file instead of the flow's own data.",
)
@click.option("--list", "only_list", is_flag=True, help="List the flows without playing.")
@with_start
def demo(context: CliContext, name: str | None, data: Path | None, only_list: bool) -> None:
    """Watch a procedure played in the real screens.

    Without a name the flows are listed, with what each shows and how long it takes. Space pauses, the arrows go
    a step forward or back, t takes over the keys and ctrl+g hands them back. It plays on throwaway data; your own
    database is not changed.
    """
    flows, problems = readable(context)
    first = found(context, [name])[0] if name else None
    require_data([first] if first else flows, data)
    if only_list or (first is None and not has_terminal()):
        say(listed(flows))
        for problem in problems:
            complain(str(problem))
        return
    if not has_terminal():
        raise WrongInput("A demo needs a terminal. Without one, use: subtui flow record FLOW -o FILE")
    require_size("a demo", below=_BAR)
    from subtui.flows.demo.player_app import watch  # noqa: PLC0415
    from subtui.flows.environment import at_nobodys_home  # noqa: PLC0415
    from subtui.flows.temp_db import temporary  # noqa: PLC0415

    # Without a home folder, no played form proposes, and then writes, a file in the user's home.
    with temporary() as copies, at_nobodys_home():
        code = watch(flows, copies, first=first, data=data, theme=context.settings.theme, crashes=None)
    raise click.exceptions.Exit(code)

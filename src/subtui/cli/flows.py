"""The flow commands: list, check and record flows, make guides, write a flow by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.app_config import THEMES
from subtui.cli.context import WORDS, CliContext, json_option, with_start
from subtui.cli.errors import WRONG_INPUT
from subtui.cli.output import complain, say, say_json, table
from subtui.settings import default_file

if TYPE_CHECKING:
    from subtui.domain.errors import FileProblem
    from subtui.flows.check import Outcome
    from subtui.flows.flow import Flow

FILE = click.Path(path_type=Path)

_DATA = click.option("--data", type=FILE, metavar="FILE", help="Run on this seed file instead of the flow's own data.")

_THEME = click.option("--theme", type=click.Choice(THEMES), default=THEMES[0], help="The colours; default dark.")


def own_flows(context: CliContext) -> Path:
    """The folder of the user's own flows: `flows` beside the settings."""
    return (context.settings.file or default_file()).parent / "flows"


def found(context: CliContext, names: Sequence[str]) -> "list[Flow]":
    """The flows with these names or paths; all flows where none is named. Raises WrongInput, FileProblem."""
    from subtui.flows.registry import find_flow  # noqa: PLC0415

    if names:
        return [find_flow(name, own_flows(context)) for name in names]
    flows, problems = readable(context)
    if problems:
        raise problems[0]
    return flows


def readable(context: CliContext) -> "tuple[list[Flow], Sequence[FileProblem]]":
    """All readable flows, and the problems of the others: one broken file must not hide the rest."""
    from subtui.flows.registry import flows_in, shipped  # noqa: PLC0415

    own, problems = flows_in(own_flows(context))
    names = {flow.name for flow in own}
    return [*(flow for flow in shipped() if flow.name not in names), *own], problems


def require_data(flows: "Sequence[Flow]", data: Path | None) -> None:
    """Raise WrongInput and FileProblem for a data file that is missing, invalid, or without a day."""
    from subtui.flows.seed_screens import standing  # noqa: PLC0415

    for file, at in {(data or flow.data, flow.at) for flow in flows}:
        if file is not None:
            standing(file, at, otherwise='give the flow an "at"')


def listed(flows: "Sequence[Flow]") -> str:
    """A table of flows with their titles and durations."""
    from subtui.flows.flow import minutes  # noqa: PLC0415

    return table(
        ("Flow", "Shows", "Takes"),
        [(flow.name, flow.title, minutes(flow.seconds)) for flow in flows],
        right=("Takes",),
        longest=60,
    )


@click.group()
def flow() -> None:
    """Play, record, document and check procedures."""


@flow.command(name="list")
@json_option
@with_start
def list_flows(context: CliContext, as_json: bool) -> None:
    """List the built-in flows and your own."""
    flows, problems = readable(context)
    for problem in problems:
        complain(str(problem))
    if as_json:
        say_json(
            [
                {
                    "name": each.name,
                    "title": each.title,
                    "purpose": each.purpose,
                    "seconds": round(each.seconds, 1),
                    "keys": each.keys,
                    "file": str(each.file),
                }
                for each in flows
            ]
        )
        return
    say(listed(flows))
    say(
        f"\nPlay one with: subtui demo {flows[0].name}\nPut your own flows in {own_flows(context)}, or give their path."
    )


@flow.command()
@click.argument("names", metavar="[FLOW]...", nargs=-1, type=WORDS)
@_DATA
@click.option("--update", is_flag=True, help="Record the snapshots instead of comparing them.")
@click.option(
    "--within",
    type=click.FloatRange(0.1, 600),
    default=10,
    metavar="SECONDS",
    help="How long to wait for what is expected.",
)
@click.option("--junit", type=FILE, metavar="FILE", help="Also write the result as JUnit XML, for a build server.")
@json_option
@with_start
def check(
    context: CliContext,
    names: tuple[str, ...],
    data: Path | None,
    update: bool,
    within: float,
    junit: Path | None,
    as_json: bool,
) -> None:
    """Check flows without a terminal.

    Without a name: all flows. What is expected must appear within 10 seconds, and the snapshots must match those
    recorded in the folder beside the flow's file. The exit code is 1 if a flow fails, with the step that failed, and 2
    if only snapshots are not recorded yet.
    """
    from subtui.flows.environment import make_neutral  # noqa: PLC0415

    flows = found(context, names)
    require_data(flows, data)
    make_neutral()
    from subtui.flows.check import check as play  # noqa: PLC0415
    from subtui.flows.event_loop import finished  # noqa: PLC0415
    from subtui.flows.temp_db import temporary  # noqa: PLC0415
    from subtui.storage.files import require_writable, write_whole  # noqa: PLC0415

    if junit is not None:
        require_writable(junit)
    outcomes = []
    with temporary() as copies:
        for each in flows:
            outcome = finished(play(each, copies, data=data, update=update, patience=within))
            outcomes.append(outcome)
            if not as_json:
                _tell(outcome, update=update)
    if junit is not None:
        from subtui.flows.junit import junit as xml  # noqa: PLC0415

        write_whole(junit, xml(outcomes).encode())
    if as_json:
        say_json([_as_data(outcome) for outcome in outcomes])
    failed = sum(not outcome.passed for outcome in outcomes)
    if failed:
        if not as_json:
            complain(f"{failed} of {len(outcomes)} flows failed.")
        whole = any(not problem.not_on_record for outcome in outcomes for problem in outcome.problems)
        raise click.exceptions.Exit(1 if whole else WRONG_INPUT)


@flow.command()
@click.option("-o", "--output", type=FILE, metavar="FILE", required=True, help="The flow file to write.")
@click.option("--title", type=WORDS, default="", metavar="TEXT", help="The flow's title.")
@click.option("--open", "route", type=WORDS, default="/", metavar="ROUTE", help="Where it begins; default /.")
@click.option("--data", type=FILE, metavar="FILE", help="Record on this seed file instead of the demo data.")
@with_start
def new(context: CliContext, output: Path, title: str, route: str, data: Path | None) -> None:
    """Record a new flow while you do the task.

    Keys, routes and messages are recorded until ctrl+g saves the flow. It uses throwaway data. Keys pressed while
    signing in are left out, and signing out ends the flow. Leaving in any other way saves what was done so far.
    """
    from subtui.cli.flow_new import write_by_hand  # noqa: PLC0415

    draft = write_by_hand(context, output, title=title, route=route, data=data)
    say(f"Wrote {output}: {_counted(len(draft.steps), 'step')}. Check it with: subtui flow check {output}")


@flow.command()
@click.argument("name", metavar="FLOW", type=WORDS)
@click.option(
    "-o", "--output", metavar="FILE", required=True, multiple=True, help="What to write; the ending sets the format."
)
@click.option("--cast", type=click.Choice(["2", "3"]), default="2", help="The version of a .cast; default 2.")
@_THEME
@_DATA
@with_start
def record(context: CliContext, name: str, output: tuple[str, ...], cast: str, theme: str, data: Path | None) -> None:
    """Record a flow as a cast, an animated picture or text.

    FILE.cast is for asciinema players, FILE.svg is an animated picture, FILE.txt is the screens as text. A folder, with
    a slash at its end, gets all three, and a still picture of each snapshot. The same flow gives the same bytes on
    every machine, whatever its settings.
    """
    from subtui.cli.flow_files import write_recording  # noqa: PLC0415

    (flow,) = found(context, [name])
    require_data([flow], data)
    for file in write_recording(flow, output, cast_version=int(cast), data=data, theme=theme):
        say(f"Wrote {file}")


@flow.command()
@click.argument("names", metavar="FLOW...", nargs=-1, type=WORDS, required=True)
@click.option("-o", "--output", type=FILE, metavar="DIR", required=True, help="The folder to write into.")
@click.option("--format", "form", type=click.Choice(["both", "md", "html"]), default="both", help="Default: both.")
@_THEME
@_DATA
@with_start
def guide(context: CliContext, names: tuple[str, ...], output: Path, form: str, theme: str, data: Path | None) -> None:
    """Write flows as help articles.

    Numbered steps with their keys and pictures, in Markdown and HTML.
    """
    from subtui.cli.flow_files import write_guides  # noqa: PLC0415

    flows = found(context, names)
    require_data(flows, data)
    forms = ("md", "html") if form == "both" else (form,)
    for file in write_guides(flows, output, forms=forms, data=data, theme=theme):
        say(f"Wrote {file}")


def _tell(outcome: "Outcome", *, update: bool) -> None:
    name = outcome.flow.name
    if outcome.passed:
        pictures = _counted(outcome.compared, "snapshot")
        if not outcome.compared:
            done = f"{pictures} to {'record' if update else 'compare'}"
        else:
            done = f"{len(outcome.written)} of {pictures} recorded" if update else f"{pictures} compared"
        say(f"✓ {name}: {_counted(len(outcome.flow.steps), 'step')}, {done}, {outcome.seconds:.1f} s")
        return
    for problem in outcome.problems:
        say(f"✗ {name}, step {problem.step}{f' ({problem.say})' if problem.say else ''}:\n  {problem.sentence}")
    from subtui.flows.plain_screen import boxed  # noqa: PLC0415

    last = outcome.problems[-1]
    say(f"\nThe screen at step {last.step}:\n{boxed(last.screen)}\n")


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _as_data(outcome: "Outcome") -> dict[str, object]:
    return {
        "name": outcome.flow.name,
        "passed": outcome.passed,
        "seconds": round(outcome.seconds, 2),
        "pictures": outcome.compared,
        "written": [str(file) for file in outcome.written],
        "problems": [
            {"step": each.step, "say": each.say, "sentence": each.sentence, "screen": each.screen}
            for each in outcome.problems
        ],
    }

"""The command that draws pictures of the screens, on temporary data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from subtui.app_config import THEMES
from subtui.cli.context import WORDS, Options
from subtui.cli.output import say
from subtui.cli.progress import progress_line
from subtui.domain.errors import WrongInput

if TYPE_CHECKING:
    from subtui.flows.screenshot import Size
    from subtui.flows.seed_screens import Standing
    from subtui.flows.states import Keystroke

_FILE = click.Path(path_type=Path)
_ENDINGS = (".svg", ".txt", ".png")
_SIZES = ((80, 24), (120, 36))
_IN_ORDER = "subtui.snapshot.in_order"
_STDOUT = Path("-")


class InOrder(click.Command):
    """A command that knows the common order of `--press` and `--type`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments again for their order: click keeps only the order within each option."""
        values, _, order = self.make_parser(ctx).parse_args(list(args))
        left = {name: list(values.get(name) or ()) for name in ("press", "typed")}
        ctx.meta[_IN_ORDER] = [(param.name, left[param.name].pop(0)) for param in order if left.get(param.name)]
        return super().parse_args(ctx, args)


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of the options, including the global ones."""

    who: str | None
    at: str | None
    themes: tuple[str, ...]
    sizes: tuple["Size", ...]
    data: Path | None
    read_only: bool
    output: Path


@click.command(
    cls=InOrder,
    epilog='Write KEYS with blanks between them, as in --press "tab tab x". Your settings, database and home folder '
    "have no effect: the same version draws the same SVG and text on every machine. PNG is "
    'drawn with the fonts of the machine, and needs: pip install "subtui[png]"',
)
@click.argument("route", required=False, type=WORDS)
@click.option("--press", multiple=True, type=WORDS, metavar="KEYS", help="Press these keys; may be repeated.")
@click.option(
    "--type",
    "typed",
    multiple=True,
    type=WORDS,
    metavar="TEXT",
    help="Type this text; runs with --press in the order given.",
)
@click.option(
    "--size",
    "sizes",
    multiple=True,
    type=WORDS,
    metavar="80x24",
    help="Columns and rows; default 80x24, with --all also 120x36. With --all it may be repeated.",
)
@click.option(
    "--theme",
    "themes",
    multiple=True,
    type=click.Choice(THEMES),
    help="The colours; default dark, with --all every theme. With --all it may be repeated.",
)
@click.option("--at", type=WORDS, metavar="DATE", help="The day to show; default: the day of the data.")
@click.option("--as", "who", type=WORDS, metavar="WHO", help="Who is signed in: a role or an e-mail; default agent.")
@click.option("--data", type=_FILE, metavar="FILE", help="Show the data of this seed file instead of the demo.")
@click.option("--all", "everything", is_flag=True, help="Draw every screen in every state, with an index page.")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    required=True,
    metavar="FILE|DIR",
    help="FILE.svg, FILE.txt or FILE.png; - prints the text. With --all a folder.",
)
@click.pass_context
def snapshot(context: click.Context, /, route: str | None, everything: bool, **given: Any) -> None:
    """Draw a screen as a picture, on throwaway data.

    With --all every screen in every state, with an index page; with --all and --data
    every screen on the first row that the file has for it.
    """
    from subtui.flows.environment import make_neutral  # noqa: PLC0415

    make_neutral()
    asked = _asked(context.find_object(Options) or Options(), given)
    acts = context.meta[_IN_ORDER]
    if everything:
        if route is not None or acts:
            raise click.UsageError("--all draws every screen: leave out the route, --press and --type.")
        _draw_all(asked)
    elif route is None:
        raise click.UsageError("Name a screen: a route such as /subscriptions/1042, or --all.")
    elif len(asked.sizes) > 1 or len(asked.themes) > 1:
        raise click.UsageError("Several sizes or themes need --all; one screen takes one of each.")
    else:
        _draw_one(asked, route, acts)


def _asked(options: Options, given: dict[str, Any]) -> Asked:
    """Check the options. Raises WrongInput and UsageError."""
    from subtui.flows.parser import read_size  # noqa: PLC0415

    if options.db is not None or options.config is not None:
        raise click.UsageError("Snapshots use throwaway data: leave out --db and --config, or name a --data file.")
    if options.seed is not None and given["data"] is not None:
        raise click.UsageError("Use either --seed or --data, not both.")
    themes = given["themes"] or ((options.theme,) if options.theme else ())
    return Asked(
        who=given["who"] or options.who,
        at=given["at"] or options.at,
        themes=tuple(dict.fromkeys(themes)),
        sizes=tuple(dict.fromkeys(read_size(size) for size in given["sizes"])),
        data=given["data"] or options.seed,
        read_only=options.read_only,
        output=given["output"],
    )


def _standing(asked: Asked) -> "Standing":
    from subtui.clock import read_clock  # noqa: PLC0415
    from subtui.flows.seed_screens import standing  # noqa: PLC0415

    return standing(asked.data, read_clock(asked.at).frozen)


def _draw_one(asked: Asked, route: str, acts: Sequence[tuple[str, str]]) -> None:
    from subtui.app.routes import parse  # noqa: PLC0415
    from subtui.flows.states import Way  # noqa: PLC0415
    from subtui.storage.files import require_writable, write_whole  # noqa: PLC0415

    ending = asked.output.suffix.lower()
    if asked.output != _STDOUT:
        if ending not in _ENDINGS:
            raise WrongInput(f"“{asked.output.name}” needs an ending that sets the format: {', '.join(_ENDINGS)}.")
        require_writable(asked.output)
    address = parse(route).link
    way_acts = _acts(acts)
    if ending == ".png":
        from subtui.flows.pictures import require_png  # noqa: PLC0415

        require_png()
    data = _standing(asked)

    from subtui.flows.pictures import png  # noqa: PLC0415
    from subtui.flows.screenshot import draw  # noqa: PLC0415
    from subtui.flows.temp_db import temporary  # noqa: PLC0415

    way = Way(address, way_acts, asked.who or "agent", asked.read_only, data.at)
    with temporary() as copies:
        database = copies.fresh(data.data, day=data.set_day)
        (drawing,) = draw(database, way, asked.sizes or _SIZES[:1], asked.themes or THEMES[:1])
    if asked.output == _STDOUT:
        say(drawing.frame.text)
    elif ending == ".png":
        write_whole(asked.output, png(drawing.frame))
    else:
        write_whole(asked.output, (drawing.svg if ending == ".svg" else f"{drawing.frame.text}\n").encode())


def _acts(given: Sequence[tuple[str, str]]) -> tuple["Keystroke", ...]:
    """Read the options into keystrokes. Raises WrongInput."""
    from subtui.flows.flow import Press, Type  # noqa: PLC0415
    from subtui.flows.parser import read_keys  # noqa: PLC0415

    acts: list[Keystroke] = []
    for name, text in given:
        if name == "press":
            acts += [Press(key) for key in read_keys(text)]
        elif text.isprintable():
            acts.append(Type(text))
        else:
            raise WrongInput("--type takes text only; put keys such as enter in --press.")
    return tuple(acts)


def _draw_all(asked: Asked) -> None:
    if asked.output == _STDOUT or re.fullmatch(r"\.(svg|txt|png|html?)", asked.output.suffix.lower()):
        raise WrongInput(f"--all writes many files: name a folder instead of {asked.output}.")
    if asked.data is None and (asked.who or asked.at or asked.read_only):
        raise click.UsageError(
            "The demo states set their own user and day: leave those options out, or name a --data file."
        )
    data = _standing(asked)

    from subtui.flows.gallery import make_gallery  # noqa: PLC0415
    from subtui.flows.seed_screens import first_rows  # noqa: PLC0415
    from subtui.flows.states import STATES  # noqa: PLC0415

    states, without = (STATES, ()) if data.seed is None else first_rows(data.seed, data.at, asked.who)
    with progress_line(quiet=False, of="pictures") as tell:
        made = make_gallery(
            asked.output, states, data, sizes=asked.sizes or _SIZES, themes=asked.themes or THEMES, tell=tell
        )
    removed = f" {made.removed} from an earlier run removed." if made.removed else ""
    say(f"{made.pictures} pictures of {made.states} states on {made.screens} screens: {made.index}{removed}")
    if without:
        say(f"The file has no row for {', '.join(without)}.")

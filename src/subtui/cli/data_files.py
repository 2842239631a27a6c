"""The commands about seed files: check one, and print the schema for editors."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from subtui.cli.errors import WRONG_INPUT
from subtui.cli.output import complain, say, say_json
from subtui.domain.days import format_day
from subtui.domain.plain_text import sanitize

if TYPE_CHECKING:
    from subtui.storage.seed_check import Checked
    from subtui.storage.seed_problems import SeedProblem

_FILE = click.Path(path_type=Path)
_DOUBTFUL = 1

_WORDS = {
    "users": ("user", "users"),
    "contacts": ("contact", "contacts"),
    "subscriptions": ("subscription", "subscriptions"),
    "orders": ("order", "orders"),
    "payments": ("payment", "payments"),
    "products": ("product", "products"),
    "plans": ("plan", "plans"),
    "requests": ("ticket", "tickets"),
    "history": ("entry of the log", "entries of the log"),
}


@click.group()
def data() -> None:
    """Check seed files: your own data for --seed."""


@data.command(
    epilog="Exits 0 when the file is valid, 2 when it would be refused, and 1 when it can be used but has rows "
    "that do not belong together or impossible amounts."
)
@click.argument("file", type=_FILE)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), metavar="N", default=50, help="The most to show; default 50."
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def check(file: Path, limit: int, as_json: bool) -> None:
    """List everything wrong in a seed file, with its place."""
    from subtui.storage.seed_check import check_seed  # noqa: PLC0415

    found = check_seed(file)
    code = WRONG_INPUT if found.problems else _DOUBTFUL if found.doubts else 0
    if as_json:
        say_json(_answer(file, found, limit))
    elif code:
        for line in _told(found, limit):
            say(line)
        complain(_verdict(file, found))
    else:
        say(_verdict(file, found))
    raise click.exceptions.Exit(code)


def _answer(file: Path, found: "Checked", limit: int) -> dict[str, Any]:
    def told(rows: "Sequence[SeedProblem]", at_most: int) -> list[dict[str, str]]:
        return [{"path": row.path, "message": f"{row.said}."} for row in rows[: max(at_most, 0)]]

    every = len(found.problems) + len(found.doubts)
    return {
        "file": str(file),
        "right": not every,
        "usable": not found.problems,
        "problems": told(found.problems, limit),
        "doubts": told(found.doubts, limit - len(found.problems)),
        "more": max(every - limit, 0),
        "counts": found.counts,
        "day": found.day.isoformat() if found.day else None,
    }


def _told(found: "Checked", limit: int) -> Iterator[str]:
    every = [(row, "") for row in found.problems] + [(row, "doubtful: ") for row in found.doubts]
    for row, kind in every[:limit]:
        yield sanitize(f"{row.path}: {kind}{row.said}.")
    if len(every) > limit:
        yield f"... and {len(every) - limit:,} more."


def _verdict(file: Path, found: "Checked") -> str:
    wrong, doubtful = len(found.problems), len(found.doubts)
    if wrong:
        also = f", and {doubtful:,} doubtful" if doubtful else ""
        return f"{file} would be refused: {_counted(wrong, ('problem', 'problems'))}{also}."
    if doubtful:
        return f"{file} can be used, but look at {_counted(doubtful, ('doubtful place', 'doubtful places'))}."
    held = ", ".join(_counted(found.counts[kind], words) for kind, words in _WORDS.items())
    stands = f"Its day is {format_day(found.day)}." if found.day else "It has no day of its own."
    return f"{file} is valid: {held}. {stands}"


def _counted(number: int, words: tuple[str, str]) -> str:
    return f"{number:,} {words[0] if number == 1 else words[1]}"


@data.command()
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write it to this file.")
def schema(output: Path | None) -> None:
    """Print the JSON Schema of seed files.

    Editors use it to check a file while you type.
    """
    from subtui.storage.files import write_whole  # noqa: PLC0415
    from subtui.storage.seed_check import schema  # noqa: PLC0415

    if output is None or output == Path("-"):
        say(schema().rstrip("\n"))
    else:
        say(sanitize(f"Written to {write_whole(output, schema().encode())}."))

"""Measure, and print a Markdown table: python -m benchmarks [--quick] [--contacts N] [--rounds N] [--json FILE]."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.data import Data
from benchmarks.importing import Importing
from benchmarks.key_presses import TYPED, Typing
from benchmarks.on_server import OnServer
from benchmarks.records import Records
from benchmarks.sides import Of, Row, Sample
from benchmarks.starting import Starting

ROUNDS = 10
QUICK_ROUNDS = 2
QUICK_WORDS = 3
CONTACTS = 1_000_000
QUICK_CONTACTS = 100_000


def measure(row: Row, rounds: int) -> tuple[list[Sample], list[Sample]]:
    """So many rounds of both sides, in turns, after one of each that does not count: it fills the disk's cache."""
    rounds = max(rounds // row.rounds_for, 1)
    if row.rounds_for == 1:
        row.ours()
        row.other()
    ours: list[Sample] = []
    other: list[Sample] = []
    for number in range(rounds):
        sides = [(row.ours, ours), (row.other, other)]
        for run, samples in sides if number % 2 else reversed(sides):
            samples.extend(run())
        print(f"\r{row.key} {number + 1}/{rounds} ", end="", file=sys.stderr, flush=True)
    print("\r\033[K", end="", file=sys.stderr, flush=True)
    return ours, other


def results(row: Row, ours: list[Sample], other: list[Sample]) -> list[dict[str, Any]]:
    """The lines of a row, one for each of its bars: times in milliseconds, memory in MiB."""
    found = []
    for of, bar in row.bars:
        mine, theirs = (_figure(samples, of) for samples in (ours, other))
        found.append(
            {
                "key": row.key,
                "what": row.what,
                "of": of,
                "against": row.against,
                "ours": round(mine, 1),
                "other": round(theirs, 1),
                "unit": {"memory": "MB", "bytes": "B"}.get(of, "ms"),
                "ratio": round(mine / theirs, 3),
                "bar": bar,
                "met": mine / theirs <= bar,
                "samples": [len(ours), len(other)],
                "ours_all_ms": [round(sample.seconds * 1000, 1) for sample in ours],
                "other_all_ms": [round(sample.seconds * 1000, 1) for sample in other],
            }
        )
    return found


def _figure(samples: Sequence[Sample], of: Of) -> float:
    if of == "memory":
        return median(sample.memory or 0 for sample in samples) / 2**20
    if of == "bytes":
        return median(sample.bytes_written or 0 for sample in samples)
    times = [sample.seconds * 1000 for sample in samples]
    if of == "p95" and len(times) > 1:
        return quantiles(times, n=20)[-1]
    return median(times)


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "textual": version("textual"),
        "subtui": version("subtui"),
    }


def table(found: Sequence[dict[str, Any]]) -> str:
    """The results as a Markdown table."""
    lines = [
        "| What | Ours | Against | Theirs | Ratio | Bar | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {each['what']}{', 95th percentile' if each['of'] == 'p95' else ''} | {_shown(each, 'ours')} "
        f"| {each['against']} | {_shown(each, 'other')} | {each['ratio']:.2f} | {each['bar']:g} "
        f"| {'met' if each['met'] else 'NOT MET'} |"
        for each in found
    ]
    return "\n".join(lines)


def _shown(each: dict[str, Any], side: str) -> str:
    value: float = each[side]
    if each["unit"] == "ms" and value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} {each['unit']}" if value < 100 else f"{value:.0f} {each['unit']}"


def main() -> None:
    """Measure all rows, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only these rows, by their keys")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_CONTACTS:,} contacts, few rounds: two minutes")
    parser.add_argument("--contacts", type=int, metavar="N", help=f"so many contacts; {CONTACTS:,} if not given")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"so many rounds of each row; {ROUNDS} if not given")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the made data here, for the next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to a file")
    given = parser.parse_args()
    rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    contacts = given.contacts or (QUICK_CONTACTS if given.quick else CONTACTS)

    with (
        tempfile.TemporaryDirectory(prefix="subtui-benchmarks-", dir=os.environ.get("TMPDIR")) as folder,
        ExitStack() as stack,
    ):
        _of_its_own(Path(folder))
        data = Data(given.data or Path(folder), Path(folder))
        typing = Typing(data, contacts, TYPED[: QUICK_WORDS if given.quick else None])
        on_server = stack.enter_context(OnServer(data, contacts, typing))
        rows = [
            *Starting(data).rows(),
            *typing.rows(),
            *on_server.rows(),
            *Importing(data, contacts).rows(),
            *Records(data, contacts).rows(),
        ]
        unknown = set(given.rows) - {row.key for row in rows}
        if unknown:
            parser.error(f"there is no row {', '.join(sorted(unknown))}")
        found: list[dict[str, Any]] = []
        for row in rows:
            if not given.rows or row.key in given.rows:
                if reason := row.missing():
                    print(f"{row.key} is left out: {reason}", file=sys.stderr, flush=True)
                    continue
                measured = results(row, *measure(row, rounds))
                print(*table(measured).splitlines()[2:], sep="\n", file=sys.stderr, flush=True)
                found += measured

    about = machine()
    print(
        f"{about['system']}, {about['cores']} cores, Python {about['python']}, Textual {about['textual']}; "
        f"{contacts:,} contacts, up to {rounds} rounds, medians.\n\n{table(found)}"
    )
    if given.json:
        text = json.dumps({"machine": about, "contacts": contacts, "rounds": rounds, "rows": found}, indent=2)
        given.json.write_text(text + "\n", encoding="utf-8")


def _of_its_own(folder: Path) -> None:
    """The settings of the account that measures do not count."""
    for name in [name for name in os.environ if name.startswith(("SUBTUI_", "TEXTUAL"))]:
        del os.environ[name]
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())


if __name__ == "__main__":
    main()

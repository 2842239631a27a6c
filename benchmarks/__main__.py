"""Measure, and print a Markdown table: python -m benchmarks [--quick] [--rounds N] [--json FILE]."""

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rows import Bench, Row, Sample

ROUNDS = 15
QUICK_ROUNDS = 5


def measure(row: Row, rounds: int) -> tuple[list[Sample], list[Sample]]:
    """So many rounds of both sides, in turns, after one of each that does not count: it fills the disk's cache."""
    row.ours()
    row.other()
    ours: list[Sample] = []
    other: list[Sample] = []
    for number in range(rounds):
        sides = [(row.ours, ours), (row.other, other)]
        for run, samples in sides if number % 2 else reversed(sides):
            samples.append(run())
        print(f"\r{row.key} {number + 1}/{rounds} ", end="", file=sys.stderr, flush=True)
    print("\r\033[K", end="", file=sys.stderr, flush=True)
    return ours, other


def result(row: Row, ours: list[Sample], other: list[Sample]) -> dict[str, Any]:
    """What one row found: medians in milliseconds, the ratio, and whether it meets the bar."""
    mine, theirs = (median(sample.seconds for sample in samples) * 1000 for samples in (ours, other))
    return {
        "key": row.key,
        "what": row.what,
        "against": row.against,
        "ours_ms": round(mine, 1),
        "other_ms": round(theirs, 1),
        "ratio": round(mine / theirs, 3),
        "bar": row.bar,
        "met": mine / theirs <= row.bar,
        "ours_all_ms": [round(sample.seconds * 1000, 1) for sample in ours],
        "other_all_ms": [round(sample.seconds * 1000, 1) for sample in other],
        "ours_peak_mb": _megabytes(ours),
        "other_peak_mb": _megabytes(other),
    }


def _megabytes(samples: list[Sample]) -> float | None:
    known = [sample.memory for sample in samples if sample.memory is not None]
    return round(median(known) / 2**20, 1) if known else None


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "textual": version("textual"),
        "subtui": version("subtui"),
    }


def table(results: list[dict[str, Any]]) -> str:
    """The results as a Markdown table, then the memory where the system tells it."""
    lines = [
        "| What | Ours | Against | Theirs | Ratio | Bar | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {each['what']} | {each['ours_ms']:.0f} ms | {each['against']} | {each['other_ms']:.0f} ms "
        f"| {each['ratio']:.2f} | {each['bar']:g} | {'met' if each['met'] else 'NOT MET'} |"
        for each in results
    ]
    lines += [
        f"\nPeak memory, {each['what'][0].lower()}{each['what'][1:]}, once the data is shown: "
        f"{each['ours_peak_mb']} MB; {each['against']}: {each['other_peak_mb']} MB "
        f"({each['ours_peak_mb'] / each['other_peak_mb']:.2f})."
        for each in results
        if each["ours_peak_mb"] and each["other_peak_mb"]
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure all rows, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only these rows: sign-in, dashboard, search, save")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, under two minutes")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"so many rounds of each row; {ROUNDS} if not given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure to a file")
    given = parser.parse_args()
    rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)

    with tempfile.TemporaryDirectory(prefix="subtui-benchmarks-", dir=os.environ.get("TMPDIR")) as folder:
        rows = Bench(Path(folder)).rows()
        unknown = set(given.rows) - {row.key for row in rows}
        if unknown:
            parser.error(f"there is no row {', '.join(sorted(unknown))}")
        results = [result(row, *measure(row, rounds)) for row in rows if not given.rows or row.key in given.rows]

    about = machine()
    print(
        f"{about['system']}, {about['cores']} cores, Python {about['python']}, Textual {about['textual']}; "
        f"{rounds} rounds, medians.\n\n{table(results)}"
    )
    if given.json:
        text = json.dumps({"machine": about, "rounds": rounds, "rows": results}, indent=2)
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The one door to the work on this project: `python -m tools check|test|fast|renew|bench|docs`.

Each name runs its commands in turn, and all of them even if one fails; the exit code is 1 if any did. What stands
behind the name is handed to its first command: `python -m tools test tests/domain -k money`.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PYTEST = (PYTHON, "-m", "pytest")
SUBTUI = (PYTHON, "-m", "subtui")

DOCS = (PYTHON, "tools/make_docs.py")
STYLE = (
    (PYTHON, "-m", "ruff", "check"),
    (PYTHON, "-m", "ruff", "format", "--check"),
    (PYTHON, "-m", "mypy"),
    # import-linter has no module to run; its command is beside the interpreter.
    (str(Path(PYTHON).with_name("lint-imports")),),
)
JOBS: dict[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    "check": ("all that must hold: the tests, then style, types and layers", (PYTEST, *STYLE)),
    "test": ("all tests", (PYTEST,)),
    "fast": ("the tests that are not slow", ((*PYTEST, "-m", "not slow"),)),
    "renew": (
        "record all that is drawn: snapshots of the screens, the example and the flows, guides and pages",
        (
            (*PYTEST, "--snapshot-update", "tests/app"),
            (*PYTEST, "--snapshot-update", "examples/own-data"),
            (*SUBTUI, "flow", "check", "--update"),
            DOCS,
        ),
    ),
    "bench": ("the benchmarks", ((PYTHON, "-m", "benchmarks"),)),
    "docs": ("the pages that repeat what the program knows", (DOCS,)),
}


def usage() -> str:
    """The names, one a line."""
    return "\n".join(["python -m tools NAME [OPTIONS]", "", *(f"  {name:6} {JOBS[name][0]}" for name in JOBS)])


def run(name: str, more: Sequence[str] = ()) -> int:
    """Run the commands of a job; 1 if any of them failed."""
    first, *others = JOBS[name][1]
    failed = []
    for command in ((*first, *more), *others):
        print(f"--- {' '.join(command)}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(" ".join(command))
    if failed:
        print("Failed:", *failed, sep="\n  ")
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; 2 for a name that is none."""
    if not arguments or arguments[0] not in JOBS:
        print(usage())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    return run(arguments[0], arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

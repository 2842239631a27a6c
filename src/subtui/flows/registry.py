"""Finds flows: those shipped with the program, and those in the user's folder."""

from importlib.resources import files
from pathlib import Path

from subtui.domain.errors import FileProblem, WrongInput
from subtui.domain.suggestions import did_you_mean
from subtui.flows.flow import Flow
from subtui.flows.parser import read_flow

ORDER = (
    "cancel",
    "express",
    "cancel-and-refund",
    "undo",
    "pause",
    "find",
    "loose-end",
    "cancel-account",
    "cancel-account-by-form",
    "by-phone",
    "keap",
)
"""The shipped flows, in the order for a new user."""


def shipped_folder() -> Path:
    """The folder of the shipped flows."""
    return Path(str(files("subtui.flows") / "shipped"))


def shipped() -> tuple[Flow, ...]:
    """The shipped flows."""
    return tuple(read_flow(shipped_folder() / f"{name}.toml") for name in ORDER)


def flows_in(folder: Path) -> tuple[tuple[Flow, ...], tuple[FileProblem, ...]]:
    """The flows in a user's folder, by name, and the problems of those that cannot be read.

    Both are empty where the folder does not exist.
    """
    flows, problems = [], []
    for file in sorted(folder.glob("*.toml")):
        try:
            flows.append(read_flow(file))
        except FileProblem as problem:
            problems.append(problem)
    return tuple(flows), tuple(problems)


def find_flow(wanted: str, folder: Path) -> Flow:
    """Find the flow with this name, or in the file at this path. Raises WrongInput and FileProblem."""
    if wanted.endswith(".toml") or "/" in wanted or "\\" in wanted:
        return read_flow(Path(wanted))
    names = {name: shipped_folder() / f"{name}.toml" for name in ORDER}
    names |= {file.stem: file for file in sorted(folder.glob("*.toml"))}
    if wanted in names:
        return read_flow(names[wanted])
    hint = did_you_mean(wanted, names, otherwise=f" There are: {', '.join(names)}.")
    raise WrongInput(f"There is no flow “{wanted[:60]}”.{hint} For your own file, give its path.")

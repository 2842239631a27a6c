"""Which flows there are: those that come with the program, and those in a folder of one's own."""

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
    "loose-end",
    "cancel-account",
    "cancel-account-by-form",
    "by-phone",
)
"""The flows that come with the program, in the order in which somebody new would watch them."""


def shipped_folder() -> Path:
    """Where the flows lie that come with the program."""
    return Path(str(files("subtui.flows") / "shipped"))


def shipped() -> tuple[Flow, ...]:
    """The flows that come with the program."""
    return tuple(read_flow(shipped_folder() / f"{name}.toml") for name in ORDER)


def flows_in(folder: Path) -> tuple[tuple[Flow, ...], tuple[FileProblem, ...]]:
    """The flows in a folder of somebody's own, by name, and what is wrong with those that cannot be read.

    Both are empty where there is no such folder.
    """
    flows, problems = [], []
    for file in sorted(folder.glob("*.toml")):
        try:
            flows.append(read_flow(file))
        except FileProblem as problem:
            problems.append(problem)
    return tuple(flows), tuple(problems)


def find_flow(wanted: str, folder: Path) -> Flow:
    """The flow with this name, or in the file at this path. Raises WrongInput and FileProblem."""
    if wanted.endswith(".toml") or "/" in wanted or "\\" in wanted:
        return read_flow(Path(wanted))
    names = {name: shipped_folder() / f"{name}.toml" for name in ORDER}
    names |= {file.stem: file for file in sorted(folder.glob("*.toml"))}
    if wanted in names:
        return read_flow(names[wanted])
    hint = did_you_mean(wanted, names, otherwise=f" There are: {', '.join(names)}.")
    raise WrongInput(f"There is no flow “{wanted[:60]}”.{hint} For your own file, give its path.")

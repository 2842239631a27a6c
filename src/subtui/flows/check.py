"""Checks a flow: plays it without a terminal, and compares its pictures with those stored beside its file."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from time import perf_counter

from subtui.domain.errors import FileProblem
from subtui.flows.driver import Driver, driven
from subtui.flows.environment import at_nobodys_home
from subtui.flows.files import write_files
from subtui.flows.flow import Flow, Snapshot
from subtui.flows.runner import PATIENCE, Failure, FlowFailed, config_of, missed, perform, require_started
from subtui.flows.temp_db import Copies
from subtui.storage.files import why


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a flow. `seconds` is the duration of the check; `written` are the pictures that were stored."""

    flow: Flow
    seconds: float
    problems: tuple[Failure, ...] = ()
    compared: int = 0
    written: tuple[Path, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the flow passed."""
        return not self.problems


@dataclass
class _Taken:
    """The pictures taken in the flow, and their failures."""

    flow: Flow
    update: bool
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Failure] = field(default_factory=list)

    def take(self, driver: Driver, step: int, name: str) -> None:
        self.texts[name] = driver.text + "\n"
        if self.update:
            return
        file = record_of(self.flow, name)
        before = _on_record(file)
        if before is None:
            sentence = f"snapshot “{name}” is not recorded yet ({file}). Record it with --update."
        else:
            if before == self.texts[name]:
                return
            sentence = f"snapshot “{name}” differs from the recorded one:\n{difference(before, self.texts[name])}"
        self.problems.append(missed(driver, self.flow, step, sentence, not_on_record=before is None))

    def record(self) -> tuple[Path, ...]:
        """Store new and changed pictures, and delete those that the flow no longer takes."""
        folder = records_of(self.flow)
        changed = {
            f"{name}.txt": text for name, text in self.texts.items() if _on_record(folder / f"{name}.txt") != text
        }
        write_files(folder, changed)
        stale = [file for file in folder.glob("*.txt") if file.stem not in self.texts]
        for file in stale:
            file.unlink()
        return tuple(folder / name for name in changed) + tuple(stale)


def _on_record(file: Path) -> str | None:
    """The stored picture in a file; None where there is none. A file that is no text differs from every picture."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileProblem(f"{file} cannot be read: {why(error)}.") from error


def records_of(flow: Flow) -> Path:
    """The folder of a flow's stored pictures: beside its file, with its name."""
    if flow.file is None:
        raise FileProblem(f"{flow.name} has no file, so its snapshots cannot be recorded.")
    return flow.file.with_suffix("")


def record_of(flow: Flow, name: str) -> Path:
    """The file of one stored picture of a flow."""
    return records_of(flow) / f"{name}.txt"


def difference(before: str, after: str) -> str:
    """The lines that differ, as a unified diff without file names."""
    lines = unified_diff(before.splitlines(), after.splitlines(), "recorded", "now", n=1, lineterm="")
    return "\n".join(lines)


async def check(
    flow: Flow, copies: Copies, *, data: Path | None = None, update: bool = False, patience: float = PATIENCE
) -> Outcome:
    """Play a flow and return its result. With `update` its pictures are stored instead of compared.

    The first failed expectation ends it; a picture that differs does not. Raises FileProblem.
    """
    began = perf_counter()
    taken = _Taken(flow, update)
    app_config = config_of(flow, copies, data=data)
    async with AsyncExitStack() as around:
        around.enter_context(at_nobodys_home())
        driver = await around.enter_async_context(driven(app_config, flow.size))
        require_started(driver, flow)
        try:
            for step, each in enumerate(flow.steps):
                for action in each.actions:
                    await perform(driver, flow, step, action, patience=patience)
                    if isinstance(action, Snapshot):
                        taken.take(driver, step, action.name)
        except FlowFailed as failed:
            taken.problems.append(failed.missed)
    written = taken.record() if update and not taken.problems else ()
    return Outcome(flow, perf_counter() - began, tuple(taken.problems), len(taken.texts), written)

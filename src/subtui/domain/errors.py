"""The family of errors. Each carries the sentence that the person will read, and the exit code of a plain command."""

from dataclasses import dataclass
from typing import ClassVar


class SubtuiError(Exception):
    """Something the program can explain in a sentence; `str(error)` is that sentence."""

    exit_code: ClassVar[int] = 2


class Refused(SubtuiError):
    """A rule says no, although the request itself is well formed."""

    exit_code = 1


class NotAllowed(Refused):
    """The person's role does not permit the act."""


class SignInRefused(Refused):
    """Wrong e-mail or password, or too many misses; the sentence never tells which of the first two."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One field of a form that cannot be saved as it stands, and why."""

    field: str
    sentence: str


class Invalid(Refused):
    """A form with at least one problem; nothing of it was saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that reads differently in the version somebody holds and the version that is stored."""

    label: str
    mine: str
    theirs: str


class Stale(Refused):
    """The row was changed after the form was opened. Holds both versions, so that nobody has to type again."""

    def __init__(
        self, *, changed_by: str, version: int, differences: tuple[Difference, ...], what: str = "subscription"
    ) -> None:
        super().__init__(f"{changed_by} changed this {what} after you opened it. Nothing was saved.")
        self.changed_by = changed_by
        self.version = version
        self.differences = differences


class Cancelled(SubtuiError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("This was cancelled before it finished.")


class NotFound(SubtuiError):
    """No row has that id."""


class WrongInput(SubtuiError):
    """Text that cannot be read as what it should be: a date, a route, a code."""


class StorageProblem(SubtuiError):
    """The database cannot be used as it is. The sentence says what to do; the file was left alone."""


class FileReplaced(StorageProblem):
    """Another file stands where the database was opened. Nothing was written to either."""


class FileProblem(SubtuiError):
    """A settings or data file cannot be used: file, place and reason in one sentence."""


class DateOrderNeeded(FileProblem):
    """The dates of a file read in two ways. `example` is one of them."""

    def __init__(self, name: str, example: str) -> None:
        super().__init__(
            f"{name}: a date such as {example} can be read two ways. Choose with --date-order mdy (month first) or dmy."
        )
        self.name, self.example = name, example


class EncodingNeeded(FileProblem):
    """The letters of a file can be those of several code pages. `evidence` is how its first such word would read."""

    def __init__(self, sentence: str, name: str, evidence: str) -> None:
        super().__init__(sentence)
        self.name, self.evidence = name, evidence

"""The errors of the program. Each carries a sentence for the user and the exit code of a plain command."""

from dataclasses import dataclass
from typing import ClassVar


class SubtuiError(Exception):
    """Base class of the errors that the program explains in a sentence; `str(error)` is that sentence."""

    exit_code: ClassVar[int] = 2


class Refused(SubtuiError):
    """A rule refuses a well-formed request."""

    exit_code = 1


class NotAllowed(Refused):
    """The user's role does not permit the act."""


class SessionEnded(NotAllowed):
    """The user was deactivated, or a colleague ended the session: only a new sign-in leads on."""


class SignInRefused(Refused):
    """Wrong e-mail or password, or too many failed attempts; the sentence never tells which of the first two."""


class PasswordNeeded(Refused):
    """The e-mail and a one-time code match: the session begins once a password is chosen with them."""

    def __init__(self, sentence: str = "This is a one-time code: choose a password with it first.") -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Problem:
    """One form field that cannot be saved, and why."""

    field: str
    sentence: str


class Invalid(Refused):
    """A form has at least one problem; nothing of it was saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between the user's version of a row and the stored version."""

    label: str
    mine: str
    theirs: str


class Stale(Refused):
    """The row was changed after the form was opened. Holds both versions, so that the user need not type again."""

    def __init__(
        self, *, changed_by: str, version: int, differences: tuple[Difference, ...], what: str = "subscription"
    ) -> None:
        super().__init__(f"{changed_by} changed this {what} after you opened it. Nothing was saved.")
        self.changed_by = changed_by
        self.version = version
        self.differences = differences


class Cancelled(SubtuiError):
    """The read was cancelled by its caller, who no longer needs the answer."""

    def __init__(self) -> None:
        super().__init__("This was cancelled before it finished.")


class NotFound(SubtuiError):
    """No row has that id."""


class WrongInput(SubtuiError):
    """Text cannot be parsed as the date, route or code that it should be."""


class StorageProblem(SubtuiError):
    """The database cannot be used. The sentence says what to do; the file was not changed."""


class ConnectionLost(StorageProblem):
    """The connection to the server was lost; nothing of the transaction under way was saved."""


class OutcomeUnknown(ConnectionLost):
    """The connection was lost while an act was being committed. Whether it was is found out when the server answers."""


class FileReplaced(StorageProblem):
    """The path of the open database now holds another file. Nothing was written to either."""


class FileProblem(SubtuiError):
    """A settings or data file cannot be used: file, place and reason in one sentence."""


class DateOrderNeeded(FileProblem):
    """The dates of a file can be read in two orders. `example` is one of them."""

    def __init__(self, name: str, example: str) -> None:
        super().__init__(
            f"{name}: a date such as {example} can be read two ways. Choose with --date-order mdy (month first) or dmy."
        )
        self.name, self.example = name, example


class EncodingNeeded(FileProblem):
    """The letters of a file can be those of several code pages. `evidence` is the first such word in each reading."""

    def __init__(self, sentence: str, name: str, evidence: str) -> None:
        super().__init__(sentence)
        self.name, self.evidence = name, evidence

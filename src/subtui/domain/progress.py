"""The progress of a long task: an import, an export, the making of a database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """The amount done of the total, in bytes or rows, and the number of rows so far.

    A total of 0 is not known yet.
    """

    done: int
    total: int
    rows: int
    doing: str

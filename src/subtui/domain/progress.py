"""How far something long has come: an import, an export, a database that is made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of the total, in whatever it is measured by (bytes read, rows), and the rows taken or made so far.

    A total of 0: not known yet.
    """

    done: int
    total: int
    rows: int
    doing: str

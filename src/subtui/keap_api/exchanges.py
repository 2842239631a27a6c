"""What goes over a connection and comes back, for the modules on both sides of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LARGEST = 64 * 1024 * 1024
"""The most bytes of an answer, unpacked."""


def never() -> bool:
    """The `stop` of a caller that does not stop."""
    return False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for the connection, for each silence of the server, and for the whole of an answer.

    `idle` is how long an unused connection is trusted to be alive still.
    """

    connect: float = 10.0
    read: float = 90.0
    whole: float = 300.0
    idle: float = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """An answer of any status, read to its end and unpacked. The names of the headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

"""What a call to Keap is and what comes back, for the code that makes calls and the transport that carries them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Query = Sequence[tuple[str, str]]
"""The parameters of a call in their order; a name may come twice."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A call that Keap has answered with 2xx. Numbers of the body are int or Decimal, never float.

    `body` is empty where Keap answered a change without one. `server_time`, in UTC, is Keap's clock (the header Date);
    None where it cannot be read. `seconds` is how long the server took.
    """

    status: int
    body: Mapping[str, Any]
    server_time: datetime | None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Caller(Protocol):
    """Carries calls to one account in Keap. Paths begin behind the base URL: `/rest/v2/subscriptions/9`.

    Raises the errors of `subtui.keap_api.errors`.
    """

    def get(self, path: str, query: Query = ()) -> Answer:
        """Read. Repeated where that may help."""

    def patch(self, path: str, query: Query, body: Mapping[str, Any]) -> Answer:
        """Change; sent once. NoAnswer: whether it was done is unknown, and has to be read."""

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Ask for an act of Keap's; sent once."""

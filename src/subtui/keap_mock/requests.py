"""What a request to the mock is, and how its path and its body are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from subtui.keap_mock.errors import ApiError

PREFIXES = ("/crm/rest/v2/", "/rest/v2/")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` is without the query; header names are lower case."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    base: str = ""
    """The scheme and the host, for links in answers."""

    @classmethod
    def of(
        cls, method: str, target: str, *, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"", base: str = ""
    ) -> "Request":
        """A request from the target of its first line."""
        parts = urlsplit(target)
        return cls(method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), headers, body, base)

    @property
    def steps(self) -> tuple[str, ...] | None:
        """The parts of the path behind the base; None if it is not below one."""
        for prefix in PREFIXES:
            if self.path.startswith(prefix):
                return tuple(unquote(step) for step in self.path[len(prefix) :].split("/"))
        return None

    def header(self, name: str) -> str:
        """The value of a header, empty without it."""
        return next((value for each, value in self.headers if each == name), "")

    def parameter(self, name: str) -> str | None:
        """The last value of a parameter."""
        found = None
        for each, value in self.query:
            if each == name:
                found = value
        return found

    def parameters(self, name: str) -> list[str]:
        """All values of a parameter, in their order."""
        return [value for each, value in self.query if each == name]

    def json(self) -> dict[str, Any]:
        """The body. ApiError 400: it is no JSON object."""
        try:
            read = msgspec.json.decode(self.body or b"null")
        except msgspec.DecodeError as error:
            raise ApiError(400, "The body is no JSON") from error
        if not isinstance(read, dict):
            raise ApiError(400, "The body is no JSON object")
        return read

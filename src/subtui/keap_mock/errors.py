"""The bodies in which Keap and what stands before it tell an error. None of them is like another."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import msgspec

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"


class ErrorShape(StrEnum):
    """The form of a body that tells an error."""

    V2 = "v2"
    """code, message, status, details: the application since March 2026."""
    THROWABLE = "throwable"
    """A dump of a Java exception: the application before."""
    MESSAGE = "message"
    """Nothing but a message."""
    FAULT = "fault"
    """The gateway's own: fault, faultstring, errorcode."""
    GATEWAY = "gateway"
    """The newer gateway at 429: `code` is text."""
    TOKEN = "token"  # noqa: S105
    """The token endpoint: error, error_description."""
    HTML = "html"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. `changes` is what the call has changed: field -> (before, after); None: nothing was to change.

    `row_id` is the subscription that was changed.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    changes: dict[str, tuple[object, object]] | None = None
    row_id: str = ""


class ApiError(Exception):
    """The application refuses a call. `shape` None: as the switches say."""

    def __init__(self, status: int, message: str, *, shape: ErrorShape | None = None, resource: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.shape = shape
        self.resource = resource


def no_such_path() -> ApiError:
    """No such path: the front end answers, not the application."""
    return ApiError(404, "The requested URL was not found on this server.", shape=ErrorShape.HTML)


def error_reply(status: int, message: str, shape: ErrorShape, resource: str = "") -> Reply:
    """An error as an answer in one of the shapes."""
    if shape is ErrorShape.EMPTY:
        return Reply(status)
    if shape is ErrorShape.HTML:
        title = f"{status} {phrase(status)}"
        head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
        page = f"{head}<body><h1>{title}</h1><p>{message}</p></body></html>"
        return Reply(status, page.encode(), HTML_TYPE)
    return Reply(status, msgspec.json.encode(_body(status, message, shape, resource)))


def phrase(status: int) -> str:
    """The words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _body(status: int, message: str, shape: ErrorShape, resource: str) -> dict[str, object]:
    match shape:
        case ErrorShape.THROWABLE:
            frame = {
                "className": "com.example.Resource",
                "lineNumber": 71,
                "methodName": "handle",
                "nativeMethod": False,
            }
            return {"cause": None, "localizedMessage": message, "message": message, "stackTrace": [frame]}
        case ErrorShape.MESSAGE:
            return {"message": message}
        case ErrorShape.FAULT:
            code = {401: "oauth.v2.InvalidAccessToken", 429: "policies.ratelimit.QuotaViolation"}.get(
                status, "steps.Error"
            )
            return {"fault": {"faultstring": message, "detail": {"errorcode": code}}}
        case ErrorShape.GATEWAY:
            words = "Request Throttled" if status == HTTPStatus.TOO_MANY_REQUESTS else phrase(status)
            return {"code": str(status), "message": message, "status": words, "details": None}
        case ErrorShape.TOKEN:
            return {"error": "invalid_grant", "error_description": message}
    words = phrase(status).upper().replace(" ", "_")
    return {"code": status, "message": message, "status": words, "details": [{"domain": "mock", "resource": resource}]}

"""How a call has ended without an answer that can be used, and the error that says so to the user."""

from dataclasses import dataclass, field
from enum import Enum, auto

from subtui.keap_api.error_bodies import ErrorWords
from subtui.keap_api.errors import (
    CallFailed,
    Declined,
    KeyRefused,
    NoAnswer,
    NotPermitted,
    NotThere,
    Unreachable,
)
from subtui.keap_api.quota import Quota


class Cause(Enum):
    """What was wrong. The order of a call: connect, send, wait, read."""

    NO_CONNECTION = auto()
    NOT_TRUSTED = auto()
    NO_WAY = auto()
    TIMEOUT = auto()
    CUT = auto()
    TOO_LARGE = auto()
    UNREADABLE = auto()
    STATUS = auto()


NOTHING_SENT = frozenset({Cause.NO_CONNECTION, Cause.NOT_TRUSTED, Cause.NO_WAY})
"""The causes with which Keap has not heard of the call."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One try that failed. `status` is 0 without an answer. `kind` names it in the log; `detail` is for the sentence.

    `retry_after` is in seconds, None if Keap did not say.
    """

    cause: Cause
    kind: str
    detail: str = ""
    status: int = 0
    said: ErrorWords = field(default_factory=ErrorWords)
    retry_after: float | None = None
    quota: Quota = field(default_factory=Quota)


def error_of(failure: Failure, *, host: str, change: bool) -> CallFailed:
    """The error for a failure that is not waited for any longer. 429 is not among them."""
    status, words = failure.status, failure.said.words
    quoted = f" Keap says: “{words}”." if words else ""
    if failure.cause in NOTHING_SENT:
        return Unreachable(_not_sent(failure, host))
    if failure.cause is not Cause.STATUS:
        return NoAnswer(_lost(failure, host) + _unknown(change), status=status)
    if status == 401:
        return KeyRefused(_refused_key(failure) + quoted, status=status)
    if status == 403:
        return NotPermitted(
            f"The key's user may not do this in Keap: ask an administrator of the account for the right.{quoted}",
            status=status,
        )
    if status == 404:
        return NotThere(f"Keap has nothing at this address.{quoted}", status=status)
    if 300 <= status < 400:
        sentence = f"{host} refers to another address ({status}), which is not followed: check the address of Keap."
        # A redirection can be the answer to a change that was made.
        return NoAnswer(sentence + _unknown(change), status=status) if change else _declined(sentence, failure)
    if (400 <= status < 500 and status != 408) or status == 501:
        return _declined(f"Keap declined this ({status}).{quoted}", failure)
    return NoAnswer(f"Keap has a fault of its own ({status}).{quoted}" + _unknown(change), status=status)


def _declined(sentence: str, failure: Failure) -> Declined:
    return Declined(sentence, status=failure.status, words=failure.said.words)


def _not_sent(failure: Failure, host: str) -> str:
    if failure.cause is Cause.NO_WAY:
        return failure.detail
    if failure.cause is Cause.NOT_TRUSTED:
        return (
            f"{host} could not show that it is {host}: its certificate is not trusted here, or the line was not "
            "encrypted. Nothing was sent. Check the clock of this computer, and ask who runs its network."
        )
    return f"{host} cannot be reached ({failure.detail or failure.kind}). Nothing was sent. Check the network."


def _lost(failure: Failure, host: str) -> str:
    match failure.cause:
        case Cause.TIMEOUT:
            return f"{host} did not answer in time."
        case Cause.CUT:
            return f"The line to {host} was cut before the answer was complete."
        case Cause.TOO_LARGE:
            return f"The answer of {host} is larger than {failure.detail}, and was not read to its end."
        case _:
            return f"{host} answered what cannot be read ({failure.status}{_named(failure.detail)})."


def _named(detail: str) -> str:
    return f", {detail}" if detail else ""


def _unknown(change: bool) -> str:
    return " Whether the change was made is unknown until the row is read again." if change else ""


def _refused_key(failure: Failure) -> str:
    sentence = "Keap does not accept the key: it is wrong, was revoked or has run out. Store a new one."
    if "invalidaccesstoken" in f"{failure.said.code} {failure.said.words}".replace(" ", "").lower():
        sentence += " If the key is new, choose the other style of header, since Keap takes some keys in one only."
    return sentence

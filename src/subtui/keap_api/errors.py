"""Why a call to Keap has not been answered as asked. What matters to a writer: may it have been done?"""

from datetime import datetime
from typing import ClassVar

from subtui.domain.errors import Refused, SubtuiError


class CallFailed(SubtuiError):
    """A call has failed; `str(error)` says why, without the key. `status` is the HTTP status, 0 without an answer.

    With `outcome_unknown` a change may have been made although the call failed: only reading tells.
    """

    outcome_unknown: ClassVar[bool] = False

    def __init__(self, sentence: str, *, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status


class Unreachable(CallFailed):
    """No connection was made: nothing was sent."""


class NoAnswer(CallFailed):
    """The call was sent, and no answer came that can be read: a timeout, a cut line, a 5xx, half an answer, HTML."""

    outcome_unknown = True


class KeyRefused(CallFailed):
    """401: the key is not, or no longer, valid. No further call is of use."""


class NotPermitted(CallFailed):
    """403: the key's user may not see or change this kind of data."""


class NotThere(CallFailed):
    """404: Keap has no such row, or no such operation."""


class Declined(CallFailed):
    """400, 405, 409, 501: Keap understood and did not do it. `words` are Keap's own."""

    def __init__(self, sentence: str, *, status: int, words: str) -> None:
        super().__init__(sentence, status=status)
        self.words = words


class LimitReached(CallFailed):
    """The calls that Keap allows are used up. Nothing was done. `until`, in UTC, is when they begin again, if known."""

    def __init__(self, sentence: str, *, until: datetime | None = None) -> None:
        super().__init__(sentence, status=429)
        self.until = until


class CallStopped(Refused):
    """The user stopped while a call was being waited for or was to be repeated."""

    def __init__(self) -> None:
        super().__init__("This was stopped.")

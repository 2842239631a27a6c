"""Reads Keap's single text of why a subscription was stopped: the counterpart of `written.reason_words`."""

from collections.abc import Iterable

from subtui.domain.normalization import normalize
from subtui.domain.reasons import Reason
from subtui.keap.written import REASON_AND_NOTE

OTHER = "other"
"""The reason of a text that is none of the account's."""


class StopReasons:
    """The account's reasons by what a text may call them: label or code."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        known = tuple(reasons)
        self._codes = {normalize(reason.label): reason.code for reason in known}
        self._codes |= {reason.code: reason.code for reason in known}

    def read(self, text: str) -> tuple[str | None, str]:
        """The code of the reason, and the note: `Too expensive - asked twice` has both. None without a text."""
        if not text:
            return None, ""
        whole = self._codes.get(normalize(text))
        if whole is not None:
            return whole, ""
        label, between, note = text.partition(REASON_AND_NOTE)
        code = self._codes.get(normalize(label)) if between and note.strip() else None
        return (code, note.strip()) if code is not None else (OTHER, text)

"""The part of a check that writes: on one subscription that the owner has named, and back again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from subtui.keap.patches import path_of
from subtui.keap.wire import Image, image_of
from subtui.keap_api.calls import Caller
from subtui.keap_api.errors import CallFailed, Declined, KeyRefused, LimitReached, NoAnswer
from subtui.services.keap.questions import CLEARS, NULL_CLEARS, as_finding
from subtui.views.keap import Finding

_TRIAL = "subtui check"
_FAR = 400
"""Days from today of an end date that is tried: nothing happens on it before it is taken back."""


def try_writing(caller: Caller, keap_id: str, today: date) -> list[Finding]:
    """Try a reason, an end date in the past, and clearing an end date, and put everything back.

    Neither the state nor Auto Charge is touched: a subscription that is billed goes on being billed. Raises CallFailed
    where it cannot be read; the last finding says if anything could not be put back.
    """
    trial = _Trial(caller, keap_id)
    before = trial.read()
    findings = [trial.reason(), trial.past(today), trial.clearing(today)]
    findings.append(trial.put_back(before))
    return findings


class _Trial:
    """One subscription that things are tried on."""

    def __init__(self, caller: Caller, keap_id: str) -> None:
        self._caller, self._path = caller, path_of(keap_id)

    def read(self) -> Image:
        """The subscription as it is there now."""
        return image_of(self._caller.get(self._path).body)

    def _set(self, **fields: Any) -> str:
        """Send some fields; returns why Keap refused, empty where it did not."""
        try:
            self._caller.patch(self._path, [("update_mask", name) for name in fields], fields)
        except (KeyRefused, LimitReached):
            raise
        except Declined as refusal:
            return str(refusal)
        except NoAnswer:
            return ""  # the reading that follows tells
        except CallFailed as failure:
            return str(failure)
        return ""

    def reason(self) -> Finding:
        """Whether a reason is taken and read back."""
        why = self._set(reason_stopped=_TRIAL)
        taken = self.read().get("reason_stopped") == _TRIAL
        return as_finding("write_reason", "yes" if taken else "no", why)

    def past(self, today: date) -> Finding:
        """Whether an end date in the past is refused."""
        yesterday = (today - timedelta(days=1)).isoformat()
        why = self._set(end_date=yesterday)
        taken = self.read().get("end_date") == yesterday
        return as_finding("write_past", "no" if taken else "yes", why)

    def clearing(self, today: date) -> Finding:
        """What an end date that is null does."""
        day = (today + timedelta(days=_FAR)).isoformat()
        why = self._set(end_date=day)
        if self.read().get("end_date") != day:
            return as_finding(NULL_CLEARS, "unknown", why or "An end date is not taken at all.")
        why = self._set(end_date=None)
        after = self.read().get("end_date")
        return as_finding(NULL_CLEARS, "refused" if why else CLEARS if after is None else "is ignored", why)

    def put_back(self, before: Image) -> Finding:
        """Put the two fields back that were changed."""
        changed = self._differences(before)
        for name in changed:
            value = before.get(name)
            self._set(**{name: "" if name == "reason_stopped" and value is None else value})
        left = self._differences(before)
        words = ", ".join(f"{name} was {before.get(name) or 'empty'}" for name in left)
        return as_finding("write_back", "no" if left else "yes", f"Put back by hand in Keap: {words}." if left else "")

    def _differences(self, before: Image) -> list[str]:
        now: Mapping[str, Any] = self.read()
        return [name for name in ("reason_stopped", "end_date") if now.get(name) != before.get(name)]

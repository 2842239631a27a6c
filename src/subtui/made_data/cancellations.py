"""Makes the state of a subscription: active, ending, ended completely, or ended with data issues.

The shares are those of the demo data and of the accounts that were measured in 2017, where 4 to 20 % of the inactive
had no end date, 4 to 17 % still had Auto Charge on, and nearly none a reason. None is active past its end date: opening
the database would expire it.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from subtui.domain.event_types import SubjectType
from subtui.domain.reasons import CANCELLING
from subtui.domain.subscriptions import Status
from subtui.made_data import words
from subtui.made_data.days import Calendar
from subtui.made_data.rng import Rng, weighted
from subtui.storage.seed_format import Seed, SeedUser

INACTIVE = 0.42
_ENDING = 0.03
"""The share of active subscriptions with an end date."""
_BEFORE_THE_RECORD = 0.6
"""The share of inactive subscriptions that were ended in another program, without a reason."""
_NO_END_DATE = 0.1 / _BEFORE_THE_RECORD
_STILL_CHARGING = 0.08 / _BEFORE_THE_RECORD
_LOGGED_DAYS = 60
"""Endings recorded within this number of days before today have a log entry, and can be undone."""

_OPENS, _OPEN, _FIRST_HOUR_OF_TODAY = 15 * 60, 8 * 60, 60
"""The start and length of the demo merchant's working day, in minutes of the day in UTC; today has only begun."""

_POPULAR = {"too_expensive": 34, "unused": 22, "switched_service": 12, "other": 12}
_REASONS = weighted((reason, _POPULAR.get(reason.code, 5)) for reason in CANCELLING)
_ASKED_BEFORE = (0, 0, 0, 0, 0, 1, 1, 2, 3, 6)


@dataclass(slots=True)
class Ending:
    """The state of a subscription. Days are ordinals; `bills` is the number of its bills so far."""

    status: Status
    bills: int
    auto_charge: bool
    next_bill: int | None = None
    end: int | None = None
    reason: str | None = None
    note: str = ""
    requested: int | None = None
    stops: int | None = None
    recorded: int | None = None
    minute: int = 0
    by: SeedUser | None = None


@dataclass(slots=True)
class _Logged:
    """An ending with a log entry, and the state of the subscription before it."""

    day: int
    minute: int
    subscription_id: int
    contact_id: int
    ending: Ending
    charged: bool
    upcoming: int


class Endings:
    """Chooses the states of subscriptions, and collects the log entries."""

    def __init__(self, chance: Rng, calendar: Calendar, seed: Seed) -> None:
        self._chance = chance
        self._calendar = calendar
        self._staff = weighted(
            (user, 1 if user.role == "admin" else 4) for user in seed.users if user.role in ("admin", "agent")
        )
        self._logged: list[_Logged] = []

    def going_on(self, start: int, bills: "array[int]", *, charged: bool) -> Ending:
        """The state of an active subscription; a few have an end date."""
        chance, today = self._chance, self._calendar.today
        made = Ending(Status.ACTIVE, len(bills) - 1, charged, next_bill=bills[-1])
        if chance.happens(_ENDING) and start < today and made.bills:
            self._record(made, max(start, today - chance.below(_LOGGED_DAYS // 2)))
            made.end = made.stops = bills[-1] - 1
        return made

    def over(self, start: int, bills: "array[int]", *, charged: bool) -> Ending:
        """The state of an inactive subscription with at least one bill."""
        chance, today = self._chance, self._calendar.today
        number = 1 + chance.below(len(bills) - 1)
        if chance.happens(_BEFORE_THE_RECORD):
            made = Ending(Status.INACTIVE, number, auto_charge=chance.happens(_STILL_CHARGING))
            if not chance.happens(_NO_END_DATE):
                made.end = max(start, min(bills[number] - 1, today - 1))
            return made
        first, last = bills[number - 1], min(bills[number] - 1, today)
        on = first + chance.below(last - first + 1)
        made = Ending(Status.INACTIVE, number, auto_charge=False)
        self._record(made, on)
        made.stops = on
        made.end = on if chance.happens(0.2) else bills[number] - 1
        return made

    def _record(self, made: Ending, on: int) -> None:
        chance = self._chance
        reason = chance.of(_REASONS)
        made.reason = reason.code
        made.note = chance.of(words.REASON_NOTES) if reason.needs_note or chance.happens(0.15) else ""
        made.recorded = on
        made.minute = _OPENS + chance.below(_FIRST_HOUR_OF_TODAY if on == self._calendar.today else _OPEN)
        made.requested = on - chance.of(_ASKED_BEFORE)
        made.by = chance.of(self._staff)

    def log(self, made: Ending, subscription_id: int, contact_id: int, *, charged: bool, upcoming: int) -> None:
        """Add a log entry for an ending, if it was recorded late enough."""
        if made.recorded is not None and made.recorded > self._calendar.today - _LOGGED_DAYS:
            self._logged.append(
                _Logged(made.recorded, made.minute, subscription_id, contact_id, made, charged, upcoming)
            )

    def entries(self) -> Iterator[dict[str, Any]]:
        """The log entries, in the order of time."""
        for entry in sorted(self._logged, key=attrgetter("day", "minute", "subscription_id")):
            yield self._entry(entry)

    def _entry(self, entry: _Logged) -> dict[str, Any]:
        made, by = entry.ending, entry.ending.by
        if by is None:
            raise ValueError("Nobody recorded this ending.")
        at = self._calendar.instant(entry.day, entry.minute)

        def iso(day: int | None) -> str | None:
            return None if day is None else self._calendar.on(day).isoformat()

        before: dict[str, Any] = {"auto_charge": entry.charged, "next_bill_date": iso(entry.upcoming)}
        after: dict[str, Any] = {"auto_charge": made.auto_charge, "next_bill_date": iso(made.next_bill)}
        if made.status is Status.INACTIVE:
            before["status"], after["status"] = Status.ACTIVE.value, Status.INACTIVE.value
        before |= {"end_date": None, "reason_code": None}
        after |= {"end_date": iso(made.end), "reason_code": made.reason}
        if made.note:
            before["reason_note"], after["reason_note"] = "", made.note
        before |= {"requested_on": None, "charging_stops_on": None, "recorded_at": None, "recorded_by": None}
        after |= {
            "requested_on": iso(made.requested),
            "charging_stops_on": iso(made.stops),
            "recorded_at": at.isoformat(),
            "recorded_by": by.name,
        }
        return {
            "at": at,
            "actor_id": by.id,
            "actor": by.name,
            "role": by.role,
            "command": "subscription.save",
            "route": f"/subscriptions/{entry.subscription_id}",
            "reason": made.reason,
            "subject_type": SubjectType.SUBSCRIPTION.value,
            "subject_id": entry.subscription_id,
            "contact_id": entry.contact_id,
            "before": before,
            "after": after,
        }

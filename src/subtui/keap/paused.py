"""Paused subscriptions as Keap can hold them: it has no pause. Inactive, Auto Charge off, the pause as the reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from subtui.domain.subscriptions import Status


def paused_words(resumes_on: date | str | None) -> str:
    """The reason that stands for a pause: `Paused until 2026-06-01`."""
    return f"Paused until {resumes_on}" if resumes_on else "Paused until resumed"


def as_in_keap(facts: dict[str, Any], image: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The facts of a subscription whose columns or log image are `image`, as Keap is to hold them on a day."""
    first = _day(image.get("paused_from"))
    if first is None or first > day or facts.get("status", Status.ACTIVE) != Status.ACTIVE:
        return facts
    words = paused_words(image.get("resumes_on"))
    return facts | {"status": Status.INACTIVE, "auto_charge": False, "reason_code": None, "reason_note": words}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value

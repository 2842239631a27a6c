"""The forms about the demo's account as somebody fills them in, and backends on other days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from subtui.acts.tickets import PreviewCancellation, RequestCancellation
from subtui.clock import Clock
from subtui.domain.account_settings import SettingsDraft, reasons_text
from subtui.domain.billing import Cycle
from subtui.domain.requests import CancellationDraft, ContactDetails
from subtui.services.backend import Backend
from subtui.views.account import RequestRecord, SettingsView, TicketResult

from .database import rows

ROUTE = "/admin/billing/cancel"
TODAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)
SAFE = date(2026, 3, 9)
"""The last day on which asking keeps the invoice of 19 March from being made."""

ENDS = date(2026, 3, 18)
INVOICE = "INSERT INTO account_invoice (number, issued_on, amount_minor, currency) VALUES ('JR-X', '{}', 24900, 'USD')"
WRITTEN = {"cancellation_request", "letter", "correspondence", "event"}
"""The tables that a request to end the account is written to."""

DRAFT = CancellationDraft(ContactDetails("owner@demo.example"), "too_expensive", acknowledged=True)


@contextmanager
def desk_on(path: Path, day: date | datetime, who: str = "owner", *, read_only: bool = False) -> Iterator[Backend]:
    """A backend on another day, with a role or a demo account at it."""
    with Backend.open(str(path), clock=Clock(day), read_only=read_only) as backend:
        backend.sign_in_demo(who)
        yield backend


def ask(backend: Backend, draft: CancellationDraft = DRAFT) -> RequestRecord:
    """Ask to end the account, as the form shows it."""
    filed: TicketResult = backend.do(
        RequestCancellation(draft, expected=backend.read(PreviewCancellation(draft)).found)
    )
    assert not filed.existing
    return filed.request


def ticket_row(path: Path, request_id: int) -> dict[str, Any]:
    """The ticket as it is stored."""
    (row,) = rows(path, "SELECT * FROM cancellation_request WHERE id = ?", request_id)
    return row


def as_typed(view: SettingsView, **change: Any) -> SettingsDraft:
    """The form of the settings as it opens, with some fields typed anew."""
    draft = SettingsDraft(
        name=view.name,
        plan=view.plan,
        fee=view.fee,
        currency=view.currency,
        cycle=Cycle(view.cycle),
        frequency=str(view.frequency),
        anchor=view.anchor,
        began_on=view.began_on,
        minimum_months=str(view.minimum_months or ""),
        notice_days=str(view.notice_days),
        answer_days=str(view.answer_days),
        phone=view.phone,
        hours=view.hours,
        country=view.country,
        time_zone=view.time_zone,
        own_holidays=", ".join(day.isoformat() for day in view.own_holidays),
        limits=view.limits,
        batch_limits=view.batch_limits,
        reasons=reasons_text(view.reasons),
    )
    return replace(draft, **change)

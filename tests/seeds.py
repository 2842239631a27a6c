"""Small seeds to make databases from, and terms and drafts drawn at random."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from subtui.domain.cancellation import Draft, draft_of
from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.domain.subscriptions import Ending, Status, Terms

_SMALL: dict[str, Any] = {
    "format": 1,
    "account": {
        "name": "Corner Shop",
        "currency": "USD",
        "time_zone": "UTC",
        "created_on": "2024-01-19",
        "plan": "Classic",
        "fee_minor": 9900,
        "anchor": "2024-01-19",
        "phone": "+1 602 555 0100",
        "opening_hours": "weekdays",
    },
    "day": "2026-03-02",
    "account_invoices": [{"id": 1, "number": "I-1", "issued_on": "2026-02-19", "amount_minor": 9900}],
    "requests": [
        {
            "id": 1,
            "kind": "question",
            "standing": "open",
            "requested_by_id": 1,
            "requested_on": "2026-02-27",
            "recorded_at": "2026-02-27T10:00:00Z",
            "answer_due": "2026-03-03",
            "topic": "refund",
            "subject": "A refund",
            "comment": "How long does it take?",
            "email": "owner@shop.example",
            "correspondence": [
                {"at": "2026-02-27T11:00:00Z", "direction": "incoming", "author": "Ada Owner", "body": "Soon?"}
            ],
        }
    ],
    "users": [{"id": 1, "email": "owner@shop.example", "name": "Ada Owner", "role": "owner", "password_hash": "x"}],
    "tags": [{"id": 1, "name": "Members"}],
    "products": [{"id": 1, "name": "Club", "currency": "USD"}],
    "plans": [{"id": 1, "product_id": 1, "name": "Monthly", "cycle": "month", "price_minor": 1000, "currency": "USD"}],
    "contacts": [
        {
            "id": 1,
            "first_name": "Ann",
            "last_name": "Lee",
            "email": "ann@lee.example",
            "tags": [1],
            "automations": ["Welcome"],
            "cards": [{"id": 1, "brand": "Visa", "last4": "4242", "expires_month": 8, "expires_year": 2027}],
            "notes": [{"at": "2026-01-05T10:00:00Z", "text": "Called."}],
        }
    ],
    "subscriptions": [
        {
            "id": 1,
            "contact_id": 1,
            "plan_id": 1,
            "start_date": "2025-01-15",
            "status": "Active",
            "credit_card_id": 1,
            "paid_through": "2026-03-14",
            "next_bill_date": "2026-03-15",
        }
    ],
    "orders": [
        {
            "id": 1,
            "contact_id": 1,
            "subscription_id": 1,
            "title": "Monthly",
            "ordered_on": "2026-02-15",
            "currency": "USD",
            "items": [{"id": 1, "product_id": 1, "name": "Monthly", "price_minor": 1000}],
            "payments": [{"id": 1, "paid_on": "2026-02-15", "amount_minor": 1000}],
        }
    ],
    "history": [
        {
            "at": "2026-02-01T10:00:00Z",
            "actor_id": 1,
            "command": "subscription.save",
            "subject": "subscription:1",
            "contact_id": 1,
            "before": {"quantity": 2},
            "after": {"quantity": 1},
        }
    ],
}


def small_seed() -> dict[str, Any]:
    """A seed with one row of everything, as JSON reads it; the caller may change it."""
    return deepcopy(_SMALL)


def write_seed(folder: Path, seed: dict[str, Any]) -> Path:
    """The seed as a file in `folder`."""
    path = folder / "seed.json"
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path


TODAY = date(2026, 3, 2)
"""The day on which the drafts below are saved."""

_days_ahead = st.dates(TODAY, date(2027, 12, 31))
_past_days = st.dates(date(2024, 2, 1), TODAY)
_codes = st.sampled_from([reason.code for reason in CANCELLING])
_notes = st.sampled_from(["", "Moves to Portland.", "喂"])
_prices = st.builds(Money, st.integers(0, 10**7), st.just("USD"))
_instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 3, 2), timezones=st.just(UTC))

_going_on = st.builds(
    Ending, status=st.just(Status.ACTIVE), auto_charge=st.booleans(), next_bill_date=st.none() | _days_ahead
)
_ending = st.builds(
    Ending,
    status=st.sampled_from(Status),
    auto_charge=st.booleans(),
    next_bill_date=st.none() | _days_ahead,
    end_date=_days_ahead,
    reason_code=st.none() | _codes,
    reason_note=_notes,
    requested_on=st.none() | _past_days,
    charging_stops_on=st.none() | _past_days,
    recorded_at=st.none() | _instants,
    recorded_by=st.sampled_from([None, "Dana Reyes", "system"]),
)
active_terms = st.builds(Terms, ending=_going_on, quantity=st.integers(1, 20), price=_prices)
"""Subscriptions that go on: nothing of an ending is stored."""

any_terms = active_terms | st.builds(Terms, ending=_ending, quantity=st.integers(1, 20), price=_prices)
"""Subscriptions in any state, as an import may have left them too."""


@st.composite
def drafts(draw: st.DrawFn, terms: Terms) -> Draft:
    """What somebody may make of the form: each field as it was or another value."""
    stored = draft_of(terms)

    def maybe(value: Any, other: st.SearchStrategy[Any]) -> Any:
        return draw(st.just(value) | other)

    return Draft(
        status=maybe(stored.status, st.sampled_from(Status)),
        auto_charge=maybe(stored.auto_charge, st.booleans()),
        quantity=maybe(stored.quantity, st.integers(1, 20)),
        price=maybe(stored.price, _prices),
        end_date=maybe(stored.end_date, st.none() | _days_ahead),
        reason_code=maybe(stored.reason_code, st.none() | _codes),
        reason_note=maybe(stored.reason_note, _notes),
        requested_on=maybe(stored.requested_on, st.none() | _past_days),
    )


@st.composite
def terms_and_drafts(draw: st.DrawFn, terms: st.SearchStrategy[Terms] = any_terms) -> tuple[Terms, Draft]:
    """Terms, and a draft of their form."""
    drawn = draw(terms)
    return drawn, draw(drafts(drawn))

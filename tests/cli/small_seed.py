"""A business small enough to know by heart: two customers, four subscriptions, one of each kind that matters."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

PASSWORD = "correct horse"
DAY = "2026-03-02"
ACTIVE, PLAIN, ENDING, LOOSE = 11, 12, 13, 14
HOSTILE_NAME = "Eve\x1b]0;owned\x07\u202e\u009b31m"


@cache
def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def small_seed() -> dict[str, Any]:
    """The seed as it stands in the file; tests change a copy."""
    users = [("owner", "Olga Owner"), ("admin", "Ada Admin"), ("agent", "Ann Agent"), ("viewer", "Vic Viewer")]
    return {
        "format": 1,
        "account": {"name": "Small Shop", "currency": "USD", "time_zone": "Europe/Paris"},
        "day": DAY,
        "users": [
            {"id": at, "email": f"{role}@small.example", "name": name, "role": role, "password_hash": _hash()}
            for at, (role, name) in enumerate(users, start=1)
        ],
        "tags": [{"id": 1, "name": "Members"}],
        "products": [{"id": 1, "name": "Plan", "currency": "USD"}],
        "plans": [
            {"id": 1, "product_id": 1, "name": "Monthly plan", "cycle": "month", "price_minor": 4900, "currency": "USD"}
        ],
        "contacts": [_maria(), {"id": 2, "first_name": HOSTILE_NAME, "last_name": "王", "email": "eve@small.example"}],
        "subscriptions": [
            _subscription(ACTIVE, 1, next_bill_date="2026-03-15", paid_through="2026-03-14", credit_card_id=1),
            _subscription(PLAIN, 2, next_bill_date="2026-03-15"),
            _subscription(ENDING, 1, next_bill_date="2026-03-15", end_date="2026-03-20", reason_code="unused"),
            _subscription(LOOSE, 2, status="Inactive"),
        ],
        "orders": [
            {
                "id": 21,
                "contact_id": 1,
                "title": "Monthly plan",
                "ordered_on": "2026-02-15",
                "currency": "USD",
                "subscription_id": ACTIVE,
                "items": [{"id": 1, "name": "Monthly plan", "price_minor": 4900}],
                "payments": [{"id": 1, "paid_on": "2026-02-15", "amount_minor": 4900}],
            }
        ],
        "history": [
            {
                "at": "2026-02-20T10:00:00+00:00",
                "actor_id": 3,
                "command": "subscription.save",
                "subject": f"subscription:{ENDING}",
                "contact_id": 1,
                "reason": "unused",
                "before": {"status": "Active", "end_date": None},
                "after": {"status": "Active", "end_date": "2026-03-20"},
            }
        ],
    }


def _maria() -> dict[str, Any]:
    return {
        "id": 1,
        "first_name": "María",
        "last_name": "López",
        "company": "Blue Door",
        "email": "maria@small.example",
        "phone1": "+1 555 0100",
        "billing_address": ["1 Main St", "Phoenix"],
        "owner_id": 3,
        "tags": [1],
        "automations": ["Newsletter"],
        "cards": [{"id": 1, "brand": "Visa", "last4": "4242", "expires_month": 8, "expires_year": 2027}],
        "notes": [{"at": "2026-02-01T08:00:00+00:00", "text": "Likes rye.\nCall after six.", "author": "Ann Agent"}],
    }


def _subscription(number: int, contact: int, **more: Any) -> dict[str, Any]:
    fixed = {"id": number, "contact_id": contact, "plan_id": 1, "start_date": "2025-01-15", "status": "Active"}
    return fixed | more


def write_seed(folder: Path, seed: dict[str, Any], name: str = "seed.json") -> Path:
    """The seed as a file in `folder`."""
    path = folder / name
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path

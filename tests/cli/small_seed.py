"""A business small enough to know by heart: two customers, four subscriptions, one of each kind that matters.

Its own plan is billed on the 19th: asking until 9 March 2026 is in time, asking on the 10th is not.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

PASSWORD = "correct horse"
DAY = "2026-03-02"
ACTIVE, PLAIN, ENDING, LOOSE = 11, 12, 13, 14
QUESTION = 1001
BOUGHT, ODD, UNPAID, IN_FAVOUR, TODAYS = 22, 23, 24, 25, 26
LIMIT = "50.00 USD"
HOSTILE_NAME = "Eve\x1b]0;owned\x07\u202e\u009b31m"


@cache
def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def small_seed() -> dict[str, Any]:
    """The seed as it stands in the file; tests change a copy."""
    users = [
        ("owner", "owner", "Olga Owner"),
        ("admin", "admin", "Ada Admin"),
        ("agent", "agent", "Ann Agent"),
        ("viewer", "viewer", "Vic Viewer"),
        ("newadmin", "admin", "Ned Newadmin"),
    ]
    return {
        "format": 1,
        "account": _account(),
        "day": DAY,
        "account_invoices": [
            {"id": 1, "number": "I-1", "issued_on": "2026-01-19", "amount_minor": 24900, "paid_on": "2026-01-20"},
            {"id": 2, "number": "I-2", "issued_on": "2026-02-19", "amount_minor": 24900},
        ],
        "users": [
            {
                "id": at,
                "email": f"{box}@small.example",
                "name": name,
                "role": role,
                "password_hash": _hash(),
                "verified": box != "newadmin",
            }
            for at, (box, role, name) in enumerate(users, start=1)
        ],
        "requests": [_question()],
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


def _account() -> dict[str, Any]:
    return {
        "name": "Small Shop",
        "currency": "USD",
        "time_zone": "Europe/Paris",
        "created_on": "2025-02-12",
        "plan": "Max Classic",
        "fee_minor": 24900,
        "anchor": "2025-02-19",
        "phone": "+1 602-555-0142",
        "opening_hours": "Weekdays, 9 to 5",
    }


def _question() -> dict[str, Any]:
    """A ticket of the viewer's whose answer is overdue."""
    return {
        "id": QUESTION,
        "kind": "question",
        "standing": "open",
        "requested_by_id": 4,
        "requested_on": "2026-02-25",
        "recorded_at": "2026-02-25T10:00:00+00:00",
        "answer_due": "2026-02-27",
        "topic": "refund",
        "subject": "Two charges for one order",
        "comment": "Which of them is refunded?",
        "email": "viewer@small.example",
        "correspondence": [
            {
                "at": "2026-02-26T10:00:00+00:00",
                "direction": "incoming",
                "author": "Vic Viewer",
                "body": "Soon?\nPlease.",
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


def shop_seed() -> dict[str, Any]:
    """The same business with more orders, and a limit: an agent returns 50.00 USD alone, and not more."""
    seed = small_seed()
    seed["account"]["refund_limits"] = {"agent": {"USD": 5000}}
    seed["orders"] += [
        _order(
            BOUGHT, 1, "Baking kit", [(2, 6000, 1), (3, 2000, 2)], [(2, "2026-02-20", 6000), (3, "2026-02-25", 4000)]
        ),
        _order(ODD, 2, HOSTILE_NAME, [(4, 3000, 1)], [(4, "2026-02-20", 3000)], name=HOSTILE_NAME),
        _order(UNPAID, 1, "Flour", [(5, 5000, 1)], [(5, "2026-02-20", 5000)], currency="JPY"),
        _order(IN_FAVOUR, 1, "Tins", [(6, 3000, 1)], [(6, "2026-02-20", 4000)]),
        _order(TODAYS, 1, "Class", [(7, 4500, 1)], [(7, DAY, 4500)]),
    ]
    _by_id(seed["orders"], ODD)["payments"][0] |= {"method": HOSTILE_NAME, "note": HOSTILE_NAME}
    _by_id(seed["orders"], UNPAID)["payments"][0] |= {"state": "failed"}
    return seed


def _order(
    number: int,
    contact: int,
    title: str,
    items: list[tuple[int, int, int]],
    payments: list[tuple[int, str, int]],
    *,
    currency: str = "USD",
    name: str = "",
) -> dict[str, Any]:
    lines = [{"id": at, "name": name or f"{title} {at}", "price_minor": price, "quantity": n} for at, price, n in items]
    return {
        "id": number,
        "contact_id": contact,
        "title": title,
        "ordered_on": "2026-02-20",
        "currency": currency,
        "items": lines,
        "payments": [{"id": at, "paid_on": day, "amount_minor": amount} for at, day, amount in payments],
    }


def _by_id(rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == number)


def write_seed(folder: Path, seed: dict[str, Any], name: str = "seed.json") -> Path:
    """The seed as a file in `folder`."""
    path = folder / name
    path.write_text(json.dumps(seed), encoding="utf-8")
    return path

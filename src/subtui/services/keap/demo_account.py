"""The business of a database as an account in the mock of Keap: for demos, flows and tests, never for real data."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import col

from subtui.domain.reasons import Reason
from subtui.keap.written import reason_words
from subtui.keap_mock import Account as MockAccount
from subtui.storage.database import database_url, open_database
from subtui.storage.dialects.base import WRITES
from subtui.storage.tables import Account
from subtui.storage.tables.core import CONTACT, PLAN, PRODUCT, SUBSCRIPTION

_CYCLES = {
    "month": ("MONTH", "MONTHLY"),
    "year": ("YEAR", "YEARLY"),
    "week": ("WEEK", "WEEKLY"),
    "day": ("DAY", "DAILY"),
}
_KNOWN = (CONTACT, PRODUCT, PLAN, SUBSCRIPTION)


def account_of(where: str, clock: Callable[[], datetime]) -> MockAccount:
    """An account in the mock that holds the contacts, products and subscriptions of the database at `where`.

    Its rows get ids of Keap's, which are their own. `clock` gives the instants of the account, in UTC.
    """

    def refuse(_connection: Connection) -> None:
        raise AssertionError("a demo account is made of a database that exists")

    engine = open_database(database_url(where), fill=refuse)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            for table in _KNOWN:
                known = [
                    (row.id, str(row.id))
                    for row in connection.execute(select(table.c.id, table.c.keap_id))
                    if row.keap_id is None
                ]
                for number, keap_id in known:
                    connection.execute(update(table).where(table.c.id == number).values(keap_id=keap_id))
            rows = {
                "contacts": _contacts(connection),
                "products": _products(connection),
                "plans": _plans(connection),
                "subscriptions": _subscriptions(connection),
            }
    finally:
        engine.dispose()
    return MockAccount.from_rows(rows, clock=clock)


def _contacts(connection: Connection) -> list[dict[str, Any]]:
    columns = [CONTACT.c[name] for name in ("keap_id", "first_name", "last_name", "company", "email", "phone1")]
    return [
        {
            "id": row.keap_id,
            "given_name": row.first_name,
            "family_name": row.last_name,
            "company": {"company_name": row.company} if row.company else None,
            "email_addresses": [{"email": row.email, "field": "EMAIL1"}] if row.email else [],
            "phone_numbers": [{"number": row.phone1, "field": "PHONE1"}] if row.phone1 else [],
        }
        for row in connection.execute(select(*columns))
    ]


def _products(connection: Connection) -> list[dict[str, Any]]:
    plans: dict[int, list[dict[str, Any]]] = {}
    for plan in connection.execute(select(PLAN)):
        plans.setdefault(plan.product_id, []).append(
            {
                "id": plan.keap_id,
                "active": plan.active,
                "name": plan.name,
                "billing_cycle": _CYCLES[plan.cycle][1],
                "billing_frequency": plan.frequency,
                "plan_price": {"amount": plan.price_minor, "currency_code": plan.currency},
            }
        )
    return [
        {
            "id": row.keap_id,
            "name": row.name,
            "sku": row.sku,
            "active": row.active,
            "price": {"amount": row.price_minor, "currency_code": row.currency},
            "subscription_plans": plans.get(row.id, []),
        }
        for row in connection.execute(select(PRODUCT))
    ]


def _plans(connection: Connection) -> list[dict[str, Any]]:
    return [
        {
            "id": plan.keap_id,
            "subscription_plan_name": plan.name,
            "active": plan.active,
            "cycle_type": _CYCLES[plan.cycle][1],
            "frequency": plan.frequency,
            "plan_price": {"amount": plan.price_minor, "currency_code": plan.currency},
        }
        for plan in connection.execute(select(PLAN))
    ]


def _subscriptions(connection: Connection) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = connection.execute(select(col(Account.cancel_reasons))).scalar_one()
    reasons = {row["code"]: Reason(**row) for row in listed}
    wanted = (
        select(SUBSCRIPTION, CONTACT.c.keap_id.label("contact"), PLAN.c.keap_id.label("plan"))
        .join(CONTACT, CONTACT.c.id == SUBSCRIPTION.c.contact_id)
        .join(PLAN, PLAN.c.id == SUBSCRIPTION.c.plan_id)
    )
    return [
        {
            "id": row.keap_id,
            "contact_id": row.contact,
            "subscription_plan_id": row.plan,
            "active": row.status == "Active",
            "auto_charge": row.auto_charge,
            "quantity": row.quantity,
            "billing_amount": float(Decimal(row.price_minor) / 100),
            "billing_cycle": _CYCLES[row.cycle][0],
            "billing_frequency": row.frequency,
            "start_date": _day(row.start_date),
            "next_bill_date": _day(row.next_bill_date),
            "end_date": _day(row.end_date),
            "reason_stopped": reason_words(row.reason_code, row.reason_note, reasons) or None,
            "max_charge_attempts": row.max_attempts,
            "days_between_retries": row.days_between_attempts,
        }
        for row in connection.execute(wanted)
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

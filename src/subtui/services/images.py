"""A subscription's terms as table columns and as the before and after of the log, both ways."""

from datetime import date, datetime
from typing import Any

from subtui.domain.billing import Cycle
from subtui.domain.money import Money
from subtui.domain.subscriptions import Billing, Ending, Status, Terms
from subtui.storage.tables import Subscription


def terms_of(row: Subscription) -> Terms:
    """What a save can change, as stored."""
    ending = Ending(
        status=Status(row.status),
        auto_charge=row.auto_charge,
        next_bill_date=row.next_bill_date,
        end_date=row.end_date,
        reason_code=row.reason_code,
        reason_note=row.reason_note,
        requested_on=row.requested_on,
        charging_stops_on=row.charging_stops_on,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
    return Terms(ending, row.quantity, Money(row.price_minor, row.currency), row.credit_card_id)


def billing_of(row: Subscription) -> Billing:
    """The rhythm of its bills."""
    return Billing(row.anchor, Cycle(row.cycle), row.frequency, row.start_date, row.paid_through)


def columns_of(terms: Terms) -> dict[str, Any]:
    """The columns to store for `terms`."""
    ending = terms.ending
    return {
        "status": ending.status.value,
        "auto_charge": ending.auto_charge,
        "next_bill_date": ending.next_bill_date,
        "end_date": ending.end_date,
        "reason_code": ending.reason_code,
        "reason_note": ending.reason_note,
        "requested_on": ending.requested_on,
        "charging_stops_on": ending.charging_stops_on,
        "recorded_at": ending.recorded_at,
        "recorded_by": ending.recorded_by,
        "quantity": terms.quantity,
        "price_minor": terms.price.minor,
        "credit_card_id": terms.credit_card_id,
    }


def image_of(terms: Terms) -> dict[str, Any]:
    """The terms as the log keeps them: plain JSON values, the whole ending, so that it can be restored from."""
    image = columns_of(terms)
    image["price"] = terms.price.format()
    del image["price_minor"]
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in image.items()}


def ending_from(image: dict[str, Any]) -> Ending:
    """The ending that an image of the log holds; what it does not name was not set."""

    def day(name: str) -> date | None:
        return date.fromisoformat(image[name]) if image.get(name) else None

    return Ending(
        status=Status(image.get("status", Status.ACTIVE)),
        auto_charge=bool(image.get("auto_charge", False)),
        next_bill_date=day("next_bill_date"),
        end_date=day("end_date"),
        reason_code=image.get("reason_code"),
        reason_note=image.get("reason_note") or "",
        requested_on=day("requested_on"),
        charging_stops_on=day("charging_stops_on"),
        recorded_at=datetime.fromisoformat(image["recorded_at"]) if image.get("recorded_at") else None,
        recorded_by=image.get("recorded_by"),
    )

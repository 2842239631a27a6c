"""Converts a subscription's terms to and from table columns and the before and after of the log."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from subtui.domain.billing import Cycle
from subtui.domain.money import Money
from subtui.domain.subscriptions import Billing, Ending, Status, Terms
from subtui.storage.tables import Subscription

_NOT_LOGGED = frozenset(
    ("id", "keap_id", "version", "imported_version", "imported_on", "price_minor", "currency", "more")
)
"""Columns that are no terms, or have another form in the log."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def terms_of(row: Subscription) -> Terms:
    """The stored terms of a subscription, which a save can change."""
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
    """The stored billing of a subscription."""
    return Billing(row.anchor, Cycle(row.cycle), row.frequency, row.start_date, row.paid_through)


def to_columns(terms: Terms) -> dict[str, Any]:
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


def to_snapshot(terms: Terms) -> dict[str, Any]:
    """The terms in the form of the log: plain JSON values with the whole ending, so that an undo can restore it."""
    image = to_columns(terms)
    image["price"] = terms.price.format()
    del image["price_minor"]
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in image.items()}


def import_snapshots(before: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The changes of a subscription by an import, in the form of the log: before and after, as in `to_snapshot`.

    `before` holds the columns as stored, `said` those that the file has written. Only fields that differ are included:
    the file may not have the others. Values kept beside the columns are under `more`, by header.
    """
    after = {**before, **said}
    was, now = _differing(_image_of_columns(before), _image_of_columns(after))
    more_was, more_now = _differing(_decode(before["more"]), _decode(after["more"]))
    if more_was or more_now:
        was["more"], now["more"] = more_was, more_now
    return was, now


def _image_of_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    image = {name: value for name, value in columns.items() if name not in _NOT_LOGGED}
    image["price"] = Money(columns["price_minor"], columns["currency"]).format()
    image["auto_charge"] = bool(columns["auto_charge"])
    if columns["recorded_at"]:
        image["recorded_at"] = datetime.fromisoformat(columns["recorded_at"]).replace(tzinfo=UTC).isoformat()
    return image


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    was, now = ({name: image[name] for name in names if name in image} for image in (before, after))
    return was, now


def ending_from_snapshot(image: dict[str, Any]) -> Ending:
    """The ending in a log image; fields that it does not name were not set."""

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

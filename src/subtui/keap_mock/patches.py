"""What PATCH and the verb `:deactivate` do to a subscription or an order, and what they refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from subtui.keap_mock.account import Account
from subtui.keap_mock.errors import ApiError
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.values import Row, row_number, time_text

Changes = dict[str, tuple[object, object]]
"""What has become different: field -> (before, after)."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_day(value: Any) -> bool:
    try:
        return len(value) == len("2026-01-31") and date.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _is_id(value: Any) -> bool:
    return row_number(value) is not None and not isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_cycle(value: Any) -> bool:
    return value in {"YEAR", "MONTH", "WEEK", "DAY"}


SUBSCRIPTION_FIELDS: dict[str, Callable[[Any], bool]] = {
    "contact_id": _is_id,
    "subscription_plan_id": _is_id,
    "quantity": _is_whole,
    "billing_amount": _is_number,
    "auto_charge": _is_flag,
    "max_charge_attempts": _is_whole,
    "days_between_retries": _is_whole,
    "active": _is_flag,
    "billing_frequency": _is_whole,
    "billing_cycle": _is_cycle,
    "next_bill_date": _is_day,
    "end_date": _is_day,
    "payment_method_id": _is_id,
    "allow_tax": _is_flag,
    "lead_affiliate_id": _is_id,
    "sale_affiliate_id": _is_id,
    "promo_code": _is_text,
    "shipping_option_id": _is_id,
    "reason_stopped": _is_text,
    "shipping_address": _is_object,
    "custom_fields": _is_list,
}
"""What PATCH may change, and what a value has to be. All else is read-only and ignored."""

ORDER_FIELDS: dict[str, Callable[[Any], bool]] = {
    "contact_id": _is_id,
    "order_items": _is_list,
    "order_title": _is_text,
    "order_time": _is_text,
    "order_type": _is_text,
    "promo_codes": _is_list,
    "lead_affiliate_id": _is_id,
    "sales_affiliate_id": _is_id,
    "shipping_address": _is_object,
    "notes": _is_text,
    "terms": _is_text,
    "payment_plan": _is_object,
    "custom_fields": _is_list,
    "sent_time": _is_text,
    "title": _is_text,
    "due_time": _is_text,
    "invoice_number": _is_text,
    "external_create_user": _is_text,
    "external_create_time": _is_text,
    "external_update_time": _is_text,
}
ORDER_PAYMENT_FIELDS: dict[str, Callable[[Any], bool]] = {
    "notes": _is_text,
    "external_source": _is_text,
    "external_source_value": _is_text,
    "external_status_value": _is_text,
}
_NOT_PAST = ("next_bill_date", "end_date")


@dataclass(frozen=True, slots=True)
class Patch:
    """A change that is asked for: the body, and the values of every update_mask in their order.

    `dropped` names fields that are taken and not applied.
    """

    body: Mapping[str, Any]
    masks: Sequence[str]
    dropped: frozenset[str] = frozenset()


def patch_subscription(account: Account, number: int, patch: Patch, switches: Switches) -> tuple[Row, Changes]:
    """Apply a PATCH; the row as it is now and what has changed. ApiError: nothing has."""
    row = _existing(account, "subscriptions", number)
    if switches.old and "contact_id" not in patch.body:
        raise ApiError(400, "contact_id is required", resource="contact_id")
    names = _named(patch, SUBSCRIPTION_FIELDS, switches)
    new = _new_values(names, patch.body, SUBSCRIPTION_FIELDS, switches)
    _check_subscription(account, new, switches)
    ignored = set(patch.dropped)
    if switches.old or not switches.reason_patched:
        ignored.add("reason_stopped")
    changes = _differences(row, {name: value for name, value in new.items() if name not in ignored})
    after = {name: value for name, (_, value) in changes.items()}
    if switches.patch_bumps:
        after["modification_time"] = time_text(account.clock())
    return account.change("subscriptions", number, after), changes


def deactivate(account: Account, number: int, reason: str | None, switches: Switches) -> Changes:
    """Stop a subscription as the verb does; what has changed. ApiError: nothing has."""
    row = _existing(account, "subscriptions", number)
    if not row.get("active") and switches.deactivate_again == "conflict":
        raise ApiError(409, "The subscription is not active", resource="subscription")
    steps = ("active", "reason", "auto_charge", "end_date")
    reached = steps[: steps.index(switches.deactivate) + 1]
    new: Row = {"active": False}
    if "reason" in reached and reason is not None:
        new["reason_stopped"] = reason
    if "auto_charge" in reached:
        new["auto_charge"] = False
    if "end_date" in reached:
        new["end_date"] = account.today.isoformat()
    changes = _differences(row, new)
    bumped = {"modification_time": time_text(account.clock())} if switches.patch_bumps else {}
    account.change("subscriptions", number, {**new, **bumped})
    return changes


def patch_order(account: Account, number: int, patch: Patch, switches: Switches) -> tuple[Row, Changes]:
    """Change texts, times and custom fields of an order. ApiError: nothing was changed."""
    row = _existing(account, "orders", number)
    new = _new_values(_named(patch, ORDER_FIELDS, switches), patch.body, ORDER_FIELDS, switches)
    contact_id = new.pop("contact_id", None)
    if contact_id is not None:
        contact = account.row("contacts", contact_id)
        if contact is None:
            raise ApiError(400, "contact_id names no contact", resource="contact_id")
        new["contact"] = {"id": str(contact_id)}
    if "order_title" in new:
        new["title"] = new.pop("order_title")
    changes = _differences(row, {name: value for name, value in new.items() if name not in patch.dropped})
    after = {name: value for name, (_, value) in changes.items()}
    after["modification_time"] = time_text(account.clock())
    return account.change("orders", number, after), changes


def patch_order_payment(account: Account, number: int, payment_id: str, patch: Patch, switches: Switches) -> Row:
    """Change the note of an order's payment; the row in the form of that list."""
    _existing(account, "orders", number)
    found = next((row for row in account.order_payments(number) if str(row.get("payment_id")) == payment_id), None)
    if found is None:
        raise ApiError(404, "There is no such payment", resource="payment")
    new = _new_values(_named(patch, ORDER_PAYMENT_FIELDS, switches), patch.body, ORDER_PAYMENT_FIELDS, switches)
    if "notes" in new and account.row("payments", payment_id) is not None:
        account.change("payments", payment_id, {"note": new["notes"], "update_time": time_text(account.clock())})
    return {**found, "note": new.get("notes", found.get("note"))}


def _existing(account: Account, kind: str, number: int) -> Row:
    row = account.tables[kind].get(number)
    if row is None:
        raise ApiError(404, f"There is no {kind[:-1]} {number}", resource=kind[:-1])
    return row


def _named(patch: Patch, known: Mapping[str, object], switches: Switches) -> list[str]:
    """The fields to change: those of the mask, or without one all of the body that can be changed."""
    if not patch.masks:
        return [name for name in patch.body if name in known]
    names = list(patch.masks)
    if switches.mask == "lenient":
        names = [part.strip() for mask in names for part in mask.split(",") if part.strip()]
    for name in names:
        if name not in known:
            raise ApiError(400, f"{name} is not a field of update_mask", resource="update_mask")
    return list(dict.fromkeys(names))


def _new_values(
    names: Sequence[str], body: Mapping[str, Any], known: Mapping[str, Callable[[Any], bool]], switches: Switches
) -> Row:
    new: Row = {}
    for name in names:
        if name not in body:
            if switches.named_but_absent == "clears":
                new[name] = None
            continue
        value = body[name]
        if value is None:
            if switches.null == "refuses":
                raise ApiError(400, f"{name} must not be null", resource=name)
            if switches.null == "clears":
                new[name] = None
        elif not known[name](value):
            raise ApiError(400, f"{name} has a value that cannot be read", resource=name)
        else:
            new[name] = str(value) if known[name] is _is_id else value
    return new


def _check_subscription(account: Account, new: Row, switches: Switches) -> None:
    if "active" in new and not switches.active_patched:
        raise ApiError(400, "active cannot be changed", resource="active")
    for name in _NOT_PAST:
        value = new.get(name)
        if value is not None and switches.past_dates == "refuse" and date.fromisoformat(value) < account.today:
            raise ApiError(400, f"{name} must not be in the past", resource=name)
    contact_id = new.get("contact_id")
    if contact_id is not None and account.tables["contacts"].get(int(contact_id)) is None:
        raise ApiError(400, "contact_id names no contact", resource="contact_id")


def _differences(row: Row, new: Row) -> Changes:
    return {name: (row.get(name), value) for name, value in new.items() if row.get(name) != value}

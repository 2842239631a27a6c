"""Everything that is no GET: what a client may do, and what it must never do but could."""

from dataclasses import dataclass
from datetime import timedelta

from subtui.keap_mock import new_rows
from subtui.keap_mock.account import Account
from subtui.keap_mock.errors import ApiError, no_such_path
from subtui.keap_mock.patches import Changes, Patch, deactivate, patch_order, patch_order_payment, patch_subscription
from subtui.keap_mock.requests import Request
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.values import Row, row_number, time_text

_DELETED = {"contacts", "companies", "orders", "tags", "products", "subscriptions"}


@dataclass(frozen=True, slots=True)
class Done:
    """An accepted change. `row` None: there is no body; `row_id` is the subscription that was changed."""

    status: int
    row: Row | None = None
    changes: Changes | None = None
    row_id: str = ""


def is_forbidden(method: str, steps: tuple[str, ...] | None) -> bool:
    """Whether a client for cancelling must never make this call: it charges, creates or deletes."""
    if method == "GET" or steps is None:
        return False
    match method, steps:
        case "PATCH", ("subscriptions" | "orders", _):
            return False
        case "PATCH", ("orders", _, "payments", _):
            return False
        case "POST", ("subscriptions", verb):
            return not verb.endswith(":deactivate")
    return True


def change(
    account: Account, steps: tuple[str, ...], request: Request, switches: Switches, dropped: frozenset[str]
) -> Done:
    """Do what a POST, PATCH or DELETE asks for. ApiError: nothing was done."""
    if request.method == "PATCH":
        return _patch(account, steps, request, switches, dropped)
    if request.method == "POST":
        return _post(account, steps, request, switches)
    if request.method == "DELETE" and len(steps) == 2 and steps[0] in _DELETED:
        account_row(account, steps[0], steps[1])
        account.delete(steps[0], steps[1])
        return Done(204)
    raise no_such_path()


def account_row(account: Account, kind: str, row_id: str) -> Row:
    """The row that a path names. ApiError 404."""
    number = row_number(row_id)
    found = account.tables[kind].get(number) if number is not None else None
    if found is None:
        raise ApiError(404, f"There is no {kind[:-1]} {row_id}", resource=kind[:-1])
    return found


def _patch(
    account: Account, steps: tuple[str, ...], request: Request, switches: Switches, dropped: frozenset[str]
) -> Done:
    patch = Patch(request.json(), request.parameters("update_mask"), dropped)
    match steps:
        case ("subscriptions", row_id):
            row, changes = patch_subscription(account, _number("subscription", row_id), patch, switches)
            if switches.old:
                row = {name: value for name, value in row.items() if name != "modification_time"}
            return Done(200, row, changes, row_id)
        case ("orders", row_id):
            row, changes = patch_order(account, _number("order", row_id), patch, switches)
            return Done(200, row, changes)
        case ("orders", row_id, "payments", payment_id):
            return Done(200, patch_order_payment(account, _number("order", row_id), payment_id, patch, switches))
    raise no_such_path()


def _post(account: Account, steps: tuple[str, ...], request: Request, switches: Switches) -> Done:
    match steps:
        case ("subscriptions",):
            return _create_subscription(account, request.json())
        case ("subscriptions", verb):
            row_id, _, act = verb.partition(":")
            if act == "deactivate":
                reason = request.json().get("reason") if request.body else None
                changes = deactivate(account, _number("subscription", row_id), reason, switches)
                return Done(200, None, changes, row_id)
            if act == "invoice":
                account_row(account, "subscriptions", row_id)
                order_id = account.bill_subscription(row_id, account.today)
                return Done(200, account.row("orders", order_id))
        case ("orders", row_id, "payments"):
            return _create_payment(account, account_row(account, "orders", row_id), request.json())
        case ("orders",):
            return Done(201, account.row("orders", account.add("orders", request.json())))
    raise no_such_path()


def _create_subscription(account: Account, body: Row) -> Done:
    for name in ("contact_id", "subscription_plan_id"):
        if not body.get(name):
            raise ApiError(400, f"{name} is required", resource=name)
    day = account.today
    row = {
        "active": True,
        "auto_charge": True,
        "billing_cycle": "MONTH",
        "billing_frequency": 1,
        "start_date": day.isoformat(),
        "next_bill_date": (day + timedelta(days=30)).isoformat(),
        **body,
        "modification_time": time_text(account.clock()),
    }
    return Done(201, account.row("subscriptions", account.add("subscriptions", row)))


def _create_payment(account: Account, order: Row, body: Row) -> Done:
    minor = new_rows.minor_of(body.get("payment_amount"))
    contact = order.get("contact") or {}
    at = account.add("payments", {})
    paid = new_rows.payment(at, str(order["id"]), str(contact.get("id")), minor, account.clock())
    account.add("payments", paid)
    account.add("transactions", new_rows.transaction(paid, contact, "MANUAL"))
    return Done(
        201,
        {
            "id": at,
            "invoice_id": order.get("invoice_id"),
            "payment_amount": paid["amount"],
            "payment_status_message": "Approved",
            "transaction_id": at,
        },
    )


def _number(what: str, row_id: str) -> int:
    found = row_number(row_id)
    if found is None:
        raise ApiError(404, f"There is no {what} {row_id}", resource=what)
    return found

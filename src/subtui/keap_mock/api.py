"""The calls of the interface: which path leads where, and what is answered. Pure: no sockets, no limits, no faults."""

import msgspec

from subtui.keap_mock import changing, reading
from subtui.keap_mock.account import Account
from subtui.keap_mock.errors import ApiError, ErrorShape, Reply, error_reply, no_such_path
from subtui.keap_mock.requests import Request
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.values import Row, with_integer_ids, without_hidden


def answer(account: Account, request: Request, switches: Switches, dropped: frozenset[str] = frozenset()) -> Reply:
    """Do what a call asks for and answer it. `dropped` names fields that a PATCH takes and does not apply."""
    steps = request.steps
    try:
        if steps is None:
            raise no_such_path()
        kind = kind_of(steps)
        if kind in switches.missing or (switches.old and steps[0] in {"sales", "paymentMethods"}):
            raise no_such_path()
        if kind in switches.forbidden or (kind in switches.read_only and request.method != "GET"):
            raise ApiError(403, f"The user may not do this with {kind}", resource=kind)
        with account.lock:
            if request.method == "GET":
                found = reading.read(account, steps, request, switches)
                return _reply(200, found, switches)
            done = changing.change(account, steps, request, switches, dropped)
        return _reply(done.status, done.row, switches, done.changes, done.row_id)
    except ApiError as error:
        shape = error.shape or (ErrorShape.THROWABLE if switches.old else switches.error_shape)
        return error_reply(error.status, error.message, shape, error.resource)


def kind_of(steps: tuple[str, ...]) -> str:
    """The kind of rows that a path is about, as `Switches.forbidden` and `missing` name it."""
    first, second, third = (*steps, "", "", "")[:3]
    if first == "sales":
        return second
    if first == "products" and third == "subscriptions":
        return "plans"
    if first == "paymentMethods" or (first, third) == ("contacts", "paymentMethods"):
        return "payment_methods"
    if (first, second) == ("tags", "categories"):
        return "tag_categories"
    if (first, third) == ("orders", "payments"):
        return "order_payments"
    return first.partition(":")[0]


def _reply(
    status: int,
    row: Row | None,
    switches: Switches,
    changes: dict[str, tuple[object, object]] | None = None,
    row_id: str = "",
) -> Reply:
    if row is None:
        return Reply(status, changes=changes, row_id=row_id)
    shown = without_hidden(row)
    body = msgspec.json.encode(with_integer_ids(shown) if switches.integer_ids else shown)
    return Reply(status, body, changes=changes, row_id=row_id)

"""The pages of a list: size, order, and the tokens that lead to the next one."""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec

from subtui.keap_mock.errors import ApiError
from subtui.keap_mock.filters import Condition
from subtui.keap_mock.kind import Kind
from subtui.keap_mock.requests import Request
from subtui.keap_mock.selection import Order, Place, select
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.tables import Table
from subtui.keap_mock.values import Row


def list_page(
    table: Table,
    kind: Kind,
    conditions: list[Condition],
    request: Request,
    switches: Switches,
    shown: Callable[[Row], Row],
) -> Row:
    """One page of a list as the object that is answered. ApiError 400: size, order or token cannot be read."""
    size = _page_size(request, kind, switches)
    order = _order(request, kind, switches)
    after, offset = _token(request)
    found = select(table, conditions, order, after=after, offset=offset, count=size + 1)
    page = found[:size]
    answer: Row = {kind.list_key: [shown(row) for _, row in page]}
    if len(found) > size:
        if switches.paging == "offset":
            token = _encoded([offset + size])
        else:
            (key, at) = page[-1][0]
            token = _encoded([_number_text(key[0]), key[1], at])
        answer["next_page_token"] = token if switches.next_page == "bare" else _as_url(request, token, switches)
    elif switches.last_page != "absent":
        answer["next_page_token"] = "" if switches.last_page == "empty" else None
    return answer


def _page_size(request: Request, kind: Kind, switches: Switches) -> int:
    text = request.parameter("page_size")
    if text is None:
        return switches.default_page_size
    largest = switches.users_page_limit if kind.name == "users" else kind.largest_page
    smallest = 1 if kind.name == "users" else 0
    if not text.isdigit() or not smallest <= int(text) <= largest:
        raise ApiError(400, f"page_size must be between {smallest} and {largest}", resource="page_size")
    # What 0 means is written nowhere.
    return int(text) or switches.default_page_size


def _order(request: Request, kind: Kind, switches: Switches) -> Order:
    text = request.parameter("order_by")
    if not text:
        return Order()
    name, _, direction = text.strip().partition(" ")
    direction = direction.strip().casefold() or "asc"
    hidden = switches.old and name in {"modification_time", "update_time"}
    if name not in kind.sorts or hidden or direction not in {"asc", "desc"}:
        if switches.unknown_order == "ignore":
            return Order()
        raise ApiError(400, f"The list cannot be ordered by {text!r}", resource="order_by")
    path = kind.sorts[name]
    return Order("" if name == "id" else path, direction == "desc")


def _token(request: Request) -> tuple[Place | None, int]:
    text = request.parameter("page_token")
    if not text:
        return None, 0
    try:
        read: Any = msgspec.json.decode(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        if len(read) == 1:
            return None, int(read[0])
        return ((float(read[0]), str(read[1])), int(read[2])), 0
    except (binascii.Error, msgspec.DecodeError, TypeError, ValueError, IndexError) as error:
        raise ApiError(400, "page_token cannot be read", resource="page_token") from error


def _encoded(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _number_text(value: float) -> str:
    # JSON has no infinity, and rows without the field that is sorted by stand there.
    return repr(value)


def _as_url(request: Request, token: str, switches: Switches) -> str:
    query = [(name, value) for name, value in request.query if name != "page_token"]
    return f"{switches.next_page_host or request.base}{request.path}?{urlencode([*query, ('page_token', token)])}"

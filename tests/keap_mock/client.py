"""A plain client of the mock: one connection, no retries, nothing interpreted but JSON."""

import http.client
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from subtui.keap_mock import Account, Limits, MockKeap, Switches

NOW = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
FAST = Limits().times(1000)
Row = dict[str, Any]
Query = Sequence[tuple[str, str]]


def at_noon() -> datetime:
    """The clock of most tests."""
    return NOW


def subscription(number: int, **fields: Any) -> Row:
    return {
        "id": str(number),
        "contact_id": "5",
        "product_id": "1",
        "subscription_plan_id": "7",
        "active": True,
        "auto_charge": True,
        "billing_amount": 29.5,
        "billing_cycle": "MONTH",
        "billing_frequency": 1,
        "next_bill_date": "2026-12-15",
        "modification_time": f"2026-10-{number % 28 + 1:02}T08:00:00.000Z",
        **fields,
    }


def small_account(clock: Callable[[], datetime] = at_noon, **more: Any) -> Account:
    """Two contacts, one product with a plan, three subscriptions."""
    rows: dict[str, Any] = {
        "contacts": [
            {
                "id": "5",
                "given_name": "Zoë",
                "update_time": "2026-01-01T00:00:00Z",
                "email_addresses": [{"email": "z@b.co"}],
            },
            {"id": "6", "given_name": "José", "update_time": "2026-03-01T00:00:00.000Z", "tag_ids": ["2"]},
        ],
        "products": [
            {
                "id": "1",
                "name": "Club",
                "subscription_plans": [{"id": "7", "billing_cycle": "MONTHLY", "order_index": 0}],
            }
        ],
        "tags": [{"id": "2", "name": "Member"}],
        "subscriptions": [subscription(9), subscription(10, contact_id="6"), subscription(11, active=False)],
    }
    return Account.from_rows({**rows, **more}, clock=clock)


def serve(
    account: Account | None = None, switches: Switches | None = None, limits: Limits = FAST, **more: Any
) -> MockKeap:
    """A server that no test is too fast for."""
    return MockKeap(account or small_account(), switches=switches, limits=limits, **more)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: bytes
    json: Any = field(default=None)


class Client:
    """Calls a mock below `base`. With `key` None it sends none."""

    def __init__(
        self, server: MockKeap, *, key: str | None = "", base: str = "/crm/rest/v2", timeout: float = 20
    ) -> None:
        self.key = server.key if key == "" else key
        self.base = base
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def call(
        self, method: str, path: str, query: Query = (), body: Any = None, *, header: str = "Authorization"
    ) -> Answer:
        target = self.base + path + (f"?{urlencode(query)}" if query else "")
        headers = {}
        if self.key is not None:
            headers[header] = f"Bearer {self.key}" if header == "Authorization" else self.key
        content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        self.line.request(method, target, content, headers)
        with self.line.getresponse() as response:
            text = response.read()
            found = Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, text)
        if found.headers.get("content-type", "").startswith("application/json"):
            found.json = json.loads(text)
        return found

    def get(self, path: str, **query: Any) -> Answer:
        return self.call("GET", path, [(name, str(value)) for name, value in query.items()])

    def patch(self, path: str, body: Row, *masks: str) -> Answer:
        return self.call("PATCH", path, [("update_mask", mask) for mask in masks], body)

    def pages(self, path: str, key: str, **query: Any) -> list[list[Row]]:
        """All pages of a list, whatever form its tokens have."""
        found = []
        more: dict[str, str] = {}
        while True:
            answer = self.get(path, **query, **more)
            assert answer.status == 200, answer.text
            found.append(answer.json[key])
            token = answer.json.get("next_page_token")
            if not token:
                return found
            if token.startswith("http"):
                token = parse_qs(urlsplit(token).query)["page_token"][0]
            more = {"page_token": token}

    def ids(self, path: str, key: str, **query: Any) -> list[str]:
        """The ids of all pages."""
        return [row["id"] for page in self.pages(path, key, **query) for row in page]

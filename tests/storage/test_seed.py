"""A seed file is checked whole before anything is made: file, place and reason in one sentence."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.subscriptions import GetSubscription
from subtui.domain.errors import FileProblem
from subtui.services.backend import Backend
from subtui.storage.seed import demo_seed_path, read_seed
from tests.seeds import small_seed, write_seed
from tests.storage.indexes import not_an_index

Spoil = Callable[[dict[str, Any]], object]

WRONG: dict[str, tuple[Spoil, str]] = {
    "unknown key": (lambda s: s.update(colour="red"), "unknown field `colour`"),
    "unknown key of a row": (lambda s: s["contacts"][0].update(fax="1"), "$.contacts[0]"),
    "unknown key of a payment": (lambda s: s["orders"][0]["payments"][0].update(x=1), "$.orders[0].payments[0]"),
    "another format": (lambda s: s.update(format=2), "$.format"),
    "no account": (lambda s: s.pop("account"), "`account`"),
    "number as text": (lambda s: s["subscriptions"][0].update(quantity="1"), "$.subscriptions[0].quantity"),
    "money as a float": (lambda s: s["plans"][0].update(price_minor=10.5), "$.plans[0].price_minor"),
    "money beyond all measure": (lambda s: s["plans"][0].update(price_minor=10**30), "$.plans[0].price_minor"),
    "an id of zero": (lambda s: s["tags"][0].update(id=0), "$.tags[0].id"),
    "an id too large": (lambda s: s["tags"][0].update(id=2**63), "$.tags[0].id"),
    "no such day": (lambda s: s["subscriptions"][0].update(start_date="2026-02-30"), "$.subscriptions[0].start_date"),
    "no such status": (lambda s: s["subscriptions"][0].update(status="Paused"), "$.subscriptions[0].status"),
    "no such cycle": (lambda s: s["plans"][0].update(cycle="fortnight"), "$.plans[0].cycle"),
    "a frequency of none": (lambda s: s["plans"][0].update(frequency=0), "$.plans[0].frequency"),
    "no such role": (lambda s: s["users"][0].update(role="boss"), "$.users[0].role"),
    "a whole card number": (
        lambda s: s["contacts"][0]["cards"][0].update(last4="4242424242424242"),
        "$.contacts[0].cards[0].last4",
    ),
    "an instant without its zone": (
        lambda s: s["contacts"][0]["notes"][0].update(at="2026-01-05T10:00:00"),
        "$.contacts[0].notes[0].at",
    ),
    "no such time zone": (lambda s: s["account"].update(time_zone="Mars/Base"), "$.account.time_zone"),
    "an unheard-of act": (lambda s: s["history"][0].update(command="subscription.burn"), "$.history[0].command"),
    "an act on nothing": (lambda s: s["history"][0].update(subject="weather"), "$.history[0].subject"),
    "missing product": (lambda s: s["plans"][0].update(product_id=9), "$.plans[0].product_id: there is no product 9"),
    "missing owner": (lambda s: s["contacts"][0].update(owner_id=9), "$.contacts[0].owner_id: there is no user 9"),
    "missing tag": (lambda s: s["contacts"][0].update(tags=[1, 9]), "$.contacts[0].tags: there is no tag 9"),
    "missing contact": (
        lambda s: s["subscriptions"][0].update(contact_id=9),
        "$.subscriptions[0].contact_id: there is no contact 9",
    ),
    "missing plan": (lambda s: s["subscriptions"][0].update(plan_id=9), "$.subscriptions[0].plan_id"),
    "missing card": (lambda s: s["subscriptions"][0].update(credit_card_id=9), "there is no card 9"),
    "missing subscription": (lambda s: s["orders"][0].update(subscription_id=9), "there is no subscription 9"),
    "missing payment": (
        lambda s: s["orders"][0]["payments"][0].update(returns_payment_id=9),
        "$.orders[0].payments[0].returns_payment_id: there is no payment 9",
    ),
    "missing actor": (lambda s: s["history"][0].update(actor_id=9), "$.history[0].actor_id: there is no user 9"),
    "missing subject": (lambda s: s["history"][0].update(subject="subscription:9"), "there is no subscription 9"),
    "an e-mail of two users": (
        lambda s: s["users"].append({**s["users"][0], "id": 2, "email": "OWNER@shop.example"}),
        "$.users[1].email: owner@shop.example appears twice",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_seed_is_refused_by_file_place_and_reason_and_nothing_is_made(name: str, tmp_path: Path) -> None:
    spoil, words = WRONG[name]
    seed = small_seed()
    spoil(seed)
    path = write_seed(tmp_path, seed)
    with pytest.raises(FileProblem) as refused:
        Backend.open(str(tmp_path / "my.db"), seed=path)
    assert str(path) in str(refused.value)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")
    assert [file.name for file in tmp_path.iterdir()] == ["seed.json"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("users",), "$.users[1].id: 1 appears twice"),
        (("tags",), "$.tags[1].id: 1 appears twice"),
        (("products",), "$.products[1].id: 1 appears twice"),
        (("plans",), "$.plans[1].id: 1 appears twice"),
        (("contacts",), "$.contacts[1].id: 1 appears twice"),
        (("subscriptions",), "$.subscriptions[1].id: 1 appears twice"),
        (("orders",), "$.orders[1].id: 1 appears twice"),
        (("contacts", 0, "cards"), "$.contacts[0].cards[1].id: 1 appears twice"),
        (("orders", 0, "items"), "$.orders[0].items[1].id: 1 appears twice"),
        (("orders", 0, "payments"), "$.orders[0].payments[1].id: 1 appears twice"),
    ],
)
def test_an_id_that_is_there_twice_is_refused(path: tuple[str | int, ...], words: str, tmp_path: Path) -> None:
    seed = small_seed()
    rows: Any = seed
    for step in path:
        rows = rows[step]
    rows.append(dict(rows[0]))
    with pytest.raises(FileProblem) as refused:
        read_seed(write_seed(tmp_path, seed))
    assert words in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"format": 1}', b"[" * 5000])
def test_what_is_no_seed_at_all_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_bytes(data)
    with pytest.raises(FileProblem, match="is not a seed file"):
        read_seed(path)


def test_a_seed_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read: No such file or directory"):
        read_seed(tmp_path / "none.json")


def test_a_seed_fills_every_table_but_what_only_use_writes(tmp_path: Path) -> None:
    Backend.open(str(tmp_path / "my.db"), seed=write_seed(tmp_path, small_seed())).close()
    with closing(sqlite3.connect(tmp_path / "my.db")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in tables if not_an_index(name, "table", None)]
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert {name for name, count in counts.items() if count == 0} == {
        *("intention", "letter", "recent_contact", "sign_in", "sign_in_miss"),
        *("keap_connection", "keap_finding", "keap_image", "keap_object", "keap_outbox", "keap_remark", "keap_walk"),
        *("refund_line", "refund_request", "refund_task"),
        *("batch", "batch_row", "saved_view"),
    }
    assert {count for count in counts.values() if count} == {1}


def test_a_subscription_takes_from_its_plan_what_the_seed_leaves_open(tmp_path: Path) -> None:
    with Backend.open(str(tmp_path / "my.db"), seed=write_seed(tmp_path, small_seed())) as backend:
        backend.sign_in_demo("owner")
        record = backend.read(GetSubscription(1))
    assert record.terms.price.format() == "10.00 USD"
    assert (record.billing.cycle.value, record.billing.frequency) == ("month", 1)
    assert record.billing.anchor == record.billing.start_date


def test_a_seed_without_a_day_is_no_demo(tmp_path: Path) -> None:
    seed = small_seed()
    del seed["day"]
    with Backend.open(str(tmp_path / "my.db"), seed=write_seed(tmp_path, seed)) as backend:
        assert not backend.session_info().demo
        assert backend.session_info().demo_accounts == ()


def test_the_demo_data_is_what_the_guide_promises() -> None:
    seed = json.loads(demo_seed_path().read_text(encoding="utf-8"))
    assert len(seed["contacts"]) >= 40
    assert len(seed["products"]) + len(seed["plans"]) >= 12
    assert len(seed["subscriptions"]) >= 60
    assert len(seed["orders"]) >= 150
    assert {plan["cycle"] for plan in seed["plans"]} == {"day", "week", "month", "year"}
    assert len({plan["currency"] for plan in seed["plans"]}) == 2

"""The changes that were made here, as a table for people and as requests for Keap."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.data import ExportChanges
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import NotFound
from subtui.domain.money import Money
from subtui.views.exports import ChangesFormat, Since
from tests.conftest import DEMO_DAY
from tests.services.database import rows, run
from tests.services.exporting import SUBSCRIPTION, act_a_little, end_subscription, lines, with_backend


def known_to_keap(path: Path) -> None:
    run(
        path,
        "UPDATE subscription SET keap_id = 700000 + id",
        "UPDATE contact SET keap_id = 800000 + id",
        "UPDATE 'order' SET keap_id = 900000 + id",
    )


def newest_entry(path: Path) -> int:
    return int(rows(path, "SELECT max(id) AS id FROM event")[0]["id"])


def changes(path: Path, to: Path, since: int) -> list[Any]:
    with with_backend(path) as backend:
        backend.do(ExportChanges(to, since=Since(entry=since)))
    if to.suffix == ".jsonl":
        return lines(to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_requests_bring_keap_up_to_date(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with with_backend(demo_db) as backend:
        act_a_little(backend)
    request, by_hand = changes(demo_db, tmp_path / "out.jsonl", begin)
    assert request == {
        "method": "PATCH",
        "path": "/rest/v2/subscriptions/701042",
        "query": {"update_mask": ["active", "auto_charge", "end_date", "reason_stopped"]},
        "body": {
            "active": False,
            "auto_charge": False,
            "end_date": "2026-03-14",
            "reason_stopped": "Too expensive - asked “twice”",
        },
        "entries": [begin + 1],
        "subscription_id": "701042",
        "contact_id": "801007",
    }
    assert by_hand["manual"] == (
        "Order 901911: Refund Payment: 5.00 USD of the payment of 2026-02-22 (Credit Card), as Manual Refund, "
        "reason “Requested by customer”. Balance afterwards: 0.00 USD."
    )
    assert (by_hand["entries"], by_hand["amount"]) == ([begin + 2], {"amount": 500, "currency_code": "USD"})


def test_money_is_a_number_with_its_decimals(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with with_backend(demo_db) as backend:
        record = backend.read(GetSubscription(SUBSCRIPTION))
        draft = replace(draft_of(record.terms), price=Money(5500, "USD"), quantity=2)
        backend.do(SaveSubscription(SUBSCRIPTION, draft, version=record.version))
        backend.do(ExportChanges(tmp_path / "out.jsonl", since=Since(entry=begin)))
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert '"body":{"quantity":2,"billing_amount":55}' in text


def test_what_was_undone_is_in_the_table_and_not_sent(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with with_backend(demo_db) as backend:
        end_subscription(backend, SUBSCRIPTION)
        backend.do(UndoCancellation(SUBSCRIPTION, version=backend.read(GetSubscription(SUBSCRIPTION)).version))
    assert changes(demo_db, tmp_path / "out.jsonl", begin) == []
    table = changes(demo_db, tmp_path / "out.csv", begin)
    assert [(row["What"], row["Status After"]) for row in table] == [
        ("Subscription set Inactive", "Inactive"),
        ("Cancellation undone", "Active"),
    ]
    # Keap was told of the ending: now it has to be told that it is none.
    (request,) = changes(demo_db, tmp_path / "later.jsonl", begin + 1)
    assert request["body"] == {
        "active": True,
        "auto_charge": True,
        "next_bill_date": "2026-03-15",
        "reason_stopped": "",
    }
    assert request["note"].startswith("Keap's interface has no known way to clear the end date")


def test_the_table_says_who_did_what(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with with_backend(demo_db) as backend:
        act_a_little(backend)
    ended, refunded, again, corrected = changes(demo_db, tmp_path / "out.csv", begin)
    (entry,) = rows(demo_db, "SELECT hash FROM event WHERE id = ?", begin + 1)
    assert ended == {
        "Entry": str(begin + 1),
        "At": "2026-03-02T16:30:00Z",
        "Who": "Theo Lindqvist",
        "Role": "admin",
        "What": "Subscription set Inactive",
        "Subscription Id": "701042",
        "Order Id": "",
        "Contact Id": "801007",
        "Contact": "María López",
        "Status Before": "Active",
        "Status After": "Inactive",
        "End Date": "2026-03-14",
        "Reason Code": "too_expensive",
        "Reason": "Too expensive",
        "Note": "asked “twice”",
        "Auto Charge": "No",
        "Amount Refunded": "",
        "Amount Recorded": "",
        "Currency": "",
        "Kind": "",
        "Gateway Reference": "",
        "Hash": entry["hash"],
    }
    assert [row["Amount Refunded"] for row in (refunded, again, corrected)] == ["5.00", "1.00", "-1.00"]
    assert (refunded["Order Id"], refunded["Kind"], refunded["Gateway Reference"]) == ("901911", "manual", "BANK-7")
    assert (refunded["Reason"], refunded["Currency"]) == ("Requested by customer", "USD")
    assert (refunded["Amount Recorded"], corrected["Kind"]) == ("5.00", "correction")


def test_what_keap_does_not_know_is_counted(demo_db: Path, tmp_path: Path) -> None:
    begin = newest_entry(demo_db)
    run(demo_db, "UPDATE subscription SET keap_id = '~made' WHERE id = 1042")
    with with_backend(demo_db) as backend:
        act_a_little(backend)
        report = backend.do(ExportChanges(tmp_path / "out.jsonl", since=Since(entry=begin), form=ChangesFormat.REST))
    assert lines(tmp_path / "out.jsonl") == [{"skipped": 2, "why": "Keap does not know them, as they have no Keap id."}]
    assert (report.lines, report.manual, report.skipped) == (0, 0, 2)
    assert "as they have no Keap id" in report.notes[0]


def test_an_end_that_has_passed_is_named(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with with_backend(demo_db) as backend:
        end_subscription(backend, SUBSCRIPTION)
    run(demo_db, "UPDATE subscription SET end_date = '2026-03-01' WHERE id = 1042")
    (request,) = changes(demo_db, tmp_path / "out.jsonl", begin)
    assert request["query"] == {"update_mask": ["active", "auto_charge", "reason_stopped"]}
    assert "2026-03-01 is in the past" in request["note"]


def test_where_to_begin(demo_db: Path, tmp_path: Path) -> None:
    with with_backend(demo_db) as backend:
        everything = backend.do(ExportChanges(tmp_path / "all.csv"))
        end_subscription(backend, SUBSCRIPTION)
        (ended,) = rows(
            demo_db, "SELECT id, hash FROM event WHERE command = 'subscription.save' ORDER BY id DESC LIMIT 1"
        )
        by_day = backend.do(ExportChanges(tmp_path / "day.csv", since=Since(day=DEMO_DAY)))
        next_time = backend.do(ExportChanges(tmp_path / "next.csv", since=Since(entry=everything.last)))
        by_hash = backend.do(ExportChanges(tmp_path / "hash.csv", since=Since(hash=ended["hash"][:16])))
        for wrong in (Since(entry=10**6), Since(hash="0" * 16)):
            with pytest.raises(NotFound):
                backend.do(ExportChanges(tmp_path / "wrong.csv", since=wrong))
    assert (everything.first, by_day.lines, next_time.lines, by_hash.lines) == (1, 1, 1, 0)
    assert everything.lines == 12
    assert not (tmp_path / "wrong.csv").exists()

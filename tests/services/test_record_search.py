"""Finding records of every kind by number, reference, card, plan, tag or city, and filtering by operators."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.search import FilterContacts, FindRecords, GetSearchValues
from subtui.acts.subscriptions import GetSubscription, ListSubscriptions, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.record_numbers import RecordKind
from subtui.domain.search_query import Operator
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.customers import SubscriptionFilter

from .database import rows

CASES = [
    ("CH-662808", ["payment 1881 CH-662808"]),
    ("ch-6628", ["payment 1881 CH-662808"]),
    ("payment CH-662808", ["payment 1881 CH-662808"]),
    ("4242", ["card 1007 Visa ···· 4242"]),
    ("visa 4242", ["card 1007 Visa ···· 4242"]),
    ("card 4242", ["card 1007 Visa ···· 4242"]),
    ("amex 4242", []),
    ("T-1003", ["ticket 1003 T-1003"]),
    ("t1003", ["ticket 1003 T-1003"]),
    ("ticket 1003", ["ticket 1003 T-1003"]),
    ("#1042", ["subscription 1042 1042", "order 1042 1042"]),
    ("order 1042", ["order 1042 1042"]),
    ("subscription 1042", ["subscription 1042 1042"]),
    ("gold", ["plan 5 Gold, monthly", "plan 4 Gold, yearly", "tag 2 Gold members"]),
    ("yearly gold", ["plan 4 Gold, yearly"]),
    ("memb", ["tag 2 Gold members", "tag 1 Members"]),
    ("MÜNCH", ["city 0 München"]),
    ("g", []),
    ("zzz", []),
    ("", []),
    ("\0", []),
    ("order", []),
    ("999999999999999999999", []),
]


@pytest.mark.parametrize(("typed", "records"), CASES)
def test_what_is_found_besides_contacts(backend: Backend, typed: str, records: list[str]) -> None:
    found = backend.read(FindRecords(typed))
    assert found.query == typed
    assert [f"{row.kind} {row.id} {row.name}" for row in found.rows] == records
    assert found.more == ()


def test_a_letter_is_found_by_its_number(backend: Backend) -> None:
    record = backend.read(GetSubscription(1042))
    ended = replace(draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused")
    saved = backend.do(SaveSubscription(1042, ended, version=record.version))
    (row,) = backend.read(FindRecords(f"letter {saved.letter_id}")).rows
    assert (row.kind, row.id, row.contact) == (RecordKind.LETTER, saved.letter_id, "López, María")


def test_more_than_are_listed_are_said(backend: Backend) -> None:
    found = backend.read(FindRecords("CH-1", limit=2))
    assert [row.name for row in found.rows] == ["CH-102138", "CH-102356"]
    assert found.more == (RecordKind.PAYMENT,)
    plans = backend.read(FindRecords("monthly", limit=1))
    assert (len(plans.rows), plans.more) == (1, (RecordKind.PLAN,))


def test_a_group_leads_to_the_search_for_it(backend: Backend) -> None:
    for typed in ("gold", "members", "phoenix", "europe"):
        for row in backend.read(FindRecords(typed)).rows:
            if row.kind is RecordKind.PLAN:
                total = backend.read(ListSubscriptions(SubscriptionFilter(text=row.search))).total
            else:
                total = backend.read(FilterContacts(row.search)).total
            assert (row.search, total) == (row.search, row.count)


def subscriptions(backend: Backend, typed: str) -> list[int]:
    return [row.id for row in backend.read(ListSubscriptions(SubscriptionFilter(text=typed), limit=10_000)).rows]


SAME = [
    ("status:active", "status = 'Active'"),
    ("-status:active", "status <> 'Active'"),
    ("status:paused", "paused_from IS NOT NULL"),
    ("status:ending", "status = 'Active' AND end_date IS NOT NULL"),
    ("status:inactive reason:unused", "status = 'Inactive' AND reason_code = 'unused'"),
    ("reason:unused,other", "reason_code IN ('unused', 'other')"),
    ('reason:"too expensive"', "reason_code = 'too_expensive'"),
    ("-reason:unused", "coalesce(reason_code, '') <> 'unused'"),
    ("reason:none", "status = 'Inactive' AND coalesce(reason_code, '') = ''"),
    ("ends:none", "end_date IS NULL"),
    ("-ends:none", "end_date IS NOT NULL"),
    ("ends:2026-03", "end_date BETWEEN '2026-03-01' AND '2026-03-31'"),
    ("ends:<30d", "end_date BETWEEN '2026-03-02' AND '2026-04-01'"),
    ("-ends:<30d", "coalesce(NOT end_date BETWEEN '2026-03-02' AND '2026-04-01', 1 = 1)"),
    ("bills:<7d", "next_bill_date BETWEEN '2026-03-02' AND '2026-03-09'"),
    ("by:dana", "recorded_by = 'Dana Reyes'"),
    ("plan:gold", "plan_id IN (4, 5)"),
    ('plan:"gold, yearly" status:active', "plan_id = 4 AND status = 'Active'"),
    ("plan:nothing", "1 = 0"),
    (
        "product:workshop",
        "plan_id IN (SELECT id FROM subscription_plan WHERE product_id IN"
        " (SELECT id FROM product WHERE lower(name) LIKE '%workshop%'))",
    ),
    ("tag:members", "contact_id IN (SELECT contact_id FROM contact_tag WHERE tag_id = 1)"),
    ("card:4242 status:inactive", "status = 'Inactive' AND contact_id = 1007"),
    (
        "owes:>0",
        'contact_id IN (SELECT contact_id FROM "order" WHERE total_minor > received_minor)',
    ),
    (
        "-owes:>0 status:active",
        "status = 'Active' AND contact_id NOT IN (SELECT contact_id FROM \"order\" WHERE total_minor > received_minor)",
    ),
]


@pytest.mark.parametrize(("typed", "condition"), SAME)
def test_operators_filter_subscriptions(backend: Backend, demo_db: Path, typed: str, condition: str) -> None:
    wanted = rows(demo_db, f"SELECT id FROM subscription WHERE {condition} ORDER BY id")  # noqa: S608
    assert sorted(subscriptions(backend, typed)) == [row["id"] for row in wanted]


def test_free_words_and_operators_go_together(backend: Backend) -> None:
    assert subscriptions(backend, "lopez plan:monthly") == [1042]
    assert [row.id for row in backend.read(FilterContacts("lop -city:phoenix")).rows] == [1008]


def test_operators_filter_contacts_by_name(backend: Backend) -> None:
    owing = backend.read(FilterContacts("owes:>0"))
    assert (owing.total, len(owing.rows), owing.capped) == (16, 16, False)
    above = {row.id for row in backend.read(FilterContacts("owes:>100")).rows}
    below = {row.id for row in backend.read(FilterContacts("owes:0.01..100")).rows}
    assert above | below == {row.id for row in owing.rows}
    nothing = backend.read(FilterContacts("owes:0"))
    assert nothing.total == backend.read(FilterContacts("-owes:>0")).total
    assert backend.read(FilterContacts("owes:>0", limit=3)).rows == owing.rows[:3]


def test_a_value_that_cannot_be_read_finds_nothing(backend: Backend) -> None:
    assert backend.read(FilterContacts("owes:much")).rows == ()
    assert subscriptions(backend, "ends:soon") == []


def test_what_operators_can_take(backend: Backend) -> None:
    values = backend.read(GetSearchValues())
    assert "Gold, yearly" in values[Operator.PLAN]
    assert values[Operator.TAG][0] == "Box customers"
    assert values[Operator.REASON][-2:] == ("other", "none")
    assert values[Operator.BY] == ("Dana Reyes", "Sam Okonkwo", "Theo Lindqvist")
    assert "phoenix" in values[Operator.CITY]

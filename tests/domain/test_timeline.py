"""The kinds of lines of a timeline, its filters, and where a fact stands of which only the day is known."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from subtui.domain.event_types import EventType
from subtui.domain.ledger import RowKind
from subtui.domain.refunds import PaymentState
from subtui.domain.timeline import (
    ALL,
    ENTRY_KINDS,
    FILTERS,
    KIND_WORDS,
    SHOWN_BY_ITS_ROW,
    LineKind,
    Source,
    filter_named,
    first_instant,
    kind_of_entry,
    kind_of_row,
    last_begun,
    position,
    row_kinds_of,
)

ACTIVE, INACTIVE = {"status": "Active", "end_date": None}, {"status": "Inactive", "end_date": "2026-03-14"}


@pytest.mark.parametrize(
    ("command", "before", "after", "kind"),
    [
        (EventType.SAVE_SUBSCRIPTION, ACTIVE, INACTIVE, LineKind.CANCELLATION),
        (EventType.SAVE_SUBSCRIPTION, ACTIVE, {"status": "Active", "end_date": "2026-03-14"}, LineKind.CANCELLATION),
        (EventType.SAVE_SUBSCRIPTION, INACTIVE, INACTIVE | {"end_date": "2026-04-01"}, LineKind.CHANGE),
        (EventType.SAVE_SUBSCRIPTION, INACTIVE, ACTIVE, LineKind.CHANGE),
        (EventType.SAVE_SUBSCRIPTION, {"quantity": 1}, {"quantity": 2}, LineKind.CHANGE),
        (EventType.IMPORT_ROW, {"status": "Active"}, {"status": "Inactive"}, LineKind.CANCELLATION),
        (EventType.IMPORT_ROW, {"quantity": 1}, {"quantity": 2}, LineKind.CHANGE),
        (EventType.UNDO, INACTIVE, ACTIVE, LineKind.UNDO),
        (EventType.ROLL, ACTIVE, INACTIVE, LineKind.ENDED),
        (EventType.PAUSE, {}, {"paused_from": "2026-03-02"}, LineKind.PAUSE),
        (EventType.RESUME, {"paused_from": "2026-03-02"}, {}, LineKind.RESUMPTION),
        (EventType.ASK_APPROVAL, {}, {}, LineKind.REFUND_REQUEST),
        (EventType.DECLINE_REFUND, {}, {}, LineKind.REFUND_REQUEST),
        (EventType.DROP_REFUND, {}, {}, LineKind.REFUND_REQUEST),
        (EventType.NOTE_REFUND, {}, {}, LineKind.REFUND_REQUEST),
        (EventType.SET_REFERENCE, {}, {}, LineKind.CHANGE),
        (EventType.KEAP_SENT, {}, {}, LineKind.CHANGE),
        ("of a later version", {}, {}, LineKind.CHANGE),
    ],
)
def test_the_kind_of_an_entry(
    command: str, before: dict[str, object], after: dict[str, object], kind: LineKind
) -> None:
    assert kind_of_entry(command, before, after) is kind
    assert kind in ENTRY_KINDS
    assert command not in SHOWN_BY_ITS_ROW


@pytest.mark.parametrize("row", RowKind)
def test_every_kind_of_ledger_row_is_read_for_its_kind_of_line(row: RowKind) -> None:
    for state in PaymentState:
        assert row in row_kinds_of(frozenset({kind_of_row(row, state)}))


def test_a_failed_charge_is_a_kind_of_its_own() -> None:
    assert kind_of_row(RowKind.CHARGE, PaymentState.FAILED) is LineKind.FAILED_CHARGE
    assert kind_of_row(RowKind.CHARGE, PaymentState.PENDING) is LineKind.CHARGE
    assert kind_of_row(RowKind.REFUND, PaymentState.FAILED) is LineKind.REFUND


def test_every_kind_has_a_word_and_is_in_one_filter() -> None:
    assert set(KIND_WORDS) == set(LineKind)
    listed = sorted(kind for each in FILTERS for kind in each.kinds)
    assert listed == sorted(LineKind)


def test_a_filter_is_found_by_its_name() -> None:
    assert [filter_named(each.name) for each in FILTERS] == list(FILTERS)
    assert filter_named("") is ALL


ZONES = ("UTC", "America/Phoenix", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Apia", "America/St_Johns", "Asia/Beirut")


@pytest.mark.parametrize("name", ZONES)
def test_days_begin_one_after_the_other_and_each_is_found_from_its_instants(name: str) -> None:
    zone = ZoneInfo(name)
    days = [date(2010, 1, 1) + timedelta(days=number) for number in range(6000)]
    begins = [first_instant(day, zone) for day in days]
    assert begins == sorted(set(begins))
    for day, begin in zip(days, begins, strict=True):
        assert last_begun(begin, zone) == day
        assert last_begun(begin - timedelta(microseconds=1), zone) == day - timedelta(days=1)


@pytest.mark.parametrize("name", ZONES)
def test_the_first_and_the_last_day_there_are(name: str) -> None:
    zone = ZoneInfo(name)
    for day in (date.min, date.min + timedelta(days=1), date.max - timedelta(days=1), date.max):
        begin = first_instant(day, zone)
        assert begin.tzinfo is UTC
        assert last_begun(begin, zone) == day


def test_in_one_instant_an_order_stands_below_its_payments_and_a_letter_below_its_act() -> None:
    at = datetime(2026, 3, 2, 7, tzinfo=UTC)
    newest_first = [
        position(at, Source.PAYMENT, 3, step=12),
        position(at, Source.ENTRY, 9, step=9),
        position(at, Source.LETTER, 1, step=9),
        position(at, Source.ENTRY, 8, step=8),
        position(at, Source.NOTE, 50),
        position(at, Source.PAYMENT, 7, step=12, of_day=True),
        position(at, Source.ORDER, 12, step=12, of_day=True),
        position(at, Source.PAYMENT, 99, step=11, of_day=True),
        position(at, Source.PAYMENT, 98, step=11, of_day=True),
        position(at, Source.ORDER, 11, step=11, of_day=True),
    ]
    assert sorted(newest_first, reverse=True) == newest_first

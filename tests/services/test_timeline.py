"""A customer's timeline: every kind of line, its order, paging, filters, and one line for one fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event

from subtui.acts.orders import ApproveRefund, CorrectRefund, GetOrder, RecordRefund, SetReference
from subtui.acts.subscriptions import GetSubscription, NoteRefund, SavePause, UndoCancellation
from subtui.acts.timeline import GetTimeline
from subtui.domain.errors import NotFound, StorageProblem
from subtui.domain.ledger import RowKind
from subtui.domain.pauses import PauseDraft
from subtui.domain.timeline import FILTERS, LineKind, Source
from subtui.services.backend import Backend
from subtui.views.timeline import Timeline, TimelineLine

from .asking import desk_on
from .database import rows, run, run_with
from .ordering import (
    ADMIN,
    AGENT,
    LARGE,
    MARIA,
    MONTHLY,
    SUBSCRIPTION,
    TODAY,
    add,
    charge_back,
    draft,
    payment_of,
    refund,
    rows_of,
    set_inactive,
    usd,
)

OPEN, OLD, WITH_REFUND = 1702, 1600, 1790
"""María's orders: one that is not paid, one of November, and one of which 10.00 went back."""

ROW = (
    "INSERT INTO payment (order_id, kind, state, amount_minor, paid_on, method, gateway_reference, note, reason_code,"
    " recorded_by) VALUES (?, ?, ?, ?, ?, ?, '', ?, '', '')"
)
NOTE = "INSERT INTO note (contact_id, at, author, text) VALUES (?, ?, ?, ?)"


def read(backend: Backend, contact_id: int = MARIA, **change: object) -> tuple[TimelineLine, ...]:
    """All lines of a contact."""
    return whole(backend, contact_id, **change).lines


def whole(backend: Backend, contact_id: int = MARIA, **change: object) -> Timeline:
    found: Timeline = backend.read(GetTimeline(contact_id, **{"limit": 10_000, **change}))  # type: ignore[arg-type]
    assert found.after is None
    return found


def of_kind(lines: tuple[TimelineLine, ...], *kinds: LineKind) -> list[TimelineLine]:
    return [line for line in lines if line.kind in kinds]


def undo(backend: Backend) -> None:
    backend.do(UndoCancellation(SUBSCRIPTION, version=backend.read(GetSubscription(SUBSCRIPTION)).version))


def pause(backend: Backend, draft: PauseDraft) -> None:
    backend.do(SavePause(SUBSCRIPTION, draft, version=backend.read(GetSubscription(SUBSCRIPTION)).version))


@pytest.fixture
def busy(demo_db: Path) -> Iterator[Backend]:
    """María after everything that can happen to a customer, on two days."""
    for row in (
        (OPEN, "charge", "failed", 4900, "2025-12-16", "Credit Card", "Declined: insufficient funds"),
        (OPEN, "charge", "pending", 4900, "2025-12-17", "Credit Card", ""),
        (OLD, "void", "approved", -100, "2025-11-15", "Void", ""),
    ):
        run_with(demo_db, ROW, *row)
    run_with(demo_db, NOTE, MARIA, "2026-03-01 03:00:00.000000", "Dana Reyes", "Called about “José”.\nWill call again.")
    charge_back(demo_db, OLD, _payment(demo_db, OLD), -4900)
    charge_back(demo_db, OLD, _payment(demo_db, OLD), 4900)
    with desk_on(demo_db, TODAY - timedelta(days=1), AGENT) as backend:
        set_inactive(backend)
        backend.do(NoteRefund(SUBSCRIPTION))
        undo(backend)
        add(backend, OPEN, RowKind.ADJUSTMENT, usd("1"), "adjustment")
    with desk_on(demo_db, TODAY, AGENT) as backend:
        pause(backend, PauseDraft(resumes_on=date(2026, 6, 1)))
        pause(backend, PauseDraft(resume_now=True))
        refund(backend, MONTHLY, "first", amount=usd("10"), owed_after=usd("0"))
        refund(backend, WITH_REFUND, "second", amount=usd("5"), owed_after=usd("0"))
        correct(backend, WITH_REFUND)
        add(backend, OPEN, RowKind.CHARGE, usd("20"), "late", method="Check", paid_on=date(2026, 2, 20))
        yield backend


def _payment(path: Path, order_id: int) -> int:
    (row,) = rows(path, "SELECT id FROM payment WHERE order_id = ? AND kind = 'charge'", order_id)
    return int(row["id"])


def correct(backend: Backend, order_id: int) -> None:
    """Reverse the newest refund of an order."""
    record = backend.read(GetOrder(order_id))
    backend.do(CorrectRefund(order_id, max(rows_of(record, RowKind.REFUND)), version=record.version))


# --- what is shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """The newest line of a kind."""

    kind: LineKind
    title: str
    amount: str = ""
    who: str = ""
    route: str = ""
    day: date | None = None
    has_entry: bool = False


PLAN, DANA = "Monthly plan", "Dana Reyes"
CASES = (
    Case(LineKind.ORDER, PLAN, "49.00 USD", "", f"/orders/{MONTHLY}", date(2026, 2, 15)),
    Case(LineKind.CHARGE, PLAN, "20.00 USD", DANA, f"/orders/{OPEN}", None, True),
    Case(LineKind.FAILED_CHARGE, PLAN, "49.00 USD", "", f"/orders/{OPEN}", date(2025, 12, 16)),
    Case(LineKind.CREDIT, PLAN, "10.00 USD", DANA, f"/orders/{MONTHLY}", None, True),
    Case(LineKind.ADJUSTMENT, PLAN, "1.00 USD", DANA, f"/orders/{OPEN}", None, True),
    Case(LineKind.REFUND, PLAN, "-10.00 USD", DANA, f"/orders/{MONTHLY}", None, True),
    Case(LineKind.VOID, PLAN, "-1.00 USD", "", f"/orders/{OLD}", date(2025, 11, 15)),
    Case(LineKind.CHARGEBACK, PLAN, "-49.00 USD", "", f"/orders/{OLD}", date(2026, 3, 1)),
    Case(LineKind.CHARGEBACK_REVERSED, PLAN, "49.00 USD", "", f"/orders/{OLD}", date(2026, 3, 1)),
    Case(LineKind.REVERSAL, PLAN, "-5.00 USD", DANA, f"/orders/{WITH_REFUND}", None, True),
    Case(LineKind.REFUND_REQUEST, "Refund noted as pending", "", DANA, f"/subscriptions/{SUBSCRIPTION}", None, True),
    Case(LineKind.LETTER, "Your refund of 5.00 USD for “Monthly plan” has been recorded", "", DANA),
    Case(LineKind.NOTE, "", "", DANA),
    Case(LineKind.CANCELLATION, "Subscription set Inactive", "", DANA, f"/subscriptions/{SUBSCRIPTION}", None, True),
    Case(LineKind.UNDO, "Cancellation undone", "", DANA, f"/subscriptions/{SUBSCRIPTION}", None, True),
    Case(LineKind.PAUSE, "Subscription paused", "", DANA, f"/subscriptions/{SUBSCRIPTION}", None, True),
    Case(LineKind.RESUMPTION, "Subscription resumed", "", DANA, f"/subscriptions/{SUBSCRIPTION}", None, True),
)


def test_the_newest_line_of_every_kind(busy: Backend) -> None:
    lines = read(busy)
    for case in CASES:
        line = of_kind(lines, case.kind)[0]
        amount = line.amount.format() if line.amount else ""
        route = line.route if case.route else ""
        found = Case(line.kind, line.title, amount, line.who, route, line.day, line.event is not None)
        assert found == case
    assert {case.kind for case in CASES} == set(LineKind) - {LineKind.ENDED, LineKind.CHANGE}


def test_the_newest_are_first_and_what_has_no_time_begins_its_day(busy: Backend) -> None:
    lines = read(busy)
    assert all(newer.position > older.position for newer, older in pairwise(lines))
    march = [
        (line.kind, line.day is None)
        for line in lines
        if line.position.at >= datetime.fromisoformat("2026-03-01T07:00Z")
    ]
    first = [timed for _, timed in march]
    assert first == sorted(first, reverse=True), "the chargebacks of 1 March are below what has a time"
    of_the_order = [line.kind for line in lines if line.route == f"/orders/{OLD}" and line.day == date(2025, 11, 15)]
    assert of_the_order == [LineKind.VOID, LineKind.CHARGE, LineKind.ORDER]


def test_an_act_with_a_letter_has_two_lines_the_letter_below(busy: Backend) -> None:
    lines = read(busy)
    at = next(number for number, line in enumerate(lines) if line.kind is LineKind.CANCELLATION)
    assert lines[at + 1].kind is LineKind.LETTER
    assert lines[at + 1].position.step == lines[at].position.id
    entry = lines[at].event
    assert entry is not None
    assert entry.undone


def test_a_refund_that_was_recorded_here_is_one_line_with_its_entry(backend: Backend) -> None:
    before = len(read(backend))
    result = refund(backend, MONTHLY)
    lines = read(backend)
    (line,) = of_kind(lines, LineKind.REFUND)[:1]
    assert line.event is not None
    assert line.event.id == result.event_id
    assert line.event.title == "Refund recorded"
    assert line.paid_on is None
    added = lines[: len(lines) - before]
    assert sorted(each.kind for each in added) == [LineKind.CREDIT, LineKind.LETTER, LineKind.REFUND]
    credit = of_kind(added, LineKind.CREDIT)[0]
    assert credit.event == line.event


def test_a_reversal_and_its_credit_are_bound_to_the_entry_of_the_reversal(busy: Backend) -> None:
    reversals = of_kind(read(busy), LineKind.REVERSAL)
    assert [line.event.title for line in reversals if line.event] == ["Refund reversed"] * 2
    assert len({line.event.id for line in reversals if line.event}) == 1


def test_a_payment_of_another_day_stands_where_it_was_recorded_and_names_its_day(busy: Backend) -> None:
    line = of_kind(read(busy), LineKind.CHARGE)[0]
    assert line.paid_on == date(2026, 2, 20)
    assert line.position.at.date() == TODAY
    assert line.event is not None
    assert line.event.title == "Payment or credit added"


def test_an_approved_refund_is_its_request_and_one_refund(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        record = backend.read(GetOrder(LARGE))
        backend.do(RecordRefund(LARGE, draft(payment_of(record)), version=record.version))
        (request,) = of_kind(read(backend, record.contact_id), LineKind.REFUND_REQUEST)
        assert request.title == "Refund approval requested"
        waiting = backend.read(GetOrder(LARGE)).waiting[0]
    with desk_on(demo_db, TODAY, ADMIN) as backend:
        backend.do(ApproveRefund(waiting.id, version=waiting.version))
        lines = read(backend, record.contact_id)
    (paid_back,) = of_kind(lines, LineKind.REFUND)
    assert paid_back.event is not None
    assert paid_back.event.title == "Refund approved"
    assert len(of_kind(lines, LineKind.REFUND_REQUEST, LineKind.CHANGE)) == 1


def test_a_reference_is_a_change_of_its_own(backend: Backend) -> None:
    refund(backend, MONTHLY)
    record = backend.read(GetOrder(MONTHLY))
    backend.do(SetReference(MONTHLY, max(rows_of(record, RowKind.REFUND)), "RF-77", version=record.version))
    line = of_kind(read(backend), LineKind.CHANGE)[0]
    assert (line.title, line.about, line.route) == ("Gateway reference recorded", "Order 1881", "/orders/1881")
    assert of_kind(read(backend), LineKind.REFUND)[0].reference == "RF-77"


def test_money_that_no_entry_tells_of_is_shown_all_the_same(demo_db: Path) -> None:
    """An import of our own export brings the rows with who recorded them, and no log."""
    run(demo_db, "UPDATE payment SET recorded_at = '2026-02-15 18:00:00', recorded_by = 'Elsewhere' WHERE id = 40442")
    with desk_on(demo_db, TODAY, AGENT) as backend:
        line = of_kind(read(backend), LineKind.CHARGE)[0]
    assert (line.who, line.day, line.event) == ("Elsewhere", None, None)


def test_what_is_owed_on_an_order_is_with_it(backend: Backend) -> None:
    due = {line.position.id: line.due.format() for line in of_kind(read(backend), LineKind.ORDER) if line.due}
    assert (due[MONTHLY], due[OPEN]) == ("0.00 USD", "49.00 USD")


def test_another_contacts_rows_never_appear(busy: Backend, demo_db: Path) -> None:
    columns = {
        Source.ORDER: 'SELECT contact_id FROM "order" WHERE id = ?',
        Source.PAYMENT: 'SELECT contact_id FROM payment JOIN "order" ON "order".id = order_id WHERE payment.id = ?',
        Source.NOTE: "SELECT contact_id FROM note WHERE id = ?",
        Source.ENTRY: "SELECT contact_id FROM event WHERE id = ?",
        Source.LETTER: "SELECT contact_id FROM letter WHERE id = ?",
    }
    for contact_id in (MARIA, 1001, 1004, 1044):
        for line in read(busy, contact_id):
            assert rows(demo_db, columns[line.position.source], line.position.id) == [{"contact_id": contact_id}]


def test_every_row_of_the_contact_appears_once(busy: Backend, demo_db: Path) -> None:
    counted = {
        Source.ORDER: 'SELECT id FROM "order" WHERE contact_id = ?',
        Source.PAYMENT: 'SELECT payment.id FROM payment JOIN "order" ON "order".id = order_id WHERE contact_id = ?',
        Source.NOTE: "SELECT id FROM note WHERE contact_id = ?",
        Source.LETTER: "SELECT id FROM letter WHERE contact_id = ?",
    }
    lines = read(busy)
    for source, query in counted.items():
        ids = sorted(line.position.id for line in lines if line.position.source is source)
        assert ids == sorted(row["id"] for row in rows(demo_db, query, MARIA))
    assert len({line.key for line in lines}) == len(lines)
    bound = {line.event.id for line in lines if line.event}
    assert bound == {row["id"] for row in rows(demo_db, "SELECT id FROM event WHERE contact_id = ?", MARIA)}


# --- paging and filters -----------------------------------------------------------------------------------------------


def paged(backend: Backend, limit: int, **change: object) -> tuple[TimelineLine, ...]:
    """All lines, page by page."""
    found: list[TimelineLine] = []
    after = None
    while True:
        page = backend.read(GetTimeline(MARIA, after=after, limit=limit, **change))  # type: ignore[arg-type]
        assert len(page.lines) == limit or page.after is None
        found += page.lines
        after = page.after
        if after is None:
            return tuple(found)


def test_pages_of_every_length_are_the_whole_list(busy: Backend) -> None:
    lines = read(busy)
    for limit in (*range(1, 12), len(lines) - 1, len(lines), len(lines) + 1):
        assert paged(busy, limit) == lines
    refunds = FILTERS[3].kinds
    for limit in (1, 2, 3):
        assert paged(busy, limit, kinds=refunds) == tuple(line for line in lines if line.kind in refunds)
        assert paged(busy, limit, text="declined") == read(busy, text="declined")


def test_a_page_goes_on_behind_its_last_line_when_something_new_has_come(busy: Backend, demo_db: Path) -> None:
    lines = read(busy)
    first = busy.read(GetTimeline(MARIA, limit=5))
    with desk_on(demo_db, TODAY + timedelta(days=1), AGENT) as later:
        add(later, OPEN, RowKind.CREDIT, usd("1"), "meanwhile")
    places = [line.position for line in lines]
    assert [line.position for line in read(busy)[1:]] == places
    second = busy.read(GetTimeline(MARIA, after=first.after, limit=5))
    assert [line.position for line in second.lines] == places[5:10]


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda each: each.name)
def test_a_filter_shows_its_kinds_and_nothing_else(busy: Backend, chosen: object) -> None:
    kinds = chosen.kinds  # type: ignore[attr-defined]
    assert read(busy, kinds=kinds) == tuple(line for line in read(busy) if line.kind in kinds or not kinds)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("jose call", {LineKind.NOTE}),
        ("INSUFFICIENT", {LineKind.FAILED_CHARGE}),
        ("pending credit card", {LineKind.CHARGE}),
        ("1702 adjustment", {LineKind.ADJUSTMENT}),
        ("failed charge", {LineKind.FAILED_CHARGE}),
        ("nothing says so", set()),
        ("-10.00 refund requested by customer", {LineKind.REFUND}),
    ],
)
def test_a_text_is_looked_for_in_what_a_line_says(busy: Backend, text: str, kinds: set[LineKind]) -> None:
    assert {line.kind for line in read(busy, text=text)} == kinds


def test_a_contact_with_nothing_and_one_that_is_not_there(backend: Backend) -> None:
    assert whole(backend, 1064).lines == ()
    with pytest.raises(NotFound, match=r"There is no contact 99\."):
        backend.read(GetTimeline(99))


def test_an_entry_that_cannot_be_read_is_said(demo_db: Path) -> None:
    run(demo_db, "DROP TRIGGER event_no_update", "UPDATE event SET after = 'x' WHERE contact_id = 1004")
    with desk_on(demo_db, TODAY, AGENT) as backend, pytest.raises(StorageProblem, match="subtui log verify"):
        backend.read(GetTimeline(1004))


@pytest.mark.files_only
def test_every_source_is_read_along_an_index(busy: Backend, demo_db: Path) -> None:
    first = busy.read(GetTimeline(MARIA, limit=20))
    asked: list[tuple[str, object]] = []
    engine = busy._work.engine

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    busy.read(GetTimeline(MARIA, after=first.after, limit=20))
    event.remove(engine, "before_cursor_execute", _note)
    selects = [(text, values) for text, values in asked if text.startswith("SELECT") and "LIMIT" in text]
    assert len(selects) >= 6
    for text, values in selects:
        plan = rows(demo_db, f"EXPLAIN QUERY PLAN {text}", *values)  # type: ignore[misc]
        assert not [step["detail"] for step in plan if step["detail"].startswith("SCAN")], text

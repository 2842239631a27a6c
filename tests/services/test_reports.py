"""The reports on the demo: what they count, over which days, and where each line leads."""

from datetime import date
from pathlib import Path

import pytest

from subtui.acts.contacts import GetOverview
from subtui.acts.orders import CorrectRefund, GetOrder, RecordRefund
from subtui.acts.reports import GetReport, SaveReport
from subtui.domain.errors import NotAllowed, WrongInput
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.reports import ReportName
from subtui.services.backend import Backend
from subtui.views.orders import RefundDraft

from .database import rows, run


def refund(backend: Backend, order_id: int = 1881, *, owed_after: Money | None = None) -> None:
    order = backend.read(GetOrder(order_id))
    payment = next(row.id for row in order.rows if row.left and row.left.minor)
    draft = RefundDraft(payment, f"key {order_id}", reason_code="duplicate", owed_after=owed_after)
    backend.do(RecordRefund(order_id, draft, version=order.version))


def test_a_refund_is_in_the_report_at_once_and_a_corrected_one_is_not(backend: Backend) -> None:
    before = backend.read(GetReport(ReportName.REFUNDS))
    refund(backend)
    report = backend.read(GetReport(ReportName.REFUNDS))
    assert len(report.rows) == len(before.rows) + 1
    newest = report.rows[0]
    assert newest.cells[:5] == (date(2026, 3, 2), "López, María", "Monthly plan", Money(4900, "USD"), "Refund")
    assert newest.cells[-1] == "Dana Reyes"
    assert newest.route == "/orders/1881"
    order = backend.read(GetOrder(1881))
    row = next(row.id for row in order.rows if row.kind == "refund")
    backend.do(CorrectRefund(1881, row, version=order.version))
    assert backend.read(GetReport(ReportName.REFUNDS)).rows == before.rows


def test_cancellations_by_reason_and_by_month_count_the_same(backend: Backend, demo_db: Path) -> None:
    reasons, months = backend.read(GetReport(ReportName.REASONS)), backend.read(GetReport(ReportName.MONTHS))
    assert sum(int(str(row.cells[1])) for row in reasons.rows) == sum(int(str(row.cells[1])) for row in months.rows)
    (counted,) = rows(
        demo_db,
        "SELECT count(*) AS n FROM subscription WHERE (status = 'Inactive' OR end_date IS NOT NULL) AND"
        " coalesce(requested_on, date(recorded_at), end_date) BETWEEN '2025-04-01' AND '2026-03-02'",
    )
    assert reasons.sums == (f"{counted['n']} cancellations",)
    assert dict(reasons.chart) == {str(row.cells[0]): row.cells[1] for row in reasons.rows}


def test_without_a_day_of_the_request_the_day_of_the_record_counts(backend: Backend, demo_db: Path) -> None:
    june = GetReport(ReportName.MONTHS, date(2024, 6, 1), date(2024, 6, 30))
    before = int(str(backend.read(june).rows[0].cells[1]))
    run(
        demo_db,
        "UPDATE subscription SET requested_on = NULL, recorded_at = '2024-06-15 10:00:00.000000'"
        " WHERE id = (SELECT min(id) FROM subscription WHERE status = 'Inactive' AND end_date < '2024-01-01')",
    )
    assert backend.read(june).rows[0].cells[1] == before + 1


def test_a_range_limits_what_is_counted_and_must_not_be_turned_round(backend: Backend) -> None:
    february = backend.read(GetReport(ReportName.MONTHS, date(2026, 2, 1), date(2026, 2, 28)))
    assert [row.cells[0] for row in february.rows] == ["Feb 2026"]
    assert february.rows[0].cells[1] == 11
    with pytest.raises(WrongInput, match="earlier day first"):
        backend.read(GetReport(ReportName.MONTHS, date(2026, 2, 2), date(2026, 2, 1)))


def test_a_refund_that_leaves_a_debt_is_a_loose_end_until_it_is_written_off(backend: Backend) -> None:
    before = backend.read(GetReport(ReportName.LOOSE))
    refund(backend, owed_after=Money(4900, "USD"))
    loose = backend.read(GetReport(ReportName.LOOSE))
    (row,) = set(loose.rows) - set(before.rows)
    assert row.cells == ("balance left by a refund", "López, María", "Monthly plan", Money(4900, "USD"))
    assert (row.route, row.fix) == ("/orders/1881", "balance")
    assert backend.read(GetOverview()).refunds_owing == 4
    refund_free = backend.read(GetReport(ReportName.LOOSE, date(2020, 1, 1), date(2020, 1, 2)))
    assert refund_free.rows == loose.rows, "loose ends tell what is now, whatever the range"


def test_a_viewer_may_read_but_not_export(demo_db: Path, tmp_path: Path) -> None:
    with Backend.open(str(demo_db)) as backend:
        backend.sign_in_demo(Role.VIEWER)
        report = backend.read(GetReport(ReportName.ENDING))
        assert len(report.rows) == 4
        with pytest.raises(NotAllowed):
            backend.read(SaveReport(report, tmp_path / "x.csv"))

"""The part of the backend that is about orders: their books, refunds, approvals, and what is half done."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from subtui import services
from subtui.domain.permissions import Permission
from subtui.services.unit_of_work import UnitOfWork, require
from subtui.storage.files import write_new

if TYPE_CHECKING:
    from subtui.domain.money import Money
    from subtui.domain.order_views import (
        OrderRecord,
        PaymentDraft,
        PaymentPreview,
        PendingRefund,
        RefundDraft,
        RefundResult,
        WaitingRefund,
    )
    from subtui.domain.people import Person
    from subtui.domain.reports import Report, ReportName


class OrderBackend:
    """What a person can do about orders. `Backend` brings the database and the person."""

    _work: UnitOfWork
    person: Person | None

    def order(self, order_id: int) -> OrderRecord:
        """An order with its books. Raises NotFound."""
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.order_queries.record(session, order_id, person, self._work.today, self._work.day)

    def pending_refunds(self) -> tuple[PendingRefund, ...]:
        """What is half done about refunds, the oldest first."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.order_queries.pending_refunds(session, self._work.time_zone)

    def report(self, name: ReportName, first: date | None = None, last: date | None = None) -> Report:
        """A report over a range of days, by default the last twelve months. Raises WrongInput."""
        require(self.person, Permission.VIEW_REPORTS)
        with self._work.read() as session:
            return services.reports.report(session, name, first, last, today=self._work.today)

    def save_report(self, report: Report, path: Path) -> Path:
        """Write a report to a new file, as JSON where its name ends so, else as CSV. Raises NotAllowed, FileProblem."""
        require(self.person, Permission.EXPORT_DATA)
        as_json = path.suffix.lower() == ".json"
        from subtui.domain.reports import csv_of, data_of  # noqa: PLC0415

        text = json.dumps(data_of(report), ensure_ascii=False, indent=2) + "\n" if as_json else csv_of(report)
        return write_new(path, text)

    def waiting_refunds(self) -> tuple[WaitingRefund, ...]:
        """Every refund that awaits approval, the oldest first."""
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.order_queries.all_waiting(session, person)

    def waiting_refund(self, request_id: int) -> WaitingRefund:
        """A refund that awaits or awaited approval. Raises NotFound."""
        person = require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.order_queries.waiting(session, request_id, person)

    def preview_refund(self, order_id: int, draft: RefundDraft) -> PaymentPreview:
        """What recording the refund would write, and what is in the way. Raises NotFound."""
        require(self.person, Permission.VIEW)
        return services.refunds.preview(self._work, self.person, order_id, draft)

    def refund(
        self,
        order_id: int,
        draft: RefundDraft,
        *,
        version: int,
        seen: tuple[Money, Money] | None = None,
        route: str = "",
    ) -> RefundResult:
        """Record a refund; see `refunding.refund`."""
        return services.refunds.refund(
            self._work, self.person, order_id, draft, version=version, seen=seen, route=route
        )

    def approve_refund(self, request_id: int, *, version: int, route: str = "") -> RefundResult:
        """Approve a refund that waits; see `approvals.approve`."""
        return services.approvals.approve(self._work, self.person, request_id, version=version, route=route)

    def decline_refund(self, request_id: int, note: str, *, version: int, route: str = "") -> RefundResult:
        """Do not approve a refund that waits; see `approvals.decline`."""
        return services.approvals.decline(self._work, self.person, request_id, note, version=version, route=route)

    def correct_refund(self, order_id: int, row_id: int, *, version: int, route: str = "") -> RefundResult:
        """Take a refund of today back by counter entries; see `order_money.correct`."""
        return services.payments.correct(self._work, self.person, order_id, row_id, version=version, route=route)

    def set_reference(
        self, order_id: int, row_id: int, reference: str, *, version: int, route: str = ""
    ) -> RefundResult:
        """Note the gateway's reference of a refund; see `order_money.set_reference`."""
        return services.payments.set_reference(
            self._work, self.person, order_id, row_id, reference, version=version, route=route
        )

    def preview_money(self, order_id: int, draft: PaymentDraft) -> PaymentPreview:
        """What adding a payment, credit or adjustment would do. Raises NotFound."""
        require(self.person, Permission.VIEW)
        return services.payments.preview_money(self._work, order_id, draft)

    def add_money(self, order_id: int, draft: PaymentDraft, *, version: int, route: str = "") -> RefundResult:
        """Add a payment, credit or adjustment; see `order_money.add_money`."""
        return services.payments.add_money(self._work, self.person, order_id, draft, version=version, route=route)

    def note_refund(self, subscription_id: int, *, route: str = "") -> str:
        """Note that a refund is still to be done; see `order_money.note_refund`."""
        return services.payments.note_refund(self._work, self.person, subscription_id, route=route)

"""Writes the ledger rows of orders: payments, refunds, voids, credits."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.refunds import PaymentState
from subtui.keap.imports.context import ImportContext, columns_present, row_of
from subtui.keap.imports.currencies import amount_of_order, totals_of
from subtui.keap.imports.upsert import Row, Upsert
from subtui.keap.payments import UNDONE, PayStatus, kind_of_method, pay_status, row_kind
from subtui.keap.records import Record, shown
from subtui.storage.tables.core import PAYMENT
from subtui.views.imports import LeftOut

GOING_BACK = (RowKind.REFUND, RowKind.VOID, RowKind.CHARGEBACK)
_UNDOING = {PayStatus.VOIDED: RowKind.VOID, PayStatus.CHARGED_BACK: RowKind.CHARGEBACK}
_STATES = {PayStatus.PENDING: PaymentState.PENDING, PayStatus.FAILED: PaymentState.FAILED}


class Payments:
    """Writes ledger rows. Refunds are linked to their payments once all rows are written."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        columns = (
            *("order_id", "kind", "method", "state", "paid_on", "amount_minor", "gateway_reference", "note"),
            *("reason_code", "recorded_at", "recorded_by"),
        )
        told_apart_by = ("order_id", "kind", "paid_on", "amount_minor")
        self._table = Upsert(context.connection, PAYMENT, columns, amend=self._amend, alike=told_apart_by)
        self.links: list[tuple[str, str]] = []  # Keap id of the row that returns, and of the row it returns
        self.written_with: list[tuple[str, str]] = []  # of a credit, and of the refund it was written with
        self.moved_from: set[int] = set()  # orders whose sums may have lost a row
        self.allocations: dict[str, str] = {}
        self.undone: dict[str, LeftOut] = {}
        """Payments marked as returned, by Keap id, with the remark for the case that no refund row returns them."""

    def write(self, records: Sequence[Record], by_order: Mapping[str, int], by_invoice: Mapping[str, int]) -> set[int]:
        """Write some ledger rows; returns the ids of their orders."""
        rows, touched = [], set()
        totals = totals_of(self._context, {*by_order.values(), *by_invoice.values()})
        for record in records:
            row = self._row(record, by_order, by_invoice, totals)
            if row is not None:
                rows.append(row)
                touched.add(row.values["order_id"])
        self._context.count(self._table.put(rows))
        return touched

    def _row(
        self, record: Record, by_order: Mapping[str, int], by_invoice: Mapping[str, int], totals: Mapping[int, Money]
    ) -> Row | None:
        context, fields = self._context, record.fields
        order, invoice, amount = fields.get("order"), fields.get("invoice"), fields.get("amount")
        order_id = by_order.get(order or "") or by_invoice.get(invoice or "")
        if order_id is None:
            column = "Order Id" if order else "Invoice Id"
            context.refuse(record, column, order or invoice or "", "is not a known order")
            return None
        if amount is None or fields.get("paid_on") is None:
            context.refuse(record, "Pay Amt" if amount is None else "Pay Date", "", "is missing")
            return None
        amount = amount_of_order(context, record, "Pay Amt", amount, totals[order_id])
        if amount is None:
            return None
        try:
            kind, status = _kind_and_status(fields, amount.minor)
        except _NotCertain as doubt:
            context.refuse(record, *doubt.args)
            return None
        keap_id = fields.get("id") or context.natural.of(
            order_id, fields["paid_on"], fields.get("method", ""), amount.minor
        )
        if context.is_twice(record, keap_id):
            return None
        minor = -abs(amount.minor) if kind in GOING_BACK else amount.minor
        if "allocation" in fields:
            self.allocations[fields["allocation"]] = keap_id
            self._doubt_unit(record, amount, totals[order_id])
        self._link(fields, keap_id, minor)
        values = columns_present(record, ("method", "note"))
        values |= {
            "order_id": order_id,
            "kind": kind.value,
            "state": self._state(record, keap_id, kind, status).value,
            "paid_on": fields["paid_on"],
            "amount_minor": minor,
        }
        for name, column in (
            ("reference", "gateway_reference"),
            ("reason_code", "reason_code"),
            ("recorded_by", "recorded_by"),
        ):
            if name in fields:
                values[column] = fields[name]
        if "recorded_at" in fields:
            values["recorded_at"] = fields["recorded_at"]
        new = dict.fromkeys(("method", "gateway_reference", "note", "reason_code", "recorded_by"), "")
        return row_of(record, keap_id, values, **new)

    def _doubt_unit(self, record: Record, amount: Money, total: Money) -> None:
        """Remark on an allocation that may be in minor units: REST v2 does not say."""
        if total.minor and abs(amount.minor) == abs(total.minor) * 100:
            self._context.remark(
                record, "Amount", amount.format(), "was imported, but is 100 times the order's total: is it in cents?"
            )

    def _state(self, record: Record, keap_id: str, kind: RowKind, status: PayStatus) -> PaymentState:
        """The state of a row. A payment marked as returned counts if a row returns it: see `PostProcess`."""
        if status not in UNDONE:
            return _STATES.get(status, PaymentState.APPROVED)
        if kind in GOING_BACK:
            return PaymentState.APPROVED
        reason = f"counts as not paid: it was {status.value}, and no refund row returns it"
        value = shown(record.fields.get("state", ""))
        self.undone[keap_id] = LeftOut(self._context.file, record.line, "Pay Status", value, reason, refused=False)
        return PaymentState.FAILED

    def _amend(self, before: Mapping[str, Any], row: Row) -> None:
        """Keep a payment approved that is marked as returned, while the row that returns it exists."""
        self.moved_from.add(before["order_id"])
        if row.keap_id in self.undone and before["state"] == PaymentState.APPROVED:
            returning = PAYMENT.c.returns_payment_id == before["id"], PAYMENT.c.state == PaymentState.APPROVED.value
            if self._context.connection.execute(select(PAYMENT.c.id).where(*returning)).first():
                row.values["state"] = before["state"]
                del self.undone[row.keap_id]

    def _link(self, fields: Mapping[str, Any], keap_id: str, minor: int) -> None:
        """Note the link between two rows. Keap's documents disagree on which one names the other: both are accepted."""
        if "returns" in fields:
            self.links.append((keap_id, fields["returns"]))
        if "written_with" in fields:
            self.written_with.append((keap_id, fields["written_with"]))
        other = fields.get("refund")
        if other is None and "refund_allocation" in fields:
            other = f"allocation:{fields['refund_allocation']}"
        if other is not None:
            self.links.append((keap_id, other) if minor < 0 else (other, keap_id))


class _NotCertain(Exception):
    """The kind or status of a row is ambiguous: the column, the value and the reason."""


def _kind_and_status(fields: Mapping[str, Any], minor: int) -> tuple[RowKind, PayStatus]:
    """The kind and the status of a row. Raises _NotCertain."""
    try:
        status = pay_status(fields.get("state", ""))
    except ValueError as error:
        raise _NotCertain("Pay Status", fields.get("state"), str(error)) from None
    if "kind" in fields:
        try:
            return row_kind(fields["kind"]), status
        except ValueError as error:
            raise _NotCertain("Payment Kind", fields["kind"], str(error)) from None
    method = fields.get("method", "")
    kind = kind_of_method(method)
    if kind is None and minor >= 0:
        raise _NotCertain("Pay Type", method, "looks like money paid back, but its amount is not negative")
    if minor < 0 and kind in (None, RowKind.CHARGE):
        kind = _UNDOING.get(status, RowKind.REFUND)
    return kind or RowKind.CHARGE, status

"""The reports: refunds issued, cancellations by reason and by month, subscriptions that end soon, data issues."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Date, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.reports import GetReport, SaveReport
from subtui.domain.billing import add_months
from subtui.domain.days import month_words
from subtui.domain.errors import WrongInput
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.plain_text import counted
from subtui.domain.reports import DATED, REPORT_TITLES, Report, ReportName, ReportRow, csv_of, data_of
from subtui.domain.subscriptions import DataIssue, Status
from subtui.services import subscription_queries
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.contacts import name_of
from subtui.services.ledger import refund_reasons
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.files import write_new
from subtui.storage.ledger import corrected
from subtui.storage.tables import Contact, Order, Payment, Subscription
from subtui.storage.tables.sales import OWING_AGAIN
from subtui.views.customers import SubscriptionFilter

MOST_ROWS = 1000
_SHORT = {
    DataIssue.STILL_CHARGING: "Auto Charge on",
    DataIssue.NO_END_DATE: "no end date",
    DataIssue.NO_REASON: "no reason",
    DataIssue.PAST_END_DATE: "active past its end",
}
MONTHS_SHOWN = 12


@answers(SaveReport)
def save_report(_reader: Reader, query: SaveReport) -> Path:
    """Handle `SaveReport`."""
    data = json.dumps(data_of(query.report), ensure_ascii=False, indent=2) + "\n"
    return write_new(query.path, data if query.path.suffix.lower() == ".json" else csv_of(query.report))


@answers(GetReport)
def get_report(reader: Reader, query: GetReport) -> Report:
    """Handle `GetReport`."""
    return report(reader.session, query.name, query.first, query.last, today=reader.today)


def report(session: Session, name: ReportName, first: date | None, last: date | None, *, today: date) -> Report:
    """A report over the days from `first` to `last`, both included; without them over the last twelve months.

    Raises WrongInput when the range ends before it begins.
    """
    first = first or add_months(today.replace(day=1), 1 - MONTHS_SHOWN)
    last = last or today
    if last < first:
        raise WrongInput("The range ends before it begins: give the earlier day first.")
    return {
        ReportName.REFUNDS: _refunds,
        ReportName.REASONS: _reasons,
        ReportName.MONTHS: _months,
        ReportName.ENDING: _ending,
        ReportName.PAUSED: _paused,
        ReportName.LOOSE: _loose,
    }[name](session, first, last, today)


def _report(
    name: ReportName,
    columns: Sequence[str],
    rows: Sequence[ReportRow],
    first: date,
    last: date,
    *,
    sums: Sequence[str] = (),
    chart: Sequence[tuple[str, int]] = (),
) -> Report:
    dated = name in DATED
    return Report(
        name=name,
        title=REPORT_TITLES[name],
        columns=tuple(columns),
        rows=tuple(rows),
        first=first if dated else None,
        last=last if dated else None,
        sums=tuple(sums),
        chart=tuple(chart),
    )


# --- refunds ----------------------------------------------------------------------------------------------------------


def _refunds(session: Session, first: date, last: date, _today: date) -> Report:
    """Refunds and voids that were not corrected, the newest first."""
    issued = and_(
        col(Payment.kind).in_((RowKind.REFUND.value, RowKind.VOID.value)),
        col(Payment.state) == "approved",
        col(Payment.paid_on).between(first, last),
        col(Payment.id).not_in(corrected()),
    )
    of_order = col(Order.id) == col(Payment.order_id)
    by_currency = session.execute(
        select(col(Order.currency), func.count(), -func.sum(col(Payment.amount_minor)))
        .join(Payment, of_order)
        .where(issued)
        .group_by(col(Order.currency))
        .order_by(col(Order.currency))
    ).all()
    newest = (
        select(Payment, Order, Contact)
        .join(Order, of_order)
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(issued)
        .order_by(col(Payment.paid_on).desc(), col(Payment.id).desc())
        .limit(MOST_ROWS)
    )
    labels = {reason.code: reason.label for reason in refund_reasons(session)}
    rows = [
        ReportRow(
            (
                payment.paid_on,
                name_of(contact),
                order.title,
                Money(-payment.amount_minor, order.currency),
                payment.method,
                labels.get(payment.reason_code, payment.reason_code) or payment.note,
                payment.gateway_reference,
                payment.recorded_by,
            ),
            f"/orders/{order.id}",
        )
        for payment, order, contact in session.execute(newest)
    ]
    count = sum(number for _, number, _ in by_currency)
    sums = [Money(int(minor), currency).format() for currency, _, minor in by_currency]
    columns = ("Date", "Contact", "Order", "Amount", "How", "Reason", "Reference", "Recorded by")
    words = [counted(count, "refund"), *sums, *_cut(len(rows), count)] if rows else []
    return _report(ReportName.REFUNDS, columns, rows, first, last, sums=words)


def _cut(shown: int, total: int) -> list[str]:
    """The sentence for a report that lists fewer rows than it sums up."""
    return [f"showing the first {shown:,}"] if shown < total else []


# --- cancellations ----------------------------------------------------------------------------------------------------


def _cancelled_on() -> ColumnElement[date]:
    """The day of a cancellation: the requested day, else the recorded one, else the end date. Keap has no such day."""
    return func.coalesce(
        col(Subscription.requested_on), func.date(col(Subscription.recorded_at), type_=Date), col(Subscription.end_date)
    )


def _cancellations(session: Session, first: date, last: date) -> list[tuple[date, str | None]]:
    """The day and the reason of every cancellation in the range, with those that end later."""
    ended = or_(col(Subscription.status) == Status.INACTIVE.value, col(Subscription.end_date).is_not(None))
    day = _cancelled_on()
    found = select(day, col(Subscription.reason_code)).where(ended, day.between(first, last))
    return [(on, code) for on, code in session.execute(found)]


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.0f} %" if whole else "-"


def _reasons(session: Session, first: date, last: date, _today: date) -> Report:
    counts = Counter(code or "" for _, code in _cancellations(session, first, last))
    labels = {reason.code: reason.label for reason in reasons_of(load_account(session))} | {"": "no reason recorded"}
    whole = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    rows = [ReportRow((labels.get(code, code), count, _share(count, whole))) for code, count in ranked]
    chart = [(labels.get(code, code), count) for code, count in ranked]
    sums = [counted(whole, "cancellation")] if whole else []
    return _report(ReportName.REASONS, ("Reason", "How many", "Share"), rows, first, last, sums=sums, chart=chart)


def _months(session: Session, first: date, last: date, _today: date) -> Report:
    found = _cancellations(session, first, last)
    counts = Counter((day.year, day.month) for day, _ in found)
    without = Counter((day.year, day.month) for day, code in found if not code)
    months: list[date] = []
    month = first.replace(day=1)
    while month <= last and len(months) < MOST_ROWS:
        months.append(month)
        month = add_months(month, 1)
    names = [month_words(month) for month in months]
    keys = [(month.year, month.month) for month in months]
    rows = [ReportRow((name, counts[key], without[key] or None)) for name, key in zip(names, keys, strict=True)]
    chart = [(name, counts[key]) for name, key in zip(names, keys, strict=True)]
    sums = [counted(len(found), "cancellation")] if found else []
    columns = ("Month", "How many", "Without a reason")
    return _report(ReportName.MONTHS, columns, rows, first, last, sums=sums, chart=chart)


# --- now --------------------------------------------------------------------------------------------------------------


def _ending(session: Session, first: date, last: date, _today: date) -> Report:
    ending = subscription_queries.ending_soon(session, limit=MOST_ROWS)
    rows = [
        ReportRow((entry.end_date, entry.contact, entry.plan), f"/subscriptions/{entry.subscription_id}")
        for entry in ending
    ]
    sums = [f"{len(rows):,} scheduled to end"] if rows else []
    return _report(ReportName.ENDING, ("Ends on", "Contact", "Plan"), rows, first, last, sums=sums)


def _paused(session: Session, first: date, last: date, today: date) -> Report:
    """The pauses that have not ended, those that begin later among them."""
    wanted = SubscriptionFilter(state="paused", sort="contact")
    page = subscription_queries.filtered(session, wanted, today, limit=MOST_ROWS)
    rows = [
        ReportRow(
            (row.pause.paused_from, row.pause.resumes_on, row.contact, row.plan, row.bill_amount),
            f"/subscriptions/{row.id}",
        )
        for row in page.rows
        if row.pause is not None
    ]
    sums = [f"{page.total:,} paused or to be paused", *_cut(len(rows), page.total)] if rows else []
    columns = ("Paused from", "Resumes", "Contact", "Plan", "Bill")
    return _report(ReportName.PAUSED, columns, rows, first, last, sums=sums)


def _loose(session: Session, first: date, last: date, today: date) -> Report:
    """The data issues, each with the route of the screen that fixes it."""
    wanted = SubscriptionFilter(state="loose", sort="contact")
    page = subscription_queries.filtered(session, wanted, today, limit=MOST_ROWS)
    rows = [
        ReportRow(
            (", ".join(_SHORT[end] for end in row.loose), row.contact, row.plan, None),
            f"/subscriptions/{row.id}",
            "subscription",
        )
        for row in page.rows
    ]
    rows += [
        ReportRow(("balance left by a refund", name_of(contact), order.title, owed), f"/orders/{order.id}", "balance")
        for order, contact, owed in left_a_balance(session, limit=MOST_ROWS)
    ]
    total = page.total + count_left_a_balance(session)
    more = "+" if page.capped else ""
    sums = [f"{total:,}{more} to fix", *_cut(len(rows), total)] if rows else []
    return _report(ReportName.LOOSE, ("Loose end", "Contact", "What", "Owed"), rows, first, last, sums=sums)


def count_left_a_balance(session: Session) -> int:
    """The number of orders that have a balance due again because of a refund."""
    owing = select(func.count()).select_from(Order).with_hint(Order, "INDEXED BY ix_order_owing_again", "sqlite")
    return int(session.execute(owing.where(OWING_AGAIN)).scalar_one())


def left_a_balance(session: Session, *, limit: int) -> list[tuple[Order, Contact, Money]]:
    """Paid orders with a balance due again because of a refund, an unintended debt. The newest first."""
    found = (
        select(Order, Contact)
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(OWING_AGAIN)
        .order_by(col(Order.ordered_on).desc(), col(Order.id).desc())
        .limit(limit)
    )
    return [
        (order, contact, Money(order.total_minor - order.received_minor, order.currency))
        for order, contact in session.execute(found)
    ]

"""Exports the changes made here, as a table to read or as requests that bring Keap up to date."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import IO, Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from subtui.acts.data import ExportChanges, Stop
from subtui.domain.errors import NotFound, StorageProblem
from subtui.domain.event_types import EventType, title_of
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.keap.amounts import amount
from subtui.keap.exports import changes
from subtui.keap.exports.changes import Changed, Entry
from subtui.keap.exports.destination import Destination
from subtui.keap.ids import is_keaps
from subtui.keap.patches import Known, Patch, facts_of, path_of
from subtui.keap.paused import as_in_keap
from subtui.keap.written import amount_cell, id_cell, instant_cell, text_cell
from subtui.services import audit
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.data_export import Stopped, publish, require_export, text_file
from subtui.services.ledger import refund_reasons
from subtui.services.registry import Job, runs
from subtui.services.unit_of_work import UnitOfWork
from subtui.storage.ledger import is_corrected
from subtui.views.exports import ChangesFormat, ChangesReport, Since, changes_format_for

_COLUMNS = (
    *("Entry", "At", "Who", "Role", "What", "Subscription Id", "Order Id", "Contact Id", "Contact", "Status Before"),
    *("Status After", "End Date", "Reason Code", "Reason", "Note", "Auto Charge", "Amount Refunded", "Amount Recorded"),
    *("Currency", "Kind", "Gateway Reference", "Hash"),
)
_UNKNOWN_TO_KEAP = "Keap does not know them, as they have no Keap id."
_WAYS = {"void": "Void", "refund": "Refund", "manual": "Manual Refund"}


@runs(ExportChanges)
def export_changes(job: Job, act: ExportChanges) -> ChangesReport:
    """Handle `ExportChanges`."""
    require_export(job)
    work = job.work
    form = act.form or changes_format_for(act.path.name, None)
    with Destination(act.path, folder=False) as place:
        with work.read() as session:
            after = _begin(session, act.since or Since(), work.time_zone)
            last = changes.newest(session.connection())
            written = _Written()
            with place.open() as handle:
                if form is ChangesFormat.CSV:
                    with text_file(handle) as sheet:
                        _write_table(session, after, sheet, written, act.stop)
                else:
                    with open(handle, "wb", closefd=False) as lines:
                        _write_requests(session, after, lines, written, act.stop, work)
        log_hash = publish(
            job,
            place,
            {"file": str(place.wanted), "changes_after": after, "changes_until": last, "lines": written.lines},
        )
    skipped = (f"{written.skipped} left out. {_UNKNOWN_TO_KEAP}",) if written.skipped else ()
    return ChangesReport(
        path=str(place.wanted),
        first=after + 1,
        last=last,
        lines=written.lines,
        manual=written.manual,
        skipped=written.skipped,
        notes=skipped,
        log_hash=log_hash,
    )


class _Written:
    """The counts of the rows written into the file."""

    def __init__(self) -> None:
        self.lines = self.manual = self.skipped = 0


def _begin(session: Session, since: Since, time_zone: str) -> int:
    """The log entry after which the export begins."""
    if since.day is not None:
        midnight = datetime.combine(since.day, time(), ZoneInfo(time_zone))
        return changes.last_before(session.connection(), midnight.astimezone(UTC))
    if since.hash:
        entry = audit.entry_with_hash(session, since.hash)
        if entry is None:
            raise NotFound(f"No log entry has the hash {since.hash}.")
        return entry
    if since.entry is not None and since.entry > changes.newest(session.connection()):
        raise NotFound(f"There is no log entry {since.entry}.")
    return since.entry or 0


def _watched(found: Iterator[Any], stop: Stop) -> Iterator[Any]:
    for row in found:
        if stop():
            raise Stopped
        yield row


# --- the table --------------------------------------------------------------------------------------------------------


def _write_table(session: Session, after: int, sheet: IO[str], written: _Written, stop: Stop) -> None:
    import csv  # noqa: PLC0415

    labels = {reason.code: reason.label for reason in reasons_of(load_account(session))}
    labels_of_refunds = {reason.code: reason.label for reason in refund_reasons(session)}
    write = csv.writer(sheet, lineterminator="\r\n").writerow
    write(_COLUMNS)
    acts = (*changes.OF_SUBSCRIPTIONS, *changes.OF_ORDERS)
    with closing(changes.entries(session.connection(), after, acts)) as found:
        for entry in _watched(found, stop):
            of_order = entry.command in changes.OF_ORDERS
            cells = _order_cells(entry) if of_order else _subscription_cells(entry)
            code = cells.get("Reason Code", "")
            cells |= {
                "Who": entry.actor,
                "Role": entry.role,
                "What": title_of(entry.command, entry.before, entry.after),
                "Reason": (labels_of_refunds if of_order else labels).get(code, ""),
                "Contact": entry.contact_name,
            }
            cells = {column: text_cell(text) for column, text in cells.items()} | {
                "Entry": str(entry.id),
                "At": instant_cell(entry.at),
                "Subscription Id": id_cell(entry.subscription or ""),
                "Order Id": id_cell(entry.order or ""),
                "Contact Id": id_cell(entry.contact or ""),
                "Hash": entry.hash,
            }
            write([cells.get(column, "") for column in _COLUMNS])
            written.lines += 1


def _subscription_cells(entry: Entry) -> dict[str, str]:
    after = entry.after
    cells = {
        "Status Before": entry.before.get("status"),
        "Status After": after.get("status"),
        "End Date": after.get("end_date"),
        "Reason Code": after.get("reason_code"),
        "Note": after.get("reason_note"),
    }
    if after.get("auto_charge") is not None:
        cells["Auto Charge"] = "Yes" if after["auto_charge"] else "No"
    return {name: str(value) for name, value in cells.items() if value}


def _order_cells(entry: Entry) -> dict[str, str]:
    after = entry.after
    amounts = {"Amount Refunded": _amount(after.get("refund"), entry), "Amount Recorded": None}
    kind = str(after.get("kind") or after.get("how") or "")
    if entry.command == EventType.CORRECT_REFUND:
        kind = "correction"
        was, now = _amount(entry.before.get("refunded"), entry), _amount(after.get("refunded"), entry)
        amounts["Amount Refunded"] = now - was if was and now else None
    amounts["Amount Recorded"] = _amount(after.get("amount") or after.get("credit"), entry)
    cells = {
        "Reason Code": entry.reason,
        "Note": str(after.get("note") or ""),
        "Kind": kind,
        "Gateway Reference": str(after.get("reference") or ""),
    }
    for column, money in amounts.items():
        if money is not None and not money.is_zero:
            cells |= {column: amount_cell(money.minor, money.currency), "Currency": money.currency}
    return cells


def _amount(text: object, entry: Entry) -> Money | None:
    try:
        return amount(text, entry.currency) if isinstance(text, str) and text else None
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> StorageProblem:
    return StorageProblem("An entry of the log cannot be read. To see which: subtui log verify")


# --- requests ---------------------------------------------------------------------------------------------------------


def _write_requests(
    session: Session, after: int, file: IO[bytes], written: _Written, stop: Stop, work: UnitOfWork
) -> None:
    encode = msgspec.json.Encoder(decimal_format="number").encode
    connection = session.connection()
    reasons = {reason.code: reason for reason in reasons_of(load_account(session))}

    def write(line: dict[str, Any]) -> None:
        file.write(encode(line) + b"\n")

    with closing(changes.changed_subscriptions(connection, after)) as found:
        for changed in _watched(found, stop):
            patch = _patch(changed, reasons, work)
            if patch is None:
                continue
            line = _request(changed, patch)
            if line is None:
                written.skipped += 1
            else:
                write(line)
                written.manual += "manual" in line
                written.lines += "method" in line
    labels = {reason.code: reason.label for reason in refund_reasons(session)}
    taken_back: set[int] = set()
    with closing(changes.entries(connection, after, changes.OF_ORDERS)) as money:
        for entry in _watched(money, stop):
            try:
                said = _by_hand(connection, entry, labels, taken_back)
            except (KeyError, ValueError, TypeError):
                raise _unreadable() from None
            if said is None:
                continue
            if not is_keaps(entry.keap_id):
                written.skipped += 1
                continue
            write(said)
            written.manual += 1
    if written.skipped:
        write({"skipped": written.skipped, "why": _UNKNOWN_TO_KEAP})


def _patch(changed: Changed, reasons: dict[str, Reason], work: UnitOfWork) -> Patch | None:
    currency = changed.now["currency"]
    known = Known()
    try:
        for entry in changed.entries:
            if entry.command == EventType.IMPORT_ROW:
                known.came_from_keap(facts_of(entry.after, currency))
            else:
                at = date.fromisoformat(entry.at[:10])
                known.changed_here(as_in_keap(facts_of(entry.before, currency), entry.before, at))
    except (ValueError, TypeError):
        raise _unreadable() from None
    now = as_in_keap(facts_of(changed.now, currency), changed.now, work.today)
    return known.patch(now, reasons, work.today)


def _request(changed: Changed, patch: Patch) -> dict[str, Any] | None:
    """The request for a subscription; None if it is not in Keap."""
    of = changed.entries[-1]
    if of.keap_id is None or not is_keaps(of.keap_id):
        return None
    about = {
        "entries": [entry.id for entry in changed.entries if entry.command != EventType.IMPORT_ROW],
        "subscription_id": of.keap_id,
        "contact_id": of.contact_keap_id if is_keaps(of.contact_keap_id) else None,
    }
    note = " ".join(patch.notes)
    if not patch.body:
        return {"manual": f"Subscription {of.keap_id}: {note}", **about}
    request = {
        "method": "PATCH",
        "path": path_of(of.keap_id),
        "query": {"update_mask": list(patch.mask)},
        "body": dict(patch.body),
    }
    return request | about | ({"note": note} if note else {})


def _by_hand(
    connection: Connection, entry: Entry, labels: dict[str, str], taken_back: set[int]
) -> dict[str, Any] | None:
    """The manual work in Keap for a log entry about money, for which Keap has no request; None if there is none."""
    after = entry.after
    what = ""
    more: dict[str, Any] = {}
    money: Money | None = None
    if entry.command in changes.REFUNDED:
        refund_id = int(after["refund_id"])
        if is_corrected(connection, refund_id):
            taken_back.add(refund_id)
            return None
        money = _amount(after.get("refund"), entry)
        refund, paid = (
            changes.payment_of(connection, refund_id),
            changes.payment_of(connection, int(after["payment_id"])),
        )
        reason = labels.get(entry.reason, entry.reason)
        of_payment = f"of the payment of {paid[1]} ({paid[2] or 'no method'})" if paid else ""
        what = (
            f"Refund Payment: {after['refund']} {of_payment}, as {_WAYS.get(str(after.get('how')), 'Manual Refund')},"
            f" reason “{reason}”. Balance afterwards: {after.get('balance')}."
        )
        more = {"payment_id": paid[0] if paid else None, "gateway_reference": refund[3] if refund else ""}
    elif entry.command == EventType.CORRECT_REFUND:
        corrected = int(after["corrects"])
        if corrected in taken_back:
            return None
        what = f"A refund was reversed here: reverse it in Keap too. Balance afterwards: {after.get('balance')}."
    elif entry.command == EventType.ADD_MONEY:
        money = _amount(after.get("amount"), entry)
        what = f"Add Payment: {after['amount']} as {after['kind']}. Balance afterwards: {after.get('balance')}."
    else:
        return None
    amounts = {"amount": {"amount": money.minor, "currency_code": money.currency}} if money else {}
    return {
        "manual": f"Order {entry.order}: {what}",
        "entries": [entry.id],
        "order_id": entry.order,
        "contact_id": entry.contact_keap_id if is_keaps(entry.contact_keap_id) else None,
        **amounts,
        **more,
    }

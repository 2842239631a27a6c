"""Passes the rows of files to the writers of their kind, in the order of their references."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from subtui.domain.date_order import Verdict
from subtui.keap.imports.catalogue import Catalogue
from subtui.keap.imports.context import ImportContext
from subtui.keap.imports.corrections import Corrections
from subtui.keap.imports.inspection import Surveyed
from subtui.keap.imports.orders import Orders
from subtui.keap.imports.payments import Payments
from subtui.keap.imports.people import ContactChildren, Contacts
from subtui.keap.imports.post_process import PostProcess
from subtui.keap.imports.stray_rows import StrayRows
from subtui.keap.imports.subscriptions import Subscriptions
from subtui.keap.imports.tags import Tags
from subtui.keap.objects import rows_of
from subtui.keap.records import Context, Record, RecordReader, RowRefused, shown
from subtui.storage.batches import BATCH, batched
from subtui.storage.tables.core import ORDER
from subtui.tabular.types import Objects, Row, Sheet, Unreadable
from subtui.views.imports import Kind, LeftOut

_KNOWN_HEADERS = 256
"""The most readers kept: objects need one for each set of members."""

_BY_INVOICE = select(ORDER.c.invoice_id, ORDER.c.id).where(ORDER.c.invoice_id.in_(bindparam("part", expanding=True)))

IMPORTED = ("contact", "contact_tag", "subscription", "order", "order_item", "payment")
"""The tables that an import fills with the most rows."""

_ONLY_MENTIONED = (Kind.PRODUCT, Kind.PLAN, Kind.CONTACT)


class Run:
    """One import under way."""

    def __init__(self, context: ImportContext, reading: Context, tell: Callable[[int], None]) -> None:
        self._context = context
        self._reading = reading
        self._tell = tell
        self._rows = 0
        self._waiting: dict[Kind, list[Record]] = {kind: [] for kind in Kind}
        self._readers: dict[tuple[Kind, tuple[str, ...]], RecordReader] = {}
        corrections = Corrections(context.connection, overwrite=context.overwrite)
        self._tags = Tags(context, corrections)
        self._contacts = Contacts(context, self._tags, corrections)
        self._hanging = ContactChildren(context)
        self._catalogue = Catalogue(context)
        self._subscriptions = Subscriptions(context, self._catalogue)
        self._orders = Orders(context, self._catalogue)
        self._payments = Payments(context)
        self._finishing = PostProcess(context.connection)

    def take(self, source: Sheet | Objects, surveyed: Surveyed) -> None:
        """Write every row of a source."""
        self._context.begin_file(source.name)
        kind = surveyed.kinds[0] if surveyed.kinds else Kind.CONTACT
        records = self._of_sheet(source, kind) if isinstance(source, Sheet) else self._of_objects(source)
        waiting = 0
        for record in records:
            if record is not None:
                self._waiting[record.kind].append(record)
            waiting += 1
            if waiting >= BATCH:
                self._flush()
                waiting = 0
        self._flush()

    def take_objects(self, source: Objects) -> None:
        """Write the objects of one answer of Keap's interface."""
        self.take(source, Surveyed(0, source.name, (), Verdict(None, None, None), ()))

    def finish(self) -> None:
        """Complete the steps that need all rows."""
        self._catalogue.finish()
        self._finishing.finish(self._payments)
        for row in self._payments.undone.values():
            self._context.leave_out(row)
        self._context.report_what_was_left_out()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _of_sheet(self, sheet: Sheet, kind: Kind) -> Iterator[Record | None]:
        """The rows as records; None for one that was refused."""
        reader = RecordReader(kind, sheet.header, self._reading)
        stray = StrayRows(sheet.name, kind, sheet.header)
        for row in sheet.rows:
            record = None
            if isinstance(row, Unreadable):
                self._unreadable(row, kind)
            elif reason := stray.reason(*row):
                self._passed_over(sheet, row, reason)
            else:
                try:
                    record = reader.read(row[0], row[1])
                except RowRefused as refused:
                    self._refused(refused, kind, row[0])
            yield record
        self._understood(sheet.name, reader)

    def _passed_over(self, sheet: Sheet, row: Row, reason: str) -> None:
        line, cells = row
        at = next(at for at, cell in enumerate(cells) if cell.strip())
        self._context.leave_out(LeftOut(sheet.name, line, sheet.header[at], shown(cells[at]), reason, refused=False))

    def _understood(self, name: str, reader: RecordReader) -> None:
        """Add a note for each column with cells that a spreadsheet changed, on how they were read."""
        for column, (written, read) in reader.understood.items():
            self._context.note(f"{name}: cells of {column} such as {shown(written)} were read as {shown(read)}.")

    def _of_objects(self, source: Objects) -> Iterator[Record | None]:
        for row in source.rows:
            if isinstance(row, Unreadable):
                self._unreadable(row, None)
                yield None
                continue
            line, found = row
            rows = list(rows_of(found, source.listed_as))
            if not rows:
                self._context.tally.unknown += 1
                self._context.leave_out(LeftOut(source.name, line, "", "", "is of an unknown kind"))
                yield None
            for at, (kind, values) in enumerate(rows):
                try:
                    record = self._reader(kind, tuple(values)).read(line, tuple(values.values()))
                except RowRefused as refused:
                    self._refused(refused, kind, line)
                    yield None
                    continue
                record.derived = (
                    at > 0 and kind in _ONLY_MENTIONED and rows[0][0] is not kind and rows[0][0] is Kind.ORDER
                )
                yield record
        for reader in self._readers.values():
            self._understood(source.name, reader)
        self._readers.clear()

    def _reader(self, kind: Kind, header: tuple[str, ...]) -> RecordReader:
        found = self._readers.get((kind, header))
        if found is None:
            if len(self._readers) >= _KNOWN_HEADERS:
                self._readers.clear()
            found = self._readers[kind, header] = RecordReader(kind, header, self._reading, guarded=False)
        return found

    def _unreadable(self, row: Unreadable, kind: Kind | None) -> None:
        if kind is not None:
            self._context.tally.of(kind).refused += 1
        else:
            self._context.tally.unknown += 1
        reason = row.reason[:1].lower() + row.reason[1:].removesuffix(".")
        self._context.leave_out(LeftOut(self._context.file, row.line, row.column, shown(row.value), reason))

    def _refused(self, refused: RowRefused, kind: Kind, line: int) -> None:
        self._context.tally.of(kind).refused += 1
        self._context.leave_out(LeftOut(self._context.file, line, refused.column, refused.value, refused.reason))

    # --- writing -----------------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Write the waiting rows, each kind after those it refers to."""
        for kind, records in self._waiting.items():
            if records:
                self._rows += len(records)
                self._write(kind, records)
                records.clear()
        self._context.report_what_was_left_out()
        self._tell(self._rows)

    def _write(self, kind: Kind, records: list[Record]) -> None:
        simple: dict[Kind, Callable[[list[Record]], None]] = {
            Kind.TAG: self._tags.write,
            Kind.PRODUCT: self._catalogue.write_products,
            Kind.PLAN: self._catalogue.write_plans,
            Kind.CONTACT: self._contacts.write,
        }
        if kind in simple:
            simple[kind](records)
        elif kind is Kind.CONTACT_TAG:
            self._tags.write_of_contacts(records, self._contact_ids(records))
        elif kind in (Kind.CARD, Kind.AUTOMATION):
            self._hanging.write(records, self._contact_ids(records))
        elif kind is Kind.NOTE:
            about = (
                self._subscriptions.ids(_named(records, "subscription")),
                self._orders.ids(_named(records, "order")),
            )
            self._hanging.write(records, self._contact_ids(records), about)
        elif kind is Kind.SUBSCRIPTION:
            cards = self._hanging.card_ids(_named(records, "card"))
            self._subscriptions.write(records, self._contact_ids(records), cards)
        elif kind is Kind.ORDER:
            subscriptions = self._subscriptions.ids(_named(records, "subscription"))
            written = self._orders.write(records, self._contact_ids(records), subscriptions)
            self._finishing.touch(outcome.id for outcome in written)
        elif kind is Kind.INVOICE:
            self._orders.write_invoices(records, self._orders.ids(_named(records, "order")))
        elif kind is Kind.ORDER_ITEM:
            self._finishing.touch(self._orders.write_items(records, self._orders.ids(_named(records, "order"))))
        else:
            by_order = self._orders.ids(_named(records, "order"))
            self._finishing.touch(self._payments.write(records, by_order, self._by_invoice(records)))

    def _contact_ids(self, records: Sequence[Record]) -> dict[str, int]:
        return self._contacts.ids(_named(records, "contact"))

    def _by_invoice(self, records: Sequence[Record]) -> dict[str, int]:
        """The ids of orders by their invoice ids."""
        invoices = _named([record for record in records if "order" not in record.fields], "invoice")
        found: dict[str, int] = {}
        for part in batched(invoices):
            rows = self._context.connection.execute(_BY_INVOICE, {"part": part})
            found.update((invoice, number) for invoice, number in rows)
        missing = [invoice for invoice in invoices if invoice not in found]
        if missing and not self._any_invoice():
            # Exports of orders name no invoice; Keap numbers an order and its invoice alike unless one was deleted.
            by_number = self._orders.ids(missing)
            if by_number:
                self._context.note(
                    "No file links invoices to orders: payments were added to the order with the invoice's number."
                )
            found |= by_number
        return found

    def _any_invoice(self) -> bool:
        named = select(ORDER.c.id).where(ORDER.c.invoice_id.is_not(None)).limit(1)
        return self._context.connection.execute(named).first() is not None


def _named(records: Sequence[Record], field: str) -> list[Any]:
    return [record.fields[field] for record in records if record.fields.get(field)]

"""A contact as entries: the General tab, the Orders tab, and the summary beside a list."""

from collections.abc import Iterable
from typing import Any

from subtui.domain.plain_text import counted
from subtui.views.customers import ContactRecord, OrdersTab, Page
from subtui.views.entries import BLANK, Entry, Heading, ListColumn, Paragraph, Prose, Record, Term, lines, table
from subtui.views.format import Format
from subtui.views.list_columns import CARD_COLUMNS, CONTACT_SUBSCRIPTION_COLUMNS, ORDER_COLUMNS, SUBSCRIPTION_COLUMNS
from subtui.views.note_entries import note_section

SUMMARY_COLUMNS = tuple(
    column for column in SUBSCRIPTION_COLUMNS if column.label in ("View", "Bill Amt", "Status", "Next Bill", "End Date")
)


def contact_entries(record: ContactRecord, fmt: Format) -> Iterable[Entry]:
    """All details of the contact; an unknown one is a dash."""
    yield from contact_head(record.name, record.id)
    if record.opened_as in record.merged:
        yield Paragraph(merged_words(record), "warn")
    for term in _details(record, fmt):
        yield term if term.text else Term(term.label, "-", "muted")
    if record.person_notes:
        yield Heading("Person notes")
        yield Prose(record.person_notes)
    yield from note_section(record.notes, fmt)
    if record.keap_id or record.more:
        yield Heading("From Keap")
        yield Term("Keap id", record.keap_id)
        for label, text in record.more:
            yield from lines(label, text.splitlines())


def contact_head(name: str, contact_id: int) -> Iterable[Entry]:
    """The name and the id, above what is shown of a contact."""
    yield Paragraph(f"{name}  (contact {contact_id})", "strong")
    yield BLANK


def _details(record: ContactRecord, fmt: Format) -> Iterable[Term]:
    owes = [f"{amount.format()} {'due' if amount.minor > 0 else 'in credit'}" for amount in record.balance]
    yield Term("Company", record.company)
    yield Term("Job title", record.job_title)
    yield from lines("E-mail", record.emails or ("",))
    yield from lines("Phone", record.phones or ("",))
    yield Term("Website", record.website)
    yield from lines("Balance", owes or ["nothing due"])
    yield Term("Active", counted(record.active, "subscription"))
    yield Term("Tags", ", ".join(record.tags))
    yield Term("Automations", ", ".join(record.automations))
    yield Term("Owner", record.owner)
    yield Term("Since", fmt.day(record.created_on))
    if record.merged:
        yield Term("Merged", ", ".join(f"contact {number}" for number in record.merged))
    for address in record.addresses:
        yield from lines(address.kind, address.lines)


def merged_words(record: ContactRecord) -> str:
    """Where an id that was merged has led."""
    return f"Contact {record.opened_as} was merged into this one, contact {record.id}."


def page_head(title: str, page: Page[Any]) -> str:
    """The title of a list with the number of rows shown, and of all."""
    return f"{title}: {len(page.rows):,} of {page.total:,}{'+' if page.capped else ''}"


def orders_tab_entries(view: OrdersTab, fmt: Format) -> Iterable[Entry]:
    """The Orders tab, its sections one below the other."""
    yield from contact_head(view.contact, view.contact_id)
    yield from _section("Recent orders", view.orders, ORDER_COLUMNS, fmt)
    yield from _section("Subscriptions", view.subscriptions, CONTACT_SUBSCRIPTION_COLUMNS, fmt)
    yield Heading("Credit cards")
    yield table(CARD_COLUMNS, view.cards, fmt)
    yield from _section("Recent recurring charges", view.charges, ORDER_COLUMNS, fmt)


def _section(title: str, page: Page[Record], columns: tuple[ListColumn[Record], ...], fmt: Format) -> Iterable[Entry]:
    yield Heading(page_head(title, page))
    yield table(columns, page.rows, fmt)


def contact_summary(record: ContactRecord, orders: OrdersTab, fmt: Format) -> Iterable[Entry]:
    """What of a contact is known, with the subscriptions and the recent orders."""
    yield from contact_head(record.name, record.id)
    yield from _details(record, fmt)
    yield from _section("Subscriptions", orders.subscriptions, SUMMARY_COLUMNS, fmt)
    yield from _section("Recent orders", orders.orders, ORDER_COLUMNS, fmt)

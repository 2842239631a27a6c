"""What a search finds besides contacts: the rows, and their columns on the dashboard and as text."""

from dataclasses import dataclass
from datetime import date

from subtui.domain.money import Money
from subtui.domain.plain_text import counted
from subtui.domain.record_numbers import RecordKind
from subtui.views.entries import ListColumn
from subtui.views.format import Format

KIND_WORDS = {
    RecordKind.SUBSCRIPTION: ("Subscription", "Subscriptions"),
    RecordKind.ORDER: ("Order", "Orders"),
    RecordKind.PAYMENT: ("Payment", "Payments"),
    RecordKind.TICKET: ("Ticket", "Tickets"),
    RecordKind.LETTER: ("Letter", "Letters"),
    RecordKind.CARD: ("Card", "Cards"),
    RecordKind.PLAN: ("Plan", "Plans"),
    RecordKind.TAG: ("Tag", "Tags"),
    RecordKind.CITY: ("City", "Cities"),
}
"""A kind in one and in many."""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record that matches a search. `id` is of the record it opens: of a payment the order, of a card the contact.

    `name` is its number or name, `detail` what it is about. A plan, a tag or a city opens nothing: `search` is the
    search for what has it, `count` how many that are.
    """

    kind: RecordKind
    id: int
    name: str
    contact: str = ""
    contact_id: int | None = None
    detail: str = ""
    state: str = ""
    day: date | None = None
    amount: Money | None = None
    search: str = ""
    count: int | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class FoundRecords:
    """The records that match a search, kind by kind; of the kinds in `more` there are more than are listed."""

    query: str
    rows: tuple[FoundRecord, ...] = ()
    more: tuple[RecordKind, ...] = ()


def _counted(row: FoundRecord) -> str:
    if row.count is None:
        return ""
    word = "subscription" if row.kind is RecordKind.PLAN else "contact"
    return f"{row.count:,}+ {word}s" if row.capped else counted(row.count, word)


def _detail(row: FoundRecord, fmt: Format) -> str:
    amount = row.amount.format() if row.amount else ""
    parts = (row.detail, row.state, amount, fmt.day(row.day), _counted(row))
    return " · ".join(part for part in parts if part)


RECORD_COLUMNS: tuple[ListColumn[FoundRecord], ...] = (
    ListColumn("Record", 12, text=lambda row, _: KIND_WORDS[row.kind][0], tone=lambda _row, _fmt: "muted"),
    ListColumn("Number or name", 13, share=1, most=30, text=lambda row, _: row.name),
    ListColumn("Contact", 13, share=1, most=30, drop=1, text=lambda row, _: row.contact),
    ListColumn("About", 22, share=4, most=70, text=_detail),
)


def more_words(found: FoundRecords) -> str:
    """The sentence that there are more records of some kinds; empty where all are listed."""
    kinds = [KIND_WORDS[kind][1].lower() for kind in found.more]
    return f"More {' and '.join(kinds)} match: type more to narrow it down." if kinds else ""

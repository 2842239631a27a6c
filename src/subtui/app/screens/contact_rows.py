"""Makes table rows of contacts. Separate from the other rows, because the first frame needs only these."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from subtui.app.widgets.columns import Column
from subtui.app.widgets.record_table import Cell, Row

if TYPE_CHECKING:
    from subtui.views.customers import ContactRow

Day = Callable[[date | None], str]

CONTACT_COLUMNS = (
    Column("Name", 16, share=3, most=34),
    Column("Company", 14, share=2, most=30, drop=2),
    Column("E-mail", 22, share=3, most=40, drop=1),
    Column("Active", 6, right=True, drop=4),
    Column("Last order", 11, right=True, drop=3),
)


def contact_row(contact: "ContactRow", day: Day, *, alike: bool = False) -> Row:
    """A row of search results; `alike`: the match has a typing error."""
    tone = "muted" if alike else ""
    return Row(
        contact.id,
        (
            Cell(f"≈ {contact.name}" if alike else contact.name, tone),
            Cell(contact.company or "-", tone),
            Cell(contact.email or "-", tone),
            Cell(str(contact.active) if contact.active else "-", tone),
            Cell(day(contact.last_order), tone),
        ),
    )

"""The summary of a contact, beside a list on wide terminals."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from subtui.app.content import concat, fitted, safe

if TYPE_CHECKING:
    from subtui.views.customers import ContactRecord, OrdersTab

LABEL = 13


class ContactSummary(Static):
    """The contact details, subscriptions and balance of the marked contact."""

    DEFAULT_CSS = """
    ContactSummary { height: 1fr; border-left: solid $rule; padding: 1 2; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)

    def clear(self) -> None:
        """Show that no contact is marked."""
        self.update(safe("Select a contact to see it here.", "$muted"))

    def show(self, record: "ContactRecord", orders: "OrdersTab", day: Callable[[date | None], str]) -> None:
        """Show this contact."""
        facts = [
            ("Company", record.company),
            ("E-mail", ", ".join(record.emails)),
            ("Phone", ", ".join(record.phones)),
            ("Tags", ", ".join(record.tags)),
            ("Owes", ", ".join(amount.format() for amount in record.balance if amount.minor > 0)),
            ("Owner", record.owner),
        ]
        lines = [safe(record.name, "bold"), Content("")]
        lines += [concat(safe(f"{label:<{LABEL}}", "$muted"), safe(text)) for label, text in facts if text]
        lines += [Content(""), safe("Subscriptions", "bold $primary")]
        for row in orders.subscriptions.rows:
            active = row.status == "Active"
            lines.append(
                concat(
                    fitted(row.plan, 26) + "  ",
                    fitted(row.bill_amount.format(), 13, right=True) + "  ",
                    safe(f"{row.status.value:<9}", "$success" if active else "$muted"),
                    fitted(
                        f"ends {day(row.end_date)}"
                        if row.end_date
                        else (f"next {day(row.next_bill_date)}" if active else "no end date"),
                        20,
                    ),
                )
            )
        if not orders.subscriptions.rows:
            lines.append(safe("none", "$muted"))
        lines += [Content(""), safe("Recent orders", "bold $primary")]
        lines += [
            concat(f"{order.id:>6}  ", fitted(day(order.ordered_on), 12), fitted(order.title, 26) + "  ", order.state)
            for order in orders.orders.rows
        ]
        if not orders.orders.rows:
            lines.append(safe("none", "$muted"))
        self.update(Content("\n").join(lines))

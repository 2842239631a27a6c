"""The base of forms that write to an order's ledger: with a preview and a confirmation, and the order afterwards."""

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.orders import GetOrder
from subtui.app import routes
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.workers import asks
from subtui.domain.money import Money
from subtui.views.orders import OrderRecord, RefundResult
from subtui.views.refund_preview import owed_words

LONGEST_AMOUNT = 24
"""Characters of an amount as it is typed."""


class OrderForm(PreviewedForm):
    """A form on an order. Subclasses fill the fields, preview the draft, and word the confirmation."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: OrderRecord | None = None

    @property
    def order_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def on_mount(self) -> None:
        """Load the order."""
        self.show_form(shown=False)
        self.load()

    @asks("load")
    async def load(self) -> None:
        """Load the current order."""
        self.loaded(await self.read(GetOrder(self.order_id)))

    def loaded(self, record: OrderRecord) -> None:
        """Fill the form in for the order."""

    def show_headline(self, record: OrderRecord, extra: str = "") -> None:
        """Show the order, the customer and the balance."""
        line = concat(
            safe(record.title, "bold"),
            safe(f"   {record.contact}", "$muted"),
            Content("\n"),
            safe(owed_words(record.owed), "bold"),
            safe(f" · order {record.id}, {self.subtui.day(record.ordered_on)}{extra}", "$muted"),
        )
        self.query_one("#headline", Static).update(line)

    def money(self, name: str) -> Money | str | None:
        """The value of an amount field: an amount, None when it is empty, or the sentence why it is none."""
        text, currency = self.typed(name), self.record.total.currency if self.record else "USD"
        if not text.strip():
            return None
        try:
            return Money.parse(text, currency)
        except ValueError as error:
            return str(error)

    # --- saving -----------------------------------------------------------------------------------------------------

    def confirm(self, title: str, lines: Iterable[Content], act: Act[RefundResult], *, answer: str = "Record") -> None:
        """Ask for confirmation with all details, then do the act once. The safe answer has the focus."""
        question = ConfirmDialog(title, tuple(lines), safe_answer="Back", other_answer=answer, key="y")
        self.app.push_screen(question, lambda wanted: self.do_once(act, self._written) if wanted else None)

    def _written(self, booked: RefundResult) -> None:
        """Show the order in place of the form."""
        order = routes.to("order", self.order_id)
        if getattr(self.subtui.screen_below(self), "route", None) == order:
            # The form was opened from the screen of the order: do not show it twice.
            self.subtui.pop_screen()
        self.subtui.go(order, flash=booked.sentence, kind="note" if booked.waiting else "done", instead=True)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the order."""
        contact = self.record.contact if self.record else "Order"
        return ("Dashboard", contact, f"Order {self.order_id}", self.route.pattern.title)

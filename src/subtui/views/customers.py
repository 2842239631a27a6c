"""The views that screens and plain commands show: frozen, complete and detached from the database.

Text in these views is raw data; a screen or command sanitizes it before drawing it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from subtui.domain.billing import Cycle
from subtui.domain.money import Money
from subtui.domain.outbox import SendState
from subtui.domain.reasons import Reason
from subtui.domain.subscriptions import Billing, DataIssue, Pause, Status, Terms
from subtui.views.notes import NoteView
from subtui.views.preview import SubscriptionContext

if TYPE_CHECKING:
    from subtui.views.keap import KeapStanding

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A line of a list of contacts. `active` counts active subscriptions."""

    id: int
    name: str
    company: str
    email: str
    phone: str
    active: int
    last_order: date | None


class SearchCursor(NamedTuple):
    """The last row of a page of search results: the kind of match, and the row's sort key."""

    stage: int
    sort_key: str
    id: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best matches of a search, best first, and the total number (`capped`: that many or more).

    The last `similar` rows are matches with one typing error, not counted in the total. `after` is the position for
    the next page; None when there is none.
    """

    query: str
    rows: tuple[ContactRow, ...]
    total: int
    capped: bool = False
    similar: int = 0
    after: SearchCursor | None = None


@dataclass(frozen=True, slots=True)
class EndingSoon:
    """An active subscription with an end date ahead."""

    subscription_id: int
    end_date: date
    plan: str
    contact: str


@dataclass(frozen=True, slots=True)
class AnswersDue:
    """The number of open tickets whose answer is overdue, due today, and due later."""

    overdue: int = 0
    today: int = 0
    later: int = 0

    @property
    def words(self) -> str:
        """The counts in words: `1 overdue · 2 today · 3 later`; empty when no ticket waits."""
        counts = ((self.overdue, "overdue"), (self.today, "today"), (self.later, "later"))
        return " · ".join(f"{count} {when}" for count, when in counts if count)


@dataclass(frozen=True, slots=True)
class KeapOverview:
    """The connection to Keap: when it was read last, when this was asked, and the changes that need a person."""

    read_at: datetime | None
    seen_at: datetime
    for_a_person: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The dashboard below its search field. `keap` is None without a connection."""

    recent: tuple[ContactRow, ...]
    ending_soon: tuple[EndingSoon, ...]
    loose_ends: tuple[tuple[DataIssue, int], ...]
    answers_due: AnswersDue = AnswersDue()
    refunds_to_finish: int = 0
    refunds_owing: int = 0
    batches_waiting: int = 0
    keap: KeapOverview | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The number of records of each kind."""

    contacts: int
    subscriptions_active: int


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address: its lines as on an envelope, without empty ones."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """The General tab of a contact. `balance` is the amount due on open orders, one entry for each currency.

    `more` holds the contact's other Keap fields, by header; `keap_id` is empty for a contact not in Keap.
    `why_not_undo` says why its last correction cannot be undone.
    """

    id: int
    name: str
    company: str
    job_title: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    website: str
    addresses: tuple[Address, ...]
    tags: tuple[str, ...]
    automations: tuple[str, ...]
    owner: str
    created_on: date | None
    person_notes: str
    notes: tuple[NoteView, ...]
    balance: tuple[Money, ...]
    active: int
    keap_id: str = ""
    more: tuple[tuple[str, str], ...] = ()
    version: int = 1
    why_not_undo: str = ""
    merged: tuple[int, ...] = ()  # the ids of the contacts that were merged into this one
    opened_as: int = 0  # the id that was asked for: of this contact, or of one of those


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line of Recent orders or of Recent recurring charges."""

    id: int
    ordered_on: date
    title: str
    total: Money
    paid: Money
    refunded: Money
    due: Money
    failed: bool
    subscription_id: int | None
    why_not_refund: str = ""

    @property
    def state(self) -> str:
        """The order's status in a word or two, as in the list."""
        if self.due.minor > 0:
            words = f"{self.due.format()} due"
            return f"charge failed, {words}" if self.failed else words
        if self.refunded.minor > 0:
            full = self.refunded.minor >= self.total.minor
            return "refunded" if full else f"paid, {self.refunded.format_amount()} refunded"
        return "paid"


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A line of a list of subscriptions; the columns are Keap's, and the end date that Keap's list lacks."""

    id: int
    contact_id: int
    contact: str
    plan: str
    quantity: int
    start_date: date
    bill_amount: Money
    auto_charge: bool
    status: Status
    cycle: Cycle
    frequency: int
    next_bill_date: date | None
    credits: int
    end_date: date | None
    loose: tuple[DataIssue, ...] = ()
    state: str = Status.ACTIVE.value  # on the day of the list: Active, Paused or Inactive
    pause: Pause | None = None
    keap: SendState | None = None  # what has become of its last change in Keap


@dataclass(frozen=True, slots=True)
class CardRow:
    """A stored card: never more of its number than the last four digits."""

    id: int
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    usable: bool

    @property
    def words(self) -> str:
        """`Visa ···· 4242, 08/27`."""
        return f"{self.brand} ···· {self.last4}, {self.expires_month:02d}/{self.expires_year % 100:02d}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of rows of a longer list, and the total number (`capped`: that many or more)."""

    rows: tuple[T, ...]
    total: int
    capped: bool = False

    @property
    def has_more(self) -> bool:
        """Whether the list has more rows."""
        return len(self.rows) < self.total


@dataclass(frozen=True, slots=True)
class OrdersTab:
    """The Orders tab, its sections in Keap's order."""

    contact_id: int
    contact: str
    orders: Page[OrderRow]
    subscriptions: Page[SubscriptionRow]
    cards: tuple[CardRow, ...]
    charges: Page[OrderRow]


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """The subscription form with everything it shows, and the version that a save must name."""

    id: int
    version: int
    contact_id: int
    contact: str
    email: str
    plan: str
    terms: Terms
    billing: Billing
    around: SubscriptionContext
    reasons: tuple[Reason, ...]
    cards: tuple[CardRow, ...]
    invoices: tuple[OrderRow, ...]
    max_attempts: int
    days_between_attempts: int
    credits: int
    merchant_account: str
    loose: tuple[DataIssue, ...]
    can_undo: bool
    why_not_undo: str
    letter_id: int | None
    refund_noted: bool = False
    keap: "KeapStanding | None" = None  # None without a connection
    notes: tuple[NoteView, ...] = ()

    @property
    def refundable_order_id(self) -> int | None:
        """The newest listed invoice with an amount left to refund."""
        return next((order.id for order in self.invoices if not order.why_not_refund), None)


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The result of a save or an undo: the record after it, and the sentence that describes it."""

    record: SubscriptionRecord
    sentence: str
    event_id: int
    ended: bool
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the log's before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EventView:
    """An entry of the log."""

    id: int
    at: datetime
    actor: str
    role: str
    title: str
    reason: str
    subject: str
    route: str
    changes: tuple[Change, ...]
    hash: str
    undone: bool = False
    keap: SendState | None = None


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as it was written, and how the act it confirms has been undone since, if it has."""

    id: int
    written_at: datetime
    to: str
    email: str
    subject: str
    body: str
    log_hash: str
    subscription_id: int | None
    contact_id: int | None
    request_id: int | None = None
    order_id: int | None = None
    undone: bool = False
    how_undone: str = ""
    keap: SendState | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionFilter:
    """The filter of All subscriptions. `state` is `all`, `active`, `ending`, `inactive` or `loose`."""

    state: str = "all"
    text: str = ""
    product_id: int | None = None
    ends_by: date | None = None
    sort: str = "contact"
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product to filter by."""

    id: int
    name: str

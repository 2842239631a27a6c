"""The views of an order and its refunds, for screens and plain commands: frozen, and raw data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from subtui.domain.errors import Problem
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.domain.refunds import PaymentState, RefundKind
from subtui.views.notes import NoteView
from subtui.views.preview import Line

if TYPE_CHECKING:
    from subtui.domain.endings import Unused
    from subtui.views.keap import KeapStanding


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of an order. `left` is the amount not yet refunded."""

    id: int
    name: str
    quantity: int
    price: Money
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of an order's ledger. `depth` is its level below the payment that it belongs to.

    `left` is the refundable amount of a payment; None on other rows. `why_not_return` says why nothing is refundable.
    """

    id: int
    kind: RowKind
    depth: int
    paid_on: date
    amount: Money
    state: PaymentState
    method: str
    reference: str
    reason: str
    note: str
    recorded_by: str
    left: Money | None
    why_not_return: str
    why_not_correct: str
    why_not_reference: str = ""


@dataclass(frozen=True, slots=True)
class WaitingRefund:
    """A refund that awaits or awaited approval."""

    id: int
    version: int
    order_id: int
    contact: str
    amount: Money
    kind: RefundKind
    reason: str
    note: str
    requested_by: str
    requested_at: datetime
    standing: str
    decided_by: str = ""
    decision_note: str = ""
    why_not_approve: str = ""


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with everything its screen shows, and the version that a refund must name."""

    id: int
    version: int
    contact_id: int
    contact: str
    title: str
    ordered_on: date
    subscription_id: int | None
    subscription: str
    items: tuple[ItemRow, ...]
    rows: tuple[LedgerRow, ...]
    total: Money
    paid: Money
    refunded: Money
    credited: Money
    owed: Money
    waiting: tuple[WaitingRefund, ...]
    letter_id: int | None
    reasons: tuple[Reason, ...]
    why_not_refund: str
    keap: "KeapStanding | None" = None  # None without a connection
    unused: "Unused | None" = None  # of the paid term that this order paid for, where access has been ended before
    notes: tuple[NoteView, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """The refund form as filled in, not yet validated.

    `amount` None means all that is left, `owed_after` None the usual balance. `intent` is made when the form opens:
    the same intention is recorded once.
    """

    payment_id: int
    intent: str
    amount: Money | None = None
    kind: RefundKind = RefundKind.REFUND
    owed_after: Money | None = None
    reason_code: str | None = None
    note: str = ""
    reference: str = ""
    order_item_id: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """The form for a payment, credit or adjustment of an order, as filled in."""

    kind: RowKind
    intent: str
    amount: Money
    paid_on: date | None = None
    method: str = ""
    note: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """The rows that a save would write on an order, the balance before and after, and the problems.

    `needs_approval`: it would wait for another user.
    """

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    amount: Money | None = None
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class RefundResult:
    """The result of an act on an order: the order after it, and the sentence that describes it.

    `waiting`: nothing was refunded yet, another user must approve. `letter_id` is the letter that was written.
    """

    order: OrderRecord
    sentence: str
    event_id: int | None = None
    letter_id: int | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class PendingRefund:
    """A pending refund: its kind, the customer, the day it began, and the route of the screen that completes it."""

    kind: str
    words: str
    contact: str
    since: date
    route: str
    amount: Money | None = None

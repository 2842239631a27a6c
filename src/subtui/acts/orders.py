"""Acts and queries about orders, their payments and refunds."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.money import Money
from subtui.domain.permissions import Permission
from subtui.views.orders import (
    OrderRecord,
    PaymentDraft,
    PaymentPreview,
    PendingRefund,
    RefundDraft,
    RefundResult,
    WaitingRefund,
)


@dataclass(frozen=True, slots=True)
class RecordRefund(Act[RefundResult]):
    """Record a refund; above the requester's limit it awaits approval instead.

    `seen` is what the form showed as left to refund and as owed. Raises Invalid with the fields, Refused when this
    intention was recorded before, and Stale when the order is no longer the `version` that was opened.
    """

    permission: ClassVar = Permission.REFUND
    order_id: int
    draft: RefundDraft
    _: KW_ONLY
    version: int
    seen: tuple[Money, Money] | None = None


@dataclass(frozen=True, slots=True)
class ApproveRefund(Act[RefundResult]):
    """Approve a refund, which records it; it lapses if its order has changed since. Users cannot approve their own.

    Raises Refused.
    """

    permission: ClassVar = Permission.APPROVE_REFUND
    request_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class DeclineRefund(Act[RefundResult]):
    """Decline a refund awaiting approval. Raises Refused, and Invalid without a reason."""

    permission: ClassVar = Permission.APPROVE_REFUND
    request_id: int
    note: str
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class CorrectRefund(Act[RefundResult]):
    """Reverse a refund of the same day, with the credit written with it, by counter entries. Raises Refused."""

    permission: ClassVar = Permission.REFUND
    order_id: int
    row_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class SetReference(Act[RefundResult]):
    """Set or change the gateway reference of a refund. Raises Invalid, Refused."""

    permission: ClassVar = Permission.REFUND
    order_id: int
    row_id: int
    reference: str
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class AddPayment(Act[RefundResult]):
    """Add a payment, credit or adjustment towards the balance. Raises Invalid, Refused."""

    permission: ClassVar = Permission.RECORD_PAYMENT
    order_id: int
    draft: PaymentDraft
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class GetOrder(Query[OrderRecord]):
    """An order with its ledger. Raises NotFound."""

    order_id: int


@dataclass(frozen=True, slots=True)
class PreviewRefund(Query[PaymentPreview]):
    """The rows that recording the refund would write, and the draft's problems. Raises NotFound."""

    order_id: int
    draft: RefundDraft


@dataclass(frozen=True, slots=True)
class PreviewPayment(Query[PaymentPreview]):
    """The balance after adding the payment, and the draft's problems. Raises NotFound."""

    order_id: int
    draft: PaymentDraft


@dataclass(frozen=True, slots=True)
class ListPendingRefunds(Query[tuple[PendingRefund, ...]]):
    """Refunds that are promised, await approval or lack a gateway reference, the oldest first."""


@dataclass(frozen=True, slots=True)
class ListWaitingRefunds(Query[tuple[WaitingRefund, ...]]):
    """Refunds that await approval, the oldest first."""


@dataclass(frozen=True, slots=True)
class GetWaitingRefund(Query[WaitingRefund]):
    """A refund that awaits or awaited approval. Raises NotFound."""

    request_id: int

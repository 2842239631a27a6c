"""Acts and queries about subscriptions."""

from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.cancellation import Draft
from subtui.domain.pauses import PauseDraft
from subtui.domain.permissions import Permission
from subtui.views.customers import (
    Page,
    ProductChoice,
    SaveResult,
    SubscriptionFilter,
    SubscriptionRecord,
    SubscriptionRow,
)
from subtui.views.preview import Preview


@dataclass(frozen=True, slots=True)
class SaveSubscription(Act[SaveResult]):
    """Save the form. A draft that ends the subscription takes `CANCEL_SUBSCRIPTION`, and a letter is written.

    Raises Stale when the row is no longer the `version` the form was opened with, Invalid with the fields, Refused when
    nothing changed.
    """

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    subscription_id: int
    draft: Draft
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class SavePause(Act[SaveResult]):
    """Pause the subscription, change its pause, or resume it; a letter is written. Raises Stale, Invalid, Refused."""

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    subscription_id: int
    draft: PauseDraft
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class UndoCancellation(Act[SaveResult]):
    """Restore the subscription as it was before its last pause, resumption or cancellation. Raises Stale, Refused."""

    permission: ClassVar = Permission.UNDO
    subscription_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class ExpireDue(Act[int]):
    """Set Inactive those past their end date, and resume those past their pause; answers how many. The system's act."""

    spans_transactions: ClassVar = True


@dataclass(frozen=True, slots=True)
class NoteRefund(Act[str]):
    """Note that a refund was promised with a cancellation and is pending; answers a sentence. Raises Refused."""

    permission: ClassVar = Permission.REFUND
    subscription_id: int


@dataclass(frozen=True, slots=True)
class GetSubscription(Query[SubscriptionRecord]):
    """A subscription with everything its form shows. Raises NotFound."""

    subscription_id: int


@dataclass(frozen=True, slots=True)
class PreviewSubscription(Query[Preview]):
    """The result of saving the draft, and its problems."""

    subscription_id: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class PreviewPause(Query[Preview]):
    """The result of saving the pause form, and its problems."""

    subscription_id: int
    draft: PauseDraft


@dataclass(frozen=True, slots=True)
class ListSubscriptions(Query[Page[SubscriptionRow]]):
    """The subscriptions that pass a filter, in its order, at most `limit`; more than `counted` are not counted."""

    wanted: SubscriptionFilter = field(default_factory=SubscriptionFilter)
    _: KW_ONLY
    limit: int = 200
    counted: int = 10_000


@dataclass(frozen=True, slots=True)
class ListProducts(Query[tuple[ProductChoice, ...]]):
    """The products to filter subscriptions by."""

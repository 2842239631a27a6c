"""The tables, in the field's words. Keap's name for a thing stands in its docstring or beside the column.

Money is an integer of minor units with the currency beside it. Dates are the account's local days, instants UTC.
"""

from subtui.storage.tables.account import (
    Account,
    AccountInvoice,
    CancellationRequest,
    Correspondence,
    SignIn,
    SignInMiss,
    User,
)
from subtui.storage.tables.customers import Automation, Contact, ContactTag, CreditCard, Note, RecentContact, Tag
from subtui.storage.tables.keap import (
    KeapConnection,
    KeapFinding,
    KeapImage,
    KeapObject,
    KeapOutbox,
    KeapRemark,
    KeapWalk,
)
from subtui.storage.tables.lists import Batch, BatchRow, SavedView
from subtui.storage.tables.record import Event, Intention, Letter
from subtui.storage.tables.sales import (
    Order,
    OrderItem,
    Payment,
    Product,
    RefundLine,
    RefundRequest,
    RefundTask,
    Subscription,
    SubscriptionPlan,
)

__all__ = [
    "Account",
    "AccountInvoice",
    "Automation",
    "Batch",
    "BatchRow",
    "CancellationRequest",
    "Contact",
    "ContactTag",
    "Correspondence",
    "CreditCard",
    "Event",
    "Intention",
    "KeapConnection",
    "KeapFinding",
    "KeapImage",
    "KeapObject",
    "KeapOutbox",
    "KeapRemark",
    "KeapWalk",
    "Letter",
    "Note",
    "Order",
    "OrderItem",
    "Payment",
    "Product",
    "RecentContact",
    "RefundLine",
    "RefundRequest",
    "RefundTask",
    "SavedView",
    "SignIn",
    "SignInMiss",
    "Subscription",
    "SubscriptionPlan",
    "Tag",
    "User",
]

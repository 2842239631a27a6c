"""Published cases on cancelling and taking it back: where we agree, where we differ on purpose, what is not ours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from subtui.domain.billing import Cycle
from subtui.domain.cancellation import (
    Draft,
    apply,
    default_end_date,
    draft_of,
    expire,
    find_problems,
    is_ending,
    undo,
    why_not_undo,
)
from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.domain.subscriptions import Billing, Ending, Status, Terms
from subtui.views.preview import SubscriptionContext, describe

from .published_cases import Agrees, Differs

__all__ = ["AGREES", "DIFFERS_ON_PURPOSE", "NOT_OURS", "Agrees", "Differs", "NotOurs"]

_KILLBILL = "killbill/killbill@cb60779"
_USER_API = f"{_KILLBILL} subscription TestUserApiCancel.java"
_ENTITLEMENT = f"{_KILLBILL} entitlement TestDefaultEntitlement.java"
_WOO = "Automattic/woocommerce-subscriptions-core@6bfbf51"
_WOO_ACTIVE = f"{_WOO} test-class-wc-subscriptions.php test_can_be_updated_to_active_with_different_end_dates"
_WOO_CANCEL = f"{_WOO} class-wc-subscription.php cancel_order()"
_RECURLY = "recurly/recurly-client-python@7294ca7 openapi/api.yaml"
_STRIPE = "stripe/stripe-python@6c6e373 _subscription.py; https://docs.stripe.com/billing/subscriptions/cancel"
_LAGO = "getlago/lago-api@1b1c24a terminate_service_spec.rb"
_MAXIO = "maxio-com/ab-typescript-sdk@4aecf7e subscription-status.md"

TODAY = date(2026, 3, 2)
PAID_THROUGH, NEXT_BILL = date(2026, 3, 14), date(2026, 3, 15)
NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
BILLING = Billing(date(2024, 1, 15), Cycle.MONTH, 1, start_date=date(2024, 1, 15), paid_through=PAID_THROUGH)
NOT_BEGUN = replace(BILLING, anchor=date(2026, 3, 7), start_date=date(2026, 3, 7), paid_through=None)
ACTIVE = Terms(Ending(Status.ACTIVE, auto_charge=True, next_bill_date=NEXT_BILL), 1, Money(4900, "USD"))


class NotOurs(NamedTuple):
    """What somebody published about something that there is not here, and why."""

    source: str
    published: object
    reason: str


def inactive(end: date = PAID_THROUGH, *, today: date = TODAY, terms: Terms = ACTIVE) -> Terms:
    """Set Inactive today, with access until the end."""
    draft = replace(draft_of(terms), status=Status.INACTIVE, end_date=end, reason_code="unused")
    return apply(terms, draft, BILLING, today=today, at=NOW, by="Dana Reyes")


def ends_on(end: date = PAID_THROUGH, *, today: date = TODAY, terms: Terms = ACTIVE) -> Terms:
    """Active, and Inactive by itself after the end."""
    draft = replace(draft_of(terms), end_date=end, reason_code="unused")
    return apply(terms, draft, BILLING, today=today, at=NOW, by="Dana Reyes")


def without_end(terms: Terms) -> Terms:
    """The end date taken out again in the form."""
    draft = replace(draft_of(terms), end_date=None)
    return apply(terms, draft, BILLING, today=TODAY, at=NOW, by="Dana Reyes")


def status_on(terms: Terms, day: date) -> str:
    """What the day roll makes of it by that day."""
    return (expire(terms, today=day, at=NOW) or terms).ending.status.value


def can_undo(terms: Terms, day: date) -> bool:
    """Whether the ending can be taken back on that day."""
    return why_not_undo(terms.ending, day) is None


def line(label: str, draft: Draft, around: SubscriptionContext | None = None) -> str:
    """One line of the panel before the save."""
    found = describe(ACTIVE, draft, BILLING, around or SubscriptionContext(), reasons=CANCELLING, today=TODAY)
    return next(line.text for line in found if line.label == label)


_INACTIVE_DRAFT = draft_of(inactive())
_NO_REFUND = "not included"

AGREES = [
    Agrees(
        f"{_USER_API} testCancelSubscriptionEOTWithChargeThroughDate",
        "the same end date set twice is one end",
        ("Active", PAID_THROUGH, 1),
        lambda: (
            ends_on().ending.status.value,
            ends_on(terms=ends_on()).ending.end_date,
            len({ends_on(), ends_on(terms=ends_on())}),
        ),
    ),
    Agrees(
        f"{_USER_API} testUncancel",
        "taken back before its date, it goes on a month later",
        ("Active", NEXT_BILL),
        lambda: (
            status_on(undo(ends_on(), ACTIVE), TODAY + timedelta(days=31)),
            undo(ends_on(), ACTIVE).ending.next_bill_date,
        ),
    ),
    Agrees(
        f"{_ENTITLEMENT} testUncancel",
        "taken back the day before, it is active on the day",
        "Active",
        lambda: status_on(
            undo(ends_on(date(2013, 8, 13), today=date(2013, 8, 12)), ACTIVE),
            date(2013, 8, 13),
        ),
    ),
    Agrees(
        f"{_ENTITLEMENT} testCancelWithEntitlementPolicyEOTAndCTD",
        "at the end of the term, access and billing end together",
        ("Active", date(2013, 10, 6), date(2013, 10, 6)),
        lambda: (
            (ended := ends_on(date(2013, 10, 6), today=date(2013, 9, 8))).ending.status.value,
            ended.ending.end_date,
            ended.ending.charging_stops_on,
        ),
    ),
    Agrees(_WOO_ACTIVE, "taken back a month before the end", True, lambda: can_undo(inactive(date(2026, 4, 2)), TODAY)),
    Agrees(
        _WOO_ACTIVE,
        "not taken back the day after the end",
        False,
        lambda: can_undo(inactive(TODAY), TODAY + timedelta(days=1)),
    ),
    Agrees(
        f"{_WOO} test-class-wc-subscription.php provide_test_update_status",
        "taken back, nothing says that it was confirmed, and a later cancellation is confirmed again",
        (False, True),
        lambda: (
            undo(inactive(), ACTIVE).ending.recorded_at is not None,
            is_ending(undo(inactive(), ACTIVE), _INACTIVE_DRAFT),
        ),
    ),
    Agrees(
        _WOO_CANCEL,
        "with a term paid ahead (their pending-cancel): its end, cancelled now, no next payment",
        (PAID_THROUGH, NOW, None),
        lambda: (
            (ended := inactive(default_end_date(BILLING, TODAY)).ending).end_date,
            ended.recorded_at,
            ended.next_bill_date,
        ),
    ),
    Agrees(
        _RECURLY, "an expired one is not reactivated", False, lambda: can_undo(inactive(), PAID_THROUGH + timedelta(1))
    ),
    Agrees(_RECURLY, "terminate refunds nothing unless told", _NO_REFUND, lambda: line("Refund", _INACTIVE_DRAFT)),
    Agrees(_STRIPE, "an end at the period's end, taken out before it", ACTIVE, lambda: without_end(ends_on())),
    Agrees(
        _STRIPE,
        "the codes of feedback, and a comment besides",
        "customer_service low_quality missing_features other switched_service too_complex too_expensive unused".split(),  # noqa: SIM905
        lambda: sorted(reason.code for reason in CANCELLING),
    ),
    Agrees(
        _LAGO,
        "terminated, and when",
        ("Inactive", NOW),
        lambda: (inactive().ending.status.value, inactive().ending.recorded_at),
    ),
    Agrees(
        _MAXIO,
        "what cannot be resumed is refused",
        False,
        lambda: can_undo(inactive(date(2026, 3, 2)), date(2026, 3, 15)),
    ),
    Agrees(_MAXIO, "a cancellation refunds and prorates nothing", _NO_REFUND, lambda: line("Refund", _INACTIVE_DRAFT)),
    Agrees(
        "https://help.infusionsoft.com/help/cancel-a-subscription",
        "Auto Charge is No too, billing stops, automations go on",
        (False, None, "1 automation"),
        lambda: (
            inactive().ending.auto_charge,
            inactive().ending.next_bill_date,
            line("Still running", _INACTIVE_DRAFT, SubscriptionContext(automations=("Welcome",))),
        ),
    ),
]

DIFFERS_ON_PURPOSE = [
    Differs(
        f"{_USER_API} testCancelPlanOnPendingSubscription1",
        date(2026, 3, 7),
        "There is no pending state: what has not begun ends today, and its first bill is never made.",
        lambda: default_end_date(NOT_BEGUN, TODAY),
        TODAY,
    ),
    Differs(
        f"{_ENTITLEMENT} testCancelWithEntitlementDateInFuture",
        ("Active", "Inactive"),
        "The end date is the last day of access, as a customer reads it, so the status turns the day after.",
        lambda: (
            status_on(ends_on(date(2013, 8, 13), today=date(2013, 8, 12)), date(2013, 8, 12)),
            status_on(ends_on(date(2013, 8, 13), today=date(2013, 8, 12)), date(2013, 8, 13)),
        ),
        ("Active", "Active"),
    ),
    Differs(
        f"{_ENTITLEMENT} testCancelWithEntitlementPolicyIMMAndCTD",
        (date(2013, 9, 8), date(2013, 10, 6)),
        "Inactive stops charging the day it is saved; nothing is billed between that and paid through anyway.",
        lambda: (
            (ended := inactive(date(2013, 9, 8), today=date(2013, 9, 8)).ending).end_date,
            ended.charging_stops_on,
        ),
        (date(2013, 9, 8), date(2013, 9, 8)),
    ),
    Differs(
        f"{_ENTITLEMENT} testCancelWithEntitlementWithDifferentDateTimeForBillingAndEntitlement",
        (date(2026, 3, 14), date(2026, 3, 31)),
        "Only the end date is chosen: when charging stops follows from the status, so the two cannot contradict.",
        lambda: ((ended := ends_on().ending).end_date, ended.charging_stops_on),
        (date(2026, 3, 14), date(2026, 3, 14)),
    ),
    Differs(
        f"{_WOO_ACTIVE} (on-hold)",
        True,
        "The field's statuses are two, and nothing is put on hold; switching Auto Charge off comes nearest.",
        lambda: "on-hold" in tuple(Status),
        False,
    ),
    Differs(
        f"{_WOO_CANCEL} (again)",
        "cancelled",
        "One save cancels completely, so a second of the same changes nothing instead of meaning more.",
        lambda: inactive(terms=(once := inactive())) is once and once.ending.status.value,
        "Inactive",
    ),
    Differs(
        f"{_WOO} class-wc-subscription.php (pending-cancel to active)",
        PAID_THROUGH,
        "Undo restores the next bill date that there was, and not the end date, which is a day still paid for.",
        lambda: undo(inactive(), ACTIVE).ending.next_bill_date,
        NEXT_BILL,
    ),
    Differs(
        f"{_RECURLY} (cancel a future one)",
        False,
        "A slip is a slip whether the subscription has begun or not: it can be undone until its end date.",
        lambda: can_undo(inactive(default_end_date(NOT_BEGUN, TODAY)), TODAY),
        True,
    ),
    Differs(
        f"{_RECURLY} (terminate, full refund)",
        "the whole last invoice",
        "Setting Inactive moves no money: a refund is an act of its own on the order.",
        lambda: line("Refund", _INACTIVE_DRAFT),
        _NO_REFUND,
    ),
    Differs(
        "https://support.chargebee.com/ article 232056",
        None,
        "After the end nothing is brought back: a new subscription starts a new term with a record of its own.",
        lambda: why_not_undo(inactive().ending, PAID_THROUGH + timedelta(days=1)),
        "The end date, 14 Mar 2026, has passed: start a new subscription instead.",
    ),
    Differs(
        f"{_MAXIO} (reactivated 13 days later)",
        None,
        "The same: a new period is a new subscription, so that what was billed for each stays plain.",
        lambda: why_not_undo(inactive(date(2026, 6, 15), today=date(2026, 6, 15)).ending, date(2026, 6, 28)),
        "The end date, 15 Jun 2026, has passed: start a new subscription instead.",
    ),
    Differs(
        "FastSpring API docs (subscription uncancel)",
        "Subscription is not active.",
        "An inactive one is taken back until its end date, since the customer has access until then.",
        lambda: why_not_undo(inactive().ending, TODAY),
        None,
    ),
    Differs(
        "infusionsoft/keap-sdk@d5b3dec SubscriptionsApi.md (deactivate)",
        (),
        "The reason is a code and has to be given: optional text is what left 97 of 100 rows without any.",
        lambda: tuple(
            problem.field
            for problem in find_problems(
                ACTIVE,
                replace(_INACTIVE_DRAFT, reason_code=None),
                BILLING,
                reasons=CANCELLING,
                cards=(),
                today=TODAY,
            )
        ),
        ("reason",),
    ),
]

NOT_OURS = [
    NotOurs(
        f"{_USER_API} testWithMultipleCancellationEvent",
        "a duplicate event is ignored",
        "The state is one row and is never computed from events, so there is no second one to ignore.",
    ),
    NotOurs(
        f"{_KILLBILL} beatrix TestOverdueWithSubscriptionEOTCancellation.java",
        "access ends when payment is overdue",
        "Nothing ends by itself for being overdue: a person decides.",
    ),
    NotOurs(
        f"{_WOO} class-wc-subscriptions-order.php maybe_cancel_subscription_on_full_refund",
        "a full refund does not cancel an active one",
        "No function here refunds; cancelling and refunding are separate acts.",
    ),
    NotOurs(_STRIPE, "pause_collection.behavior", "There is no pause and there are no draft invoices."),
    NotOurs(_LAGO, "subscription_not_found", "The rules are given a subscription; the services answer NotFound."),
    NotOurs(_LAGO, "on_termination_invoice: invalid_value", "No invoice is made on termination, so none is chosen."),
    NotOurs(_LAGO, "no credit note in arrears", "Nothing is billed in arrears, and nothing is prorated."),
    NotOurs(_LAGO, "the pending next subscription is canceled too", "No other plan waits behind a subscription."),
    NotOurs(_MAXIO, "no hold within 24 hours of the next billing", "There is no hold."),
    NotOurs(_MAXIO, "a hold resumed after the renewal bills now", "There is no hold."),
    NotOurs(
        "https://www.chargebee.com/docs (system reason codes)",
        "Not Paid, No Card and five more",
        "The program sets no reason by itself: every code is chosen by a person from the merchant's list.",
    ),
]

"""The letter that confirms a cancellation to a customer: the change, its effects, and what it leaves unchanged."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from subtui.domain.subscriptions import Status, Terms
from subtui.views.preview import SubscriptionContext


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter before it is stored."""

    subject: str
    body: str


def confirm_ending(
    *,
    account: str,
    customer: str,
    plan: str,
    subscription_id: int,
    terms: Terms,
    around: SubscriptionContext,
    written_on: date,
    by: str,
    log_hash: str,
    day: Callable[[date], str],
) -> Wording:
    """The letter for a subscription that was set Inactive, or that has been given an end date."""
    ending = terms.ending
    end = day(ending.end_date) if ending.end_date else "today"
    now = ending.status is Status.INACTIVE
    charges = "No further charges will be made." if now else f"Charged as usual until {end}, and not after that date."
    done = "has been cancelled" if now else f"will end on {end}"
    paragraphs = [
        f"Dear {customer},",
        f"As you requested on {day(ending.requested_on or written_on)}, your subscription {done}.",
        facts_block(
            ("Subscription", f"{plan} (no. {subscription_id})"),
            ("Recorded on", day(written_on)),
            ("Access until", end),
            ("Charges", charges),
        ),
        "This letter confirms the cancellation only and includes no refund. If a refund was agreed, it is confirmed "
        "separately.",
    ]
    if around.owed and around.owed.minor > 0:
        paragraphs.append(f"Earlier orders are unaffected; {around.owed.format()} is still outstanding.")
    if around.automations:
        paragraphs.append(
            "Scheduled e-mails and deliveries may still arrive. Let us know if you would like us to stop: "
            + ", ".join(around.automations)
            + "."
        )
    paragraphs.append(f"Changed your mind? We can reinstate it until {end}.")
    paragraphs.append(f"Kind regards,\n{by}\n{account}")
    paragraphs.append(f"Record {log_hash[:16]}")
    subject = f"Your subscription “{plan}” {'has been cancelled' if now else f'will end on {end}'}"
    return Wording(subject, "\n\n".join(paragraphs))


def facts_block(*facts: tuple[str, str]) -> str:
    """Labels and values, aligned, one pair on each line."""
    width = max(len(label) for label, _ in facts) + 2
    return "\n".join(f"  {label:<{width}}{text}" for label, text in facts)

"""The confirmation that a customer gets: what was done, what it means, and what it does not do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from subtui.domain.preview import Around
from subtui.domain.subscriptions import Status, Terms


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
    around: Around,
    written_on: date,
    by: str,
    log_hash: str,
    day: Callable[[date], str],
) -> Wording:
    """The letter for a subscription that was set Inactive, or that has been given an end date."""
    ending = terms.ending
    end = day(ending.end_date) if ending.end_date else "today"
    now = ending.status is Status.INACTIVE
    charges = (
        "No further charge will be made." if now else f"It is still charged as usual until {end}, and not after it."
    )
    done = "has been cancelled" if now else f"ends on {end}"
    paragraphs = [
        f"Dear {customer},",
        f"As you asked on {day(ending.requested_on or written_on)}, your subscription {done}.",
        facts_block(
            ("Subscription", f"{plan} (no. {subscription_id})"),
            ("Recorded on", day(written_on)),
            ("Access until", end),
            ("Charges", charges),
        ),
        "This letter confirms the cancellation only. No money was returned with it; a refund, if one was agreed, "
        "is confirmed separately.",
    ]
    if around.owed and around.owed.minor > 0:
        paragraphs.append(f"Orders from before are not changed by it: {around.owed.format()} is still due.")
    if around.automations:
        paragraphs.append(
            "Messages and deliveries that were already planned do not stop by themselves. Tell us if any should: "
            + ", ".join(around.automations)
            + "."
        )
    paragraphs.append(f"If this was a mistake, we can take it back until {end}.")
    paragraphs.append(f"{by}\n{account}")
    paragraphs.append(f"Record {log_hash[:16]}")
    subject = f"Your subscription “{plan}” {'is cancelled' if now else f'ends on {end}'}"
    return Wording(subject, "\n\n".join(paragraphs))


def facts_block(*facts: tuple[str, str]) -> str:
    """Labels and what stands beside them, aligned, one fact a line."""
    width = max(len(label) for label, _ in facts) + 2
    return "\n".join(f"  {label:<{width}}{text}" for label, text in facts)

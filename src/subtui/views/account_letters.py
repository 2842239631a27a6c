"""The letter that confirms an account cancellation: the request, the acknowledged terms, and the effects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from subtui.domain.account import AccountPlan, Assessment
from subtui.views.account_words import NO_REFUND, last_invoice_words
from subtui.views.letters import Wording, facts_block


@dataclass(frozen=True, slots=True)
class Asked:
    """The requester of an account cancellation and their request. `recorded_by` differs where an agent completed it."""

    ticket: str
    by: str
    role: str
    reason: str
    comment: str
    email: str
    phone: str
    preferred: str
    recorded_on: date
    recorded_by: str


def confirm_request(
    *,
    account: str,
    asked: Asked,
    plan: AccountPlan,
    found: Assessment,
    acknowledged: Sequence[str],
    log_hash: str,
    day: Callable[[date], str],
) -> Wording:
    """The letter for a request that has just been recorded."""
    on_behalf = asked.recorded_by != asked.by
    facts = [
        ("Ticket", asked.ticket),
        ("Account", account),
        ("Plan", f"{plan.name}, {plan.price_words}"),
        ("Requested", f"{day(found.received_on)} by {asked.by} ({asked.role})"),
        ("Recorded", f"{day(asked.recorded_on)} by {asked.recorded_by}"),
        ("Reason", asked.reason),
        ("Last invoice", last_invoice_words(plan, found, day)),
        ("Account ends", f"{day(found.ends_on)} (end of day)"),
        ("Refund", NO_REFUND),
        ("Our answer", f"by {day(found.answer_due)}, by {asked.preferred}"),
    ]
    paragraphs = [
        f"Dear {asked.by},",
        f"We have received your request to cancel the subscription of {account}"
        + (f", recorded for you by {asked.recorded_by}." if on_behalf else "."),
        facts_block(*facts),
    ]
    if asked.comment:
        paragraphs.append(f"Your comment: {asked.comment}")
    paragraphs.append("The following terms were acknowledged:\n" + "\n".join(f"  - {term}" for term in acknowledged))
    if found.made_since:
        numbers = ", ".join(invoice.number for invoice in found.made_since)
        paragraphs.append(f"Issued after the request and to be reversed: {numbers}.")
    reach = " or ".join(way for way in (asked.email, asked.phone) if way)
    paragraphs += [
        f"We will reply to you at {reach}."
        + (f" You can withdraw this request until {day(found.ends_on)}." if found.ends_on >= asked.recorded_on else ""),
        account,
        f"Record {log_hash[:16]}",
    ]
    return Wording(f"{asked.ticket}: your request to cancel {account}", "\n\n".join(paragraphs))

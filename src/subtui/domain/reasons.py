"""The reasons for which a subscription ends, as codes that can be counted; the merchant may change the list."""

from collections.abc import Iterable
from dataclasses import dataclass

from subtui.domain.errors import WrongInput
from subtui.domain.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: the stored code, the words shown, and whether a note is required."""

    code: str
    label: str
    needs_note: bool = False


# The feedback codes that Stripe records with a cancellation, which makes figures comparable between systems.
CANCELLING = (
    Reason("too_expensive", "Too expensive"),
    Reason("missing_features", "Missing features"),
    Reason("switched_service", "Switched service"),
    Reason("unused", "Unused"),
    Reason("customer_service", "Customer service"),
    Reason("too_complex", "Too complex"),
    Reason("low_quality", "Low quality"),
    Reason("other", "Other", needs_note=True),
)

REFUNDING = (
    Reason("requested_by_customer", "Requested by customer"),
    Reason("duplicate", "Duplicate"),
    Reason("not_delivered", "Not delivered"),
    Reason("unsatisfactory", "Unsatisfactory"),
    Reason("fraudulent", "Fraudulent"),
    Reason("other", "Other", needs_note=True),
)


def no_such_reason(code: str, reasons: Iterable[Reason]) -> str:
    """The error sentence for a code that is not on the account's list."""
    hint = did_you_mean(code, (reason.code for reason in reasons))
    return f"There is no reason “{code[:40]}” on the account's list.{hint}"


def find_reason(code: str, reasons: Iterable[Reason]) -> Reason:
    """The reason with that code. Raises WrongInput naming the codes there are."""
    known = tuple(reasons)
    for reason in known:
        if reason.code == code:
            return reason
    codes = ", ".join(reason.code for reason in known)
    hint = did_you_mean(code, (reason.code for reason in known))
    raise WrongInput(f"There is no reason “{code[:40]}”.{hint} The codes are: {codes}.")

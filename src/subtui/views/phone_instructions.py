"""The phone instructions for a user who may not cancel the account: the number, what to have ready, what to say."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneInstructions:
    """The documented procedure for users who are no verified owner or administrator. `why` says why it applies."""

    why: str
    phone: str
    hours: str
    at_hand: tuple[str, ...]
    script: tuple[str, ...]
    finishers: tuple[str, ...]
    open_ticket: str = ""
    open_request_id: int | None = None


def at_hand(*, account: str, plan: str, owners: Sequence[str]) -> tuple[str, ...]:
    """The details that the cancellation team asks for."""
    owner = " or ".join(owners) or "the account's owner"
    return (
        f"the name of the account: {account}",
        *((f"the plan: {plan}",) if plan else ()),
        f"the name of a verified owner or administrator: {owner}",
        "the reason for cancelling",
        "a number where the team can call you back",
    )


def who_completes(names: Sequence[str]) -> str:
    """The sentence that names who completes a cancellation by phone: `Ruth Hollis or Ana Ruiz completes …`."""
    if not names:
        return "No owner or admin is verified yet, so the cancellation cannot be completed."
    listed = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{listed} completes the cancellation."


def script(*, caller: str, account: str, notice: str) -> tuple[str, ...]:
    """The sentences that the caller says."""
    return (
        f"“My name is {caller}, and I am calling for the account {account}.”",
        "“We want to cancel its subscription. I am not a verified owner or administrator, so I cannot do it myself.”",
        "“Please put me through to the cancellations team, and record today as the date of our request.”",
        f"“{notice}”" if notice else "“Please tell me which invoice is the last, and when the account ends.”",
        "“Please confirm this in writing, and give me the ticket number.”",
    )

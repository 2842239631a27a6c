"""What somebody hears who cannot cancel the account: whom to phone, what to have at hand, and what to say."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhoneRoute:
    """The documented way for everybody but a verified owner or administrator. `why` says why it is this person's."""

    why: str
    phone: str
    hours: str
    at_hand: tuple[str, ...]
    script: tuple[str, ...]
    finishers: tuple[str, ...]
    open_ticket: str = ""
    open_request_id: int | None = None


def at_hand(*, account: str, plan: str, owners: Sequence[str]) -> tuple[str, ...]:
    """What the cancellation team will ask for."""
    owner = " or ".join(owners) or "the account's owner"
    return (
        f"the name of the account: {account}",
        *((f"the plan: {plan}",) if plan else ()),
        f"the name of a verified owner or administrator: {owner}",
        "why the account is to end",
        "a number on which the team can call back",
    )


def script(*, caller: str, account: str, notice: str) -> tuple[str, ...]:
    """What to say, sentence by sentence."""
    return (
        f"“My name is {caller}, and I am calling for the account {account}.”",
        "“We want to cancel its subscription. I am not a verified owner or administrator, so I cannot do it myself.”",
        "“Please give me the cancellation team, and note today as the day on which we asked.”",
        f"“{notice}”" if notice else "“Please tell me which invoice will be the last, and on which day it ends.”",
        "“Please confirm in writing, and tell me the number of the ticket.”",
    )

"""What has become in Keap of the changes of a subscription or an order, as entries of its form and its text."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from subtui.domain.outbox import SENTENCES, STATE_TONES
from subtui.views.entries import Term

if TYPE_CHECKING:
    from subtui.views.keap import KeapStanding


def standing_facts(keap: "KeapStanding | None") -> Iterable[Term]:
    """The change that counts, and the payment plans that would still charge; nothing without a connection."""
    newest = keap.newest if keap else None
    if newest is not None:
        yield Term("Keap", f"{SENTENCES[newest.state]} {newest.note}".strip(), STATE_TONES[newest.state])
    for plan in keap.plans if keap else ():
        asked = " On the list of what is to be done in Keap." if plan.asked else ""
        yield Term("Still charges", f"Order {plan.order_id}: {plan.words}.{asked}", "warn")

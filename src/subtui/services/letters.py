"""Stores a letter, in the transaction that wrote the log entry it confirms."""

from subtui.services.unit_of_work import Transaction
from subtui.storage.tables import Letter
from subtui.views.letters import Wording


def keep_letter(
    tx: Transaction,
    wording: Wording,
    event_id: int,
    log_hash: str,
    *,
    contact_id: int | None = None,
    subscription_id: int | None = None,
    order_id: int | None = None,
    request_id: int | None = None,
) -> int:
    """Store the letter with its wording and the hash of its log entry; returns its number."""
    letter = Letter(
        contact_id=contact_id,
        subscription_id=subscription_id,
        order_id=order_id,
        request_id=request_id,
        event_id=event_id,
        written_at=tx.now,
        subject=wording.subject,
        body=wording.body,
        log_hash=log_hash,
    )
    tx.session.add(letter)
    tx.session.flush()
    return letter.id or 0

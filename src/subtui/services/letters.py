"""Stores a letter, in the transaction that wrote the log entry it confirms."""

from sqlalchemy import insert
from sqlmodel import col

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
    letter = insert(Letter).values(
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
    # On the connection itself: as an object of the session it would take three times as long.
    return tx.session.connection().execute(letter.returning(col(Letter.id))).scalar_one() or 0

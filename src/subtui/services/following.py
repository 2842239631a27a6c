"""Hands entries of the log to the outbox, whose code is loaded only where a database is connected to Keap."""

from collections.abc import Mapping
from typing import Any

from subtui.domain.event_types import EventType, Subject
from subtui.services.keap.standing import is_connected
from subtui.services.unit_of_work import Transaction


def follow(
    tx: Transaction,
    entry: int,
    act: EventType,
    subject: Subject,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put what an entry changed into the outbox, if the database is connected to Keap."""
    if not is_connected(tx.session):
        return
    from subtui.services.keap.outbox import note_entry  # noqa: PLC0415

    note_entry(tx, entry, act, subject, before, after, reason)

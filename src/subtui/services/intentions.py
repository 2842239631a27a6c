"""The intentions that were carried out. Each is written in the transaction of its act, with its log entry."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType
from subtui.domain.intentions import AlreadyDone, DoneBefore, Intention
from subtui.domain.people import Person


def refuse_repeated(session: Session, person: Person, intention: Intention) -> None:
    """Raise AlreadyDone if the user has carried this intention out, Refused if its key belongs to another."""
    # Few acts have a key, and none at the start: the table classes are not loaded for the others.
    from subtui.storage import tables as t  # noqa: PLC0415

    wanted = select(t.Intention, t.Event).join(t.Event).where(t.Intention.intent == intention.key)  # type: ignore[arg-type]
    found = session.execute(wanted).first()
    if found is None:
        return
    before, event = found
    if before.actor_id != person.id or before.arguments != intention.arguments:
        raise Refused(
            f"The key “{intention.key}” was already used for another request by {event.actor} "
            f"(log entry {event.id}). "
            "Nothing was changed. Use a new key."
        )
    if event.command == EventType.DROP_REFUND:
        # A lapsed approval refunded nothing: reported as done, the caller would take it for a refund.
        raise Refused(f"Not recorded: the order had changed (log entry {event.id}). Request the refund again.")
    raise AlreadyDone(DoneBefore(event.id, event.hash, event.at, event.actor, event.command, event.about))


def remember(session: Session, person: Person, intention: Intention, event_id: int) -> None:
    """Record that an intention was carried out, in the transaction of its act."""
    from subtui.storage import tables as t  # noqa: PLC0415

    row = {"intent": intention.key, "actor_id": person.id, "arguments": intention.arguments, "event_id": event_id}
    session.execute(insert(t.Intention), [row])

"""Which intentions were carried out. Each is written in the transaction of its act, beside the log entry it names."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from subtui.domain.errors import Refused
from subtui.domain.event_types import EventType
from subtui.domain.intentions import AlreadyDone, DoneBefore, Intention
from subtui.domain.people import Person


def refuse_repeated(session: Session, person: Person, intention: Intention) -> None:
    """Raises AlreadyDone when the person has carried this intention out, Refused when its key stands for another."""
    # Few acts have a key of their own, and none of a start: the classes of the tables are not made for the others.
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
        # An approval that came too late returned nothing: a caller that hears of success would take it for money.
        raise Refused(f"Not recorded: the order had changed (log entry {event.id}). Request the refund again.")
    raise AlreadyDone(DoneBefore(event.id, event.hash, event.at, event.actor, event.command, event.subject))


def remember(session: Session, person: Person, intention: Intention, event_id: int) -> None:
    """Write that an intention was carried out, in the transaction of its act."""
    from subtui.storage import tables as t  # noqa: PLC0415

    row = {"intent": intention.key, "actor_id": person.id, "arguments": intention.arguments, "event_id": event_id}
    session.execute(insert(t.Intention), [row])

"""What is done with tickets once they are there: correspondence, an outcome, taking them back."""

from dataclasses import dataclass

from subtui.domain.account_views import TicketResult
from subtui.domain.errors import Invalid, NotAllowed, Refused
from subtui.domain.event_types import EventType
from subtui.domain.people import Person
from subtui.domain.permissions import Permission
from subtui.domain.requests import Direction, Kind, Standing, outcomes_of, text_problems, ticket_number
from subtui.services import tickets
from subtui.services.ticket_creation import current, filed, say
from subtui.services.unit_of_work import Transaction, UnitOfWork, require
from subtui.storage.tables import CancellationRequest


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a ticket is decided; a refusal needs its reason in `note`."""

    standing: Standing
    note: str = ""


def correspond(
    work: UnitOfWork, person: Person | None, request_id: int, direction: Direction, text: str, *, route: str
) -> TicketResult:
    """Add what was written or said to the thread of a ticket. Raises NotAllowed, Invalid."""
    with work.transaction(person, Permission.FILE_TICKET) as tx:
        actor = tx.who
        row = tickets.load_request(tx.session, request_id)
        if direction is Direction.OUTGOING:
            require(actor, Permission.ANSWER_TICKET)
        else:
            require(actor, tickets.noting(row, actor))
        problems = text_problems(text, "text", "Enter what was said.")
        if problems:
            raise Invalid(tuple(problems))
        entry = say(tx, row, direction, text.strip())
        event_id, _ = tx.log(
            EventType.CORRESPOND,
            subject=f"request:{request_id}",
            route=route,
            before={},
            after={"direction": direction.value, "text": entry.body},
        )
        return filed(work, tx, row, "Added to the ticket (recorded, not sent).", event_id)


def decide(
    work: UnitOfWork, person: Person | None, request_id: int, outcome: Outcome, *, version: int, route: str
) -> TicketResult:
    """Give an open ticket its outcome. Raises NotAllowed, Invalid, Refused when it is not open or has changed."""
    with work.transaction(person, Permission.ANSWER_TICKET) as tx:
        row = current(tx, request_id, version)
        why = tickets.why_not_decide_it(row, tx.who)
        if why:
            raise Refused(why)
        if outcome.standing not in outcomes_of(Kind(row.kind)):
            raise Refused(f"This type of ticket can't be {outcome.standing.value}.")
        problems = text_problems(outcome.note, "text", "Explain why it is refused.")
        if problems and (outcome.standing is Standing.REFUSED or outcome.note.strip()):
            raise Invalid(tuple(problems))
        event_id = _close(tx, row, outcome, EventType.DECIDE_REQUEST, route)
        if outcome.note.strip():
            say(tx, row, Direction.OUTGOING, outcome.note.strip(), f"This ticket is {outcome.standing.value}")
        return filed(work, tx, row, f"{ticket_number(request_id)} is {outcome.standing.value}.", event_id)


def withdraw(work: UnitOfWork, person: Person | None, request_id: int, *, version: int, route: str) -> TicketResult:
    """Take a ticket back: the account's cancellation until its end date. Raises NotAllowed, Refused."""
    with work.transaction(person, Permission.FILE_TICKET) as tx:
        actor = tx.who
        row = current(tx, request_id, version)
        not_theirs = tickets.why_not_theirs(row, actor)
        if not_theirs:
            raise NotAllowed(not_theirs)
        why = tickets.why_not_withdraw_it(row, actor, tx.today, work.day)
        if why:
            raise Refused(why)
        ended = row.kind == Kind.CANCELLATION
        event_id = _close(tx, row, Outcome(Standing.WITHDRAWN), EventType.WITHDRAW_REQUEST, route)
        goes_on = " The account stays open." if ended else ""
        return filed(work, tx, row, f"{ticket_number(request_id)} is withdrawn.{goes_on}", event_id)


def _close(tx: Transaction, row: CancellationRequest, outcome: Outcome, act: EventType, route: str) -> int:
    before = {"standing": row.standing}
    row.standing, row.outcome_note = outcome.standing.value, outcome.note.strip()
    row.decided_at, row.decided_by = tx.now, tx.who.name
    row.version += 1
    event_id, _ = tx.log(
        act,
        subject=f"request:{row.id}",
        route=route,
        reason=row.outcome_note,
        before=before,
        after={"standing": row.standing},
    )
    return event_id

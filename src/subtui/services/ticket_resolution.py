"""Handlers of existing tickets: correspondence, outcome, withdrawal."""

from dataclasses import dataclass

from subtui.acts.tickets import Correspond, DecideTicket, WithdrawTicket
from subtui.domain.errors import Invalid, NotAllowed, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.domain.requests import Direction, Kind, Standing, outcomes_of, text_problems, ticket_number
from subtui.services import tickets
from subtui.services.registry import handles
from subtui.services.ticket_creation import current, filed, say
from subtui.services.unit_of_work import Transaction, require
from subtui.storage.tables import CancellationRequest
from subtui.views.account import TicketResult


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a ticket; a refusal needs its reason in `note`."""

    standing: Standing
    note: str = ""


@handles(Correspond)
def correspond(tx: Transaction, act: Correspond) -> TicketResult:
    """Handle `Correspond`."""
    actor = tx.who
    row = tickets.load_request(tx, act.request_id)
    if act.direction is Direction.OUTGOING:
        require(actor, Permission.ANSWER_TICKET)
    else:
        require(actor, tickets.noting(row, actor))
    problems = text_problems(act.text, "text", "Enter what was said.")
    if problems:
        raise Invalid(tuple(problems))
    entry = say(tx, row, act.direction, act.text.strip())
    event_id, _ = tx.log(
        EventType.CORRESPOND,
        subject=Subject(SubjectType.REQUEST, act.request_id),
        before={},
        after={"direction": act.direction.value, "text": entry.body},
    )
    return filed(tx, row, "Added to the ticket (recorded, not sent).", event_id)


@handles(DecideTicket)
def decide(tx: Transaction, act: DecideTicket) -> TicketResult:
    """Handle `DecideTicket`."""
    row = current(tx, act.request_id, act.version)
    why = tickets.why_not_decide_it(row, tx.who)
    if why:
        raise Refused(why)
    if act.standing not in outcomes_of(Kind(row.kind)):
        raise Refused(f"This type of ticket can't be {act.standing.value}.")
    problems = text_problems(act.note, "text", "Explain why it is refused.")
    if problems and (act.standing is Standing.REFUSED or act.note.strip()):
        raise Invalid(tuple(problems))
    event_id = _close(tx, row, Outcome(act.standing, act.note), EventType.DECIDE_REQUEST)
    if act.note.strip():
        say(tx, row, Direction.OUTGOING, act.note.strip(), f"This ticket is {act.standing.value}")
    return filed(tx, row, f"{ticket_number(act.request_id)} is {act.standing.value}.", event_id)


@handles(WithdrawTicket)
def withdraw(tx: Transaction, act: WithdrawTicket) -> TicketResult:
    """Handle `WithdrawTicket`."""
    actor = tx.who
    row = current(tx, act.request_id, act.version)
    not_theirs = tickets.why_not_theirs(row, actor)
    if not_theirs:
        raise NotAllowed(not_theirs)
    why = tickets.why_not_withdraw_it(row, tx)
    if why:
        raise Refused(why)
    ended = row.kind == Kind.CANCELLATION
    event_id = _close(tx, row, Outcome(Standing.WITHDRAWN), EventType.WITHDRAW_REQUEST)
    goes_on = " The account stays open." if ended else ""
    return filed(tx, row, f"{ticket_number(act.request_id)} is withdrawn.{goes_on}", event_id)


def _close(tx: Transaction, row: CancellationRequest, outcome: Outcome, event: EventType) -> int:
    before = {"standing": row.standing}
    row.standing, row.outcome_note = outcome.standing.value, outcome.note.strip()
    row.decided_at, row.decided_by = tx.now, tx.who.name
    row.version += 1
    event_id, _ = tx.log(
        event,
        subject=Subject(SubjectType.REQUEST, row.id),
        reason=row.outcome_note,
        before=before,
        after={"standing": row.standing},
    )
    return event_id

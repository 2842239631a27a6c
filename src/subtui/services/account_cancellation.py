"""How somebody ends the account: what stands, whether they may, the form as it opens for them, and the way by phone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from subtui.domain.account_views import BillingView, CancelForm, MyAccount, RequestRow
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role, why_not
from subtui.domain.phone_instructions import PhoneInstructions, at_hand, script
from subtui.domain.requests import ticket_number
from subtui.services import account, tickets
from subtui.services.account_repository import load_account, reasons_of
from subtui.storage.tables import Account

Day = Callable[[date], str]

_INVOICES = {0: "there is no further invoice", 1: "there is one more invoice"}


def _why_not(person: Person) -> str:
    """Why this person cannot ask to end the account; empty when they can."""
    return why_not(person.role, Permission.REQUEST_ACCOUNT_CANCELLATION, verified=person.verified) or ""


def _standing(session: Session, today: date) -> RequestRow | None:
    row = tickets.standing_cancellation(session)
    return tickets.row_of(row, today) if row else None


def billing(session: Session, person: Person, today: date, day: Day) -> BillingView:
    """Billing & Account for this person."""
    view = account.billing(session, today, day)
    return replace(view, standing=_standing(session, today), why_not_cancel=_why_not(person))


def my_account(session: Session, person: Person, today: date) -> MyAccount:
    """My account."""
    return MyAccount(
        account=load_account(session).name,
        person=person,
        why_not_cancel=_why_not(person),
        standing=_standing(session, today),
        tickets=tickets.filed_by(session, person.id, today),
    )


def cancel_form(session: Session, person: Person, call_id: int | None, today: date, day: Day) -> CancelForm:
    """The cancellation form as it opens, for oneself or for the caller of a ticket. Raises NotFound."""
    stored = load_account(session)
    call = tickets.record(session, call_id, person, today, day) if call_id else None
    return CancelForm(
        account=stored.name,
        person=person,
        reasons=reasons_of(stored),
        email=call.email if call else person.email,
        phone=call.phone if call else "",
        why_not=call.why_not_complete if call else _why_not(person),
        plan=account.plan_of(stored),
        standing=_standing(session, today),
        call=call,
    )


def phone_instructions(session: Session, person: Person, today: date, day: Day) -> PhoneInstructions:
    """What somebody hears who cannot cancel the account."""
    stored = load_account(session)
    named = (*account.people(session, Role.OWNER), *account.people(session, Role.ADMIN))
    verified = [who.name for who in named if who.verified]
    call = tickets.open_call(session, person.id)
    return PhoneInstructions(
        why=_why_not(person),
        phone=stored.phone,
        hours=stored.opening_hours,
        at_hand=at_hand(account=stored.name, plan=stored.plan, owners=verified[:3]),
        script=script(caller=person.name, account=stored.name, notice=_notice(session, stored, today, day)),
        finishers=tuple(verified),
        open_ticket=ticket_number(call.id or 0) if call else "",
        open_request_id=call.id if call else None,
    )


def _notice(session: Session, stored: Account, today: date, day: Day) -> str:
    """What a caller may say that they understand; empty while no plan is recorded."""
    if account.plan_of(stored) is None:
        return ""
    found = account.assessed(session, stored, today)
    last = _INVOICES.get(found.invoices, f"there are {found.invoices} more invoices")
    return f"I understand that {last}, and that the account ends on {day(found.ends_on)}."

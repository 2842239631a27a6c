"""Queries of the account cancellation: its state, the user's right to it, its form, and the phone instructions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from subtui.acts.account import GetBilling, GetMyAccount
from subtui.acts.tickets import GetCancellationForm, GetPhoneInstructions
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role, why_not
from subtui.domain.requests import ticket_number
from subtui.services import account, tickets
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.tables import Account
from subtui.views.account import BillingView, CancelForm, MyAccount, RequestRow
from subtui.views.phone_instructions import PhoneInstructions, at_hand, script

Day = Callable[[date], str]

_INVOICES = {0: "there is no further invoice", 1: "there is one more invoice"}


def _why_not(person: Person) -> str:
    """Why this user cannot request the account cancellation; empty when they can."""
    return why_not(person.role, Permission.REQUEST_ACCOUNT_CANCELLATION, verified=person.verified) or ""


def _standing(reader: Reader) -> RequestRow | None:
    row = tickets.standing_cancellation(reader.session)
    return tickets.row_of(row, reader.today) if row else None


@answers(GetBilling)
def billing(reader: Reader, _query: GetBilling) -> BillingView:
    """Handle `GetBilling`."""
    view = account.billing(reader.session, reader.today, reader.day)
    return replace(view, standing=_standing(reader), why_not_cancel=_why_not(reader.who))


@answers(GetMyAccount)
def my_account(reader: Reader, _query: GetMyAccount) -> MyAccount:
    """Handle `GetMyAccount`."""
    return MyAccount(
        account=load_account(reader.session).name,
        person=reader.who,
        why_not_cancel=_why_not(reader.who),
        standing=_standing(reader),
        tickets=tickets.filed_by(reader.session, reader.who.id, reader.today),
    )


@answers(GetCancellationForm)
def cancel_form(reader: Reader, query: GetCancellationForm) -> CancelForm:
    """Handle `GetCancellationForm`."""
    stored, person = load_account(reader.session), reader.who
    call = tickets.record(reader, query.call_id) if query.call_id else None
    return CancelForm(
        account=stored.name,
        person=person,
        reasons=reasons_of(stored),
        email=call.email if call else person.email,
        phone=call.phone if call else "",
        why_not=call.why_not_complete if call else _why_not(person),
        plan=account.plan_of(stored),
        standing=_standing(reader),
        call=call,
    )


@answers(GetPhoneInstructions)
def phone_instructions(reader: Reader, _query: GetPhoneInstructions) -> PhoneInstructions:
    """Handle `GetPhoneInstructions`."""
    session, person = reader.session, reader.who
    stored = load_account(session)
    named = (*account.people(session, Role.OWNER), *account.people(session, Role.ADMIN))
    verified = [who.name for who in named if who.verified]
    call = tickets.open_call(session, person.id)
    return PhoneInstructions(
        why=_why_not(person),
        phone=stored.phone,
        hours=stored.opening_hours,
        at_hand=at_hand(account=stored.name, plan=stored.plan, owners=verified[:3]),
        script=script(caller=person.name, account=stored.name, notice=_notice(reader, stored)),
        finishers=tuple(verified),
        open_ticket=ticket_number(call.id or 0) if call else "",
        open_request_id=call.id if call else None,
    )


def _notice(reader: Reader, stored: Account) -> str:
    """The terms that a caller can acknowledge; empty while no plan is recorded."""
    if account.plan_of(stored) is None:
        return ""
    found = account.assessed(reader.session, stored, reader.today)
    last = _INVOICES.get(found.invoices, f"there are {found.invoices} more invoices")
    return f"I understand that {last}, and that the account ends on {reader.day(found.ends_on)}."

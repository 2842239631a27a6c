"""The part of the desk that is about the account itself: billing, my account, the cancellation form and the tickets."""

from dataclasses import replace
from pathlib import Path

from subtui.domain.account import Assessment
from subtui.domain.account_settings import SettingsDraft
from subtui.domain.account_views import (
    BillingView,
    CancelForm,
    Filed,
    MyAccount,
    RequestPreview,
    RequestRecord,
    RequestRow,
    SettingsView,
)
from subtui.domain.errors import Problem
from subtui.domain.people import Person
from subtui.domain.permissions import Action, Role, why_not
from subtui.domain.phone_route import PhoneRoute, at_hand, script
from subtui.domain.plain_text import visible_lines
from subtui.domain.requests import CallDraft, CancellationDraft, Direction, QuestionDraft, Standing, ticket_number
from subtui.domain.views import Page
from subtui.services import account, filing, records, requests
from subtui.services.work import UnitOfWork, require, stored_person
from subtui.storage.files import write_new

QUEUE_LIMIT = 200
_CANCEL = Action.REQUEST_ACCOUNT_CANCELLATION


class AccountDesk:
    """What a person can do about the account. `Desk` brings the database and the person."""

    _work: UnitOfWork
    person: Person | None

    # --- reading ----------------------------------------------------------------------------------------------------

    def billing(self) -> BillingView:
        """Admin > Billing & Account. Raises NotAllowed."""
        with self._work.reading() as session:
            person = require(stored_person(session, self.person), Action.VIEW_BILLING)
            standing = requests.standing_cancellation(session)
            return replace(
                account.billing(session, self._work.today, self._work.day),
                standing=requests.row_of(standing, self._work.today) if standing else None,
                why_not_cancel=_why_not_cancel(person) or "",
            )

    def my_account(self) -> MyAccount:
        """My account: who is signed in, as they are stored now, and what that permits."""
        require(self.person, Action.VIEW)
        with self._work.reading() as session:
            person = self.person = stored_person(session, self.person)
            standing = requests.standing_cancellation(session)
            today = self._work.today
            return MyAccount(
                account=account.load_account(session).name,
                person=person,
                why_not_cancel=_why_not_cancel(person) or "",
                standing=requests.row_of(standing, today) if standing else None,
                tickets=requests.filed_by(session, person.id, today),
            )

    def cancel_form(self, call_id: int | None = None) -> CancelForm:
        """The cancellation form as it opens, for oneself or for the caller of a ticket. Raises NotFound."""
        require(self.person, Action.VIEW)
        with self._work.reading() as session:
            person = stored_person(session, self.person)
            stored = account.load_account(session)
            standing = requests.standing_cancellation(session)
            call = requests.record(session, call_id, person, self._work.today, self._work.day) if call_id else None
            return CancelForm(
                account=stored.name,
                person=person,
                reasons=account.reasons_of(stored),
                email=call.email if call else person.email,
                phone=call.phone if call else "",
                why_not=(call.why_not_complete if call else _why_not_cancel(person)) or "",
                plan=account.plan_of(stored),
                standing=requests.row_of(standing, self._work.today) if standing else None,
                call=call,
            )

    def preview_cancellation(self, draft: CancellationDraft) -> RequestPreview:
        """What saving the form would lead to, its terms, and what is in the way. Raises Refused without a plan."""
        require(self.person, Action.VIEW)
        return filing.preview(self._work, draft)

    def phone_route(self) -> PhoneRoute:
        """What somebody hears who cannot cancel the account."""
        require(self.person, Action.VIEW)
        with self._work.reading() as session:
            person = stored_person(session, self.person)
            stored = account.load_account(session)
            plan = account.plan_of(stored)
            named = (*account.people(session, Role.OWNER), *account.people(session, Role.ADMIN))
            verified = [who.name for who in named if who.verified]
            notice = ""
            if plan is not None:
                found = account.assessed(session, stored, self._work.today)
                last = {0: "no further invoice", 1: "one more invoice"}.get(
                    found.invoices, f"{found.invoices} more invoices"
                )
                notice = f"I understand that this leads to {last}, and that the account ends on "
                notice += f"{self._work.day(found.ends_on)}."
            call = requests.open_call(session, person.id)
            return PhoneRoute(
                why=_why_not_cancel(person) or "",
                phone=stored.phone,
                hours=stored.opening_hours,
                at_hand=at_hand(account=stored.name, plan=stored.plan, owners=verified[:3]),
                script=script(caller=person.name, account=stored.name, notice=notice),
                finishers=tuple(verified),
                open_ticket=ticket_number(call.id or 0) if call else "",
                open_request_id=call.id if call else None,
            )

    def requests(self, *, only_open: bool = True, limit: int = QUEUE_LIMIT) -> Page[RequestRow]:
        """The queue of tickets, by the day their answer is due."""
        require(self.person, Action.VIEW)
        with self._work.reading() as session:
            return requests.queue(session, self._work.today, only_open=only_open, limit=limit)

    def request(self, request_id: int) -> RequestRecord:
        """A ticket with its thread. Raises NotFound."""
        with self._work.reading() as session:
            person = require(stored_person(session, self.person), Action.VIEW)
            return requests.record(session, request_id, person, self._work.today, self._work.day)

    def account_settings(self) -> SettingsView:
        """The settings of the account. Raises NotAllowed."""
        with self._work.reading() as session:
            require(stored_person(session, self.person), Action.VIEW_BILLING)
            return account.settings(session)

    # --- acts -------------------------------------------------------------------------------------------------------

    def request_cancellation(
        self, draft: CancellationDraft, *, expected: Assessment | None = None, route: str = ""
    ) -> Filed:
        """Ask to end the account; see `filing.request_cancellation`."""
        return filing.request_cancellation(self._work, self.person, draft, expected=expected, route=route)

    def complete_call(
        self,
        request_id: int,
        draft: CancellationDraft,
        *,
        version: int,
        expected: Assessment | None = None,
        route: str = "",
    ) -> Filed:
        """Complete the form for somebody who phoned; see `filing.complete_call`."""
        return filing.complete_call(
            self._work, self.person, request_id, draft, version=version, expected=expected, route=route
        )

    def file_call(self, draft: CallDraft, *, route: str = "") -> Filed:
        """File a call for the cancellation team; see `filing.file_call`."""
        return filing.file_call(self._work, self.person, draft, route=route)

    def ask_question(self, draft: QuestionDraft, *, route: str = "") -> Filed:
        """Send the cancellation team a question; see `filing.ask_question`."""
        return filing.ask_question(self._work, self.person, draft, route=route)

    def correspond(self, request_id: int, direction: Direction, text: str, *, route: str = "") -> Filed:
        """Add to the thread of a ticket; see `filing.correspond`."""
        return filing.correspond(self._work, self.person, request_id, direction, text, route=route)

    def decide(self, request_id: int, standing: Standing, note: str = "", *, version: int, route: str = "") -> Filed:
        """Give a ticket its outcome; see `filing.decide`."""
        outcome = filing.Outcome(standing, note)
        return filing.decide(self._work, self.person, request_id, outcome, version=version, route=route)

    def withdraw(self, request_id: int, *, version: int, route: str = "") -> Filed:
        """Take a ticket back; see `filing.withdraw`."""
        return filing.withdraw(self._work, self.person, request_id, version=version, route=route)

    def settings_problems(self, draft: SettingsDraft) -> tuple[Problem, ...]:
        """What is wrong with the settings as they are filled in."""
        require(self.person, Action.VIEW_BILLING)
        return account.settings_problems(draft)

    def save_letter(self, letter_id: int, path: Path) -> Path:
        """Write a letter to a new file; returns where it is. Raises NotFound, FileProblem."""
        require(self.person, Action.VIEW)
        with self._work.reading() as session:
            letter = records.letter(session, letter_id)
        return write_new(path, f"{visible_lines(letter.subject)}\n\n{visible_lines(letter.body)}\n")


def _why_not_cancel(person: Person) -> str | None:
    return why_not(person.role, _CANCEL, verified=person.verified)

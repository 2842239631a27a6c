"""The part of the backend for the account itself: billing, my account, the cancellation form and tickets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subtui import services
from subtui.domain.permissions import Permission
from subtui.domain.plain_text import sanitize_lines
from subtui.services.unit_of_work import UnitOfWork, require, stored_person
from subtui.storage.files import write_new

if TYPE_CHECKING:
    from subtui.domain.account import Assessment
    from subtui.domain.account_settings import SettingsDraft
    from subtui.domain.account_views import (
        BillingView,
        CancelForm,
        MyAccount,
        RequestPreview,
        RequestRecord,
        RequestRow,
        SettingsView,
        TicketResult,
    )
    from subtui.domain.errors import Problem
    from subtui.domain.people import Person
    from subtui.domain.phone_instructions import PhoneInstructions
    from subtui.domain.requests import CallDraft, CancellationDraft, Direction, QuestionDraft, Standing
    from subtui.domain.views import Page

QUEUE_LIMIT = 200


class AccountBackend:
    """What a person can do about the account. `Backend` brings the database and the person."""

    _work: UnitOfWork
    person: Person | None

    # --- reading ----------------------------------------------------------------------------------------------------

    def billing(self) -> BillingView:
        """Admin > Billing & Account. Raises NotAllowed."""
        with self._work.read() as session:
            person = require(stored_person(session, self.person), Permission.VIEW_BILLING)
            return services.account_cancellation.billing(session, person, self._work.today, self._work.day)

    def my_account(self) -> MyAccount:
        """My account: who is signed in, as they are stored now, and where a cancellation stands."""
        with self._work.read() as session:
            person = self.person = require(stored_person(session, self.person), Permission.VIEW)
            return services.account_cancellation.my_account(session, person, self._work.today)

    def cancel_form(self, call_id: int | None = None) -> CancelForm:
        """The cancellation form as it opens, for oneself or for the caller of a ticket. Raises NotFound."""
        with self._work.read() as session:
            person = require(stored_person(session, self.person), Permission.VIEW)
            return services.account_cancellation.cancel_form(session, person, call_id, self._work.today, self._work.day)

    def preview_cancellation(self, draft: CancellationDraft) -> RequestPreview:
        """What saving the form would lead to, its terms, and what is in the way. Raises Refused without a plan."""
        require(self.person, Permission.VIEW)
        return services.ticket_creation.preview(self._work, draft)

    def phone_instructions(self) -> PhoneInstructions:
        """What somebody hears who cannot cancel the account."""
        with self._work.read() as session:
            person = require(stored_person(session, self.person), Permission.VIEW)
            return services.account_cancellation.phone_instructions(session, person, self._work.today, self._work.day)

    def requests(self, *, only_open: bool = True, limit: int = QUEUE_LIMIT) -> Page[RequestRow]:
        """The queue of tickets, by the day their answer is due."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            return services.tickets.queue(session, self._work.today, only_open=only_open, limit=limit)

    def request(self, request_id: int) -> RequestRecord:
        """A ticket with its thread. Raises NotFound."""
        with self._work.read() as session:
            person = require(stored_person(session, self.person), Permission.VIEW)
            return services.tickets.record(session, request_id, person, self._work.today, self._work.day)

    def account_settings(self) -> SettingsView:
        """The settings of the account. Raises NotAllowed."""
        with self._work.read() as session:
            require(stored_person(session, self.person), Permission.VIEW_BILLING)
            return services.account.settings(session)

    # --- acts -------------------------------------------------------------------------------------------------------

    def request_cancellation(
        self, draft: CancellationDraft, *, expected: Assessment | None = None, route: str = ""
    ) -> TicketResult:
        """Ask to end the account; see `filing.request_cancellation`."""
        return services.ticket_creation.request_cancellation(
            self._work, self.person, draft, expected=expected, route=route
        )

    def complete_call(
        self,
        request_id: int,
        draft: CancellationDraft,
        *,
        version: int,
        expected: Assessment | None = None,
        route: str = "",
    ) -> TicketResult:
        """Complete the form for somebody who phoned; see `filing.complete_call`."""
        return services.ticket_creation.complete_call(
            self._work, self.person, request_id, draft, version=version, expected=expected, route=route
        )

    def file_call(self, draft: CallDraft, *, route: str = "") -> TicketResult:
        """File a call for the cancellation team; see `filing.file_call`."""
        return services.ticket_creation.file_call(self._work, self.person, draft, route=route)

    def ask_question(self, draft: QuestionDraft, *, route: str = "") -> TicketResult:
        """Send the cancellation team a question; see `filing.ask_question`."""
        return services.ticket_creation.ask_question(self._work, self.person, draft, route=route)

    def correspond(self, request_id: int, direction: Direction, text: str, *, route: str = "") -> TicketResult:
        """Add to the thread of a ticket; see `answering.correspond`."""
        return services.ticket_resolution.correspond(self._work, self.person, request_id, direction, text, route=route)

    def decide(
        self, request_id: int, standing: Standing, note: str = "", *, version: int, route: str = ""
    ) -> TicketResult:
        """Give a ticket its outcome; see `answering.decide`."""
        outcome = services.ticket_resolution.Outcome(standing, note)
        return services.ticket_resolution.decide(
            self._work, self.person, request_id, outcome, version=version, route=route
        )

    def withdraw(self, request_id: int, *, version: int, route: str = "") -> TicketResult:
        """Take a ticket back; see `answering.withdraw`."""
        return services.ticket_resolution.withdraw(self._work, self.person, request_id, version=version, route=route)

    def settings_problems(self, draft: SettingsDraft) -> tuple[Problem, ...]:
        """What is wrong with the settings as they are filled in."""
        require(self.person, Permission.VIEW_BILLING)
        return services.account.settings_problems(draft)

    def save_letter(self, letter_id: int, path: Path) -> Path:
        """Write a letter to a new file; returns where it is. Raises NotFound, FileProblem."""
        require(self.person, Permission.VIEW)
        with self._work.read() as session:
            letter = services.audit.letter(session, letter_id)
        return write_new(path, f"{sanitize_lines(letter.subject)}\n\n{sanitize_lines(letter.body)}\n")

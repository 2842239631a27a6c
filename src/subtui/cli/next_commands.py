"""The commands that go on from a record: what keys and buttons are on its screen."""

import shlex
from collections.abc import Iterable

from subtui.domain.users import UserAct
from subtui.views.account import BillingView, MyAccount, RequestRecord
from subtui.views.customers import SubscriptionRecord
from subtui.views.entries import Entry, Heading, Term, lines
from subtui.views.orders import OrderRecord
from subtui.views.phone_instructions import PhoneInstructions
from subtui.views.users import UserRecord

DECIDE = "subtui refunds approve ID, or subtui refunds decline ID --note WHY"


def commands_section(commands: Iterable[Term]) -> Iterable[Entry]:
    """The commands below their heading; nothing if there are none."""
    known = [command for command in commands if command.text]
    return [Heading("Commands"), *known] if known else []


def letter_command(letter_id: int | None) -> Term:
    """The command that prints a letter."""
    return Term("Letter", f"subtui show /letters/{letter_id}" if letter_id else "")


def order_commands(view: OrderRecord) -> Iterable[Term]:
    """Refund it, correct a refund of today, decide on one that waits."""
    rows = ", or ".join(f"--row {row.id}" for row in view.rows if not row.why_not_correct)
    yield Term("Refund", view.why_not_refund or f"subtui refund {view.id} --reason CODE")
    yield Term("Reverse", f"subtui order correct {view.id} {rows} (today only)" if rows else "")
    yield Term("Decide", DECIDE if view.waiting else "")
    yield letter_command(view.letter_id)


def subscription_commands(view: SubscriptionRecord) -> Iterable[Term]:
    """Undo its last change, resume it, print its letter."""
    yield Term("Undo", f"subtui undo {view.id}" if view.can_undo else "")
    yield Term("Resume", f"subtui resume {view.id}" if view.terms.pause else "")
    yield letter_command(view.letter_id)


def cancellation_commands(view: BillingView | MyAccount) -> Iterable[Term]:
    """Show the cancellation in force, request one, or find out how to phone."""
    if view.standing is not None:
        yield Term("Ticket", f"subtui show /requests/{view.standing.id}")
    elif view.why_not_cancel:
        yield Term("By phone", "subtui show /account/phone")
    else:
        yield Term("Cancel", "subtui account cancel --help")


def phone_commands(view: PhoneInstructions) -> Iterable[Term]:
    """Log the call, or show its ticket."""
    if view.open_request_id is not None:
        yield Term("Your ticket", f"subtui show /requests/{view.open_request_id}")
    else:
        yield Term("Log your call", "subtui account call --phone NUMBER")


def user_commands(view: UserRecord) -> Iterable[Term]:
    """The acts on the user, each with its command or why it cannot be done."""
    email = shlex.quote(view.user.email)
    if view.own:
        yield Term("Password", "subtui user password")
        return
    reason = ' --reason "WHY"'
    for act, label, more in (
        (UserAct.CHANGE_ROLE, "Role", " ROLE"),
        (UserAct.RESET_PASSWORD, "New code", ""),
        (UserAct.END_SESSIONS, "End sessions", ""),
        (UserAct.DEACTIVATE, "Deactivate", reason),
        (UserAct.REACTIVATE, "Reactivate", reason),
    ):
        if act not in view.why_not:
            yield Term(label, f"subtui user {act} {email}{more}")


def ticket_commands(view: RequestRecord) -> Iterable[Term]:
    """Withdraw it, print its letters."""
    yield Term("Withdraw", view.why_not_withdraw or f"subtui account withdraw {view.ticket}")
    letters = [f"subtui show /letters/{entry.letter_id}" for entry in view.thread if entry.letter_id is not None]
    yield from lines("Letter", letters)

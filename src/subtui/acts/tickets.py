"""Acts and queries about the tickets of the cancellations team, and the account's own cancellation."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.account import Assessment
from subtui.domain.permissions import Permission
from subtui.domain.requests import CallDraft, CancellationDraft, Direction, QuestionDraft, Standing
from subtui.views.account import CancelForm, RequestPreview, RequestRecord, RequestRow, TicketResult
from subtui.views.customers import Page
from subtui.views.phone_instructions import PhoneInstructions

QUEUE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class RequestCancellation(Act[TicketResult]):
    """Request the cancellation of the account, with a ticket and a letter. A request in force is the answer instead.

    `expected` is the result that the form showed. Raises Invalid with the fields, Reassessed when the result has
    changed since, Refused while no plan is recorded.
    """

    permission: ClassVar = Permission.REQUEST_ACCOUNT_CANCELLATION
    draft: CancellationDraft
    _: KW_ONLY
    expected: Assessment | None = None


@dataclass(frozen=True, slots=True)
class CompleteCall(Act[TicketResult]):
    """Complete the cancellation for a caller: the call becomes the request, and the log keeps both.

    Raises as `RequestCancellation`, and Refused when the ticket has changed or is not an open call.
    """

    permission: ClassVar = Permission.COMPLETE_ACCOUNT_CANCELLATION
    request_id: int
    draft: CancellationDraft
    _: KW_ONLY
    version: int
    expected: Assessment | None = None


@dataclass(frozen=True, slots=True)
class FileCall(Act[TicketResult]):
    """File a phone call for the cancellations team; the user's open call is the answer instead. Raises Invalid."""

    permission: ClassVar = Permission.FILE_TICKET
    draft: CallDraft


@dataclass(frozen=True, slots=True)
class AskQuestion(Act[TicketResult]):
    """Ask the cancellations team about a refund or a cancellation. Raises Invalid."""

    permission: ClassVar = Permission.FILE_TICKET
    draft: QuestionDraft


@dataclass(frozen=True, slots=True)
class Correspond(Act[TicketResult]):
    """Add a message, sent or received, to the thread of a ticket. Raises NotAllowed, Invalid."""

    permission: ClassVar = Permission.FILE_TICKET
    request_id: int
    direction: Direction
    text: str


@dataclass(frozen=True, slots=True)
class DecideTicket(Act[TicketResult]):
    """Give an open ticket its outcome; a refusal needs its reason in `note`. Raises Invalid, Refused."""

    permission: ClassVar = Permission.ANSWER_TICKET
    request_id: int
    standing: Standing
    note: str = ""
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class WithdrawTicket(Act[TicketResult]):
    """Withdraw a ticket; the account's cancellation until its end date. Raises NotAllowed, Refused."""

    permission: ClassVar = Permission.FILE_TICKET
    request_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class ListTickets(Query[Page[RequestRow]]):
    """The queue of tickets, by the day their answer is due."""

    _: KW_ONLY
    only_open: bool = True
    limit: int = QUEUE_LIMIT


@dataclass(frozen=True, slots=True)
class GetTicket(Query[RequestRecord]):
    """A ticket with its thread. Raises NotFound."""

    request_id: int


@dataclass(frozen=True, slots=True)
class GetCancellationForm(Query[CancelForm]):
    """The cancellation form as it opens, for the user or for the caller of a ticket. Raises NotFound."""

    call_id: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewCancellation(Query[RequestPreview]):
    """The result of saving the form, its terms, and its problems. Raises Refused without a plan."""

    draft: CancellationDraft


@dataclass(frozen=True, slots=True)
class GetPhoneInstructions(Query[PhoneInstructions]):
    """The instructions for a user who cannot cancel the account: the number, what to have ready and to say."""

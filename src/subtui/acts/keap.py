"""Acts and queries about the connection to Keap.

An act that calls Keap is given `open_calls`, which opens the line to it: the key is never part of an act.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.acts.data import Stop, Tell, never
from subtui.domain.outbox import SendState
from subtui.domain.permissions import Permission
from subtui.keap_api.calls import Caller
from subtui.views.keap import (
    Choice,
    Finding,
    KeapStanding,
    KeapStatus,
    OutboxEntry,
    OutboxRow,
    PullReport,
    PushReport,
    Remark,
)

OpenCalls = Callable[[str, Stop], AbstractContextManager[Caller]]
"""Opens the line to a base URL; what is asked to stop gives up its waits."""


@dataclass(frozen=True, slots=True)
class ConnectKeap(Act[KeapStatus]):
    """Bind the database to the Keap account that the key opens. Nothing is sent there until that is allowed.

    Raises Refused for another account than the one bound before, WrongInput for an address, and CallFailed.
    """

    permission: ClassVar = Permission.CONNECT_KEAP
    spans_transactions: ClassVar = True
    base_url: str
    open_calls: OpenCalls


@dataclass(frozen=True, slots=True)
class DisconnectKeap(Act[KeapStatus]):
    """End the connection: nothing is read or sent any more. The account stays bound. Raises Refused."""

    permission: ClassVar = Permission.CONNECT_KEAP


@dataclass(frozen=True, slots=True)
class AllowKeapWriting(Act[KeapStatus]):
    """Allow or forbid sending to Keap; `by_itself`: each change is sent as soon as it is saved. Raises Refused."""

    permission: ClassVar = Permission.CONNECT_KEAP
    allowed: bool
    _: KW_ONLY
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class CheckKeap(Act[tuple[Finding, ...]]):
    """Find out what this account's Keap can do, by calls that only read; with `write_id` on that subscription too.

    Writing changes its reason and its end date, and puts both back. Raises Refused, CallFailed.
    """

    permission: ClassVar = Permission.CHECK_KEAP
    spans_transactions: ClassVar = True
    repeatable: ClassVar = True
    open_calls: OpenCalls
    _: KW_ONLY
    write_id: str = ""
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class PullFromKeap(Act[PullReport]):
    """Read what has changed in Keap; `whole`: all of it. What is stopped goes on there the next time.

    Raises Refused without a connection, for another account, or while another user reads; CallFailed.
    """

    permission: ClassVar = Permission.SYNC_KEAP
    spans_transactions: ClassVar = True
    repeatable: ClassVar = True
    open_calls: OpenCalls
    _: KW_ONLY
    whole: bool = False
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class PushToKeap(Act[PushReport]):
    """Send the waiting changes, each checked before and after; with `subscription_id` only those of one.

    Raises Refused without a connection or a permission to write, CallFailed where no call is of use.
    """

    permission: ClassVar = Permission.SYNC_KEAP
    spans_transactions: ClassVar = True
    repeatable: ClassVar = True
    open_calls: OpenCalls
    _: KW_ONLY
    subscription_id: int | None = None
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class DecideConflict(Act[OutboxEntry]):
    """Decide about a change that Keap has otherwise, or that it does not take. Raises Refused, NotFound."""

    permission: ClassVar = Permission.SYNC_KEAP
    outbox_id: int
    choice: Choice
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class TickOff(Act[OutboxEntry]):
    """Note that what has to be done by hand in Keap has been done there. Raises Refused, NotFound."""

    permission: ClassVar = Permission.SYNC_KEAP
    outbox_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class StopPlans(Act[str]):
    """List the payment plans that would still charge for a subscription, to be stopped in Keap. Raises Refused."""

    permission: ClassVar = Permission.SYNC_KEAP
    subscription_id: int


@dataclass(frozen=True, slots=True)
class GetKeapStatus(Query[KeapStatus]):
    """The state of the connection."""


@dataclass(frozen=True, slots=True)
class ListFindings(Query[tuple[Finding, ...]]):
    """What the last check has found out."""


@dataclass(frozen=True, slots=True)
class ListOutbox(Query[tuple[OutboxRow, ...]]):
    """Changes that Keap is to follow, newest first, at most `limit`. No states: the open ones."""

    states: tuple[SendState, ...] = ()
    _: KW_ONLY
    limit: int = 500


@dataclass(frozen=True, slots=True)
class GetOutboxEntry(Query[OutboxEntry]):
    """One of them. Raises NotFound."""

    outbox_id: int


@dataclass(frozen=True, slots=True)
class GetKeapStanding(Query[KeapStanding]):
    """What has become of the changes of a subscription, or of an order."""

    subscription_id: int | None = None
    _: KW_ONLY
    order_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListRemarks(Query[tuple[Remark, ...]]):
    """The rows of Keap's that were not taken, or that it has no longer; at most `limit`."""

    _: KW_ONLY
    limit: int = 500

"""The types of the log's entries, and their words in a list."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from subtui.domain.contact_fields import CONTACT_LABELS
from subtui.domain.contact_merges import MERGE_LABELS
from subtui.domain.subscription_fields import SUBSCRIPTION_LABELS


class SubjectType(StrEnum):
    """The kinds of record that the log has entries about."""

    ACCOUNT = "account"
    CONTACT = "contact"
    BATCH = "batch"
    EXPORT = "export"
    IMPORT = "import"
    KEAP = "keap"
    ORDER = "order"
    REQUEST = "request"
    SIGN_IN = "sign_in"
    SUBSCRIPTION = "subscription"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a log entry is about: the type of a record, and its id if there is more than one. As text `order:1881`."""

    type: SubjectType
    id: int | None = None

    def __str__(self) -> str:
        return self.type if self.id is None else f"{self.type}:{self.id}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The subject in a text such as `order:1881`. Raises ValueError."""
        kind, colon, number = text.partition(":")
        return cls(SubjectType(kind), int(number) if colon else None)


class EventType(StrEnum):
    """The command column of the log."""

    SAVE_SUBSCRIPTION = "subscription.save"
    UNDO = "subscription.undo"
    ROLL = "subscription.roll"
    PAUSE = "subscription.pause"
    RESUME = "subscription.resume"
    ADD_USER = "user.add"
    VERIFY_USER = "user.verify"
    INVITE_USER = "user.invite"
    CHOOSE_PASSWORD = "user.choose_password"  # noqa: S105  (the name of a command)
    CHANGE_PASSWORD = "user.change_password"  # noqa: S105
    RESET_PASSWORD = "user.reset_password"  # noqa: S105
    DEACTIVATE_USER = "user.deactivate"
    REACTIVATE_USER = "user.reactivate"
    CHANGE_ROLE = "user.role"
    END_SESSIONS = "user.end_sessions"
    SAVE_SETTINGS = "account.settings"
    REQUEST_CANCELLATION = "account.cancel"
    COMPLETE_CALL = "account.complete"
    WITHDRAW_REQUEST = "request.withdraw"
    DECIDE_REQUEST = "request.decide"
    FILE_CALL = "request.call"
    ASK_QUESTION = "request.question"
    CORRESPOND = "request.correspond"
    REFUND = "order.refund"
    CORRECT_REFUND = "order.correct"
    ADD_MONEY = "order.money"
    SET_REFERENCE = "order.reference"
    ASK_APPROVAL = "refund.ask"
    APPROVE_REFUND = "refund.approve"
    DECLINE_REFUND = "refund.decline"
    DROP_REFUND = "refund.drop"
    NOTE_REFUND = "refund.to_do"
    ADD_NOTE = "note.add"
    UNDO_NOTE = "note.undo"
    SAVE_CONTACT = "contact.save"
    UNDO_CONTACT = "contact.undo"
    MERGE_CONTACTS = "contact.merge"
    UNMERGE_CONTACT = "contact.unmerge"
    BATCH_BEGIN = "batch.begin"
    BATCH_ASK = "batch.ask"
    BATCH_APPROVE = "batch.approve"
    BATCH_DECLINE = "batch.decline"
    BATCH_STOP = "batch.stop"
    BATCH_DROP = "batch.drop"
    BATCH_END = "batch.end"
    BATCH_UNDO = "batch.undo"
    IMPORT = "data.import"
    IMPORT_ROW = "data.import_row"
    EXPORT = "data.export"
    SIGN_IN_LOCKED = "sign_in.locked"
    MARK_DRILL = "account.drill"
    CONNECT_KEAP = "keap.connect"
    DISCONNECT_KEAP = "keap.disconnect"
    KEAP_WRITING = "keap.writing"
    KEAP_PULL = "keap.pull"
    KEAP_SENT = "keap.sent"
    KEAP_CONFLICT = "keap.conflict"
    KEAP_TAKEN = "keap.taken"
    KEAP_KEPT = "keap.kept"
    KEAP_LEFT = "keap.left"
    KEAP_BY_HAND = "keap.by_hand"
    KEAP_PLANS = "keap.plans"
    KEAP_TRIED = "keap.tried"


NOTE_EVENTS = (EventType.ADD_NOTE.value, EventType.UNDO_NOTE.value)
"""The entries about a record that are no change of it."""

FOLLOWED_BY_KEAP = frozenset(
    (
        *(EventType.SAVE_SUBSCRIPTION, EventType.UNDO, EventType.ROLL, EventType.PAUSE, EventType.RESUME),
        *(EventType.REFUND, EventType.APPROVE_REFUND, EventType.CORRECT_REFUND, EventType.ADD_MONEY),
    )
)
"""The changes that a connected Keap is to have too."""

_FIELDS = (
    SUBSCRIPTION_LABELS
    | CONTACT_LABELS
    | MERGE_LABELS
    | {"ends_on": "Account ends", "fee_minor": "Fee", "verified": "Verified"}
)
_TITLES = {
    EventType.UNDO: "Cancellation undone",
    EventType.ROLL: "Turned Inactive on its end date",
    EventType.PAUSE: "Subscription paused",
    EventType.RESUME: "Subscription resumed",
    EventType.ADD_USER: "User added",
    EventType.VERIFY_USER: "User verification changed",
    EventType.INVITE_USER: "User invited",
    EventType.CHOOSE_PASSWORD: "Password chosen with a code",
    EventType.CHANGE_PASSWORD: "Password changed",
    EventType.RESET_PASSWORD: "Password reset",
    EventType.DEACTIVATE_USER: "User deactivated",
    EventType.REACTIVATE_USER: "User reactivated",
    EventType.CHANGE_ROLE: "Role changed",
    EventType.END_SESSIONS: "Sessions ended",
    EventType.SIGN_IN_LOCKED: "Sign-in temporarily blocked",
    EventType.SAVE_SETTINGS: "Account settings changed",
    EventType.REQUEST_CANCELLATION: "Account cancellation requested",
    EventType.COMPLETE_CALL: "Account cancellation completed for a caller",
    EventType.WITHDRAW_REQUEST: "Request withdrawn",
    EventType.DECIDE_REQUEST: "Request decided",
    EventType.FILE_CALL: "Call logged for the cancellations team",
    EventType.ASK_QUESTION: "Question asked",
    EventType.CORRESPOND: "Correspondence added",
    EventType.REFUND: "Refund recorded",
    EventType.CORRECT_REFUND: "Refund reversed",
    EventType.ADD_MONEY: "Payment or credit added",
    EventType.SET_REFERENCE: "Gateway reference recorded",
    EventType.ASK_APPROVAL: "Refund approval requested",
    EventType.APPROVE_REFUND: "Refund approved",
    EventType.DECLINE_REFUND: "Refund declined",
    EventType.DROP_REFUND: "Refund dropped (order changed)",
    EventType.ADD_NOTE: "Note added",
    EventType.UNDO_NOTE: "Note taken back",
    EventType.SAVE_CONTACT: "Contact corrected",
    EventType.UNDO_CONTACT: "Contact correction undone",
    EventType.MERGE_CONTACTS: "Contacts merged",
    EventType.UNMERGE_CONTACT: "Merge of contacts undone",
    EventType.BATCH_BEGIN: "Batch begun",
    EventType.BATCH_ASK: "Batch approval requested",
    EventType.BATCH_APPROVE: "Batch approved",
    EventType.BATCH_DECLINE: "Batch declined",
    EventType.BATCH_STOP: "Batch stopped",
    EventType.BATCH_DROP: "Batch dropped",
    EventType.BATCH_END: "Batch done",
    EventType.BATCH_UNDO: "Batch undone",
    EventType.IMPORT: "Data imported",
    EventType.IMPORT_ROW: "Changed by an import",
    EventType.EXPORT: "Data exported",
    EventType.MARK_DRILL: "Marked as a drill",
    EventType.NOTE_REFUND: "Refund noted as pending",
    EventType.CONNECT_KEAP: "Connected to Keap",
    EventType.DISCONNECT_KEAP: "Connection to Keap ended",
    EventType.KEAP_WRITING: "Sending to Keap changed",
    EventType.KEAP_PULL: "Read from Keap",
    EventType.KEAP_SENT: "Sent to Keap and verified there",
    EventType.KEAP_CONFLICT: "Changed in Keap too",
    EventType.KEAP_TAKEN: "Keap's values taken",
    EventType.KEAP_KEPT: "Our values kept, to be sent to Keap",
    EventType.KEAP_LEFT: "Left different from Keap",
    EventType.KEAP_BY_HAND: "Done by hand in Keap",
    EventType.KEAP_PLANS: "Payment plans to be stopped in Keap",
    EventType.KEAP_TRIED: "Tried on a subscription in Keap",
}


def field_words(name: str) -> str:
    """The label of a logged field on the screens."""
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def title_of(command: str, before: dict[str, object], after: dict[str, object]) -> str:
    """The event of a log entry, in a few words."""
    if command == EventType.UNDO and before.get("paused_from") != after.get("paused_from"):
        return "Pause undone" if before.get("paused_from") else "Resumption undone"
    if command in _TITLES:
        return _TITLES[EventType(command)]
    if after.get("status") == "Inactive" and before.get("status") == "Active":
        return "Subscription set Inactive"
    if after.get("end_date") != before.get("end_date"):
        return "End date set" if after.get("end_date") else "End date removed"
    return "Subscription changed"

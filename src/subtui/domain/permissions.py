"""The table of permissions by role, read by the services that check them and the screens that dim a key."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of users, from the one with all permissions downwards."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"
    VIEWER = "viewer"


class Permission(StrEnum):
    """The permissions that a role can have or lack."""

    VIEW = "view"
    VIEW_LOG = "view_log"
    VIEW_REPORTS = "view_reports"
    FILE_TICKET = "file_ticket"
    CHANGE_SUBSCRIPTION = "change_subscription"
    CANCEL_SUBSCRIPTION = "cancel_subscription"
    UNDO = "undo"
    WRITE_LETTER = "write_letter"
    ADD_NOTE = "add_note"
    CHANGE_CONTACT = "change_contact"
    REFUND = "refund"
    RECORD_PAYMENT = "record_payment"
    EXPORT_DATA = "export_data"
    SHARE_VIEW = "share_view"
    VIEW_BILLING = "view_billing"
    APPROVE_REFUND = "approve_refund"
    APPROVE_BATCH = "approve_batch"
    ANSWER_TICKET = "answer_ticket"
    IMPORT_DATA = "import_data"
    MERGE_CONTACTS = "merge_contacts"
    MANAGE_USERS = "manage_users"
    REQUEST_ACCOUNT_CANCELLATION = "request_account_cancellation"
    COMPLETE_ACCOUNT_CANCELLATION = "complete_account_cancellation"
    WITHDRAW_ACCOUNT_CANCELLATION = "withdraw_account_cancellation"
    CHANGE_SETTINGS = "change_settings"
    SYNC_KEAP = "sync_keap"
    CHECK_KEAP = "check_keap"
    CONNECT_KEAP = "connect_keap"


@dataclass(frozen=True, slots=True)
class _Rule:
    lowest: Role
    words: str
    needs_verified: bool = False


_RULES = {
    Permission.VIEW: _Rule(Role.VIEWER, "view customers"),
    Permission.VIEW_LOG: _Rule(Role.VIEWER, "view the log"),
    Permission.VIEW_REPORTS: _Rule(Role.VIEWER, "view reports"),
    Permission.FILE_TICKET: _Rule(Role.VIEWER, "file a ticket"),
    Permission.CHANGE_SUBSCRIPTION: _Rule(Role.AGENT, "change a subscription"),
    Permission.CANCEL_SUBSCRIPTION: _Rule(Role.AGENT, "cancel a subscription"),
    Permission.UNDO: _Rule(Role.AGENT, "undo a change"),
    Permission.WRITE_LETTER: _Rule(Role.AGENT, "write a letter"),
    Permission.ADD_NOTE: _Rule(Role.AGENT, "add a note"),
    Permission.CHANGE_CONTACT: _Rule(Role.AGENT, "change a contact"),
    Permission.REFUND: _Rule(Role.AGENT, "refund an order"),
    Permission.RECORD_PAYMENT: _Rule(Role.AGENT, "record a payment"),
    Permission.EXPORT_DATA: _Rule(Role.AGENT, "export data"),
    Permission.SHARE_VIEW: _Rule(Role.AGENT, "share a view with the team"),
    Permission.VIEW_BILLING: _Rule(Role.ADMIN, "open the account billing"),
    Permission.APPROVE_REFUND: _Rule(Role.ADMIN, "approve a refund"),
    Permission.APPROVE_BATCH: _Rule(Role.ADMIN, "approve a batch of changes"),
    Permission.ANSWER_TICKET: _Rule(Role.ADMIN, "answer a ticket"),
    Permission.IMPORT_DATA: _Rule(Role.ADMIN, "import data"),
    # It moves money and subscriptions from one customer to another.
    Permission.MERGE_CONTACTS: _Rule(Role.ADMIN, "merge contacts"),
    Permission.MANAGE_USERS: _Rule(Role.ADMIN, "manage users"),
    # The documented procedure takes this from a verified owner or administrator only.
    Permission.REQUEST_ACCOUNT_CANCELLATION: _Rule(Role.ADMIN, "cancel the account", True),
    Permission.COMPLETE_ACCOUNT_CANCELLATION: _Rule(Role.ADMIN, "complete the account cancellation", True),
    Permission.WITHDRAW_ACCOUNT_CANCELLATION: _Rule(Role.ADMIN, "withdraw the account cancellation", True),
    Permission.CHANGE_SETTINGS: _Rule(Role.OWNER, "change the account settings"),
    Permission.SYNC_KEAP: _Rule(Role.AGENT, "read from Keap or send to it"),
    Permission.CHECK_KEAP: _Rule(Role.ADMIN, "check what Keap's interface can do"),
    Permission.CONNECT_KEAP: _Rule(Role.OWNER, "connect Keap"),
}
_RANK = {role: rank for rank, role in enumerate(reversed(Role))}
_NAMES = {Role.OWNER: "the owner", Role.ADMIN: "an admin", Role.AGENT: "an agent", Role.VIEWER: "a viewer"}
_WHOM_TO_ASK = {
    Role.OWNER: "the owner",
    Role.ADMIN: "an admin or the owner",
    Role.AGENT: "an agent, an admin or the owner",
    Role.VIEWER: "any user",
}

ROLE_WORDS = {
    Role.OWNER: "full access",
    Role.ADMIN: "also account billing",
    Role.AGENT: "cancellations and refunds",
    Role.VIEWER: "view only",
}
"""The purpose of each role, in a few words."""


def allowed(role: Role, action: Permission, *, verified: bool = True) -> bool:
    """Whether a user of this role has the permission; `verified`: the account has verified the user's identity.

    Only the three permissions of the account cancellation need a verified user.
    """
    rule = _RULES[action]
    return _RANK[role] >= _RANK[rule.lowest] and (verified or not rule.needs_verified)


def why_not(role: Role, action: Permission, *, verified: bool = True) -> str | None:
    """Why a user lacks the permission, in one sentence that also names who has it; None if they have it."""
    rule = _RULES[action]
    if _RANK[role] < _RANK[rule.lowest]:
        name = _NAMES[role]
        return f"{name[0].upper()}{name[1:]} cannot {rule.words}: ask {_WHOM_TO_ASK[rule.lowest]}."
    if rule.needs_verified and not verified:
        return f"Only a verified owner or admin can {rule.words}, and you are not verified yet."
    return None

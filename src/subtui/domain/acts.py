"""The names of the acts that the log records, and how each reads in a list."""

from enum import StrEnum


class Act(StrEnum):
    """The command column of the log."""

    SAVE_SUBSCRIPTION = "subscription.save"
    UNDO = "subscription.undo"
    ROLL = "subscription.roll"
    ADD_USER = "user.add"
    VERIFY_USER = "user.verify"
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
    IMPORT = "data.import"
    IMPORT_ROW = "data.import_row"
    EXPORT = "data.export"
    SIGN_IN_LOCKED = "sign_in.locked"
    MARK_DRILL = "account.drill"


_FIELDS = {
    "status": "Status",
    "auto_charge": "Auto Charge",
    "next_bill_date": "Next Bill",
    "end_date": "End Date",
    "reason_code": "Reason",
    "reason_note": "Note",
    "requested_on": "Requested",
    "charging_stops_on": "Charging stops",
    "recorded_at": "Recorded",
    "recorded_by": "Recorded by",
    "quantity": "QTY",
    "price": "Price",
    "credit_card_id": "Card",
    "contact_id": "Contact",
    "plan_id": "Plan",
    "start_date": "Start Date",
    "anchor": "First Bill Date",
    "ends_on": "Account ends",
    "fee_minor": "Fee",
    "verified": "Verified",
}
_TITLES = {
    Act.UNDO: "Cancellation undone",
    Act.ROLL: "Turned Inactive on its end date",
    Act.ADD_USER: "User added",
    Act.VERIFY_USER: "User verification changed",
    Act.SIGN_IN_LOCKED: "Sign-in temporarily blocked",
    Act.SAVE_SETTINGS: "Account settings changed",
    Act.REQUEST_CANCELLATION: "Account cancellation requested",
    Act.COMPLETE_CALL: "Account cancellation completed for a caller",
    Act.WITHDRAW_REQUEST: "Request withdrawn",
    Act.DECIDE_REQUEST: "Request decided",
    Act.FILE_CALL: "Call logged for the cancellations team",
    Act.ASK_QUESTION: "Question asked",
    Act.CORRESPOND: "Correspondence added",
    Act.REFUND: "Refund recorded",
    Act.CORRECT_REFUND: "Refund reversed",
    Act.ADD_MONEY: "Payment or credit added",
    Act.SET_REFERENCE: "Gateway reference recorded",
    Act.ASK_APPROVAL: "Refund approval requested",
    Act.APPROVE_REFUND: "Refund approved",
    Act.DECLINE_REFUND: "Refund declined",
    Act.DROP_REFUND: "Refund dropped (order changed)",
    Act.IMPORT: "Data imported",
    Act.IMPORT_ROW: "Changed by an import",
    Act.EXPORT: "Data exported",
    Act.MARK_DRILL: "Marked as a drill",
    Act.NOTE_REFUND: "Refund noted as pending",
}


def field_words(name: str) -> str:
    """The label that a logged field has on the screens."""
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def title_of(command: str, before: dict[str, object], after: dict[str, object]) -> str:
    """What an entry of the log did, in a few words."""
    if command in _TITLES:
        return _TITLES[Act(command)]
    if after.get("status") == "Inactive" and before.get("status") == "Active":
        return "Subscription set Inactive"
    if after.get("end_date") != before.get("end_date"):
        return "End date set" if after.get("end_date") else "End date removed"
    return "Subscription changed"

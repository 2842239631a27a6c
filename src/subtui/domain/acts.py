"""The names of the acts that the log records, and how each reads in a list."""

from enum import StrEnum


class Act(StrEnum):
    """The command column of the log."""

    SAVE_SUBSCRIPTION = "subscription.save"
    UNDO = "subscription.undo"
    ROLL = "subscription.roll"
    ADD_USER = "user.add"
    SIGN_IN_LOCKED = "sign_in.locked"


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
}


def field_words(name: str) -> str:
    """The label that a logged field has on the screens."""
    return _FIELDS.get(name, name.replace("_", " ").capitalize())


def title_of(command: str, before: dict[str, object], after: dict[str, object]) -> str:
    """What an entry of the log did, in a few words."""
    if command == Act.UNDO:
        return "Cancellation undone"
    if command == Act.ROLL:
        return "Turned Inactive on its end date"
    if command == Act.ADD_USER:
        return "User added"
    if command == Act.SIGN_IN_LOCKED:
        return "Sign-in blocked for a while"
    if after.get("status") == "Inactive" and before.get("status") == "Active":
        return "Subscription set Inactive"
    if after.get("end_date") != before.get("end_date"):
        return "End date set" if after.get("end_date") else "End date taken out"
    return "Subscription changed"

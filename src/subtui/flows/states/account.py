"""The states of the account cancellation and its tickets."""

from datetime import date

from subtui.flows.states.state import State

CANCEL = "/account/cancel"
READY = ("u", *("tab",) * 6, "space")
LAST_SAFE, TOO_LATE = date(2026, 3, 9), date(2026, 3, 10)

ACCOUNT = (
    State("menu", "Sign out", "/help", keys=("A",), who="owner"),
    State("account_owner", "cancel it online", "/account", who="owner"),
    State("account_agent", "by phone only", "/account"),
    State("account_unverified", "not verified yet", "/account", who="newadmin@demo.example"),
    State("billing", "7 days left", "/admin/billing", who="owner"),
    State("billing_last_day", "Last day: cancel today", "/admin/billing", who="admin", at=LAST_SAFE),
    State("billing_too_late", "Too late for the", "/admin/billing", who="admin", at=TOO_LATE),
    State("billing_asked", "requested cancellation on", CANCEL, keys=(*READY, "ctrl+s", "B"), who="owner"),
    State("billing_not_allowed", "To cancel by phone", "/admin/billing"),
    State("cancel", "The request", CANCEL, who="owner"),
    State("cancel_in_time", "In time (7 days", CANCEL, keys=READY, who="owner"),
    State("cancel_last_day", "In time (last safe", CANCEL, keys=READY, who="owner", at=LAST_SAFE),
    State("cancel_too_late", "Too late for", CANCEL, keys=READY, who="owner", at=TOO_LATE),
    State("cancel_wrong", "Not saved. Choose a reason.", CANCEL, keys=("ctrl+s",), who="owner"),
    State("phone_agent", "Have ready", CANCEL),
    State("phone_unverified", "you are not verified yet", CANCEL, who="newadmin@demo.example"),
    State("phone_wrong", "Not saved.", CANCEL, typed="12", then=("ctrl+s",)),
    State("call", "Phone call", CANCEL, typed="602 555 0199", then=("ctrl+s",)),
    State("request_open", "T-1005", CANCEL, keys=(*READY, "ctrl+s"), who="owner"),
    State("request_withdraw", "new notice period", CANCEL, keys=(*READY, "ctrl+s", "w"), who="owner"),
    State("request_withdrawn", "is withdrawn", CANCEL, keys=(*READY, "ctrl+s", "w", "y"), who="owner"),
    State("request_overdue", "overdue by 3 days", "/requests/1003", who="admin"),
    State("request_answer", "Save (^s)", "/requests/1003", keys=("r",), who="admin"),
    State("request_missing", "There is no ticket T-0099.", "/requests/99"),
    State("request_letter", "terms were acknowledged", CANCEL, keys=(*READY, "ctrl+s", "l", "end"), who="owner"),
    State("requests", "1 overdue", "/requests"),
    State("requests_all", "withdrawn", "/requests", keys=("f",)),
    State("question", "on this computer only", "/help/ticket"),
    State("question_wrong", "Not saved. Enter a subject.", "/help/ticket", keys=("ctrl+s",)),
    State("users", "1 here now", "/users", who="owner"),
    State("user", "this session", "/users/1", who="owner"),
    State("settings", "Every change is logged", "/admin/settings", who="owner"),
    State("settings_admin", "ask the owner", "/admin/settings", who="admin"),
)

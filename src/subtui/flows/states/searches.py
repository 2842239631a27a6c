"""The states of the sign-in and of the search for contacts."""

from subtui.flows.states.state import State

FINDING = (
    State("sign_in", "Demo accounts", "/sign-in", who=None),
    State(
        "sign_in_refused",
        "do not match",
        "/sign-in",
        who=None,
        keys=("shift+tab", "shift+tab", "shift+tab"),
        typed="x",
        then=("tab", "y", "enter"),
    ),
    State("dashboard", "Ending soon"),
    State("dashboard_found", "López, María", typed="lop mar"),
    State("dashboard_many", "of 62 contacts", typed="e"),
    State("dashboard_alike", "similar name", typed="lopze mar"),
    State("dashboard_nobody", "No matches", typed="zzzz"),
    State("dashboard_records", "Other records", typed="1042"),
    State("dashboard_reference", "Payment on order 1881", typed="CH-662808"),
    State("dashboard_groups", "subscriptions", typed="gold"),
    State("dashboard_operators", "of 18 subscriptions", typed="reason:unused status:inactive"),
    State("dashboard_operator_begun", "ends: takes the end date", typed="ends:"),
    State("dashboard_wrong_value", "takes a date", typed="ends:soon"),
    State("list_filtered", "1 of 2 listed", "/contacts/1007/orders", keys=("slash",), typed="monthly"),
    State("list_copy", "r row", "/contacts/1007/orders", keys=("y",)),
    State("list_columns", "space shows or hides", "/subscriptions", keys=("C",)),
    State("list_sorted", "by end date, the other way round", "/subscriptions", keys=("t", "equals_sign")),
    State("view_saving", "for the whole team", "/subscriptions?state=paused", keys=("W",)),
    State("views_none", "None yet.", "/subscriptions", keys=("V",)),
    State("dashboard_recent", "Recently opened", typed="lopez", then=("enter", "escape", "escape")),
    State("help", "Cancel a customer's", "/contacts/1007/orders", keys=("question_mark",)),
    State("palette", "Activity", "/contacts/1007", keys=("ctrl+p",)),
    State("palette_none", "No such command.", "/contacts/1007", keys=("ctrl+p",), typed="zzzz"),
)

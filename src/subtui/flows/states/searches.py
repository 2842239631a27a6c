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
    State("dashboard_recent", "Recently opened", typed="lopez", then=("enter", "escape", "escape")),
    State("help", "Cancel a customer's", "/contacts/1007/orders", keys=("question_mark",)),
    State("palette", "Activity", "/contacts/1007", keys=("ctrl+p",)),
    State("palette_none", "No such command.", "/contacts/1007", keys=("ctrl+p",), typed="zzzz"),
)

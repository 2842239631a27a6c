"""The states of a contact's record with its tabs."""

from subtui.flows.states.state import State

FORM = "/subscriptions/1042"
EDIT, MERGE = "/contacts/1007/edit", "/contacts/1007/merge"
SAVED = ("x", "t", "ctrl+s")

CONTACTS = (
    State("contact", "Blue Door Bakery", "/contacts/1007"),
    State("contact_long_name", "Orders", "/contacts/1018"),
    State("contact_bare", "nothing due", "/contacts/1064"),
    State("contact_missing", "There is no contact 99.", "/contacts/99"),
    State("orders", "Subscriptions 2 of 2", "/contacts/1007/orders"),
    State("orders_hundreds", "100 of 240", "/contacts/1022/orders"),
    State("orders_none", "no subscriptions", "/contacts/1064/orders"),
    State("orders_viewer", "Subscriptions 2 of 2", "/contacts/1007/orders", who="viewer"),
    State("note", "Note on López, María", "/contacts/1007", keys=("n",), typed="Wants an invoice by post."),
    State("note_saved", "Note added.", "/orders/1881", keys=("n",), typed="A call on Friday.", then=("ctrl+s",)),
    State("contact_edit", "What Save will do", EDIT),
    State("contact_edit_wrong", "Not saved.", EDIT, keys=("tab", "tab", "tab", "tab"), typed="@", then=("ctrl+s",)),
    State("contact_edited", "u undoes it", EDIT, typed="Luz", then=("ctrl+s",)),
    State("contact_merge", "Choose the duplicate", MERGE, typed="smith", who="admin"),
    State("contact_merge_chosen", "moved here", f"{MERGE}?with=1002", who="admin"),
    State("contact_merged", "Merged with Smith", f"{MERGE}?with=1002", keys=("ctrl+s",), who="admin"),
    State("activity_none", "No activity for this contact", "/contacts/1064/activity"),
    State("activity_all", "Charge", "/contacts/1007/activity"),
    State("activity_refunds", "Unsatisfactory", "/contacts/1007/activity?kind=refunds"),
    State("activity_note", "esc closes", "/contacts/1007/activity?kind=notes", keys=("enter",)),
    State("activity_no_match", "No letters with", "/contacts/1007/activity?kind=letters", keys=("i",), typed="moved"),
    State("activity", "Subscription set Inactive", FORM, keys=(*SAVED, "a")),
)

"""The states of subscriptions: the list, the form, its dialogs and its letter."""

from subtui.flows.states.state import State

FORM = "/subscriptions/1042"
BATCH, FILLED = "/subscriptions/batch?state=loose&action=set_reason", ("tab", "tab", "t")
SAVED = ("x", "t", "ctrl+s")

SUBSCRIPTIONS = (
    State("subscriptions", "200 of 326", "/subscriptions"),
    State("subscriptions_loose", "10 of 10", "/subscriptions", keys=("f", "f", "f", "f", "f")),
    State("subscriptions_none", "No matching subscriptions.", "/subscriptions", keys=("i",), typed="zzzz"),
    State("subscriptions_marked", "3 marked", "/subscriptions", keys=("space", "space", "space")),
    State("batch_form", "Choose a reason.", "/subscriptions", keys=("space", "space", "b")),
    State("batch_form_dry_run", "will be done", BATCH, keys=FILLED),
    State("batch_form_pause", "Refused: Only an", "/subscriptions/batch?state=loose&action=pause"),
    State("batch_confirm", "Set a reason: 9 subscriptions?", BATCH, keys=(*FILLED, "ctrl+s")),
    State("batch_done", "9 done", BATCH, keys=(*FILLED, "ctrl+s", "y")),
    State("batches", "9 done", BATCH, keys=(*FILLED, "ctrl+s", "y", "X")),
    State("batches_none", "No batches yet", "/batches"),
    State("batch_missing", "There is no batch 9.", "/batches/9"),
    State("form", "What Save will do", FORM),
    State("form_dropdown", "Inactive", FORM, keys=("enter",)),
    State("form_proposed", "Active → Inactive", FORM, keys=("x",)),
    State("form_ready", "Too expensive", FORM, keys=("x", "t")),
    State("form_scheduled", "until 20 Apr 2026", FORM, keys=("tab",), typed="20 apr", then=("tab", "u")),
    State(
        "form_wrong_date", "End date", FORM, keys=("x", "t", "shift+tab", "delete"), typed="30 feb", then=("ctrl+s",)
    ),
    State("form_no_reason", "Choose a reason.", FORM, keys=("i", "ctrl+s")),
    State("form_saved", "Saved. Monthly plan is Inactive", FORM, keys=SAVED),
    State("form_undone", "Undone. Monthly plan is Active", FORM, keys=(*SAVED, "u")),
    State("form_ended", "stays Inactive", "/subscriptions/1052"),
    State("form_loose_ends", "Auto Charge is on", "/subscriptions/1039"),
    State("form_viewer", "What Save will do", FORM, who="viewer"),
    State("form_read_only", "What Save will do", FORM, read_only=True),
    State("form_missing", "There is no subscription 9.", "/subscriptions/9"),
    State("pause", "Active → Paused", f"{FORM}/pause"),
    State("pause_dated", "not made", f"{FORM}/pause", keys=("tab",), typed="1 jun", then=("tab",)),
    State(
        "pause_wrong", "It can resume on a day after", f"{FORM}/pause", keys=("tab",), typed="today", then=("ctrl+s",)
    ),
    State("pause_inactive", "Only an active subscription", "/subscriptions/1052/pause"),
    State("pause_resume", "Paused → Active", FORM, keys=("p", "ctrl+s", "p", "r")),
    State("form_paused", "is Paused until it is resumed", FORM, keys=("p", "ctrl+s")),
    State("leave", "Leave without saving?", FORM, keys=("x", "escape")),
    State("letter", "Dear María López,", FORM, keys=(*SAVED, "l")),
    State("letter_undone", "has since been undone", FORM, keys=(*SAVED, "l", "escape", "u", "l")),
    State("letter_missing", "There is no letter 9.", "/letters/9"),
)

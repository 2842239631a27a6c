"""The commands of the connection to Keap: reading, sending, the outbox, what was left out, and the checks."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Permission


def _syncs(name: str, title: str, key: str, words: str, footer: int, *, confirms: bool = False) -> Command:
    scope = {"keap": Scope.KEAP, "outbox": Scope.OUTBOX, "change": Scope.CHANGE}[name.partition(".")[0]]
    needs = Permission.SYNC_KEAP
    return Command(name, title, (key,), words, scope, footer, needs=needs, writes=True, confirms=confirms)


KEAP: tuple[Command, ...] = (
    Command("job.stop", "Stop", ("x",), "Stop; what was read or sent until then stays.", Scope.KEAP_JOB, 9),
    _syncs("keap.pull", "Read", "r", "Read what has changed in Keap, or go on from where it stopped.", 10),
    _syncs("keap.push", "Send", "s", "Send the waiting changes to Keap, and verify each there.", 11),
    Command("keap.outbox", "Outbox", ("o",), "List the changes that Keap is to follow.", Scope.KEAP, 12),
    Command("keap.left_out", "Left out", ("l",), "List the rows not taken, or gone in Keap.", Scope.KEAP, 13),
    Command("keap.checks", "Checks", ("c",), "Show what this account's Keap can do.", Scope.KEAP, 14),
    _syncs("keap.pull_all", "Read all", "a", "Read everything in Keap again.", 15),
    _syncs("outbox.push", "Send", "s", "Send the waiting changes to Keap, and verify each there.", 11),
    Command("outbox.state", "Filter", ("f",), "Show open changes, those that need you, or all.", Scope.OUTBOX, 12),
    _syncs("change.done", "Done in Keap", "d", "Tick it off: you have done it by hand in Keap.", 10),
    _syncs("change.theirs", "Take Keap's", "t", "Take Keap's values into our record; asks first.", 11, confirms=True),
    _syncs("change.ours", "Keep ours", "o", "Keep our values and send them to Keap; asks first.", 12, confirms=True),
    _syncs("change.leave", "Leave", "l", "Leave both sides as they are; asks first.", 13, confirms=True),
    _syncs("change.push", "Send", "s", "Send what waits of this subscription, and verify it in Keap.", 10),
    Command("change.record", "Record", ("r",), "Open the subscription or order of this change.", Scope.CHANGE, 14),
    Command("change.contact", "Contact", ("c",), "Open the contact record.", Scope.CHANGE, 15),
    Command(
        "checks.run",
        "Check",
        ("r",),
        "Find out what this account's Keap can do, by calls that only read.",
        Scope.CHECKS,
        10,
        needs=Permission.CHECK_KEAP,
        writes=True,
    ),
)

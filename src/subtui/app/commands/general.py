"""The commands of every screen: going somewhere, lists, fields, help."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Action

GENERAL: tuple[Command, ...] = (
    Command("app.back", "Back", ("escape",), "Go back to where you came from.", Scope.EVERYWHERE, footer=70),
    Command("app.search", "Search", ("/",), "Go to the search field on the dashboard.", Scope.EVERYWHERE, footer=80),
    Command(
        "app.subscriptions", "All subscriptions", ("S",), "List the subscriptions of all contacts.", Scope.EVERYWHERE
    ),
    Command(
        "app.menu",
        "Account menu",
        ("A", "ctrl+o"),
        "Open the menu at the top right: my account, billing, requests, sign out.",
        Scope.EVERYWHERE,
        footer=96,
    ),
    Command(
        "app.account", "My account", ("M",), "Open My account: who you are, and what you may do.", Scope.EVERYWHERE
    ),
    Command(
        "app.billing",
        "Billing & Account",
        ("B",),
        "Open Admin > Billing & Account, with the notice clock.",
        Scope.EVERYWHERE,
        needs=Action.VIEW_BILLING,
    ),
    Command(
        "app.refunds",
        "Refunds to finish",
        ("F",),
        "List the refunds that are half done: to do, to approve, without a reference.",
        Scope.EVERYWHERE,
    ),
    Command(
        "app.reports",
        "Reports",
        ("P",),
        "Open the reports: refunds, cancellations by reason and month, ending soon, loose ends.",
        Scope.EVERYWHERE,
        needs=Action.VIEW_REPORTS,
    ),
    Command(
        "app.requests",
        "Requests",
        ("R",),
        "List the tickets of the cancellation team by the day their answer is due.",
        Scope.EVERYWHERE,
    ),
    Command("app.palette", "Commands", ("ctrl+p", ":"), "Find any command by its name.", Scope.EVERYWHERE, footer=98),
    Command("app.theme", "Theme", ("T",), "Change between dark, light and high contrast.", Scope.EVERYWHERE),
    Command(
        "app.help",
        "Keys",
        ("?",),
        "Show every key in force here, and the documented steps.",
        Scope.EVERYWHERE,
        footer=99,
    ),
    Command("app.sign_out", "Sign out", ("Q",), "Leave the desk to somebody else.", Scope.EVERYWHERE),
    Command(
        "app.quit",
        "Quit",
        ("q", "ctrl+c"),
        "Leave the program; a changed form asks first.",
        Scope.EVERYWHERE,
        footer=95,
    ),
    Command("app.next", "Next field", ("tab",), "Move to the next field or list.", Scope.EVERYWHERE, widget=True),
    Command(
        "app.previous",
        "Field before",
        ("shift+tab",),
        "Move to the field or list before.",
        Scope.EVERYWHERE,
        widget=True,
    ),
    Command("list.open", "Open", ("enter",), "Open the marked row.", Scope.LISTS, footer=10),
    Command("list.down", "Down", ("down", "j"), "Mark the next row.", Scope.LISTS),
    Command("list.up", "Up", ("up", "k"), "Mark the row before.", Scope.LISTS),
    Command("list.page_down", "Page down", ("pagedown",), "Go down a page.", Scope.LISTS),
    Command("list.page_up", "Page up", ("pageup",), "Go up a page.", Scope.LISTS),
    Command("list.top", "Top", ("home", "g"), "Go to the first row.", Scope.LISTS),
    Command("list.bottom", "Bottom", ("end", "G"), "Go to the last row.", Scope.LISTS),
    Command(
        "sign_in.submit",
        "Sign in",
        ("enter",),
        "Sign in with what is typed, or as the marked account.",
        Scope.SIGN_IN,
        footer=10,
        widget=True,
    ),
    Command("dashboard.open", "Open", ("enter",), "Open the marked contact.", Scope.DASHBOARD, footer=10, widget=True),
    Command(
        "dashboard.move",
        "Choose",
        ("up", "down"),
        "Mark another contact without leaving the search field.",
        Scope.DASHBOARD,
        footer=11,
        widget=True,
    ),
    Command(
        "help.ticket",
        "Ask a question",
        ("t",),
        "Ask about a refund or a cancellation by an online ticket.",
        Scope.HELP,
        footer=10,
    ),
    Command("help.phone", "By phone", ("p",), "Show the phone number, and what to say.", Scope.HELP, footer=11),
    Command("date.move", "A day", ("up", "down"), "Move the date by a day.", Scope.DATES, footer=30, widget=True),
    Command(
        "dropdown.open",
        "Open",
        ("enter",),
        "Open the dropdown; a letter chooses at once.",
        Scope.DROPDOWNS,
        footer=30,
        widget=True,
    ),
    Command(
        "tick.change", "Tick", ("space", "enter"), "Tick the box, or take the tick out.", Scope.TICKS, 9, widget=True
    ),
)

"""Every command of the program, once. Plain Python: the command line and the documentation read it too."""

from dataclasses import dataclass
from enum import StrEnum

from subtui.domain.permissions import Action


class Scope(StrEnum):
    """Where a command is in force."""

    EVERYWHERE = "Everywhere"
    LISTS = "In lists"
    SIGN_IN = "Sign in"
    DASHBOARD = "Dashboard"
    CONTACT = "Contact record"
    SUBSCRIPTIONS = "All subscriptions"
    SUBSCRIPTION = "Subscription form"
    LETTER = "Letter"
    DATES = "In a date"
    DROPDOWNS = "In a dropdown"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    `footer` orders it in the key bar, 0 keeps it out. `needs` is the permission it takes. `writes` is what read-only
    mode refuses. `confirms`: it asks on a screen of its own before it acts. `widget`: the key is the focused widget's
    own, listed here so that it is found, and cannot be changed.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    help: str
    scope: Scope
    footer: int = 0
    needs: Action | None = None
    writes: bool = False
    confirms: bool = False
    widget: bool = False


COMMANDS: tuple[Command, ...] = (
    Command("app.back", "Back", ("escape",), "Go back to where you came from.", Scope.EVERYWHERE, footer=70),
    Command("app.search", "Search", ("/",), "Go to the search field on the dashboard.", Scope.EVERYWHERE, footer=80),
    Command(
        "app.subscriptions", "All subscriptions", ("S",), "List the subscriptions of all contacts.", Scope.EVERYWHERE
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
    Command("contact.orders", "Orders", ("o", "2"), "Open the Orders tab.", Scope.CONTACT, footer=20),
    Command(
        "contact.subscriptions",
        "Subscriptions",
        ("s",),
        "Go to the Subscriptions on the Orders tab.",
        Scope.CONTACT,
        footer=21,
    ),
    Command(
        "contact.activity",
        "Activity",
        ("a", "3"),
        "Open the Activity tab: who did what, and when.",
        Scope.CONTACT,
        footer=22,
    ),
    Command("contact.general", "General", ("1",), "Open the General tab.", Scope.CONTACT, footer=23),
    Command(
        "contact.cancel",
        "Cancel subscription",
        ("x",),
        "Open the marked subscription ready to be set Inactive.",
        Scope.CONTACT,
        footer=12,
        needs=Action.CANCEL_SUBSCRIPTION,
        writes=True,
    ),
    Command("contact.more", "More rows", ("m",), "Show more rows of the list.", Scope.CONTACT),
    Command(
        "subscriptions.cancel",
        "Cancel subscription",
        ("x",),
        "Open the marked subscription ready to be set Inactive.",
        Scope.SUBSCRIPTIONS,
        footer=12,
        needs=Action.CANCEL_SUBSCRIPTION,
        writes=True,
    ),
    Command(
        "subscriptions.state",
        "Show",
        ("f",),
        "Show all, active, ending, inactive, or loose ends.",
        Scope.SUBSCRIPTIONS,
        footer=20,
    ),
    Command(
        "subscriptions.sort",
        "Sort",
        ("t",),
        "Sort by contact, end date, next bill or amount.",
        Scope.SUBSCRIPTIONS,
        footer=21,
    ),
    Command("subscriptions.filter", "Filter", ("i",), "Go to the filter fields.", Scope.SUBSCRIPTIONS, footer=22),
    Command(
        "subscriptions.contact",
        "Contact",
        ("c",),
        "Open the contact of the marked subscription.",
        Scope.SUBSCRIPTIONS,
        footer=23,
    ),
    Command("subscriptions.more", "More rows", ("m",), "Show more rows of the list.", Scope.SUBSCRIPTIONS),
    Command(
        "form.save",
        "Save",
        ("ctrl+s",),
        "Save what the panel shows, in one step.",
        Scope.SUBSCRIPTION,
        footer=10,
        needs=Action.CHANGE_SUBSCRIPTION,
        writes=True,
    ),
    Command(
        "form.cancel",
        "Cancel subscription",
        ("x",),
        "Fill in Inactive and the end date, and go to the reason.",
        Scope.SUBSCRIPTION,
        footer=12,
        needs=Action.CANCEL_SUBSCRIPTION,
        writes=True,
    ),
    Command(
        "form.undo",
        "Undo",
        ("u",),
        "Take the cancellation back, until its end date.",
        Scope.SUBSCRIPTION,
        footer=13,
        needs=Action.UNDO,
        writes=True,
    ),
    Command("form.letter", "Letter", ("l",), "Read the letter to the customer.", Scope.SUBSCRIPTION, footer=14),
    Command("form.activity", "Activity", ("a", "v"), "Open the contact's Activity tab.", Scope.SUBSCRIPTION, footer=15),
    Command("form.contact", "Contact", ("c",), "Open the contact record.", Scope.SUBSCRIPTION, footer=16),
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
    Command("letter.copy", "Copy", ("y",), "Copy the letter to the clipboard.", Scope.LETTER, footer=10),
    Command(
        "letter.subscription", "Subscription", ("s",), "Open the subscription it is about.", Scope.LETTER, footer=11
    ),
)

_BY_ID = {command.id: command for command in COMMANDS}


def command(command_id: str) -> Command:
    """The command with that id. Raises KeyError."""
    return _BY_ID[command_id]


def of_scope(*scopes: Scope) -> tuple[Command, ...]:
    """The commands of these scopes, in the order of the catalogue."""
    return tuple(known for known in COMMANDS if known.scope in scopes)

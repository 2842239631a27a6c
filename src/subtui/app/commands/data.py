"""The commands of data that comes in."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Action

DATA: tuple[Command, ...] = (
    Command(
        "import.try",
        "Try",
        ("t", "ctrl+t"),
        "Show what the import would do, and write nothing.",
        Scope.IMPORT,
        footer=10,
        needs=Action.IMPORT_DATA,
    ),
    Command(
        "import.run",
        "Import",
        ("ctrl+s", "i"),
        "Bring the files in, in one transaction; asks first.",
        Scope.IMPORT,
        footer=11,
        needs=Action.IMPORT_DATA,
        writes=True,
        confirms=True,
    ),
    Command(
        "import.stop", "Stop", ("x",), "Stop what is under way; nothing of it is written.", Scope.IMPORT, footer=12
    ),
    Command("import.save", "Save list", ("w",), "Save the rows that were left out as CSV.", Scope.IMPORT, footer=13),
    Command(
        "import.loose",
        "Loose ends",
        ("l",),
        "Open the subscriptions that something is left wrong with.",
        Scope.IMPORT,
        footer=14,
    ),
    Command("import.files", "Files", ("f",), "Go to the names of the files.", Scope.IMPORT, footer=15),
)

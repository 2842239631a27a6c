"""The commands of the import."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Permission

DATA: tuple[Command, ...] = (
    Command(
        "import.try",
        "Try",
        ("t", "ctrl+t"),
        "Show what would be imported, without importing.",
        Scope.IMPORT,
        footer=10,
        needs=Permission.IMPORT_DATA,
    ),
    Command(
        "import.run",
        "Import",
        ("ctrl+s", "i"),
        "Import the files, all or nothing; asks first.",
        Scope.IMPORT,
        footer=11,
        needs=Permission.IMPORT_DATA,
        writes=True,
        confirms=True,
    ),
    Command("import.stop", "Stop", ("x",), "Stop the import; nothing is imported.", Scope.IMPORT, footer=12),
    Command("import.save", "Save list", ("w",), "Save the rows left out as CSV.", Scope.IMPORT, footer=13),
    Command(
        "import.loose",
        "Loose ends",
        ("l",),
        "List the subscriptions with loose ends.",
        Scope.IMPORT,
        footer=14,
    ),
    Command("import.files", "Files", ("f",), "Go to the file names.", Scope.IMPORT, footer=15),
)

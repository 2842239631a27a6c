"""The commands of data that comes in."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Action

DATA: tuple[Command, ...] = (
    Command(
        "import.try",
        "Try",
        ("t", "ctrl+t"),
        "Preview the import without writing anything.",
        Scope.IMPORT,
        footer=10,
        needs=Action.IMPORT_DATA,
    ),
    Command(
        "import.run",
        "Import",
        ("ctrl+s", "i"),
        "Import the files in one step; asks first.",
        Scope.IMPORT,
        footer=11,
        needs=Action.IMPORT_DATA,
        writes=True,
        confirms=True,
    ),
    Command("import.stop", "Stop", ("x",), "Stop the current run; nothing is written.", Scope.IMPORT, footer=12),
    Command("import.save", "Save list", ("w",), "Save the rejected rows as CSV.", Scope.IMPORT, footer=13),
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

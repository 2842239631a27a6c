"""The catalogue of all commands. Plain Python: the command line and the documentation read it too."""

from subtui.app.commands.account import ACCOUNT
from subtui.app.commands.batches import BATCHES
from subtui.app.commands.command import Command, Scope
from subtui.app.commands.customers import CUSTOMERS
from subtui.app.commands.data import DATA
from subtui.app.commands.general import GENERAL
from subtui.app.commands.keap import KEAP
from subtui.app.commands.orders import ORDERS
from subtui.app.commands.users import USERS

__all__ = ["COMMANDS", "Command", "Scope", "command", "of_scope"]

COMMANDS: tuple[Command, ...] = (*GENERAL, *CUSTOMERS, *BATCHES, *ORDERS, *DATA, *KEAP, *ACCOUNT, *USERS)

_BY_ID = {command.id: command for command in COMMANDS}


def command(command_id: str) -> Command:
    """The command with that id. Raises KeyError."""
    return _BY_ID[command_id]


def of_scope(*scopes: Scope) -> tuple[Command, ...]:
    """The commands of these scopes, in the order of the catalogue."""
    return tuple(known for known in COMMANDS if known.scope in scopes)

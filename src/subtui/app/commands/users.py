"""The commands of the screens of users."""

from subtui.app.commands.command import Command, Scope
from subtui.domain.permissions import Permission


def _acts(name: str, title: str, key: str, words: str, footer: int, *, confirms: bool = True) -> Command:
    needs = Permission.MANAGE_USERS
    scope = Scope.USERS if name.startswith("users.") else Scope.USER
    return Command(name, title, (key,), words, scope, footer, needs=needs, writes=True, confirms=confirms)


USERS: tuple[Command, ...] = (
    _acts("users.invite", "Invite", "i", "Invite a new user with a one-time code.", 11, confirms=False),
    _acts("user.role", "Role", "r", "Give the user another role.", 10),
    _acts("user.verify", "Verify", "v", "Mark the user as verified, or no longer.", 11),
    _acts("user.code", "New code", "c", "Reset the password: the user gets a new one-time code.", 12),
    _acts("user.sessions", "End sessions", "e", "End the open sessions of the user.", 13),
    _acts("user.deactivate", "Deactivate", "d", "Keep the user from signing in; asks for the reason.", 14),
    _acts("user.reactivate", "Reactivate", "a", "Let the user sign in again; asks for the reason.", 14),
)

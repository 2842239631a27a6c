"""The user's keymap: checked completely before the program starts, because Textual accepts invalid keys."""

from subtui.app.commands.catalog import COMMANDS, Command, Scope, command
from subtui.app.commands.keys import textual_key, why_not_a_key
from subtui.domain.suggestions import nearest

# Scopes whose keys are in force at the same time as those of every screen.
_SHARED = (Scope.EVERYWHERE, Scope.LISTS)


def split_keys(keys: str) -> tuple[str, ...]:
    """The keys of one entry: `x`, or several separated by commas; a lone comma is the comma key."""
    if keys.strip() == ",":
        return (",",)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def check_keymap(keymap: dict[str, str]) -> list[tuple[str, str]]:
    """The problems of a keymap: pairs of the entry and the reason; empty when it is valid."""
    wrong: list[tuple[str, str]] = []
    for command_id, keys in keymap.items():
        reason = _why_not(command_id, keys)
        if reason:
            wrong.append((command_id, reason))
    return wrong or _doubled(keymap)


def _why_not(command_id: str, keys: str) -> str | None:
    known = {known.id: known for known in COMMANDS}
    if command_id not in known:
        near = nearest(command_id, known)
        return f"there is no command “{command_id[:40]}”" + (f"; did you mean “{near}”?" if near else "")
    if known[command_id].widget:
        return f"the keys of “{command_id}” are fixed"
    if not split_keys(keys):
        return f"“{command_id}” needs at least one key"
    return next((reason for key in split_keys(keys) if (reason := why_not_a_key(key))), None)


def keys_in_force(keymap: dict[str, str], of: Command) -> tuple[str, ...]:
    """The keys of a command with the keymap applied: an entry replaces all default keys."""
    return split_keys(keymap[of.id]) if of.id in keymap else of.keys


def _doubled(keymap: dict[str, str]) -> list[tuple[str, str]]:
    """The entries whose key another command has, where both are in force at once."""
    for command_id in keymap:
        mine = command(command_id)
        for key in map(textual_key, keys_in_force(keymap, mine)):
            for other in COMMANDS:
                if other.id == command_id or not _together(mine, other):
                    continue
                if key in map(textual_key, keys_in_force(keymap, other)):
                    return [(command_id, f"“{key}” is already the key of “{other.id}”")]
    return []


def _together(one: Command, other: Command) -> bool:
    if one.widget or other.widget:
        return False
    return one.scope is other.scope or one.scope in _SHARED or other.scope in _SHARED


def textual_keymap(keymap: dict[str, str]) -> dict[str, str]:
    """The checked keymap in Textual's form."""
    return {command_id: ",".join(map(textual_key, split_keys(keys))) for command_id, keys in keymap.items()}

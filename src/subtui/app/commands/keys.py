"""Converts the names of keys between the forms of the user, of Textual and of the key bar."""

import re

SYMBOLS = {
    "/": "slash",
    "?": "question_mark",
    ":": "colon",
    ".": "full_stop",
    ",": "comma",
    ";": "semicolon",
    "-": "minus",
    "+": "plus",
    "=": "equals_sign",
    "!": "exclamation_mark",
    "#": "number_sign",
    "*": "asterisk",
    "'": "apostrophe",
    '"': "quotation_mark",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "@": "at",
    "_": "underscore",
    "~": "tilde",
    "&": "ampersand",
    "%": "percent_sign",
    "$": "dollar_sign",
    "\\": "backslash",
    "|": "vertical_line",
}
_NAMES = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "space": "space"}
_NAMED = {
    "escape",
    "enter",
    "tab",
    "space",
    "backspace",
    "delete",
    "insert",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pageup",
    "pagedown",
}
_SHOWN = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "question_mark": "?", "slash": "/", "colon": ":"}

# Keys that terminals cannot tell apart, or that editors, multiplexers and desktops reserve.
_NOT_TO_BE_HAD = {
    "ctrl+h": "a terminal sends it for backspace",
    "ctrl+i": "a terminal sends it for tab",
    "ctrl+m": "a terminal sends it for enter",
    "ctrl+j": "a terminal sends it for a new line",
    "ctrl+z": "it always returns to the shell",
    "ctrl+enter": "terminals do not send it",
    "shift+enter": "terminals do not send it",
}


def textual_key(key: str) -> str:
    """Textual's name for a key as users write it: `?` is `question_mark`, `esc` is `escape`."""
    prefix, _, last = key.rpartition("+") if len(key) > 1 else ("", "", key)
    name = SYMBOLS.get(last) or _NAMES.get(last.lower(), last if len(last) == 1 else last.lower())
    if len(name) == 1 and prefix:
        name = name.lower()
    return f"{prefix.lower()}+{name}" if prefix else name


def shown_key(key: str) -> str:
    """A key as the key bar and the help show it: `^s`, `esc`, `?`."""
    name = textual_key(key)
    if name.startswith("ctrl+"):
        return f"^{name.removeprefix('ctrl+')}"
    return _SHOWN.get(name, key if len(key) == 1 else name)


def spoken_key(key: str) -> str:
    """A key in full, for new users: `ctrl+s`, `esc`, `?`."""
    return shown_key(key).replace("^", "ctrl+") if len(key) > 1 else shown_key(key)


def why_not_a_key(key: str) -> str | None:
    """Why a key of the user's keymap cannot be used, or None."""
    name = textual_key(key)
    if name in _NOT_TO_BE_HAD:
        return f"“{key}” cannot be used: {_NOT_TO_BE_HAD[name]}"
    if re.fullmatch(r"f[0-9]{1,2}", name):
        return f"“{key}” cannot be used: editors and desktops reserve the F-keys"
    bare = name.removeprefix("ctrl+").removeprefix("alt+").removeprefix("shift+")
    single = len(bare) == 1 and bare.isascii() and bare.isprintable() and not bare.isspace()
    if single or bare in _NAMED or bare in SYMBOLS.values():
        return None
    return f"“{key[:20]}” is not a key"

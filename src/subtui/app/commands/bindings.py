"""Turns command records into Textual's bindings."""

from textual.binding import Binding, BindingType

from subtui.app.commands.catalog import Scope, of_scope
from subtui.app.commands.keys import textual_key


def bindings(*scopes: Scope) -> list[BindingType]:
    """The bindings of these scopes, each with its command's id, by which a keymap finds it."""
    return [
        Binding(",".join(map(textual_key, known.keys)), f"command('{known.id}')", known.title, show=False, id=known.id)
        for known in of_scope(*scopes)
        if not known.widget
    ]

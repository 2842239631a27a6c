"""Bringing data in, as far as it goes without files of one's own."""

from subtui.flows.states.state import State

IMPORTS = (State("import", "ctrl+s imports", "/import", who="admin"),)

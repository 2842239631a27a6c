"""The states of the import, without files."""

from subtui.flows.states.state import State

IMPORTS = (State("import", "ctrl+s imports", "/import", who="admin"),)

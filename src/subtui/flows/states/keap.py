"""The states of the screens of Keap without a connection, which the demo data do not have."""

from subtui.flows.states.state import State

KEAP = (
    State("keap", "subtui keap connect", "/keap", who="owner"),
    State("keap_outbox", "Not connected to Keap.", "/keap/outbox"),
    State("keap_change", "There is no change 1", "/keap/outbox/1"),
    State("keap_left_out", "Not connected to Keap.", "/keap/left-out"),
    State("keap_checks", "Not connected to Keap.", "/keap/checks", who="admin"),
)

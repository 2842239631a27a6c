"""The states of the screens on the demo data, by subject."""

from subtui.flows.states.account import ACCOUNT
from subtui.flows.states.contacts import CONTACTS
from subtui.flows.states.imports import IMPORTS
from subtui.flows.states.keap import KEAP
from subtui.flows.states.orders import ORDERS
from subtui.flows.states.searches import FINDING
from subtui.flows.states.state import DEMO_DAY, Keystroke, State, Way
from subtui.flows.states.subscriptions import SUBSCRIPTIONS

__all__ = ["DEMO_DAY", "STATES", "Keystroke", "State", "Way"]

STATES = (*FINDING, *CONTACTS, *SUBSCRIPTIONS, *ACCOUNT, *ORDERS, *IMPORTS, *KEAP)

"""A mock of Keap's REST interface v2 on loopback, with a state of its own: for tests and for the demo.

It is written from a table of facts about the interface, not from an implementation, and knows nothing of the program's
client.
"""

from subtui.keap_mock.account import Account
from subtui.keap_mock.calls import Call, Effect
from subtui.keap_mock.errors import ErrorShape
from subtui.keap_mock.faults import Fault, Faults
from subtui.keap_mock.server import MockKeap
from subtui.keap_mock.switches import Limits, Switches

__all__ = ["Account", "Call", "Effect", "ErrorShape", "Fault", "Faults", "Limits", "MockKeap", "Switches"]

"""Messages to the app from its workers."""

from textual.message import Message

from subtui.domain.people import Person, SessionInfo

BATCH = "batch"
"""The name of a refusal that a batch in the background met."""

SENDING = "sending to Keap"
"""The name under which a failed sending to Keap is reported that was not asked for."""


class Announced(Message):
    """The database says that something has been written, perhaps by another user."""


class Opened(Message):
    """The backend has been opened."""

    def __init__(self, session_info: SessionInfo) -> None:
        super().__init__()
        self.session_info = session_info


class SignedIn(Message):
    """A user has signed in at the backend."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person

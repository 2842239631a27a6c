"""The states of a change that Keap is to follow, and their words.

Saved here, sent, and verified in Keap are three different things; nothing but a reading of Keap makes the third.
"""

from enum import StrEnum


class SendState(StrEnum):
    """What has become of a change in the outbox."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    VERIFIED = "verified"
    CONFLICT = "conflict"
    REFUSED = "refused"
    MANUAL = "manual"
    DONE = "done"
    REPLACED = "replaced"
    LEFT = "left"


OPEN_STATES = (
    *(SendState.WAITING, SendState.SENDING, SendState.UNKNOWN),
    *(SendState.CONFLICT, SendState.REFUSED, SendState.MANUAL, SendState.DONE),
)
"""The states in which it is not certain that Keap has the change."""

FOR_A_PERSON = (SendState.CONFLICT, SendState.REFUSED, SendState.MANUAL)
"""The states that end only when a person decides or acts."""

SHORT_WORDS = {
    SendState.WAITING: "saved here",
    SendState.SENDING: "sending",
    SendState.UNKNOWN: "sent, no answer",
    SendState.VERIFIED: "verified in Keap",
    SendState.CONFLICT: "conflict",
    SendState.REFUSED: "refused by Keap",
    SendState.MANUAL: "to do in Keap",
    SendState.DONE: "done by hand",
    SendState.REPLACED: "replaced",
    SendState.LEFT: "left different",
}
"""The state in a list."""

SENTENCES = {
    SendState.WAITING: "Saved here. Not sent to Keap yet.",
    SendState.SENDING: "Saved here. It is being sent to Keap.",
    SendState.UNKNOWN: "Saved here and sent to Keap, but no answer came. Keap is read before anything is sent again.",
    SendState.VERIFIED: "Saved here, sent, and verified in Keap.",
    SendState.CONFLICT: "Saved here. Keap was changed too: compare both sides and decide.",
    SendState.REFUSED: "Saved here. Keap refused it.",
    SendState.MANUAL: "Saved here. It has to be done by hand in Keap.",
    SendState.DONE: "Saved here, and noted as done by hand in Keap. Not verified there yet.",
    SendState.REPLACED: "Saved here. A later change replaced it before it was sent.",
    SendState.LEFT: "Saved here. It was decided to leave Keap as it is.",
}
"""The state in a sentence."""

STATE_TONES = {
    SendState.WAITING: "",
    SendState.SENDING: "",
    SendState.UNKNOWN: "warn",
    SendState.VERIFIED: "good",
    SendState.CONFLICT: "warn",
    SendState.REFUSED: "warn",
    SendState.MANUAL: "warn",
    SendState.DONE: "",
    SendState.REPLACED: "muted",
    SendState.LEFT: "muted",
}
"""What a state means for a reader, as the tone of its words."""


def states_named(name: str) -> tuple[SendState, ...]:
    """The states that a filter of the outbox shows: a group of them by its name, or one."""
    groups = {"open": OPEN_STATES, "person": FOR_A_PERSON, "all": tuple(SendState)}
    return groups[name] if name in groups else (SendState(name),)

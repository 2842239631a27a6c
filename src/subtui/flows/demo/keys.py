"""The keys of the demo player, as shown in the caption bar, in its help, and on the page of keys."""

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

from subtui.app.commands.keys import shown_key, textual_key


class Room(StrEnum):
    """The screens on which a key is in force."""

    LIST = "In the list of flows"
    PLAYING = "While a flow plays"
    BY_HAND = "While you have the keys"
    END = "At the end of a flow"
    WRITING = "While you record a flow"


@dataclass(frozen=True, slots=True)
class WatchKey:
    """A command of the viewer. `action` is the method of the screen that runs it."""

    action: str
    title: str
    keys: tuple[str, ...]
    help: str
    room: Room

    @property
    def hint(self) -> str:
        """Its first key and its title, as the bar shows them."""
        sign = {"left": "←", "right": "→", "space": "space"}.get(self.keys[0])
        return f"{sign or shown_key(self.keys[0])} {self.title}"


GIVE_BACK = "ctrl+g"
"""The one key that the program does not get while the viewer has the keys; no screen uses it."""

BETWEEN = "  "
"""The separator of two hints."""

WATCH_KEYS = (
    WatchKey("play", "Play", ("enter",), "Play the selected flow.", Room.LIST),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was saved.", Room.LIST),
    WatchKey("pause", "Pause", ("space",), "Pause or continue.", Room.PLAYING),
    WatchKey("forward", "Step", ("right", "n"), "Finish this step at once and pause.", Room.PLAYING),
    WatchKey("back", "Back", ("left", "b"), "Back to the start of this step, or the previous step.", Room.PLAYING),
    WatchKey("take", "Take over", ("t",), "Take over: your keys go to the program.", Room.PLAYING),
    WatchKey("faster", "Faster", ("+", "f"), "Play faster, up to four times.", Room.PLAYING),
    WatchKey("slower", "Slower", ("-", "s"), "Play slower, down to a quarter.", Room.PLAYING),
    WatchKey("restart", "Restart", ("r",), "Start over with fresh data.", Room.PLAYING),
    WatchKey("keys", "Keys", ("?",), "Show these keys in the bar and pause.", Room.PLAYING),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was saved.", Room.PLAYING),
    WatchKey(
        "give_back",
        "Hand back",
        (GIVE_BACK,),
        "Hand back: the flow continues from where you took over.",
        Room.BY_HAND,
    ),
    WatchKey("restart", "Again", ("r", "enter"), "Play again with fresh data.", Room.END),
    WatchKey("flows", "Flows", ("l",), "Choose another flow.", Room.END),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was saved.", Room.END),
    WatchKey("finish", "Finish", (GIVE_BACK,), "Save the flow file and leave.", Room.WRITING),
)


def watch_bindings(room: Room) -> list[BindingType]:
    """Textual's bindings for the keys of a screen."""
    return [
        Binding(",".join(map(textual_key, known.keys)), known.action, known.title, show=False, priority=True)
        for known in WATCH_KEYS
        if known.room is room
    ]


def hints(room: Room, *actions: str) -> list[str]:
    """The hints for these actions of a screen."""
    known = {key.action: key for key in WATCH_KEYS if key.room is room}
    return [known[action].hint for action in actions]


def hint_line(room: Room, *actions: str) -> str:
    """The hints as one line."""
    return BETWEEN.join(hints(room, *actions))

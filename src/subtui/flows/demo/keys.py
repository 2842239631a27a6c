"""The keys while a flow is watched. They are told in the bar below the screen, in its help, and on the page of keys."""

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType

from subtui.app.commands.keys import shown_key, textual_key


class Room(StrEnum):
    """Where a key is in force."""

    LIST = "In the list of flows"
    PLAYING = "While a flow is played"
    BY_HAND = "While you have the keys"
    END = "At the end of a flow"
    WRITING = "While a flow is written by hand"


@dataclass(frozen=True, slots=True)
class WatchKey:
    """One thing that whoever watches can do. `action` is the method of the screen that does it."""

    action: str
    title: str
    keys: tuple[str, ...]
    help: str
    room: Room

    @property
    def hint(self) -> str:
        """Its first key and what it is called, as the bar shows them."""
        sign = {"left": "←", "right": "→", "space": "space"}.get(self.keys[0])
        return f"{sign or shown_key(self.keys[0])} {self.title}"


GIVE_BACK = "ctrl+g"
"""The one key that is not the program's while somebody has the keys; it has no meaning in any screen."""

BETWEEN = "  "
"""What stands between two hints."""

WATCH_KEYS = (
    WatchKey("play", "Play", ("enter",), "Play the marked flow.", Room.LIST),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was written anywhere.", Room.LIST),
    WatchKey("pause", "Pause", ("space",), "Pause, and go on.", Room.PLAYING),
    WatchKey("forward", "Step", ("right", "n"), "Do the rest of this step at once, and pause.", Room.PLAYING),
    WatchKey(
        "back", "Back", ("left", "b"), "Go back to the beginning of the step, or to the one before.", Room.PLAYING
    ),
    WatchKey("take", "Take over", ("t",), "Take the keys: what you press goes to the program.", Room.PLAYING),
    WatchKey("faster", "Faster", ("+", "f"), "Play faster, up to four times.", Room.PLAYING),
    WatchKey("slower", "Slower", ("-", "s"), "Play slower, down to a quarter.", Room.PLAYING),
    WatchKey("restart", "Restart", ("r",), "Begin again, on new data.", Room.PLAYING),
    WatchKey("keys", "Keys", ("?",), "Tell these keys in the bar, and pause.", Room.PLAYING),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was written anywhere.", Room.PLAYING),
    WatchKey(
        "give_back",
        "Hand back",
        (GIVE_BACK,),
        "Hand the keys back: the flow goes on from where you took over, as it was then.",
        Room.BY_HAND,
    ),
    WatchKey("restart", "Again", ("r", "enter"), "Play it again, on new data.", Room.END),
    WatchKey("flows", "Flows", ("l",), "Choose another flow.", Room.END),
    WatchKey("leave", "Leave", ("q", "escape", "ctrl+c"), "Leave. Nothing was written anywhere.", Room.END),
    WatchKey("finish", "Finish", (GIVE_BACK,), "Write the flow file, and leave.", Room.WRITING),
)


def watch_bindings(room: Room) -> list[BindingType]:
    """Textual's bindings for the keys of a room."""
    return [
        Binding(",".join(map(textual_key, known.keys)), known.action, known.title, show=False, priority=True)
        for known in WATCH_KEYS
        if known.room is room
    ]


def hints(room: Room, *actions: str) -> list[str]:
    """The hints for these actions of a room."""
    known = {key.action: key for key in WATCH_KEYS if key.room is room}
    return [known[action].hint for action in actions]


def hint_line(room: Room, *actions: str) -> str:
    """The same as one line."""
    return BETWEEN.join(hints(room, *actions))

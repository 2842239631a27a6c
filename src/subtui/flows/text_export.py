"""Writes a recording as plain text: each caption, the keys, and the screen afterwards."""

from collections.abc import Callable, Iterable

from subtui.app.commands.keys import spoken_key
from subtui.flows.flow import Action, Press, Type
from subtui.flows.plain_screen import boxed
from subtui.flows.recorder import Recording


def transcript(recording: Recording) -> str:
    """The text of a recording."""
    flow = recording.flow
    parts = [flow.title, "=" * len(flow.title), ""]
    parts += [flow.purpose, ""] if flow.purpose else []
    for number, chapter in enumerate(recording.chapters, 1):
        parts.append(f"{number}. {chapter.say or 'At the start.'}")
        done = keys_of(chapter.done)
        parts += [f"   {done}"] if done else []
        parts += ["", boxed(chapter.end.text, chapter.end.width), ""]
    return "\n".join(parts)


def keys_of(
    actions: Iterable[Action],
    *,
    key: str = "{}",
    text: str = "“{}”",
    harmless: Callable[[str], str] = lambda plain: plain,
) -> str:
    """The keys and typed texts in order: `tab, type “31 mar”, enter`, each in the given form.

    Texts from the flow file pass `harmless` first.
    """
    words = []
    for action in actions:
        match action:
            case Press(pressed):
                words.append(key.format(harmless(spoken_key(pressed))))
            case Type(typed):
                words.append("type " + text.format(harmless(typed)))
    return ", ".join(words)

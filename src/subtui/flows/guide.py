"""Writes a recording as a help article: numbered steps with their keys and pictures, in Markdown and in HTML."""

import re
from html import escape

from subtui.flows.recorder import Chapter, Recording
from subtui.flows.svg import still
from subtui.flows.text_export import keys_of

_MARKS = re.compile(r"([\\`*_\[\]<>|#])")

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 17px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.9rem; line-height: 1.2; }
ol { padding-left: 1.6rem; }
li { margin: 0 0 2.2rem; padding-left: .4rem; }
li p { margin: 0 0 .6rem; }
kbd { font: .9em ui-monospace, monospace; padding: .1em .45em; border: 1px solid; border-bottom-width: 2px;
  border-radius: .3em; }
img { width: 100%; height: auto; border-radius: 8px; margin: .4rem 0; }
.about { opacity: .75; }
"""


def pictures(recording: Recording) -> dict[str, str]:
    """The pictures of the article by their names: SVG."""
    flow = recording.flow
    return {f"{flow.name}/{name}.svg": still(frame, f"{flow.title}: {name}") for name, frame in recording.shots.items()}


def markdown(recording: Recording) -> str:
    """The article in Markdown, with its pictures beside it in a folder of the flow's name."""
    flow = recording.flow
    parts = [f"# {_plain(flow.title)}", ""]
    parts += [_plain(flow.purpose), ""] if flow.purpose else []
    parts += [_plain(_about(recording)) + f" `subtui demo {flow.name}` plays it.", ""]
    for number, chapter in enumerate(recording.chapters, 1):
        indent = " " * (len(str(number)) + 2)
        done = keys_of(chapter.done, key="<kbd>{}</kbd>", text="<kbd>{}</kbd>", harmless=_plain)
        parts += [f"{number}. {_plain(_said(chapter))}{f'  {chr(10)}{indent}Keys: {done}' if done else ''}", ""]
        for name in chapter.shots:
            parts += [f"{indent}![{_plain(_alt(chapter, name))}]({flow.name}/{name}.svg)", ""]
    return "\n".join(parts)


def html(recording: Recording) -> str:
    """The article as an HTML page, which needs only the pictures beside it."""
    flow = recording.flow
    title = escape(flow.title)
    steps = "\n".join(_step(recording, chapter) for chapter in recording.chapters)
    purpose = f"<p>{escape(flow.purpose)}</p>\n" if flow.purpose else ""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{_STYLE}</style>\n</head>\n'
        f'<body>\n<h1>{title}</h1>\n{purpose}<p class="about">{escape(_about(recording))} '
        f"<code>subtui demo {escape(flow.name)}</code> plays it.</p>\n<ol>\n{steps}\n</ol>\n</body>\n</html>\n"
    )


def _step(recording: Recording, chapter: Chapter) -> str:
    done = keys_of(chapter.done, key="<kbd>{}</kbd>", text="<code>{}</code>", harmless=escape)
    keys = f"<p>Keys: {done}</p>" if done else ""
    shown = "".join(
        f'<img src="{escape(recording.flow.name)}/{escape(name)}.svg" alt="{escape(_alt(chapter, name))}">'
        for name in chapter.shots
    )
    return f"<li><p>{escape(_said(chapter))}</p>{keys}{shown}</li>"


def _said(chapter: Chapter) -> str:
    return chapter.say or "At the start."


def _alt(chapter: Chapter, name: str) -> str:
    return f"The screen “{name.replace('-', ' ')}” of this step: {_said(chapter)}"


def _about(recording: Recording) -> str:
    flow = recording.flow
    seconds = round(flow.seconds)
    return f"Done as {flow.who}, with {flow.keys} keystrokes. It takes {seconds} seconds to watch."


def _plain(text: str) -> str:
    """Text escaped for Markdown."""
    return _MARKS.sub(r"\\\1", text)

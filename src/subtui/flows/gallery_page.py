"""Writes the page of a gallery: one HTML file that needs only the pictures beside it, and no script."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, product

from subtui.app.commands.keys import SYMBOLS
from subtui.app.routes import Pattern
from subtui.flows.flow import Press
from subtui.flows.states import DEMO_DAY, State

MARK = '<meta name="generator" content="subtui snapshot">'
_SIGNS = {name: sign for sign, name in SYMBOLS.items()}

_STYLE = """\
:root { color-scheme: light dark; --line: #8884; --dim: #667; }
@media (prefers-color-scheme: dark) { :root { --dim: #99a; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem; }
fieldset { border: 0; display: inline-block; margin: 0 2rem 0 0; padding: 0; }
.choice { background: Canvas; border-bottom: 1px solid var(--line); padding: .5rem 0; position: sticky; top: 0; }
.choice label { margin-right: 1rem; }
nav { columns: 14rem; margin: 1rem 0; }
nav a { display: block; }
h2 { border-bottom: 1px solid var(--line); margin-top: 3rem; scroll-margin-top: 4rem; }
figure { margin: 2rem 0; }
figure img { border: 1px solid var(--line); border-radius: 6px; height: auto; max-width: 100%; }
figcaption { color: var(--dim); }
figcaption strong { color: CanvasText; }
code { overflow-wrap: anywhere; }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A state, and the screen it belongs to."""

    where: Pattern
    state: State


def picture_name(state: State, size: tuple[int, int], theme: str) -> str:
    """The file of one picture."""
    return f"{state.name}.{size[0]}x{size[1]}.{theme}.svg"


def command_for(state: State) -> str:
    """The command line that draws only this state."""
    parts = ["subtui", *(["--read-only"] if state.read_only else []), "snapshot", state.route]
    waiting: list[str] = []
    for act in (*state.way.acts, None):
        if isinstance(act, Press):
            waiting.append(written(act.key))
            continue
        parts += ["--press", " ".join(waiting)] if waiting else []
        waiting = []
        parts += ["--type", act.text] if act is not None else []
    parts += ["--as", state.who] if state.who not in (None, "agent") else []
    parts += ["--at", str(state.at)] if state.at not in (None, DEMO_DAY) else []
    return shlex.join([*parts, "-o", f"{state.name}.svg"])


def written(key: str) -> str:
    """A key as users write it."""
    return _SIGNS.get(key, key)


def page(data: str, shown: Sequence[Shown], sizes: Sequence[tuple[int, int]], themes: Sequence[str]) -> str:
    """The page; `data` describes the data of the pictures, and `shown` is sorted by screen."""
    screens = [(where, [one.state for one in group]) for where, group in groupby(shown, key=lambda one: one.where)]
    links = "".join(f'<a href="#{where.screen}">{escape(where.title)}</a>\n' for where, _ in screens)
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        MARK,
        f"<title>The screens of subtui, on {escape(data)}</title>",
        f"<style>\n{_STYLE}{_hiding(sizes, themes)}</style></head>",
        "<body>",
        f"<h1>The screens of subtui</h1>\n<p>On {escape(data)}: {len(screens)} screens in {len(shown)} states.</p>",
        '<div class="choice">',
        _radios("Size", "size", [(_size(size), _size(size).replace("x", " × ")) for size in sizes]),
        _radios("Theme", "theme", [(theme, theme.replace("-", " ")) for theme in themes]),
        "</div>",
        f"<nav>\n{links}</nav>",
        "<main>",
        *(_section(where, states, sizes, themes) for where, states in screens),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _radios(title: str, name: str, choices: Sequence[tuple[str, str]]) -> str:
    inputs = "".join(
        f'<label><input type="radio" name="{name}" id="{name}-{value}"{" checked" if at == 0 else ""}> {words}</label>'
        for at, (value, words) in enumerate(choices)
    )
    return f"<fieldset><legend>{title}</legend>{inputs}</fieldset>"


def _hiding(sizes: Sequence[tuple[int, int]], themes: Sequence[str]) -> str:
    """The style rules that hide pictures not chosen, which `loading=lazy` then does not fetch."""
    chosen = [f"size-{_size(size)}" for size in sizes] + [f"theme-{theme}" for theme in themes]
    return "".join(f"body:has(#{each}:checked) img:not(.{each}) {{ display: none }}\n" for each in chosen)


def _section(where: Pattern, states: Sequence[State], sizes: Sequence[tuple[int, int]], themes: Sequence[str]) -> str:
    figures = "\n".join(_figure(where, state, sizes, themes) for state in states)
    return f'<section id="{where.screen}">\n<h2>{escape(where.title)}</h2>\n{figures}\n</section>'


def _figure(where: Pattern, state: State, sizes: Sequence[tuple[int, int]], themes: Sequence[str]) -> str:
    name = state.name.replace("_", " ")
    images = "\n".join(
        f'<img class="size-{_size(size)} theme-{theme}" loading="lazy" '
        f'src="{picture_name(state, size, theme)}" '
        f'alt="{escape(f"{where.title}: {name}, {_size(size)}, {theme}. Shows: {state.shows}")}">'
        for size, theme in product(sizes, themes)
    )
    role = state.who or "not signed in"
    told = [f"<strong>{escape(name)}</strong>", f"“{escape(state.shows)}”", escape(role)]
    told += [f"on {state.at}"] if state.at not in (None, DEMO_DAY) else []
    told += ["read-only"] if state.read_only else []
    told += [f"<code>{escape(state.route)}</code>"]
    told += [
        f"<kbd>{escape(written(act.key))}</kbd>" if isinstance(act, Press) else f"types “{escape(act.text)}”"
        for act in state.way.acts
    ]
    return (
        f'<figure id="state-{state.name}">\n{images}\n<figcaption>{" · ".join(told)}<br>'
        f"<code>{escape(command_for(state))}</code></figcaption>\n</figure>"
    )

"""Write the pages of docs that repeat what the program knows: keys.md from the command catalogue, commands.md from
the command line, seed.schema.json from the models of seed files, guides from the flows. Run `python tools/make_docs.py`
after changing any of them; tests compare the pages with it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.app.commands.catalog import COMMANDS, Command, Scope
from subtui.app.commands.keys import shown_key
from subtui.cli.main import main as program
from subtui.flows.demo.keys import WATCH_KEYS, Room
from subtui.storage.seed_check import schema

if TYPE_CHECKING:
    from subtui.flows.recorder import Recording

DOCS = Path(__file__).resolve().parent.parent / "docs"

KEYS_HEAD = """\
# Keys

Every command with its id, its keys and what it does. `?` shows those that are in force where you are, `ctrl+p` finds
any of them by name, and `subtui keys` lists them with your own settings applied. Letters are commands outside the
fields and typing inside them. `^s` means ctrl+s.

The keys of a command can be changed under `[keymap]` in the [settings](settings.md), by its id; those marked “fixed”
belong to the field or list that has the focus.
"""

COMMANDS_HEAD = """\
# Plain commands

The screens and the commands do the same things by the same rules, and write the same log. The options of `subtui` stand
before the command: `subtui --as agent --read-only show /`. Most commands answer in JSON with `--json`.

| Exit code | Means |
|---:|---|
| 0 | Done. |
| 1 | A rule refused it: no permission, an incomplete form, somebody else saved first. Nothing of it was written. |
| 2 | The input is wrong: an unknown option, id, date or file, or a database that cannot be used. Nothing was written. |
| 3 | Done and saved, but its answer could not be printed, or something failed after it. Never repeat it. |
| 130 | Interrupted with ctrl+c. Nothing was written. |
| 129, 131, 143 | Ended by a signal: 128 and its number. Nothing was written. |
| 141 | Whoever was reading the output stopped reading. Nothing was written. |

So a script may repeat a command that exited 1, 2, 130 or 141 without doing anything twice, once the reason is gone.
Before a command does anything it looks whether it can answer: with its output closed, or on a full disk, it is refused.
Where that shows only afterwards, it exits 3, and a sentence on standard error says that it was done.

An error is one sentence on standard error. With `--json` it is also an object on standard output:
`{"error": {"kind": ..., "message": ..., "fields": [...]}}`.

The shell can complete commands, options and choices: put `eval "$(_SUBTUI_COMPLETE=bash_source subtui)"` into
`~/.bashrc`, `eval "$(_SUBTUI_COMPLETE=zsh_source subtui)"` into `~/.zshrc`, or run
`_SUBTUI_COMPLETE=fish_source subtui > ~/.config/fish/completions/subtui.fish`.
"""


WATCHING_HEAD = """\
## Flows that are watched

`subtui demo` and `subtui flow new` have keys of their own around those of the screens; they cannot be changed.
"""

INDEX_HEAD = """\
# Guides

Each is made of a [flow](../flows.md): the same file plays as a demo, and is checked with every change of the program.
Nothing that is played touches your own data.
"""


def keys_page() -> str:
    """docs/keys.md."""
    parts = [KEYS_HEAD]
    for scope in Scope:
        known = [command for command in COMMANDS if command.scope is scope]
        if known:
            parts.append(f"## {scope.value}\n\n| Command | Keys | What it does |\n|---|---|---|\n{_key_rows(known)}\n")
    return "\n".join([*parts, WATCHING_HEAD, *_watching()])


def _watching() -> Iterator[str]:
    for room in Room:
        known = [key for key in WATCH_KEYS if key.room is room]
        yield f"| {room.value} | Keys | What it does |\n|---|---|---|"
        for key in known:
            keys = " ".join(f"`{shown_key(one)}`" for one in key.keys)
            yield f"| {key.title} | {keys} | {key.help} |"
        yield ""


def _key_rows(known: list[Command]) -> str:
    rows = []
    for command in known:
        keys = " ".join(f"`{shown_key(key)}`" for key in command.keys)
        rows.append(f"| `{command.id}` | {keys}{' (fixed)' if command.widget else ''} | {command.help} |")
    return "\n".join(rows)


def plain_commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, `db init`, in the order of the alphabet; groups themselves left out."""

    def below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                found = command.get_command(context, each)
                if found is not None:
                    yield from below(f"{name} {each}".strip(), found)
        else:
            yield name, command

    yield from below("", program)


def commands_page() -> str:
    """docs/commands.md."""
    parts = [COMMANDS_HEAD, _section("subtui", program, "")]
    parts += [_section(f"subtui {name}", command, name) for name, command in plain_commands()]
    return "\n".join(parts)


def _section(title: str, command: click.Command, name: str) -> str:
    # With the program's own names for help: click keeps the option that it makes here with the command.
    context = click.Context(command, info_name=title, **program.context_settings)
    usage = command.collect_usage_pieces(context) if name else ["[OPTIONS]", "[COMMAND]"]
    words = [line.strip() for line in (command.help or "").strip().splitlines()]
    said = "\n".join(words).replace("\b\n", "")
    lines = [f"## {title}", "", f"`{' '.join([title, *usage])}`", "", said, ""]
    options = [param.get_help_record(context) for param in command.params if isinstance(param, click.Option)]
    shown = [record for record in options if record is not None and "--help" not in record[0]]
    if shown:
        lines += ["| Option | |", "|---|---|"]
        lines += [f"| `{_cell(option)}` | {_cell(help_)} |" for option, help_ in shown] + [""]
    if command.epilog:
        lines += [command.epilog, ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").strip()


PAGES = {"keys.md": keys_page, "commands.md": commands_page, "seed.schema.json": schema}


GUIDES = DOCS / "guides"
FILM = "cancel"
"""The flow that the README shows as a picture that moves."""


def guide_pages(recording: "Recording") -> dict[str, str]:
    """What docs/guides has of a flow: the article, its pictures, and for one of them the film."""
    from subtui.cli.flow_files import guide_files  # noqa: PLC0415
    from subtui.flows.svg import film  # noqa: PLC0415

    pages = guide_files(recording, ("md",))
    if recording.flow.name == FILM:
        pages[f"{FILM}.svg"] = film(recording)
    return pages


def guides_index() -> str:
    """docs/guides/README.md: what there is to be read and watched."""
    from subtui.flows.registry import shipped  # noqa: PLC0415

    rows = [
        f"| [{flow.title}]({flow.name}.md) | `subtui demo {flow.name}` | {flow.seconds:.0f} s |" for flow in shipped()
    ]
    return "\n".join([INDEX_HEAD, "| To read | To watch | Takes |", "|---|---|---:|", *rows, ""])


def write_guides() -> None:
    """Write docs/guides anew. Files of flows that are no longer there go."""
    from subtui.cli.flow_files import recorded  # noqa: PLC0415
    from subtui.flows.registry import shipped  # noqa: PLC0415

    pages = {"README.md": guides_index()}
    for flow in shipped():
        pages |= guide_pages(recorded(flow))
    for file in sorted(GUIDES.rglob("*.*")):
        if str(file.relative_to(GUIDES)) not in pages:
            file.unlink()
    for name, page in pages.items():
        file = GUIDES / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8", newline="\n")
    print(f"docs/guides: {len(pages)} files")


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
        print(f"docs/{name}")
    write_guides()


if __name__ == "__main__":
    main()

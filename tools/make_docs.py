"""Write the pages of docs that repeat what the program knows: keys.md from the command catalogue, commands.md from
the command line, seed.schema.json from the models of seed files. Run `python tools/make_docs.py` after changing any of
them; a test compares the pages with it.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from subtui.app.commands.catalog import COMMANDS, Command, Scope
from subtui.app.commands.keys import shown_key
from subtui.cli import main as program
from subtui.storage.seed_check import schema

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
| 130 | Interrupted with ctrl+c. |
| 141 | Whoever was reading the output stopped reading. |

An error is one sentence on standard error. With `--json` it is also an object on standard output:
`{"error": {"kind": ..., "message": ..., "fields": [...]}}`.
"""


def keys_page() -> str:
    """docs/keys.md."""
    parts = [KEYS_HEAD]
    for scope in Scope:
        known = [command for command in COMMANDS if command.scope is scope]
        if known:
            parts.append(f"## {scope.value}\n\n| Command | Keys | What it does |\n|---|---|---|\n{_key_rows(known)}\n")
    return "\n".join(parts)


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


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()

"""The option by which a script names its intention, so that a repeated command acts once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from subtui.cli.context import INTENTION, WORDS
from subtui.cli.jsonify import jsonify
from subtui.cli.output import say, say_json
from subtui.domain.intentions import AlreadyDone, Intention, read_key

_NOT_ARGUMENTS = ("as_json", "intention", "dry_run")


def once(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the option `--intention` to a command, also under `names`: with the same key its act is done once.

    A command repeated with its key answers that it was done already, and exits with 0.
    """

    def with_key(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def intended(*args: Any, intention: str | None, **given: Any) -> Any:
            key = None if intention is None else read_key("--intention", intention)
            if key is not None and not given.get("dry_run"):
                context = click.get_current_context()
                context.meta[INTENTION] = Intention(key, _digest(context.command_path, given))
            try:
                return command(*args, **given)
            except AlreadyDone as already:
                _answer(already, as_json=bool(given.get("as_json")))

        return click.option(
            "--intention",
            *names,
            "intention",
            type=WORDS,
            metavar="KEY",
            help="A key of your own: repeating the command with the same key changes nothing.",
        )(intended)

    return with_key


def _digest(command: str, given: dict[str, Any]) -> str:
    arguments = {name: value for name, value in given.items() if name not in _NOT_ARGUMENTS}
    text = json.dumps([command.split()[1:], arguments], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _answer(already: AlreadyDone, *, as_json: bool) -> None:
    if as_json:
        say_json({"already_done": jsonify(already.done)})
    else:
        say(str(already))

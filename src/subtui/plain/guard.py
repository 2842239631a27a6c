"""How a command ends: what was raised becomes one sentence and an exit code, never a traceback."""

import io
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from subtui.domain.errors import Invalid, Stale, SubtuiError
from subtui.plain.jsonify import jsonify
from subtui.plain.output import complain, say_json

WRONG_INPUT = 2
INTERRUPTED = 130
PIPE_CLOSED = 141  # what a program killed by SIGPIPE leaves, as `find ... | head` expects


class Program(click.Group):
    """The command line as a whole. A command's module is imported when the command is wanted, and not before."""

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **options: Any) -> None:
        """`lazy` names the module below `subtui.plain` in which each command stands, under the command's own name."""
        super().__init__(*args, **options)
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with that name, None if there is none."""
        if cmd_name in self._lazy:
            name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
            self.add_command(getattr(import_module(f"subtui.plain.{self._lazy.pop(cmd_name)}"), name))
        return super().get_command(ctx, cmd_name)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit; see `click.Group.main`."""
        given = list(sys.argv[1:] if args is None else args)

        def run() -> Any:
            return super(Program, self).main(given, prog_name or "subtui", complete_var, standalone_mode=False, **extra)

        if not standalone_mode:
            return run()
        _never_fail_to_print()
        sys.exit(guarded(run, as_json=_wants_json(given)))


def _wants_json(args: Sequence[str]) -> bool:
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


def _never_fail_to_print() -> None:
    """A terminal that lacks a character shows a question mark for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    """The exit code of `run`, whatever happens in it, once the person has been told."""
    try:
        try:
            code = run()
            sys.stdout.flush()
        except Exception as error:
            return _ended_by(error, as_json=as_json)
        except SystemExit as error:
            # Of all ends click leaves one to nobody: it exits with 1 when whoever reads its output has gone away.
            return PIPE_CLOSED if error.code == 1 else WRONG_INPUT
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _ended_by(error: Exception, *, as_json: bool) -> int:
    match error:
        case BrokenPipeError():
            raise error
        case click.Abort():
            return INTERRUPTED
        case click.ClickException():
            return _usage(error, as_json=as_json)
        case SubtuiError():
            return told(error, as_json=as_json)
        case OSError():
            return _tell("fault", f"The system refused: {error.strerror or type(error).__name__}.", as_json=as_json)
    return _tell("fault", _fault(error), as_json=as_json)


def told(error: SubtuiError, *, as_json: bool, **more: Any) -> int:
    """Tell the person of an error, with `more` beside it in JSON; returns the exit code."""
    return _tell(_kind(error), str(error), error.exit_code, as_json=as_json, **_details(error), **more)


def _usage(error: click.ClickException, *, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return WRONG_INPUT
    sentence = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "subtui"
    return _tell("usage", f"{sentence} See {path} --help.", as_json=as_json)


def _kind(error: Exception) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()


def _details(error: SubtuiError) -> dict[str, Any]:
    if isinstance(error, Invalid):
        return {"fields": jsonify(error.problems)}
    if isinstance(error, Stale):
        return {"fields": [], "version": error.version, "differences": jsonify(error.differences)}
    return {"fields": []}


def _fault(error: Exception) -> str:
    """Where the program failed, without the message of the error: that could hold a customer's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return f"This is a fault in subtui itself, not in what you typed ({type(error).__name__} in {place}): report it."


def _tell(kind: str, sentence: str, code: int = WRONG_INPUT, *, as_json: bool, **details: Any) -> int:
    if as_json:
        say_json({"error": {"kind": kind, "message": sentence, "fields": [], **details}})
    complain(sentence)
    return code


def _drop_output() -> None:
    """What is still waiting to be written has nobody left to read it; Python would complain of that at its end."""
    from os import devnull  # noqa: PLC0415

    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        try:
            stream.flush()
        except (OSError, ValueError):
            setattr(sys, name, open(devnull, "w", encoding="utf-8"))  # noqa: SIM115

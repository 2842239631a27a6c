"""Ends a command: turns any exception into one sentence and an exit code, never a traceback."""

import builtins
import io
import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from subtui import signals, written
from subtui.cli.jsonify import jsonify
from subtui.cli.output import AnswerLost, complain, drop_output, finish_output, open_streams, say_json
from subtui.domain.errors import Invalid, Stale, SubtuiError

WRONG_INPUT = 2
INTERRUPTED = 130  # 128 and the number of the signal
ANSWER_LOST = 3  # saved, but the answer could not be given: the command must not be repeated
PIPE_CLOSED = 141  # the exit code of a program killed by SIGPIPE, as in `find ... | head`


class Program(click.Group):
    """The command line. The module of a command is imported when the command is used."""

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **options: Any) -> None:
        """`lazy` gives the module below `subtui.cli` for each command name."""
        super().__init__(*args, **options)
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with that name, None if there is none."""
        if cmd_name in self._lazy:
            taken = iskeyword(cmd_name) or cmd_name in dir(builtins)
            name = f"{cmd_name}_" if taken else cmd_name.replace("-", "_")
            self.add_command(getattr(import_module(f"subtui.cli.{self._lazy.pop(cmd_name)}"), name))
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
        open_streams()
        _never_fail_to_print()
        # Until something is written, a signal ends the command at once.
        with ExitStack() as ends, written.heard(lambda: ends.enter_context(signals.ended_in_order())):
            code = guarded(run, as_json=_wants_json(given))
        sys.exit(code)


def _wants_json(args: Sequence[str]) -> bool:
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


def _never_fail_to_print() -> None:
    """Print a question mark for a character that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    """Run `run`, report its error to the user, and return the exit code."""
    with written.apart():
        return _guarded(run, as_json=as_json)


def _guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    try:
        try:
            code = run()
            finish_output()
        except Exception as error:
            code = _ended_by(error, as_json=as_json)
        except SystemExit as error:
            # click reports every end but one: it exits with 1 when the reader of its output has closed the pipe.
            code = _unheard(AnswerLost(BrokenPipeError())) if error.code == 1 else WRONG_INPUT
    except KeyboardInterrupt as end:
        code = _broken_off(signals.exit_code(end))
    drop_output()
    return code if isinstance(code, int) else 0


def _ended_by(error: Exception, *, as_json: bool) -> int:
    match error:
        case AnswerLost():
            return _unheard(error)
        case BrokenPipeError():
            return _unheard(AnswerLost(error))
        case click.Abort():
            # click raises the same exception for ctrl+c, for a signal and for the end of the input.
            cause = error.__cause__
            return _broken_off(signals.exit_code(cause) if isinstance(cause, KeyboardInterrupt) else INTERRUPTED)
        case _ if written.happened():
            return _done_but(error, as_json=as_json)
        case click.ClickException():
            return _usage(error, as_json=as_json)
        case SubtuiError():
            return told(error, as_json=as_json)
        case OSError():
            return _tell("fault", f"The system refused: {error.strerror or type(error).__name__}.", as_json=as_json)
    return _tell("fault", _fault(error), as_json=as_json)


def _unheard(lost: AnswerLost) -> int:
    """The end of a command whose answer was lost."""
    why = "the reader closed the output" if lost.gone else str(lost)
    if written.happened():
        complain(f"Done and saved, but the answer could not be printed: {why}. Do not run it again.")
        return ANSWER_LOST
    if lost.gone:
        return PIPE_CLOSED
    complain(f"The answer could not be printed: {why}. Nothing was saved.")
    return WRONG_INPUT


def _done_but(error: Exception, *, as_json: bool) -> int:
    """The end of a command that failed after a commit: not with the exit code for nothing written."""
    what = str(error) if isinstance(error, SubtuiError) else _fault(error)
    return _tell("done", f"Done and saved, but then: {what} Do not run it again.", ANSWER_LOST, as_json=as_json)


def _broken_off(code: int) -> int:
    if not written.happened():
        return code
    complain("Done and saved, but interrupted before the answer was printed. Do not run it again.")
    return ANSWER_LOST


def told(error: SubtuiError, *, as_json: bool, **more: Any) -> int:
    """Report an error to the user, in JSON with `more`; returns the exit code."""
    return _tell(_kind(error), str(error), error.exit_code, as_json=as_json, **_details(error), **more)


def _usage(error: click.ClickException, *, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        with suppress(OSError):
            error.show()
        return WRONG_INPUT
    sentence = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "subtui"
    return _tell("usage", f"{_meant(sentence, error, context)} See {path} --help.", as_json=as_json)


def _meant(sentence: str, error: click.ClickException, context: click.Context | None) -> str:
    """The sentence, with a suggestion where click gives none: a command, a choice, a global option."""
    from subtui.domain.suggestions import nearest  # noqa: PLC0415  (needed only after a typing error)

    typed = re.search("(?:No such command|^Invalid value for .*?:) '(.*?)'", error.format_message())
    param = getattr(error, "param", None)
    if isinstance(error, click.NoSuchOption) and context and error.option_name in _options_before(context):
        return f"{error.option_name} goes before the command: subtui {error.option_name} …"
    if typed is None or context is None:
        return sentence
    near = None
    if isinstance(param, click.Parameter) and isinstance(param.type, click.Choice):
        near = nearest(typed[1], map(str, param.type.choices))
    elif "No such command" in error.format_message() and isinstance(context.command, click.Group):
        # click knows only the loaded commands, and suggests several.
        sentence = f"No such command '{typed[1]}'."
        near = nearest(typed[1], context.command.list_commands(context))
    return f"{sentence} Did you mean '{near}'?" if near else sentence


def _options_before(context: click.Context) -> set[str]:
    return {name for option in context.find_root().command.params for name in option.opts}


def _kind(error: Exception) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()


def _details(error: SubtuiError) -> dict[str, Any]:
    if isinstance(error, Invalid):
        return {"fields": jsonify(error.problems)}
    if isinstance(error, Stale):
        return {"fields": [], "version": error.version, "differences": jsonify(error.differences)}
    return {"fields": []}


def _fault(error: Exception) -> str:
    """The place of a crash, without the message of the error, which could contain customer data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return f"This is an error in subtui, not in your command ({type(error).__name__} in {place}). Please report it."


def _tell(kind: str, sentence: str, code: int = WRONG_INPUT, *, as_json: bool, **details: Any) -> int:
    """Print the sentence of an error, even if only one of the two streams can be written; returns the exit code."""
    if as_json:
        with suppress(AnswerLost):
            say_json({"error": {"kind": kind, "message": sentence, "fields": [], **details}})
    complain(sentence)
    return code

"""The context of every command: the global options, the settings, and the backend with a signed-in user."""

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

from subtui.app_config import ADD_OWNER, LEAST_HEIGHT, LEAST_WIDTH, AppConfig, DisplayConfig
from subtui.cli.output import complain, require_output
from subtui.clock import Clock, read_clock
from subtui.domain.days import format_day, is_day_first, other_year_words, parse_day
from subtui.domain.errors import FileProblem, NotFound, PasswordNeeded, WrongInput
from subtui.domain.plain_text import sanitize
from subtui.domain.sessions import LONGEST_HOST, Front, Origin
from subtui.settings import Settings, default_file, read_settings

if TYPE_CHECKING:
    from subtui.acts.keap import OpenCalls
    from subtui.domain.intentions import Intention
    from subtui.services.backend import Backend
    from subtui.views.format import Format

P = ParamSpec("P")

INTENTION = "subtui.intention"
"""The key under which the context of a command keeps its intention."""


@dataclass(frozen=True, slots=True)
class Options:
    """The global options, before the command; None or False where not given."""

    db: str | None = None
    at: str | None = None
    who: str | None = None
    config: Path | None = None
    theme: str | None = None
    read_only: bool = False
    seed: Path | None = None


@dataclass(frozen=True, slots=True)
class CliContext:
    """The effective settings, each from the first source that sets it: options, environment, file, defaults."""

    where: str
    who: str
    clock: Clock
    settings: Settings
    seed: Path | None = None
    named: str = ""
    """The database named on the command line; empty if none is named."""

    def command(self, words: str) -> str:
        """A complete command for the same database, which the user can type."""
        return sanitize(f"subtui --db {shlex.quote(self.named)} {words}" if self.named else f"subtui {words}")

    def format(self, backend: "Backend") -> "Format":
        """How the record is written: in the format of the settings, and the account's day and time zone."""
        from subtui.views.format import Format  # noqa: PLC0415  (`--help` needs none)

        place = backend.session_info()
        return Format(self.settings.date_format, place.time_zone, place.today)

    def day(self, day: date | None) -> str:
        """A date in the format of the settings; empty for None."""
        return format_day(day, self.settings.date_format) if day else ""

    def read_day(
        self, option: str, text: str, *, today: date, paid_through: date | None = None, past: bool = False
    ) -> date:
        """Read the date of an option, which is of the past or not. Raises WrongInput.

        A year that was not typed, and is not the current one, is printed on standard error.
        """
        day_first = is_day_first(self.settings.date_format, self.settings.date_order)
        try:
            day = parse_day(text, today=today, paid_through=paid_through, day_first=day_first, past=past)
        except ValueError as error:
            raise WrongInput(f"{option}: {error}") from None
        other_year = other_year_words(text, day, today)
        if other_year:
            complain(f"{option}: “{text.strip()}” was read as {self.day(day)}, {other_year}.")
        return day

    def app_config(self, route: str) -> AppConfig:
        """The configuration of the screens."""
        from platformdirs import user_state_path  # noqa: PLC0415  (only the screens keep a folder of crashes)

        settings, state = self.settings, user_state_path("subtui", appauthor=False)
        return AppConfig(
            where=self.where,
            clock=self.clock,
            display_config=DisplayConfig(
                theme=settings.theme,
                date_format=settings.date_format,
                date_order=settings.date_order,
                keymap=settings.keymap,
            ),
            route=route,
            add_owner=self.command(ADD_OWNER),
            open_calls=self._line_opener(state),
            sign_in_as=self.who or None,
            read_only=settings.read_only,
            seed=self.seed,
            crash_folder=state / "crashes",
            form_folder=state / "unsaved",
            host=host_name(),
        )

    @property
    def folder(self) -> Path:
        """The configuration folder: of the settings, and of the key to Keap."""
        return (self.settings.file or default_file()).parent

    def _line_opener(self, state: Path) -> "OpenCalls":
        settings = self.settings

        def open_calls(base_url: str, stop: Callable[[], bool]) -> AbstractContextManager[Any]:
            from subtui.services.keap.line import line_opener  # noqa: PLC0415  (loaded with the first call)

            file, header = settings.keap_key_file, settings.keap_key_header
            return line_opener(os.environ, self.folder, state, key_file=file, header=header)(base_url, stop)

        return open_calls


def host_name() -> str:
    """The name of this machine, as the list of sessions shows it."""
    from platform import node  # noqa: PLC0415  (needed to open a database only)

    return sanitize(node())[:LONGEST_HOST]


def begin(options: Options) -> CliContext:
    """Resolve the effective settings. Raises FileProblem and WrongInput for invalid ones."""
    settings = read_settings(options.config, os.environ)
    settings = replace(
        settings,
        theme=options.theme or settings.theme,
        read_only=options.read_only or settings.read_only,
    )
    return CliContext(
        where=settings.db or _default_database() if options.db is None else options.db,
        who=(options.who if options.who is not None else settings.who).strip(),
        clock=read_clock(settings.now) if options.at is None else read_clock(options.at, looking=True),
        settings=settings,
        seed=options.seed,
        named=options.db or "",
    )


def _default_database() -> str:
    from platformdirs import user_data_path  # noqa: PLC0415  (not needed where --db names the database)

    return str(user_data_path("subtui", appauthor=False) / "subtui.db")


def with_start(command: Callable[Concatenate[CliContext, P], None]) -> Callable[P, None]:
    """Pass a command its context, resolved only now: `--help` works even with invalid settings."""

    @wraps(command)
    def started(*args: P.args, **kwargs: P.kwargs) -> None:
        command(begin(click.get_current_context().find_object(Options) or Options()), *args, **kwargs)

    return started


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that every command with an answer has."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


class Words(click.ParamType[str]):
    """Typed text. Bytes that are no text in the terminal's encoding are refused: they could not be stored or found."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text unchanged."""
        text = str(value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.fail("this is not text in your terminal's encoding.", param, ctx)
        return text


WORDS = Words()
ROW_ID = click.IntRange(min=1, max=2**53)


@contextmanager
def opened(
    context: CliContext, *, must_exist: bool = False, empty: bool = False, read_only: bool = False, create: bool = False
) -> Iterator["Backend"]:
    """Open the backend on the database, without a signed-in user. Raises StorageProblem and FileProblem.

    `must_exist` is for commands that read a database: they must not make an empty one. `create` is for the
    one that makes it, also on a server.
    """
    from subtui.services.backend import Backend  # noqa: PLC0415
    from subtui.storage.database import OlderVersion, database_url, file_of, is_on_server  # noqa: PLC0415
    from subtui.storage.file_state import is_there  # noqa: PLC0415

    require_output()
    url = database_url(context.where)
    file = file_of(url)
    if must_exist and not is_on_server(url) and (file is None or not is_there(file)):
        raise NotFound(
            f"There is no database at {file or context.where} yet. Create one with: {context.command('db init')}"
        )

    def open_desk(*, read_only: bool) -> Backend:
        return Backend.open(
            context.where,
            clock=context.clock,
            seed=context.seed,
            empty=empty,
            read_only=read_only,
            date_format=context.settings.date_format,
            create=create,
            origin=Origin(Front.COMMAND, host_name()),
        )

    try:
        backend = open_desk(read_only=read_only or context.settings.read_only)
    except OlderVersion:
        if context.settings.read_only:
            raise
        open_desk(read_only=False).close()  # which migrates it
        backend = open_desk(read_only=read_only)
    with backend:
        yield backend


@contextmanager
def signed_in(context: CliContext, *, must_exist: bool = False) -> Iterator["Backend"]:
    """Open the backend and sign the user in: a demo account on demo data, else with a password."""
    with opened(context, must_exist=must_exist) as backend:
        sign_in(context, backend)
        yield backend


def sign_in(context: CliContext, backend: "Backend", *, usually: str | None = None) -> bool:
    """Sign the user in; returns whether that took a password. Raises SignInRefused, NotAllowed, WrongInput.

    `usually` is the role on demo data when no user is named. Also checks the intention of the command: raises
    AlreadyDone when it was carried out.
    """
    with_password = _sign_in(context, backend, usually)
    intended = intention()
    if intended is not None:
        backend.intend(intended)
    return with_password


def intention() -> "Intention | None":
    """The intention of the running command; None where no key was given."""
    context = click.get_current_context(silent=True)
    found: Intention | None = context.meta.get(INTENTION) if context else None
    return found


def _sign_in(context: CliContext, backend: "Backend", usually: str | None) -> bool:
    place = backend.session_info()
    if place.demo:
        backend.sign_in_demo(context.who or usually)
        return False
    if not place.has_users:
        raise WrongInput(f"There are no users yet. Add the owner: {context.command(ADD_OWNER)}")
    if not context.who:
        raise WrongInput("Sign in with --as E-MAIL or SUBTUI_AS, and the password in SUBTUI_PASSWORD.")
    try:
        backend.sign_in(context.who, context.settings.password or ask_password(f"Password of {context.who}"))
    except PasswordNeeded as needed:
        command = context.command(f"--as {shlex.quote(context.who)} user password")
        raise PasswordNeeded(f"{needed} Use: {command}") from None
    return True


def ask_password(prompt: str, *, twice: bool = False) -> str:
    """Ask for a password on the terminal. Raises WrongInput where there is no terminal."""
    if not sys.stdin.isatty():
        raise WrongInput("No terminal to type the password in: set SUBTUI_PASSWORD.")
    answer: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True)
    return answer


def ask(question: str, *, otherwise: str) -> bool:
    """Ask for yes or no; `otherwise` is the option that answers in a script. Raises WrongInput without a terminal."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise WrongInput(f"No terminal to answer in: add {otherwise}. Nothing was changed.") from None


def has_terminal() -> bool:
    """Whether there is a terminal for the screens."""
    return why_no_screens() is None


def why_no_screens() -> str | None:
    """Why the screens cannot be shown here; None where they can.

    They read standard input, and draw on standard error or standard output, whichever is a terminal.
    """
    reading, out, err = (
        stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    )
    kind = os.environ.get("TERM", "")
    if not reading and (out or err):
        why = " Standard input is not one."
    elif reading and not (out or err):
        why = " Neither standard output nor standard error is one."
    elif not reading:
        why = ""
    elif os.name == "posix" and kind.lower() in _NO_SCREENS:
        named = f"says TERM={kind}" if kind else "does not say its kind in TERM"
        why = f" This one {named} and cannot show them."
    else:
        return None
    return f"The screens need a terminal.{why} In a script, use the commands: subtui --help"


_NO_SCREENS = ("", "dumb", "unknown")
"""Terminal types that only support output line by line."""


def forget_old_size() -> None:
    """Drop COLUMNS and LINES where the terminal reports its size: they may hold an outdated one."""
    if _size_of_terminal() is not None:
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)


def _size_of_terminal() -> tuple[int, int] | None:
    for stream in (sys.__stderr__, sys.__stdout__, sys.__stdin__):
        try:
            size = os.get_terminal_size(stream.fileno()) if stream is not None else (0, 0)
        except (OSError, ValueError):
            continue
        if all(size):
            return size
    return None


def require_size(what: str, *, below: int) -> None:
    """Raise WrongInput where the terminal is too small for the screens with this number of rows below them."""
    from shutil import get_terminal_size  # noqa: PLC0415

    forget_old_size()
    width, height = _size_of_terminal() or get_terminal_size()
    if width < LEAST_WIDTH or height < LEAST_HEIGHT + below:
        raise WrongInput(
            f"This terminal is {width}x{height}; {what} needs at least {LEAST_WIDTH}x{LEAST_HEIGHT + below}."
        )


def require_keymap(settings: Settings) -> None:
    """Raise FileProblem for the first invalid entry of the keymap."""
    if not settings.keymap:
        return
    from subtui.app.commands.keymap import check_keymap  # noqa: PLC0415

    for command_id, reason in check_keymap(settings.keymap)[:1]:
        line = settings.keymap_lines.get(command_id)
        place = f"{settings.file}, line {line}" if line else str(settings.file)
        raise FileProblem(f"{place}: {reason}{'' if reason.endswith('?') else '.'}")

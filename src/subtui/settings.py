"""Settings: a TOML file and SUBTUI_* variables, read strictly: a misspelt name is refused, never ignored."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subtui.app_config import THEMES
from subtui.domain.days import DATE_FORMATS, DATE_ORDERS, is_day_first
from subtui.domain.errors import FileProblem, WrongInput
from subtui.domain.plain_text import sanitize
from subtui.domain.suggestions import did_you_mean, nearest

if TYPE_CHECKING:
    from subtui.settings_file import Written

VARIABLES = (
    "SUBTUI_DB",
    "SUBTUI_THEME",
    "SUBTUI_DATE_FORMAT",
    "SUBTUI_DATE_ORDER",
    "SUBTUI_READ_ONLY",
    "SUBTUI_CONFIG",
    "SUBTUI_NOW",
    "SUBTUI_AS",
    "SUBTUI_PASSWORD",
    "SUBTUI_KEAP_KEY",
)
"""The known variables; any other one that begins with SUBTUI_ is refused."""

KEY_HEADERS = ("bearer", "keap")
"""The headers that carry the key to Keap: `Authorization: Bearer`, or `X-Keap-API-Key`."""

LARGEST_FILE = 1_000_000
_KEYMAP = "keymap"
_YES_NO = {"1": True, "true": True, "0": False, "false": False}
_WANTED = {"str": "text in quotes", "bool": "true or false, without quotes", "object": "a table, written as [keymap]"}
_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE_LINE = re.compile(rf"\s*\[\s*({_PATH})\s*\]")
_KEY_LINE = re.compile(rf"\s*({_PATH})\s*=")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings from the file and the environment. An empty text means that neither sets it.

    `now`, `who` and `password` come from the environment only. `keymap_lines` has the line of each entry in `file`.
    """

    db: str = ""
    theme: str = THEMES[0]
    date_format: str = DATE_FORMATS[0]
    date_order: str = ""
    read_only: bool = False
    keymap: dict[str, str] = field(default_factory=dict)
    now: str = ""
    who: str = ""
    password: str = field(default="", repr=False)
    keap_url: str = ""
    keap_key_file: str = ""
    keap_key_header: str = ""
    file: Path | None = None
    keymap_lines: dict[str, int] = field(default_factory=dict)


def default_file() -> Path:
    """The default path of the settings file."""
    from platformdirs import user_config_path  # noqa: PLC0415  (not needed where --config names the file)

    return user_config_path("subtui", appauthor=False) / "settings.toml"


def read_settings(config: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings in the file `config`, else in the one SUBTUI_CONFIG names, else in the default one if it is there.

    Variables win over the file. Raises FileProblem with file, line and reason, and WrongInput for a variable.
    """
    _refuse_unknown_variables(environ)
    named = config or (Path(environ["SUBTUI_CONFIG"]) if environ.get("SUBTUI_CONFIG") else None)
    file = (named or default_file()).expanduser()
    text = _text_of(file, must_exist=named is not None)
    read = _read(text, file) if text is not None else None
    keymap = _flat(read.keymap) if read else {}
    date_format = _chosen(environ, "SUBTUI_DATE_FORMAT", DATE_FORMATS) or (read.date_format if read else "")
    date_order = _chosen(environ, "SUBTUI_DATE_ORDER", DATE_ORDERS) or (read.date_order if read else "")
    _refuse_two_orders(date_format, date_order)
    return Settings(
        db=environ.get("SUBTUI_DB") or _beside(file, read.db if read else ""),
        theme=_chosen(environ, "SUBTUI_THEME", THEMES) or (read.theme if read else "") or THEMES[0],
        date_format=date_format or DATE_FORMATS[0],
        date_order=date_order,
        read_only=_yes_no(environ, "SUBTUI_READ_ONLY", otherwise=read.read_only if read else False),
        keymap=keymap,
        now=environ.get("SUBTUI_NOW", ""),
        who=environ.get("SUBTUI_AS", ""),
        password=environ.get("SUBTUI_PASSWORD", ""),
        keap_url=read.keap_url if read else "",
        keap_key_file=_beside(file, read.keap_key_file if read else ""),
        keap_key_header=read.keap_key_header if read else "",
        file=file if text is not None else None,
        keymap_lines={key: line for key in keymap if (line := line_of(text or "", key, _KEYMAP))},
    )


def _refuse_two_orders(date_format: str, date_order: str) -> None:
    """Refuse a date order that contradicts the date format: dates would be read wrong by months."""
    written = is_day_first(date_format)
    if date_order and written is not None and written != (date_order == "dmy"):
        raise WrongInput(f"date_order {date_order} contradicts date_format {date_format}: leave one of them out.")


def line_of(text: str, key: str, table: str | None) -> int | None:
    """The line, counted from 1, on which `key` of `table` is written, or the table that holds it inline.

    `table` None is the top of the file. A key with a point in it is found quoted or not. None if it is not there.
    """
    wanted = f"{table}.{key}" if table else key
    here: tuple[str, ...] = ()
    around = None
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        header = _TABLE_LINE.match(line)
        if header:
            here = _parts(f"[{header[1]}]")
        found = _KEY_LINE.match(line) if not header else None
        path = ".".join((*here, *_parts(f"{found[1]} = 0"))) if found else ".".join(here)
        if path == wanted:
            return number
        if path == table and around is None:
            around = number
        closing = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return around


def _parts(toml: str) -> tuple[str, ...]:
    """The path of keys to the single value in a piece of TOML."""
    try:
        at: Any = tomllib.loads(toml)
    except ValueError:
        return ()
    names: list[str] = []
    while isinstance(at, dict) and at:
        name, at = next(iter(at.items()))
        names.append(name)
    return tuple(names)


def _text_of(file: Path, *, must_exist: bool) -> str | None:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        if not must_exist:
            return None
        raise FileProblem(f"{file} does not exist. Name another settings file with --config.") from None
    except (OSError, ValueError) as error:
        raise FileProblem(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(data) > LARGEST_FILE:
        raise FileProblem(f"{file} is too large for a settings file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileProblem(f"{file}, line {line}: this is not UTF-8 text.") from None


def _read(text: str, file: Path) -> "Written":
    from subtui.settings_file import Written, convert  # noqa: PLC0415  (a decoder takes longer to load than to start)

    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise FileProblem(f"{file} cannot be read: it is nested too deeply.") from None
    except ValueError as error:
        raise FileProblem(_at(file, *_reason_and_line(str(error), text))) from None
    try:
        read = convert(raw)
    except ValueError as error:
        names = Written.__struct_fields__
        raise FileProblem(_why_not(str(error), text, file, names)) from None
    for key, value, choices in (
        ("theme", read.theme, THEMES),
        ("date_format", read.date_format, DATE_FORMATS),
        ("date_order", read.date_order, DATE_ORDERS),
        ("keap_key_header", read.keap_key_header, KEY_HEADERS),
    ):
        if key in raw and value not in choices:
            raise FileProblem(_at(file, _not_among(key, value, choices), line_of(text, key, None)))
    for key, entry in _flat(read.keymap).items():
        if not isinstance(entry, str):
            reason = f"“{key[:40]}” takes a key, or keys separated by commas, in quotes"
            raise FileProblem(_at(file, reason, line_of(text, key, _KEYMAP)))
    return read


def _reason_and_line(said: str, text: str) -> tuple[str, int | None]:
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
    if found is None:
        return said.rstrip("."), None
    line = int(found[1]) if found[1] else text.count("\n") + 1
    return said[: found.start()].rstrip("."), line


def _why_not(said: str, text: str, file: Path, names: Sequence[str]) -> str:
    """The sentence for an error of msgspec."""
    unknown = re.search(r"unknown field `(.*)`", said, re.DOTALL)
    if unknown:
        name = unknown[1]
        near = nearest(name, names)
        hint = f"; did you mean “{near}”?" if near else ""
        return _at(file, f"there is no setting “{name[:40]}”{hint}", line_of(text, name, None))
    wrong = re.search(r"Expected `(\w+)`.* - at `\$\.(\w+)", said)
    if wrong is None:
        return _at(file, said, None)
    wanted, key = wrong.groups()
    return _at(file, f"“{key}” takes {_WANTED.get(wanted, wanted)}", line_of(text, key, None))


def _at(file: Path, reason: str, line: int | None) -> str:
    place = f"{file}, line {line}" if line else str(file)
    return sanitize(_ended(f"{place}: {reason}"))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def _not_among(name: str, value: str, choices: tuple[str, ...]) -> str:
    near = nearest(value, choices)
    meant = f"; did you mean “{near}”?" if near else ""
    return f"“{value[:40]}” is not a valid {name}: use one of {', '.join(choices)}{meant}"


def _flat(keymap: Mapping[str, Any]) -> dict[str, Any]:
    """Entries by command id: an id has a point in it, which TOML reads as a table inside a table unless quoted."""
    flat: dict[str, Any] = {}
    for name, value in keymap.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{rest}": entry for rest, entry in _flat(value).items()}
        else:
            flat[name] = value
    return flat


def _beside(file: Path, db: str) -> str:
    """Resolve a path in the file relative to the file's folder, not to the working directory."""
    if not db or "://" in db:
        return db
    return str(file.absolute().parent / Path(db).expanduser())


def _refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith("SUBTUI_") and name not in VARIABLES:
            hint = did_you_mean(name, VARIABLES, otherwise=f" There are: {', '.join(VARIABLES)}.")
            raise WrongInput(f"There is no variable {sanitize(name)[:60]}.{hint}")


def _chosen(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environ.get(name, "")
    if value and value not in choices:
        raise WrongInput(_ended(_not_among(name, sanitize(value), choices)))
    return value


def _yes_no(environ: Mapping[str, str], name: str, *, otherwise: bool) -> bool:
    value = environ.get(name, "")
    if not value:
        return otherwise
    if value.lower() not in _YES_NO:
        raise WrongInput(_ended(_not_among(name, sanitize(value), tuple(_YES_NO))))
    return _YES_NO[value.lower()]

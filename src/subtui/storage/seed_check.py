"""Checks a whole seed file and reports every problem in it; the decoder stops at the first."""

import json
import re
import sys
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct

from subtui.domain.errors import FileProblem
from subtui.storage import seed_format
from subtui.storage.seed import read_bytes
from subtui.storage.seed_format import Seed
from subtui.storage.seed_problems import SeedProblem, doubts, problems

S = TypeVar("S", bound=Struct)

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_AT = re.compile(r"(.*?)(?: - at (`key` in )?`\$(.*)`)?", re.DOTALL)
_LISTS = tuple(each.name for each in msgspec.structs.fields(Seed) if get_origin(each.type) is list)


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings, each list in the order of the file. A file with problems is refused, one with doubts is not."""

    problems: tuple[SeedProblem, ...]
    doubts: tuple[SeedProblem, ...]
    counts: dict[str, int]
    """The number of readable rows of each kind."""
    day: date | None


def check_seed(path: Path) -> Checked:
    """Check the file. Raises FileProblem where it is no JSON."""
    data = read_bytes(path)
    raw = _json(path, data)
    found = _Found()
    seed = found.struct(raw, Seed, "$")
    wrong = [*found.problems, *problems(seed)]
    if not wrong:
        # The decoder that fills every database has the final say.
        try:
            seed = seed_format.decode(data)
        except msgspec.DecodeError as error:
            wrong.append(SeedProblem("$", str(error).rstrip(".")))
    place = _Places(raw)
    spoiled = {_row(problem) for problem in wrong}  # no doubts are reported of a row with problems
    given = raw if isinstance(raw, dict) else {}
    counts = {name: len(rows) if isinstance(rows := given.get(name), list) else 0 for name in _LISTS}
    return Checked(
        tuple(sorted(wrong, key=place)),
        tuple(sorted((each for each in doubts(seed) if _row(each) not in spoiled), key=place)),
        counts | {"payments": sum(len(order.payments) for order in seed.orders) if counts["orders"] else 0},
        seed.day if isinstance(seed.day, date) else None,
    )


def _row(problem: SeedProblem) -> str:
    """The row of a problem: `$.orders[3]`."""
    return problem.path.partition("]")[0]


class _Object(dict[str, Any]):
    """An object of the file that knows its duplicate keys; the later value counts."""

    doubles: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        made.doubles = tuple(name for name in made if names.count(name) > 1)
    return made


def _json(path: Path, data: bytes) -> Any:
    if not data.strip():
        raise FileProblem(f"{path} is empty.")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise FileProblem(f"{path}, line {line}, byte {column}: this is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        said = error.msg[:1].lower() + error.msg[1:]
        raise FileProblem(f"{path}, line {error.lineno}, column {error.colno}: this is not JSON: {said}.") from None
    except RecursionError:
        raise FileProblem(f"{path} is not a seed file: it is nested too deeply.") from None
    except ValueError as error:
        raise FileProblem(f"{path} is not JSON: {str(error).split(';')[0].rstrip('.')}.") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


@dataclass
class _Found:
    """Checks the file value by value and collects the problems; an unreadable value becomes None or is left out."""

    problems: list[SeedProblem] = field(default_factory=list)

    def say(self, path: str, said: str) -> None:
        self.problems.append(SeedProblem(path, said))

    def struct(self, raw: Any, kind: type[S], path: str) -> S:
        """The row with its readable fields."""
        given = raw if isinstance(raw, dict) else {}
        if given is not raw:
            self.say(path, f"expected `object`, got `{_named(raw)}`")
        for name in getattr(raw, "doubles", ()):
            self.say(f"{path}.{name}", "this key appears twice")
        fields = _fields(kind)
        for name in given:
            if name not in fields:
                self.say(f"{path}.{name[:60]}", "unknown field")
        values: dict[str, Any] = {}
        for name, each in fields.items():
            if name in given:
                values[each.name] = self.value(given[name], each.type, f"{path}.{name}")
            elif each.required:
                if given is raw:
                    self.say(path, f"`{name}` is missing")
                values[each.name] = _nothing(each.type)
        return kind(**values)

    def value(self, raw: Any, kind: Any, path: str) -> Any:
        """A field, decoded and checked."""
        if _is_struct(kind):
            return self.struct(raw, kind, path)
        (row, *_) = get_args(kind) or (None,)
        if get_origin(kind) is list and isinstance(raw, list) and _is_struct(row):
            return [self.struct(entry, row, f"{path}[{at}]") for at, entry in enumerate(raw)]
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            said, key, deeper = _AT.fullmatch(str(error)).groups(default="")  # type: ignore[union-attr]
            self.say(path + deeper, ("in one of its keys: " if key else "") + said[:1].lower() + said[1:])
        except (ValueError, OverflowError):
            self.say(path, "this cannot be read")
        return _nothing(kind)


@cache
def _fields(kind: type[Struct]) -> dict[str, Any]:
    return {each.encode_name: each for each in msgspec.structs.fields(kind)}


def _nothing(kind: Any) -> Any:
    """The substitute for an unreadable value; for a row, one without an id, since it might be any."""
    if _is_struct(kind):
        return _Found().struct({}, kind, "")
    if get_origin(kind) is list:
        (row,) = get_args(kind)
        return [_nothing(row)] if _is_struct(row) else []
    return {} if get_origin(kind) is dict else None


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _named(raw: Any) -> str:
    names = {bool: "bool", int: "int", float: "float", str: "str", list: "array", type(None): "null"}
    return names.get(type(raw), "object")


class _Places:
    """Finds the position of a path in the file, for sorting."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._keys: dict[int, dict[str, int]] = {}

    def __call__(self, problem: SeedProblem) -> tuple[int, ...]:
        place: list[int] = []
        here = self._raw
        for name, number in _STEP.findall(problem.path):
            if number:
                place.append(int(number))
                here = here[int(number)] if isinstance(here, list) and int(number) < len(here) else None
            else:
                place.append(self._order(here).get(name, sys.maxsize) if isinstance(here, dict) else 0)
                here = here.get(name) if isinstance(here, dict) else None
        return tuple(place)

    def _order(self, here: dict[str, Any]) -> dict[str, int]:
        if id(here) not in self._keys:
            self._keys[id(here)] = {name: at for at, name in enumerate(here)}
        return self._keys[id(here)]


def schema() -> str:
    """The JSON Schema of seed files, from the models."""
    made = _tidy(msgspec.json.schema(Seed))
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A seed file of subtui",
    }
    return json.dumps(head | made, indent=2, ensure_ascii=False) + "\n"


def _tidy(value: Any) -> Any:
    """Descriptions without the indent that they have in the source."""
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: cleandoc(each) if name == "description" and isinstance(each, str) else _tidy(each)
        for name, each in value.items()
    }

"""Objects from JSON: a list of them, one object, an object around a list, several of these in a row, or JSON lines.

An answer of a web service is an object around a list: `{"orders": [...], "next_page_token": ""}`. An order with a list
of items looks much the same, but has an id, a number or a name of its own: that tells them apart. What is longer than
an object may be can only be an answer.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from decimal import Decimal, InvalidOperation
from functools import partial
from io import BufferedReader
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import msgspec

from subtui.tabular.encoding import Text, as_utf_8
from subtui.tabular.errors import TabularError, problem
from subtui.tabular.json_text import JsonText, depth_of, described
from subtui.tabular.sources import Source, plainly
from subtui.tabular.types import LONGEST_VALUE, Limits, Objects, Record, Unreadable, shortened

# A bracket begins JSON only if what follows could: a header of a table may begin with [Name], too.
_BEGINS = re.compile(r'\{|\[\s*(?:$|[\[{"\]0-9-]|(?:true|false|null)\s*[,\]])')
_LIST_OF_OBJECTS = re.compile(rb"\[\s*[{\]]")
# Members that name one thing, unless they name the answer itself: its request, its page, whose account it is about.
_IDENTIFIES = re.compile(r"(?:^|.*_)(?:id|uuid|guid|number|e_?mail(?:_address)?|name|title|sku)")
_OF_THE_ANSWER = re.compile(
    r"(?:request|trace|page|next|prev|first_id|last_id|account|merchant|tenant|company|shop|store|site|app|export|sync)"
)
_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
# Lists in which web services say where to go on, not what they hold.
_NO_DATA = ("links", "_links")
_KINDS = {str: "a text", bool: "true or false", list: "a list", type(None): "null"}
_DECODER = msgspec.json.Decoder(Any, float_hook=Decimal)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])

# The name of the list in which a row was found, and the row; None stands for a list that is empty.
_Found = tuple[str, Record | Unreadable | None]


def is_json(text: Text, name: str) -> bool:
    """Whether a text is JSON, going by how it begins. Raises TabularError if all of it is a single number or text."""
    if _BEGINS.match(text.head):
        return True
    if text.head_is_all:
        try:
            value = msgspec.json.decode(text.head.encode("utf-8", "replace"))
        except msgspec.DecodeError:
            return False
        raise TabularError(f"{name} holds {_kind(value)}, neither a table nor a list of objects.")
    return False


def read_objects(source: Source, text: Text, limits: Limits) -> Iterator[Objects]:
    """The lists of objects in `source`, one after the other; their rows are read as they are taken.

    Raises TabularError, as taking the rows does.
    """
    with closing(_found(source, text, limits, counted=True)) as found:
        for number, (listed_as, group) in enumerate(groupby(found, key=itemgetter(0))):
            again = partial(_again, source, text, limits, number)
            yield Objects(source.name, listed_as, _rows(group), again, text.label, text.example)


def _again(source: Source, text: Text, limits: Limits, number: int) -> Iterator[Record | Unreadable]:
    """The rows of one of the lists, in a pass of their own."""
    with closing(_found(source, text, limits, counted=False)) as found:
        for _, group in islice(groupby(found, key=itemgetter(0)), number, number + 1):
            yield from _rows(group)


def _rows(group: Iterator[_Found]) -> Iterator[Record | Unreadable]:
    return (row for _, row in group if row is not None)


def _found(source: Source, text: Text, limits: Limits, *, counted: bool) -> Generator[_Found, None, None]:
    with plainly(source.name):
        is_lines = _is_lines(source, text, limits)
        with as_utf_8(source, text, counted=counted) as stream:
            if is_lines:
                yield from _of_lines(_lines(stream, limits), source.name, limits)
            else:
                yield from _of_documents(JsonText(stream, source.name, limits), source.name)


def _lines(stream: BufferedReader, limits: Limits) -> Iterator[bytes]:
    """Lines as bytes; one that is longer than an object may be comes in pieces, the first longer than that."""
    return iter(partial(stream.readline, limits.record + 1), b"")


def _is_lines(source: Source, text: Text, limits: Limits) -> bool:
    """Whether each line is an object of its own.

    The first line tells, or the second, should the first be broken: a closing brace at the end of one line and an
    opening one on the next follow each other in no other JSON.
    """
    if not text.head.startswith("{"):
        return False
    with as_utf_8(source, text) as stream:
        lines = (line.strip() for line in _lines(stream, limits))
        first, second = [*islice((line for line in lines if line), 2), b"", b""][:2]
    return _is_record(first) or (first.endswith(b"}") and _is_record(second))


def _is_record(line: bytes) -> bool:
    """Whether a line is one whole object, and none around a list."""
    try:
        return line.startswith(b"{") and not _is_answer(_MEMBERS.decode(line))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _is_answer(members: Mapping[str, msgspec.Raw | bytes]) -> bool:
    """Whether an object is there for the list in it."""
    lists = [name for name, raw in members.items() if name not in _NO_DATA and _LIST_OF_OBJECTS.match(raw)]
    return bool(lists) and not any(_identifies(name) for name in members if name not in lists)


def _identifies(name: str) -> bool:
    words = _WORD_ENDS.sub("_", name.strip()).casefold()
    return bool(_IDENTIFIES.fullmatch(words)) and not _OF_THE_ANSWER.match(words)


def _of_lines(lines: Iterator[bytes], name: str, limits: Limits) -> Iterator[_Found]:
    for number, line in enumerate(lines, 1):
        if len(line) > limits.record:
            raise problem(name, number, f"the line is longer than {limits.record:,} bytes.")
        if line.isspace():
            continue
        if depth_of(line) > limits.depth:
            raise problem(name, number, f"more than {limits.depth} levels of nested lists and objects.")
        try:
            yield "", _decoded(number, line)
        except msgspec.DecodeError as error:
            yield "", Unreadable(number, "", _as_written(line), f"The line is not JSON: {described(error, line)[0]}.")


def _of_documents(place: JsonText, name: str) -> Iterator[_Found]:
    while mark := place.peek():
        if mark == b"[":
            yield from _of_list(place)
        elif mark == b"{":
            yield from _of_object(place)
        else:
            raise problem(name, place.line, "this is neither a list nor an object.")


def _of_list(place: JsonText) -> Iterator[_Found]:
    place.take(b"[", "where the list begins")
    if place.peek() == b"]":
        place.take(b"]", "where the list ends")
        yield "", None
    else:
        yield from _elements(place, "", 1)


def _of_object(place: JsonText) -> Iterator[_Found]:
    """The object that begins here, or the rows of the lists in it."""
    raw = place.look(0)
    if raw is None or _is_answer(_members(place, raw)):
        yield from _of_answer(place)
    else:
        yield "", _element(place, 0)


def _members(place: JsonText, raw: bytes) -> Mapping[str, msgspec.Raw | bytes]:
    """The members of an object as they are written; none if it is no proper JSON, which decoding it will tell."""
    try:
        return _MEMBERS.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # What is wrong with one value shall not hide what the object is. Half a letter has another name here.
        return dict(place.members(raw)) if _fault(error, raw) or "hex escape" in str(error) else {}


def _of_answer(place: JsonText) -> Iterator[_Found]:
    """The rows of each list in the object that begins here. It may be of any length: one member is held at a time."""
    empty: list[str] = []
    any_rows = False
    place.take(b"{", "where the object begins")
    begin = place.line
    more = True
    while more:
        name = place.name()
        if place.peek() != b"[" or name in _NO_DATA:
            place.value(1)
        else:
            place.take(b"[", "where the list begins")
            first = place.peek()
            if first == b"]":
                place.take(b"]", "where the list ends")
                empty.append(name)
            elif first == b"{":
                any_rows = True
                yield from _elements(place, name, 2)
            else:
                _skip_elements(place, 2)
        more = place.take(b",}", "after a member of the object") == b","
    if not any_rows and not empty:
        raise place.too_long(begin)
    if not any_rows:
        yield empty[0], None


def _elements(place: JsonText, listed_as: str, depth: int) -> Iterator[_Found]:
    """The elements of the list that has begun, at least one, and its end."""
    more = True
    while more:
        yield listed_as, _element(place, depth)
        more = place.take(b",]", "after an element of the list") == b","


def _skip_elements(place: JsonText, depth: int) -> None:
    more = True
    while more:
        place.value(depth)
        more = place.take(b",]", "after an element of the list") == b","


def _element(place: JsonText, depth: int) -> Record | Unreadable:
    place.peek()
    line = place.line
    raw = place.value(depth)
    try:
        return _decoded(line, raw)
    except msgspec.DecodeError as error:
        raise place.malformed(raw, error, line) from None


def _decoded(line: int, raw: bytes) -> Record | Unreadable:
    """The object in `raw`. Raises msgspec.DecodeError if it is not JSON; what else may be wrong is one row's matter."""
    try:
        value = _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidOperation) as error:
        reason = _fault(error, raw)
        if not reason:
            raise
        return Unreadable(line, "", _as_written(raw), reason)
    if isinstance(value, dict):
        return line, value
    return Unreadable(line, "", _as_written(raw), f"This is {_kind(value)}, not an object.")


def _fault(error: Exception, raw: bytes) -> str:
    """What is wrong with a value that is proper JSON all the same; empty if it is none."""
    if isinstance(error, UnicodeDecodeError):
        return "One of its texts contains bytes that are not UTF-8."
    if isinstance(error, (InvalidOperation, msgspec.ValidationError)):
        return "One of its numbers is too large."
    # Of half a letter near the end of a value that is whole, msgspec says that the value is cut off.
    value = raw.strip()
    is_whole = value[:1] + value[-1:] in (b"{}", b"[]", b'""') and b"\\u" in value
    if "surrogate" in str(error) or (is_whole and "truncated" in str(error)):
        return "One of its texts contains half a character."
    return ""


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")


def _as_written(raw: bytes) -> str:
    # Four bytes at most for each character, so that a value of megabytes is not decoded to show its beginning.
    return shortened(raw[: 4 * (LONGEST_VALUE + 1)].decode("utf-8", "replace").strip())

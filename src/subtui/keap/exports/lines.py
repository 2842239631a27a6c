"""Writes rows as typed lines of JSON: `{"kind": "order", "Id": "21", "Order Total": {"amount": 4900, ...}, ...}`.

One file holds all kinds in the order of their references, so that an import can read it in one pass.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import msgspec

from subtui.keap.columns import Reads
from subtui.keap.exports.tables import Table
from subtui.keap.written import instant_cell, safe_text

_KIND = "kind"
_VALUES: Mapping[Reads, Callable[[Any], Any]] = {
    Reads.TEXT: safe_text,
    Reads.INSTANT: instant_cell,
    Reads.FLAG: bool,
    Reads.LIST: lambda parts: [safe_text(part) for part in parts],
}


def write_lines(table: Table, file: IO[bytes]) -> Iterator[int]:
    """Write the rows of a kind to a file; yields the number of rows so far, after each."""
    encode = msgspec.json.Encoder().encode
    steps, amounts, currency = [], [], -1
    # Every line of a kind has the same members, empty ones too: it can be read as a table, and faster.
    empty: dict[str, Any] = {_KIND: table.kind.value}
    for at, column in enumerate(table.columns):
        name = column.names[0]
        empty[name] = None
        if column.reads is Reads.MONEY:
            amounts.append((at, name))
        else:
            steps.append((at, name, _VALUES.get(column.reads)))
        if column.field == "currency":
            currency = at
    names = {name: safe_text(name) if name != _KIND else f"{_KIND} (2)" for name in table.others}
    empty |= dict.fromkeys(names.values())
    for count, (values, more) in enumerate(table.rows, 1):
        line = dict(empty)
        for at, name, made in steps:
            value = values[at]
            if value is not None and value not in ("", []):
                line[name] = made(value) if made is not None else value
        for at, name in amounts:
            line[name] = {"amount": values[at], "currency_code": values[currency]}
        for name, value in more.items():
            line[names[name]] = safe_text(value)
        file.write(encode(line) + b"\n")
        yield count

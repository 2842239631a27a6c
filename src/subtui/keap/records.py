"""Reads one row of a file into our fields, by the names of its columns."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from functools import partial
from itertools import compress
from operator import itemgetter
from typing import Any

from subtui.domain.cells import clean, unguarded
from subtui.domain.date_order import DateOrder
from subtui.domain.money import Money
from subtui.domain.plain_text import sanitize
from subtui.keap.amounts import amount, amount_of, minor_of, names_currency
from subtui.keap.columns import Column, Reads, others, places
from subtui.keap.currencies import named_code
from subtui.keap.dates import day, instant
from subtui.keap.secrets import FEWEST_DIGITS, card_numbers, is_secret_column, without_card_numbers
from subtui.keap.spreadsheets import ERROR, id_text, is_error, linked, unwrapped
from subtui.keap.values import cycle_and_frequency, flag, status
from subtui.views.imports import Kind

LONGEST_ID = 64
LARGEST_NUMBER = 1_000_000
LARGEST_AMOUNT = 10**15
"""The largest absolute amount in minor units: sums of thousands of them still fit into the database."""

SHOWN = 80
"""The number of characters of a value that a report shows."""

_OF_ANOTHER = frozenset((Kind.ORDER, Kind.ORDER_ITEM, Kind.PAYMENT, Kind.SUBSCRIPTION))
"""Kinds whose amounts are in the currency of a row already known, where the row itself names none."""

# No apostrophe, number sign or equals sign at the beginning: a spreadsheet may have changed such a cell.
_PLAIN = re.compile(r"[!\"$-&(-<>-~](?:[ -~]*[!-~])?").fullmatch
_PLAIN_ID = re.compile("[1-9][0-9]{0,11}").fullmatch
_EMAILS = ("email", "email2", "email3")
_OTHER_BLANKS = dict.fromkeys((0xA0, 0x2009, 0x202F), " ")
_LISTS_OF_IDS = ("tag_ids", "products")
_WHOLE = re.compile(r"\d+(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Context:
    """The context of the values: the account's currency and time zone, and whether the month comes first in dates."""

    currency: str
    zone: tzinfo
    order: DateOrder | None = None


class RowRefused(Exception):
    """A row cannot be imported: the column, its value (shortened, without card numbers), and the reason."""

    def __init__(self, column: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = shown(value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An amount without a currency: it can be read once the currency of its order is known."""

    column: str
    value: Any

    def read(self, currency: str) -> Money | None:
        """The amount in this currency. Raises ValueError."""
        read: Money | None = _money(self.value, currency=currency)
        return read


@dataclass(slots=True)
class Record:
    """A row as read: the non-empty fields with their values, and the other columns by header."""

    kind: Kind
    line: int
    fields: dict[str, Any]
    more: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()  # the fields that the file has a column for
    headers: frozenset[str] = frozenset()  # the headers of `more` that it has a column for
    derived: bool = False  # only mentioned in another row


def shown(value: object) -> str:
    """A value as a report may show it."""
    text = sanitize(without_card_numbers(" ".join(str(value)[: 10 * SHOWN].split())))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


_Step = tuple[str, str, Callable[[Any], Any], bool]


class RecordReader:
    """Reads the rows below one header. `dropped` names the columns that are never stored.

    `guarded`: the texts come from cells in which what a spreadsheet would run has been made harmless.
    """

    def __init__(self, kind: Kind, header: Sequence[str], context: Context, *, guarded: bool = True) -> None:
        self.kind = kind
        self.understood: dict[str, tuple[str, str]] = {}
        """Columns with values that a spreadsheet changed: the first such value, and the value read from it."""
        if guarded:
            header = [unguarded(name) for name in header]
        secret = {place for place, name in enumerate(header) if is_secret_column(name)}
        self.dropped = tuple(header[place] for place in sorted(secret))
        found = {place: column for place, column in places(kind, header).items() if place not in secret}
        self.present = frozenset(column.field for column in found.values())
        # For each place: the field or header it goes to, the column's name, how to read it, and whether it is a field.
        self._steps: dict[int, _Step] = {}
        names = {header[place]: 1 for place in found}
        for place, name in enumerate(header):
            if place in found:
                column = found[place]
                self._steps[place] = (column.field, name, self._reader(column, name, context, guarded=guarded), True)
            elif place not in secret and name:
                names[name] = names.get(name, 0) + 1
                # A custom field may carry the name of another column: both are kept.
                kept = name if names[name] == 1 else f"{name} ({names[name]})"
                self._steps[place] = (kept, name, _text if guarded else _bare_text, False)
        self.headers = frozenset(name for name, _, _, is_field in self._steps.values() if not is_field)
        # Keap has several columns for some fields, of which now one is filled and now another.
        self._others = [
            (place, column.field, self._reader(column, header[place], context, guarded=guarded))
            for place, column in others(kind, header)
            if place not in secret
        ]
        self._amounts = {place: column for place, column in found.items() if column.reads is Reads.MONEY}
        self._currency = next((place for place, column in found.items() if column.field == "currency"), None)
        self._account = context.currency
        self._of_currencies: dict[str, dict[int, _Step]] = {}

        # The value of each column that is read: a text, or of JSON any value; 0 and false are values.
        picked = itemgetter(*self._steps) if len(self._steps) > 1 else lambda values: (values[next(iter(self._steps))],)
        self._picked: Callable[[Sequence[Any]], Sequence[Any]] = picked if self._steps else lambda _: ()

    def _reader(self, column: Column, name: str, context: Context, *, guarded: bool) -> Callable[[Any], Any]:
        if column.reads is Reads.MONEY and self.kind in _OF_ANOTHER:
            return partial(_money_or_unnamed, currency=context.currency, column=name)
        if column.reads is Reads.ID:
            return _id_reader(partial(self.understood.setdefault, name), guarded=guarded)
        if column.reads is Reads.TEXT and guarded:
            read = linked if column.field in _EMAILS else unwrapped
            return _field_reader(read, partial(self.understood.setdefault, name))
        if column.field in _LISTS_OF_IDS:
            return partial(_ids, text=_text if guarded else _bare_text)
        return _reader(column, context, guarded=guarded)

    def _pick(self, values: Sequence[Any]) -> Sequence[Any]:
        picked = self._picked(values)
        return picked if type(values) is list else [value not in ("", None) for value in picked]

    def read(self, line: int, values: Sequence[Any]) -> Record:
        """A row as a record: a list of cells, or a tuple of JSON values. Raises RowRefused for the first bad value."""
        fields: dict[str, Any] = {}
        more: dict[str, str] = {}
        steps = self._steps if self._currency is None else self._steps_of(values[self._currency])
        # Most cells of an export are empty.
        for place, (name, column, read, is_field) in compress(steps.items(), self._pick(values)):
            value = values[place]
            if value is None or value == []:
                continue
            try:
                made = read(value)
            except ValueError as error:
                raise RowRefused(column, value, str(error)) from None
            if is_field:
                if made is not None:
                    fields[name] = made
            elif made:
                more[name] = made
        for place, name, read in self._others:
            if name not in fields and values[place] not in ("", None):
                with suppress(ValueError):
                    made = read(values[place])
                    if made is not None:
                        fields[name] = made
        return Record(self.kind, line, fields, more, self.present, self.headers)

    def _steps_of(self, currency: Any) -> dict[int, _Step]:
        """The readers for a row whose amounts are in the currency of its own currency column."""
        if not currency:
            return self._steps
        found = self._of_currencies.get(currency) if isinstance(currency, str) else None
        if found is None:
            try:
                text = unguarded(_as_text(currency)).strip()
                if not text:
                    return self._steps
                code = named_code(text, self._account)
            except ValueError as error:
                raise RowRefused("Currency", currency, str(error)) from None
            found = dict(self._steps)
            for place in self._amounts:
                name, column, _, is_field = found[place]
                found[place] = (name, column, partial(_money_in, currency=code), is_field)
            if self._currency is not None:
                name, column, _, is_field = found[self._currency]
                found[self._currency] = (name, column, lambda _: code, is_field)
            self._of_currencies[currency] = found
        return found


def _reader(column: Column, context: Context, *, guarded: bool) -> Callable[[Any], Any]:
    readers: dict[Reads, Callable[[Any], Any]] = {
        Reads.TEXT: _text if guarded else _bare_text,
        Reads.NUMBER: _number,
        Reads.DAY: partial(_day, order=context.order, zone=context.zone),
        Reads.INSTANT: partial(_instant, order=context.order, zone=context.zone),
        Reads.MONEY: partial(_money, currency=context.currency),
        Reads.FLAG: _flag,
        Reads.STATUS: _status,
        Reads.CYCLE: _cycle,
        Reads.LIST: partial(_list, text=_text if guarded else _bare_text),
    }
    return readers[column.reads]


def _text(value: Any) -> str:
    text = value if type(value) is str else _written(value)
    # Nearly every cell of a file is plain already, and there are tens of millions of them.
    if _PLAIN(text):
        return without_card_numbers(text) if len(text) >= FEWEST_DIGITS else text
    return without_card_numbers(clean(unguarded(text)))


def _bare_text(value: Any) -> str:
    """A text of JSON, which no spreadsheet has changed: a leading apostrophe belongs to the text."""
    text = clean(value if type(value) is str else _written(value))
    return without_card_numbers(text) if len(text) >= FEWEST_DIGITS else text


def _written(value: Any) -> str:
    """A JSON value as text."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        parts = ((name, part) for name, part in value.items() if part not in (None, "", [], {}))
        return "; ".join(f"{name}: {_written(part)}" for name, part in parts if not is_secret_column(name))
    if isinstance(value, list | tuple):
        return ", ".join(_written(part) for part in value if part not in (None, "", [], {}))
    return str(value)


_Understood = Callable[[tuple[str, str]], Any]


# Closures, for these two are called for most cells of a file: a partial with names would take a third longer.
def _field_reader(read: Callable[[str], str], understood: _Understood) -> Callable[[Any], str]:
    """Reads a text of a field, in whose cell a spreadsheet may have written a formula or an error."""

    def field_text(value: Any) -> str:
        if type(value) is not str:
            return _text(value)
        if _PLAIN(value):
            return without_card_numbers(value) if len(value) >= FEWEST_DIGITS else value
        if is_error(value):
            raise ValueError(ERROR)
        meant = read(value)
        if meant is not value:
            understood((value, meant))
            return without_card_numbers(clean(meant))
        return _text(value)

    return field_text


def _id_reader(understood: _Understood, *, guarded: bool) -> Callable[[Any], str | None]:
    """Reads an id; by far the most are plain numbers."""

    def as_id(value: Any) -> str | None:
        if type(value) is str and _PLAIN_ID(value):
            return value
        found = read_id(value, guarded=guarded)
        written = str(value).strip()
        if found is not None and found not in (written, unguarded(written)) and not written.isdigit():
            understood((written, found))
        return found

    return as_id


def read_id(value: Any, *, guarded: bool = False) -> str | None:
    """An id as text: `131`, `131.0`, `="131"` and 131 are one; Keap writes 0 for none. Raises ValueError."""
    text = str(value).translate(_OTHER_BLANKS).strip()
    if len(text) > LONGEST_ID or not text.isprintable() or isinstance(value, bool | Mapping | list):
        raise ValueError("is not a valid id")
    if len(text) >= FEWEST_DIGITS and card_numbers(text):
        raise ValueError("is a card number, not an id")
    bare = unguarded(text) if guarded else text
    # What our own export made harmless is the id as it is; so is a formula in JSON, where no spreadsheet was.
    is_exact = bare.startswith(("=", "'")) and (bare != text or not guarded) and unwrapped(bare) is bare
    meant = bare if is_exact else id_text(bare)
    if meant.isdigit() and meant.isascii():
        number = int(meant)
        return str(number) if number else None
    return meant or None


def _number(value: Any) -> int:
    text = str(value).strip()
    if not _WHOLE.fullmatch(text) or not text.isascii() or isinstance(value, bool):
        raise ValueError("is not a whole number")
    number = text.split(".")[0].lstrip("0") or "0"
    if len(number) > len(str(LARGEST_NUMBER)) or int(number) > LARGEST_NUMBER:
        raise ValueError("is too large")
    return int(number)


def _day(value: Any, *, order: DateOrder | None, zone: tzinfo) -> Any:
    return day(_as_text(value), order, zone)


def _instant(value: Any, *, order: DateOrder | None, zone: tzinfo) -> Any:
    return instant(_as_text(value), order, zone)


def _money(value: Any, *, currency: str) -> Any:
    made = _money_of(value, currency)
    if made is not None and abs(made.minor) > LARGEST_AMOUNT:
        raise ValueError("is too large")
    return made


def _money_in(value: Any, *, currency: str) -> Any:
    """An amount of a row with its own currency column: a currency in the amount must be the same."""
    made = _money(value, currency=currency)
    if made is not None and made.currency != currency:
        raise ValueError(f"is in {made.currency}, but the row is in {currency}")
    return made


def _money_or_unnamed(value: Any, *, currency: str, column: str) -> Any:
    if isinstance(value, str):
        text = unguarded(value)
        if names_currency(text, currency) or not any(mark.isdigit() for mark in text):
            return _money(value, currency=currency)
    elif isinstance(value, Mapping):
        return _money(value, currency=currency)
    return Unnamed(column, value)


def _money_of(value: Any, currency: str) -> Money | None:
    if isinstance(value, str):
        return amount(unguarded(value), currency)
    if isinstance(value, Mapping):
        return minor_of(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return amount_of(value, currency)
    raise ValueError("is not an amount")


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else flag(_as_text(value))


def _status(value: Any) -> Any:
    return status("1" if value else "0") if isinstance(value, bool) else status(_as_text(value))


def _cycle(value: Any) -> Any:
    return cycle_and_frequency(_as_text(value))


def _list(value: Any, *, text: Callable[[Any], str]) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text(part) for part in value if part not in (None, ""))
    return tuple(part for part in (part.strip() for part in text(value).split(",")) if part)


def _ids(value: Any, *, text: Callable[[Any], str]) -> tuple[str, ...]:
    return tuple(id_text(part) for part in _list(value, text=text))


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise ValueError("is not a single value")
    return str(value)

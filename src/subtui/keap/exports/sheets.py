"""Writes rows as CSV under Keap's headers, so that both Keap and this program can import them."""

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from subtui.keap.columns import COLUMNS, Column, Reads, places
from subtui.keap.exports.tables import Table
from subtui.keap.written import (
    amount_cell,
    cycle_cell,
    flag_cell,
    id_cell,
    instant_cell,
    standing_cell,
    text_cell,
)
from subtui.views.imports import Kind

# The columns of Keap's exports, as of 2024 for contacts; `Password` is never exported.
_CONTACTS = """
    Id,Name,First Name,Last Name,Spouse Name,Birthday,Company Name,Company Id,Phone 1,Phone 1 Ext,Phone 1 Type,Phone 2,
    Phone 2 Ext,Phone 2 Type,Phone 3,Phone 3 Ext,Phone 3 Type,Email,Email Address 2,Email Address 3,Fax 1,Fax 1 Type,
    Fax 2,Fax 2 Type,Street Address 1,Street Address 2,City,State,Postal Code,Zip Four,Country,
    Street Address 1 (Shipping),Street Address 2 (Shipping),City (Shipping),State (Shipping),Postal Code (Shipping),
    Zip Four (Shipping),Country (Shipping),Twitter,Facebook,LinkedIn,Instagram,YouTube,Snapchat,Pinterest,
    Street Address 1 (Optional),Street Address 2 (Optional),City (Optional),State (Optional),Postal Code (Optional),
    Zip Four (Optional),Country (Optional),Phone 4,Phone 4 Ext,Phone 4 Type,Phone 5,Phone 5 Ext,Phone 5 Type,Tag Ids,
    Tags,Tag Category Ids,Tag Categories,Person Type,Job Title,Website,Middle Name,Nickname,User Name,Assistant Name,
    Assistant Phone,Title,Suffix,Anniversary,Created By,Date Created,Last Updated,OwnerID,Notes,Language,Time Zone,
    Owner,Lead Source,Lead Source Category,Referral Code,Email Status
"""
_ORDERS = """
    Id,ContactId,Contact,First Name,Last Name,Title,Co Name,Street Address 1,Street Address 2,City,State,Postal Code,
    Country,Order Type,Promo Code,Order Title,Order Date,Product Ids,Product Name,Serial,Order Total,Affiliate Id
"""
_PRODUCTS = "Id,Product Name,Sku,Price,Product Status,Product Category"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


KEAPS_HEADERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CONTACT: _names(_CONTACTS),
    Kind.ORDER: _names(_ORDERS),
    Kind.PRODUCT: _names(_PRODUCTS),
}
"""The columns of Keap's exports; other kinds have the column names of Keap's tables."""

_CELLS: Mapping[Reads, Callable[[Any], Any]] = {
    Reads.TEXT: text_cell,
    Reads.ID: id_cell,
    Reads.INSTANT: instant_cell,
    Reads.FLAG: flag_cell,
    Reads.CYCLE: cycle_cell,
    Reads.LIST: lambda parts: text_cell(",".join(parts)),
}


def header_of(kind: Kind) -> tuple[str, ...]:
    """The fixed columns of a kind: Keap's, then those of ours that Keap lacks."""
    keaps = KEAPS_HEADERS.get(kind, ())
    there = {column.field for column in places(kind, keaps).values()}
    return (*keaps, *(column.names[0] for column in COLUMNS[kind] if column.field not in there))


def write_sheet(table: Table, file: IO[str]) -> Iterator[int]:
    """Write the rows of a kind to a file; yields the number of rows so far, after each."""
    standard = header_of(table.kind)
    others = tuple(name for name in table.others if name not in standard)
    width = len(standard) + len(others)
    place_of = {name: place for place, name in enumerate((*standard, *others))}
    place_of_field = {column.field: place for place, column in places(table.kind, standard).items()}
    steps, amounts, currency = [], [], -1
    for at, column in enumerate(table.columns):
        place = place_of_field[column.field]
        if column.reads is Reads.MONEY:
            amounts.append((at, place))
        else:
            steps.append((at, place, _cell_of(table.kind, column)))
        if column.field == "currency":
            currency = at
    # The csv module quotes CR and LF in cells only if its line terminator has both.
    write = csv.writer(file, lineterminator="\r\n").writerow
    write([text_cell(name) for name in (*standard, *others)])
    for count, (values, more) in enumerate(table.rows, 1):
        row: list[Any] = [""] * width
        for at, place, cell in steps:
            value = values[at]
            if value is not None and value not in ("", []):
                row[place] = cell(value) if cell is not None else value
        for at, place in amounts:
            row[place] = amount_cell(values[at], values[currency])
        for name, value in more.items():
            row[place_of[name]] = text_cell(value)
        write(row)
        yield count


def _cell_of(kind: Kind, column: Column) -> Callable[[Any], Any] | None:
    if kind is Kind.PRODUCT and column.field == "active":
        return standing_cell
    return _CELLS.get(column.reads)

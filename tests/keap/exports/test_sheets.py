"""The columns of the files: Keap's own, in its order, then ours; and each file is known by them."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from subtui.keap.columns import COLUMNS, kind_of, places
from subtui.keap.exports.lines import write_lines
from subtui.keap.exports.sheets import KEAPS_HEADERS, header_of, write_sheet
from subtui.keap.exports.tables import Table
from subtui.keap.secrets import is_secret_column
from subtui.views.exports import EXPORTED
from subtui.views.imports import Kind


def test_contacts_have_the_columns_of_keaps_export_but_for_the_password() -> None:
    header = header_of(Kind.CONTACT)
    assert header == KEAPS_HEADERS[Kind.CONTACT]
    assert len(header) == len(set(header)) == 85
    assert (header[0], header[-1]) == ("Id", "Email Status")
    assert not [name for name in header if is_secret_column(name)]


def test_orders_and_products_begin_with_keaps_columns() -> None:
    assert header_of(Kind.ORDER)[22:] == ("Job Recurring Id", "Invoice Id", "Currency")
    assert header_of(Kind.PRODUCT)[6:] == ("Currency",)


@pytest.mark.parametrize("kind", list(EXPORTED))
def test_a_file_is_known_by_its_columns(kind: Kind) -> None:
    header = header_of(kind)
    assert kind_of(header) is kind
    assert {column.field for column in places(kind, header).values()} == {column.field for column in COLUMNS[kind]}


def table_of(kind: Kind, row: dict[str, Any], more: dict[str, str]) -> Table:
    columns = tuple(column for column in COLUMNS[kind] if column.field in row)
    return Table(kind, columns, tuple(sorted(more)), iter([([row[column.field] for column in columns], more)]))


def written(kind: Kind, row: dict[str, Any], **more: str) -> str:
    out = io.StringIO(newline="")
    assert list(write_sheet(table_of(kind, row, more), out)) == [1]
    return out.getvalue()


def test_cells_are_as_keaps_wizard_takes_them() -> None:
    row = {
        "id": "1",
        "cycle": "month",
        "auto_charge": 0,
        "price": 123456,
        "currency": "USD",
        "reason_note": "=1+1",
        "recorded_at": "2026-03-02 10:00:00.000000",
    }
    text = written(Kind.SUBSCRIPTION, row, **{"Promo Code": "a\nb"})
    (cells,) = csv.DictReader(io.StringIO(text, newline=""))
    assert {name: value for name, value in cells.items() if value} == {
        "Id": "1",
        "Billing Cycle": "2",
        "Auto Charge": "No",
        "Billing Amt": "1234.56",
        "Currency": "USD",
        "Reason Note": "'=1+1",
        "Recorded At": "2026-03-02T10:00:00Z",
        "Promo Code": "a\nb",
    }
    assert text.endswith('"a\nb"\r\n')
    assert text.count("\r\n") == 2


def test_products_are_active_or_not_as_keap_says_it() -> None:
    text = written(Kind.PRODUCT, {"id": "1", "name": "Club", "active": 1, "price": 0, "currency": "JPY"})
    assert text.splitlines()[1] == "1,Club,,0,Active,,JPY"


def test_a_field_of_the_account_called_kind_does_not_hide_what_a_line_is(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as file:
        assert list(write_lines(table_of(Kind.TAG, {"id": "1", "name": "a"}, {"kind": "x"}), file)) == [1]
    assert (tmp_path / "out").read_text() == '{"kind":"tag","Id":"1","Group Name":"a","kind (2)":"x"}\n'


def test_lines_are_typed_and_all_of_a_kind_alike(tmp_path: Path) -> None:
    row = {"id": "1", "name": "Club", "sku": "", "active": 1, "price": 500, "currency": "USD"}
    with (tmp_path / "out").open("wb") as file:
        assert list(write_lines(table_of(Kind.PRODUCT, row, {}), file)) == [1]
    assert (tmp_path / "out").read_text(encoding="utf-8") == (
        '{"kind":"product","Id":"1","Product Name":"Club","Sku":null,'
        '"Price":{"amount":500,"currency_code":"USD"},"Product Status":true,"Currency":"USD"}\n'
    )

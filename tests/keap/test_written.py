"""What an export writes, an import reads back: texts of any kind, amounts, instants, ids."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.keap.columns import COLUMNS, kind_of
from subtui.keap.ids import is_keaps, number_of
from subtui.keap.records import Context, RecordReader, RowRefused
from subtui.keap.written import (
    amount_cell,
    cycle_cell,
    id_cell,
    instant_cell,
    reason_words,
    safe_text,
    text_cell,
)
from subtui.views.imports import Kind

CONTEXT = Context("USD", ZoneInfo("UTC"))
REASONS = {reason.code: reason for reason in CANCELLING}

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    st.sampled_from("=+-@'\"\t\r\n\x00\x1b\x85 ,;a0é王אx4242"), max_size=20
)


def as_cell(text: str) -> str:
    """A text as an import of CSV keeps it."""
    record = RecordReader(Kind.TAG, ("Id", "Group Name"), CONTEXT).read(2, ["1", text])
    return str(record.fields.get("name", ""))


def as_json(text: str) -> str:
    """A text as an import of JSON keeps it."""
    record = RecordReader(Kind.TAG, ("Id", "Group Name"), CONTEXT, guarded=False).read(2, ("1", text))
    return str(record.fields.get("name", ""))


@given(any_text)
def test_every_text_comes_back_as_it_went_out(text: str) -> None:
    written = safe_text(text)
    assert as_cell(text_cell(text)) == written
    assert as_json(written) == written
    assert safe_text(written) == written


@given(any_text)
def test_a_cell_never_begins_a_formula(text: str) -> None:
    assert not text_cell(text).startswith(("=", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("王小明 אבג “q”\nline", "王小明 אבג “q”\nline"),
        ("a\r\nb", "a\nb"),
        ("bell\x07 esc\x1b[31m del\x7f nel\x85x", "bell␇ esc␛[31m del␡ nel�x"),
        (" e\u0301 ", "é"),
        ("card 4111 1111 1111 1111 on file", "card ···· 1111 on file"),
        ("card 4111\u00a01111\u00a01111\u00a01111 on file", "card ···· 1111 on file"),
        ("card 4111–1111–1111–1111 on file", "card ···· 1111 on file"),
        ("'=1+1", "'=1+1"),
    ],
)
def test_a_text_goes_out_as_an_import_would_store_it(text: str, written: str) -> None:
    assert safe_text(text) == written


@pytest.mark.parametrize(
    ("minor", "currency", "cell"),
    [(-123456, "USD", "-1234.56"), (4900, "JPY", "4900"), (1005, "KWD", "1.005"), (0, "EUR", "0.00")],
)
def test_an_amount_is_read_in_the_currency_of_its_row(minor: int, currency: str, cell: str) -> None:
    assert amount_cell(minor, currency) == cell
    reader = RecordReader(Kind.PRODUCT, ("Id", "Product Name", "Price", "Currency"), Context("EUR", ZoneInfo("UTC")))
    record = reader.read(2, ["1", "Club", cell, currency])
    assert record.fields["price"] == Money(minor, currency)
    assert record.fields["currency"] == currency


def test_a_currency_that_is_none_is_refused() -> None:
    reader = RecordReader(Kind.PRODUCT, ("Id", "Price", "Currency"), CONTEXT)
    with pytest.raises(RowRefused, match="has an unknown currency"):
        reader.read(2, ["1", "5.00", "XQQ"])
    assert reader.read(2, ["1", "5.00", "eur"]).fields["currency"] == "EUR"


def test_an_instant_is_read_back() -> None:
    assert instant_cell("2026-03-02 10:00:00.000000") == "2026-03-02T10:00:00Z"
    written = instant_cell("2026-03-02 10:00:00.120000")
    reader = RecordReader(Kind.NOTE, ("Contact Id", "Note At", "Note Text"), Context("USD", ZoneInfo("Asia/Tokyo")))
    assert reader.read(2, ["1", written, "x"]).fields["at"].isoformat() == "2026-03-02T10:00:00.120000+00:00"


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_a_cycle_is_read_back(unit: str) -> None:
    reader = RecordReader(Kind.PLAN, ("Id", "Cycle", "Plan Price"), CONTEXT)
    assert reader.read(2, ["1", cycle_cell(unit), "1"]).fields["cycle"] == (unit, None)


@pytest.mark.parametrize("keap_id", ["131", "~3fa9", "=1+1", "'=x", "subtui-7"])
def test_an_id_is_read_back(keap_id: str) -> None:
    reader = RecordReader(Kind.TAG, ("Id", "Group Name"), CONTEXT)
    assert not id_cell(keap_id).startswith("=")
    assert reader.read(2, [id_cell(keap_id), "x"]).fields["id"] == keap_id


@pytest.mark.parametrize(
    ("keap_id", "keaps", "number"),
    [
        ("1204", True, 1204),
        (None, False, None),
        ("~3f", False, None),
        ("subtui-1204", False, 1204),
        ("subtui-2-1204", False, 1204),
        ("12a", True, None),
        ("0", True, None),
    ],
)
def test_what_an_id_says(keap_id: str | None, keaps: bool, number: int | None) -> None:
    assert is_keaps(keap_id) is keaps
    assert number_of(keap_id or "") == number


@pytest.mark.parametrize(
    ("code", "note", "words"),
    [
        ("too_expensive", "", "Too expensive"),
        ("too_expensive", "asked twice", "Too expensive - asked twice"),
        ("other", "Moves to Portland", "Moves to Portland"),
        ("other", "", "Other"),
        (None, "", ""),
        ("gone", "kept", "kept"),
    ],
)
def test_a_reason_in_one_text(code: str | None, note: str, words: str) -> None:
    assert reason_words(code, note, REASONS) == words


def test_names_of_columns_are_read_back_too() -> None:
    header = (text_cell("=cmd"), "Id", "First Name", "Website", "Website")
    record = RecordReader(Kind.CONTACT, header, CONTEXT).read(2, ["a", "1", "Ann", "one", "two"])
    assert record.more == {"=cmd": "a", "Website (2)": "two"}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.CONTACT_TAG, Kind.INVOICE)])
def test_a_kind_is_known_by_our_own_columns(kind: Kind) -> None:
    assert kind_of([column.names[0] for column in COLUMNS[kind]]) is kind

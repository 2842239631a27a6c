"""Objects come out of JSON in each of the shapes in which services and people write them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from subtui.tabular.files import read_files
from subtui.tabular.types import Limits, Objects, Unreadable
from tests.tabular.corpus import read, read_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.json"


ONE, TWO = {"id": 1, "items": [{"sku": "a"}]}, {"id": 2, "items": []}


@pytest.mark.parametrize(
    ("text", "listed_as", "rows"),
    [
        ('[{"id": 1}, {"id": 2}]', "", [(1, {"id": 1}), (1, {"id": 2})]),
        ('\n [\n{"id": 1},\n\n{"id":\n 2}\n, {"id": 3}]\n', "", [(3, {"id": 1}), (5, {"id": 2}), (7, {"id": 3})]),
        ("[]", "", []),
        (" [ ] \n", "", []),
        ('{"id": 1}', "", [(1, {"id": 1})]),
        ("{}", "", [(1, {})]),
        ('{"id": 1}{"id": 2}\n[{"id": 3}]', "", [(1, {"id": 1}), (1, {"id": 2}), (2, {"id": 3})]),
        ('{\n"id": 1\n}\n{\n"id": 2\n}\n', "", [(1, {"id": 1}), (4, {"id": 2})]),
        ('{"id": 1}\n\n{"id": 2}\r\n{"id": 3}', "", [(1, {"id": 1}), (3, {"id": 2}), (4, {"id": 3})]),
        ('{"orders": [{"id": 1}], "next_page_token": ""}', "orders", [(1, {"id": 1})]),
        (
            '{"count": 2,\n"next": null,\n"orders": [\n{"id": 1},\n{"id": 2}]}',
            "orders",
            [(4, {"id": 1}), (5, {"id": 2})],
        ),
        ('{"next_page_token": "", "orders": []}', "orders", []),
        ('{"links": [{"href": "x"}], "orders": [{"id": 1}], "errors": []}', "orders", [(1, {"id": 1})]),
        ('{"object": "list", "data": [{"id": 1}], "has_more": false, "url": "/v1"}', "data", [(1, {"id": 1})]),
        ('{"orders": [{"id": 1}]}\n{"orders": [{"id": 2}]}\n', "orders", [(1, {"id": 1}), (2, {"id": 2})]),
        ('{"orders": [\n{"id": 1}\n]}', "orders", [(2, {"id": 1})]),
        ('{"a[b]\\"{": [{"id": "}]\\\\"}]}', 'a[b]"{', [(1, {"id": "}]\\"})]),
    ],
)
def test_each_shape(path: Path, text: str, listed_as: str, rows: list[Any]) -> None:
    found = read(path, text)
    assert (found.name, found.shape, found.rows) == ("orders.json", listed_as, rows)


@pytest.mark.parametrize(
    "record",
    [
        {"id": 7, "items": [{"sku": "a"}]},
        {"addresses": [{"line1": "x"}], "email_addresses": [], "id": 7},
        {"orderNumber": "A1", "items": [{"sku": "a"}], "total": 5},
        {"Contact Id": 7, "tags": []},
        {"email": "a@example.com", "orders": [{"x": 1}]},
        {"first_name": "Ann", "phones": [{"x": 1}]},
        {"order": {"id": 7, "items": [{"sku": "a"}]}},
        {"orders": [1, 2]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_an_object_that_names_itself_is_one_record_whatever_lists_it_holds(
    path: Path, record: dict[str, Any], indent: int | None
) -> None:
    found = read(path, json.dumps(record, indent=indent))
    assert (found.shape, found.rows) == ("", [(1, record)])


def test_the_ids_of_an_answer_are_not_those_of_a_record(path: Path) -> None:
    text = '{"request_id": "r", "accountId": 3, "page_number": 1, "orders": [{"id": 1}]}'
    assert read(path, text).shape == "orders"


def test_several_lists_come_one_after_the_other(path: Path) -> None:
    path.write_text('{"contacts": [{"id": 1}], "orders": [{"id": 2}, {"id": 3}]}{"orders": [{"id": 4}]}{"id": 5}')
    contacts, orders, single = read_all(path)
    assert (contacts.shape, contacts.rows) == ("contacts", [(1, {"id": 1})])
    assert (orders.shape, orders.rows) == ("orders", [(1, {"id": number}) for number in (2, 3, 4)])
    assert (single.shape, single.rows) == ("", [(1, {"id": 5})])


def test_a_sample_comes_from_the_list_that_is_read(path: Path) -> None:
    path.write_text('{"contacts": [{"id": 1}, {"id": 2}], "orders": [{"id": 3}, {"id": 4}]}')
    samples = []
    for found in read_files([path]):
        assert isinstance(found, Objects)
        samples.append((found.listed_as, list(found.sample(1)), list(found.rows), list(found.again())))
    assert samples == [
        ("contacts", [(1, {"id": 1})], *[[(1, {"id": 1}), (1, {"id": 2})]] * 2),
        ("orders", [(1, {"id": 3})], *[[(1, {"id": 3}), (1, {"id": 4})]] * 2),
    ]


@pytest.mark.parametrize("text", ['[{"n": %s}]', '{"id": 1, "n": %s}', '{"n": %s}\n{"n": 1}', '{"list": [{"n": %s}]}'])
def test_numbers_are_exact(path: Path, text: str) -> None:
    for written, value in (
        ("19.90", Decimal("19.90")),
        ("1e3", Decimal("1e3")),
        ("-0.10", Decimal("-0.10")),
        ("12345678901234567890123", 12345678901234567890123),
        ("-7", -7),
    ):
        number = read(path, text % written).rows[0][1]["n"]
        assert (number, type(number), str(number)) == (value, type(value), str(value))


def test_elements_that_are_no_objects_are_told_one_by_one(path: Path) -> None:
    found = read(path, '[{"id": 1},\n 2, "three",\nnull, [4],\ntrue, {"id": 5}, 6.5]')
    assert found.good == [(1, {"id": 1}), (4, {"id": 5})]
    assert [(row.line, row.value, row.reason) for row in found.bad] == [
        (2, "2", "This is a number, not an object."),
        (2, '"three"', "This is a text, not an object."),
        (3, "null", "This is null, not an object."),
        (3, "[4]", "This is a list, not an object."),
        (4, "true", "This is true or false, not an object."),
        (4, "6.5", "This is a number, not an object."),
    ]


def test_a_bad_line_costs_itself_only(path: Path) -> None:
    lines = ['{"id": 1}', '{"id": }', '{"id": 3', "[4]", '{"id": 5} x', '"' + "x" * 100 + '"', '{"id": 7}']
    found = read(path, "\n".join(lines))
    assert found.good == [(1, {"id": 1}), (7, {"id": 7})]
    assert found.bad == [
        Unreadable(2, "", '{"id": }', "The line is not JSON: invalid character."),
        Unreadable(3, "", '{"id": 3', "The line is not JSON: it breaks off."),
        Unreadable(4, "", "[4]", "This is a list, not an object."),
        Unreadable(5, "", '{"id": 5} x', "The line is not JSON: trailing characters."),
        Unreadable(6, "", '"' + "x" * 78 + "…", "This is a text, not an object."),
    ]


def test_the_first_line_may_be_the_bad_one(path: Path) -> None:
    found = read(path, '{"id": }\n{"id": 2}\n')
    assert [row.line for row in found.bad] == [1]
    assert found.good == [(2, {"id": 2})]


@pytest.mark.parametrize("shape", ["[%s, %s]", "%s\n%s", '{"list": [%s, %s]}'])
def test_half_a_letter_a_wrong_byte_or_a_huge_number_costs_one_object_only(path: Path, shape: str) -> None:
    for bad, reason in (
        (b'{"a": "\\ud83d", "b": "long enough"}', "One of its texts contains half a character."),
        (b'{"a": "\\ud83d"}', "One of its texts contains half a character."),
        (b'{"a": "\xff\xc3\xa9\xc3\xa9"}', "One of its texts contains bytes that are not UTF-8."),
        (b'{"\xc3\xa9\xff\xc3\xa9": 1}', "One of its texts contains bytes that are not UTF-8."),
        (b'{"a": %s}' % (b"9" * 5_000), "One of its numbers is too large."),
        (b'{"a": 1e%s}' % (b"9" * 30), "One of its numbers is too large."),
    ):
        found = read(path, shape.encode() % (b'{"id": 1}', bad))
        assert found.good == [(1, {"id": 1})]
        assert [row.reason for row in found.bad] == [reason]


def test_half_a_letter_in_the_name_of_a_member_nobody_asks_for(path: Path) -> None:
    found = read(path, '{"pages\\ud83d": 1,\n"orders": [{"id": 1}]}')
    assert (found.shape, found.rows) == ("orders", [(2, {"id": 1})])


def test_an_answer_longer_than_an_object_may_be_is_read_piece_by_piece(path: Path) -> None:
    orders = [{"id": number, "note": "x" * 50} for number in range(20_000)]
    answer = {"count": 20_000, "errors": [], "counts": [1, 2, [3]], "meta": {"a": [{}]}, "orders": orders, "next": None}
    found = read(path, json.dumps(answer), Limits(record=1_000))
    assert (found.shape, found.rows) == ("orders", [(1, order) for order in orders])
    empty = {"count": 20_000, "counts": list(range(1_000)), "words": ["a" * 20] * 20, "orders": []}
    text = json.dumps(empty, indent=1)
    small = read(path, text.replace("\n", ""), Limits(record=10_000))
    assert (small.shape, small.rows) == ("orders", [])


def test_values_that_lie_across_two_blocks_of_reading(path: Path) -> None:
    # Objects of an odd length, so that the ends of the blocks fall on every kind of byte.
    rows = [{"id": number, "text": 'é"\\[{' * (number % 37), "list": [[], {}]} for number in range(9_000)]
    for text in (json.dumps(rows, ensure_ascii=False), json.dumps(rows, indent=1)):
        assert [row for _, row in read(path, text).rows] == rows


def test_line_numbers_in_a_long_list(path: Path) -> None:
    rows = [{"id": number, "note": "x" * (number % 90)} for number in range(12_000)]
    text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"
    assert read(path, text).rows == list(enumerate(rows, 2))

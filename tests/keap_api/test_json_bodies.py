"""The JSON of answers."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.json_bodies import object_of


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"{}", {}),
        (b' {"a": 1, "b": 1.10, "c": 1e2, "d": -0.5} ', {"a": 1, "b": Decimal("1.10"), "c": 100, "d": Decimal("-0.5")}),
        (b'{"a": 12345678901234567890123}', {"a": 12345678901234567890123}),
        (b'\xef\xbb\xbf{"a": null}', {"a": None}),
        ('{"a": "é😀"}'.encode(), {"a": "é😀"}),
        (rb'{"a": "\ud83d\ude00"}', {"a": "😀"}),
        (rb'{"a": "cut \ud83d", "b": "\ud83d\ude00 \\ud83d \ude00"}', {"a": "cut �", "b": "😀 \\ud83d �"}),
        (rb'{"a": "\ud83d\ud83d\ude00"}', {"a": "�😀"}),
        (b'{"a": "\xff"}', {"a": "�"}),
        (b"", None),
        (b"null", None),
        (b"[]", None),
        (b'"a"', None),
        (b'{"a": 1', None),
        (b'{"a": NaN}', None),
        (b"<html>", None),
        (b"[" * 100_000, None),
        (b'{"a":' * 100_000, None),
        (b'{"a": 1e99999999999999999999}', None),
    ],
)
def test_objects(body: bytes, found: dict[str, Any] | None) -> None:
    assert object_of(body, may_be_empty=False) == found
    assert object_of(body, may_be_empty=True) == ({} if body in (b"", b"null") else found)


@given(st.binary() | st.binary().map(lambda data: b'{"a": "' + data + b'"}'), st.booleans())
def test_any_bytes(body: bytes, may_be_empty: bool) -> None:
    found = object_of(body, may_be_empty=may_be_empty)
    assert found is None or isinstance(found, dict)

"""The shapes in which Keap says what is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.error_bodies import LONGEST, ErrorWords, read_error

JSON = "application/json"
FAULT = {"fault": {"faultstring": "Invalid Access Token", "detail": {"errorcode": "oauth.v2.InvalidAccessToken"}}}
SHAPES: list[tuple[Any, ErrorWords]] = [
    (
        {"code": 400, "message": "end_date is in the past", "status": "INVALID", "details": [{"domain": "a"}]},
        ErrorWords("end_date is in the past", "INVALID"),
    ),
    ({"cause": None, "localizedMessage": "No row", "message": "No row", "stackTrace": [{}]}, ErrorWords("No row")),
    ({"cause": None, "localizedMessage": "No row", "message": None}, ErrorWords("No row")),
    ({"message": "Not found"}, ErrorWords("Not found")),
    (FAULT, ErrorWords("Invalid Access Token", "oauth.v2.InvalidAccessToken")),
    (
        {"code": "429", "message": "Quota Exceeded", "status": "Request Throttled", "details": None},
        ErrorWords("Quota Exceeded", "Request Throttled"),
    ),
    ({"error": "invalid_grant", "error_description": "It has run out"}, ErrorWords("It has run out")),
    ({"error": "invalid_grant"}, ErrorWords("invalid_grant")),
]


@pytest.mark.parametrize(("shape", "words"), SHAPES)
@pytest.mark.parametrize("content_type", [JSON, "application/json;charset=UTF-8", "text/plain", ""])
def test_shapes(shape: Any, words: ErrorWords, content_type: str) -> None:
    assert read_error(json.dumps(shape).encode(), content_type) == words


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"", JSON, ErrorWords()),
        (b"  \r\n ", "", ErrorWords()),
        (b"Service Unavailable\n", "text/plain", ErrorWords("Service Unavailable")),
        (b"{}", JSON, ErrorWords("{}")),
        (b'{"message": 7, "fault": "x"}', JSON, ErrorWords('{"message": 7, "fault": "x"}')),
        (b'["a"]', JSON, ErrorWords('["a"]')),
        (b'{"message": "cut of', JSON, ErrorWords('{"message": "cut of')),
        (b"\xef\xbb\xbf" + b'{"message": "with a mark"}', JSON, ErrorWords("with a mark")),
        (b"\xff\xfe", JSON, ErrorWords("��")),
        (
            b"<!DOCTYPE html><html><head><title>Error 400\n(Bad Request)!!1</title><style>x{}</style>",
            "text/html; charset=UTF-8",
            ErrorWords("Error 400 (Bad Request)!!1", is_html=True),
        ),
        (b"<html><body><script>a()</script><h1>Bad &amp; gone</h1>", "", ErrorWords("Bad & gone", is_html=True)),
        (b"<HTML>", JSON, ErrorWords(is_html=True)),
    ],
)
def test_other_bodies(body: bytes, content_type: str, words: ErrorWords) -> None:
    assert read_error(body, content_type) == words


def test_words_cannot_control_a_terminal_and_are_cut() -> None:
    said = read_error(json.dumps({"message": "a\x1b[31mb\u202ec\nd" + "e" * 500}).encode(), JSON)
    assert said.words.startswith("a␛[31mb�c de")
    assert len(said.words) == LONGEST
    assert said.words.endswith("…")


@pytest.mark.parametrize("before", range(LONGEST - 12, LONGEST + 3))
def test_a_key_is_taken_out_before_the_text_is_cut(before: int) -> None:
    def scrub(text: str) -> str:
        return text.replace("KEYKEYKEY", "[key]")

    for body in (b"x" * before + b"KEYKEYKEY", json.dumps({"message": "x" * before + "KEYKEYKEY"}).encode()):
        assert "KEY" not in read_error(body, JSON, scrub=scrub).words
    assert "KEY" not in read_error(b'{"message": "\\u004bEYKEYKEY"}', JSON, scrub=scrub).words
    assert "KEY" not in read_error(b"<html>&#75;EYKEYKEY", "text/html", scrub=scrub).words


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "fault", "faultstring", "detail", "errorcode", "status", "code", "error"]),
            inner,
        )
    ),
    max_leaves=8,
)


@given(st.binary() | JSON_LIKE.map(lambda shape: json.dumps(shape).encode()), st.sampled_from([JSON, "text/html", ""]))
def test_any_body_is_read(body: bytes, content_type: str) -> None:
    said = read_error(body, content_type)
    assert len(said.words) <= LONGEST
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in said.words)


def test_a_body_nested_without_end() -> None:
    assert read_error(b"[" * 60_000, JSON).words.startswith("[[[")

"""Pages of lists, and how parameters and paths are written."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from subtui.keap_api.calls import Answer, Query
from subtui.keap_api.errors import NoAnswer
from subtui.keap_api.pages import page_of, walk
from subtui.keap_api.params import filter_text, instant_text, mask, path_of


def answer(body: Mapping[str, Any]) -> Answer:
    return Answer(200, body, None)


ROWS = [{"id": "1"}]
URL = "https://api.infusionsoft.com/crm/rest/v2/tags?page_size=2&page_token=abc%3D%3D&order_by=id"


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("abc", "abc"),
        (" abc ", "abc"),
        ("a+b/c==", "a+b/c=="),
        (17, "17"),
        (URL, "abc=="),
        ("https://evil.example.com/?page_token=7", "7"),
        ("/rest/v2/tags?page_token=7", "7"),
        ("?page_token=7", "7"),
        ("page_token=7&page_size=3", "7"),
        ("https://api.infusionsoft.com/crm/rest/v2/tags", None),
        ("https://api.infusionsoft.com/crm/rest/v2/tags?page_token=", None),
        ("https://[bad?page_token=7", "7"),
        ("", None),
        ("  ", None),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_tokens(token: object, expected: str | None) -> None:
    assert page_of(answer({"tags": ROWS, "next_page_token": token}), "tags").next_token == expected


@pytest.mark.parametrize(
    "body",
    [{}, {"tags": None}, {"tags": []}, {"next_page_token": "a"}, {"tags": [], "next_page_token": "a"}],
)
def test_an_empty_page_is_the_last(body: Mapping[str, Any]) -> None:
    page = page_of(answer(body), "tags")
    assert (page.rows, page.next_token) == ((), None)


@pytest.mark.parametrize(
    "body", [{"items": []}, {"message": "odd"}, {"tags": "a"}, {"tags": {"id": "1"}}, {"tags": ["1"]}, {"tags": [None]}]
)
def test_what_is_no_page_does_not_end_a_list(body: Mapping[str, Any]) -> None:
    with pytest.raises(NoAnswer, match="tags"):
        page_of(answer(body), "tags")


class Pages:
    """Answers with pages by token."""

    def __init__(self, pages: Mapping[str, tuple[list[dict[str, str]], object]]) -> None:
        self.pages, self.asked = pages, list[Query]()

    def get(self, path: str, query: Query = ()) -> Answer:
        self.asked.append(query)
        assert path == "/rest/v2/tags"
        rows, token = self.pages[dict(query).get("page_token", "")]
        return answer({"tags": rows, "next_page_token": token})

    def patch(self, path: str, query: Query, body: Mapping[str, Any]) -> Answer:
        raise NotImplementedError

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("pages", "ids"),
    [
        ({"": ([], "x")}, []),
        ({"": (["1"], None)}, ["1"]),
        ({"": (["1"], "a"), "a": (["2"], "https://h/x?page_token=b"), "b": (["3"], "")}, ["1", "2", "3"]),
        ({"": (["1"], "a"), "a": ([], "b")}, ["1"]),
        ({"": (["1"], "a"), "a": (["2"], "a")}, ["1", "2"]),
        ({"": (["1"], "a"), "a": (["2"], "b"), "b": (["3"], "a")}, ["1", "2", "3"]),
    ],
)
def test_walking(pages: dict[str, tuple[list[str], object]], ids: list[str]) -> None:
    caller = Pages({token: ([{"id": each} for each in rows], after) for token, (rows, after) in pages.items()})
    walked = list(walk(caller, "/rest/v2/tags", [("page_size", "2")], "tags"))
    assert [row["id"] for page in walked for row in page.rows] == ids
    assert all(("page_size", "2") in query for query in caller.asked)


def test_walking_on_from_a_token() -> None:
    caller = Pages({"a": ([{"id": "2"}], "b"), "b": ([{"id": "3"}], "a")})
    assert len(list(walk(caller, "/rest/v2/tags", [("page_token", "a")], "tags"))) == 2
    assert caller.asked == [[("page_token", "a")], [("page_token", "b")]]


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 4, 16, 20, 33, 2, 321999, tzinfo=UTC), "2026-04-16T20:33:02.321Z"),
        (datetime(2026, 4, 16, 20, 33, 2, tzinfo=UTC), "2026-04-16T20:33:02.000Z"),
        (datetime(2026, 4, 16, 22, 33, 2, tzinfo=timezone(timedelta(hours=2))), "2026-04-16T20:33:02.000Z"),
        (datetime(7, 4, 16, tzinfo=UTC), "0007-04-16T00:00:00.000Z"),
    ],
)
def test_instants(at: datetime, text: str) -> None:
    assert instant_text(at) == text


def test_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 4, 16))


def test_filters() -> None:
    assert filter_text([("contact_id", "==", "7"), ("id", ">", "100")]) == "contact_id==7;id>100"
    assert filter_text([("ids", "==", "1,10,4")]) == "ids==1,10,4"
    assert filter_text([]) == ""


@pytest.mark.parametrize(
    "condition", [("id", "=", "1"), ("id;x", "==", "1"), ("", "==", "1"), ("id", "==", "1;id==2"), ("id", "==", "")]
)
def test_no_filters(condition: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="filter"):
        filter_text([condition])


def test_masks_are_repeated() -> None:
    assert mask(["active", "end_date"]) == (("update_mask", "active"), ("update_mask", "end_date"))


def test_paths() -> None:
    assert path_of("subscriptions") == "/rest/v2/subscriptions"
    assert path_of("subscriptions", "9", verb="deactivate") == "/rest/v2/subscriptions/9:deactivate"
    assert path_of("products", "-", "subscriptions") == "/rest/v2/products/-/subscriptions"
    assert path_of("tags", "a/b?c#d:e") == "/rest/v2/tags/a%2Fb%3Fc%23d%3Ae"
    for parts in ((), ("subscriptions", "")):
        with pytest.raises(ValueError, match="empty"):
            path_of(*parts)

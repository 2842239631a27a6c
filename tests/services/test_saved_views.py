"""Saved views: own and shared, replaced and removed, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.acts.saved_views import GetSavedView, ListSavedViews, RemoveView, SaveView
from subtui.acts.subscriptions import ListSubscriptions
from subtui.domain.errors import Invalid, NotAllowed, NotFound
from subtui.domain.permissions import Role
from subtui.domain.saved_views import Listing
from subtui.domain.search_query import joined, parse
from subtui.services.backend import Backend

from .database import changed_tables, everything

SUBSCRIPTIONS = Listing.SUBSCRIPTIONS


def names(backend: Backend) -> list[str]:
    return [view.name for view in backend.read(ListSavedViews())]


def test_a_view_stands_for_what_it_lists(backend: Backend) -> None:
    act = SaveView("Loose", SUBSCRIPTIONS, query="status:loose", sort="end", reverse=True, columns=("id", "End Date"))
    saved = backend.do(act)
    assert saved.columns == ("Id", "End Date")
    view = backend.read(GetSavedView(name="LOOSE"))
    assert view == saved == backend.read(GetSavedView(saved.id))
    page = backend.read(ListSubscriptions(view.filter))
    assert page.total == 10


def test_the_same_name_replaces_the_own_one(backend: Backend) -> None:
    first = backend.do(SaveView("Mine", SUBSCRIPTIONS, query="status:active"))
    second = backend.do(SaveView(" mine ", SUBSCRIPTIONS, query="status:paused"))
    assert first.id == second.id
    assert names(backend) == ["mine"]


def test_own_views_are_ones_own_and_shared_ones_are_the_teams(desk_as: Callable[[Role], Backend]) -> None:
    agent, viewer, admin = desk_as(Role.AGENT), desk_as(Role.VIEWER), desk_as(Role.ADMIN)
    agent.do(SaveView("Mine", SUBSCRIPTIONS))
    shared = agent.do(SaveView("Ours", SUBSCRIPTIONS, shared=True))
    assert (names(agent), names(viewer)) == (["Mine", "Ours"], ["Ours"])
    with pytest.raises(NotFound):
        viewer.read(GetSavedView(name="Mine"))
    with pytest.raises(NotAllowed, match="share a view"):
        viewer.do(SaveView("Theirs", SUBSCRIPTIONS, shared=True))
    with pytest.raises(NotAllowed, match="they or an admin"):
        viewer.do(RemoveView(shared.id))
    viewer.do(SaveView("Ours", SUBSCRIPTIONS, query="status:paused"))
    assert viewer.read(GetSavedView(name="ours")).query == "status:paused"
    assert admin.do(RemoveView(shared.id)) == "Ours"
    assert names(agent) == ["Mine"]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (SaveView("  ", SUBSCRIPTIONS), "name"),
        (SaveView("x" * 61, SUBSCRIPTIONS), "name"),
        (SaveView("x", SUBSCRIPTIONS, query="ends:soon"), "query"),
        (SaveView("x", SUBSCRIPTIONS, query="y" * 201), "query"),
        (SaveView("x", SUBSCRIPTIONS, sort="colour"), "sort"),
        (SaveView("x", SUBSCRIPTIONS, columns=("Colour",)), "columns"),
    ],
)
def test_what_cannot_be_saved(backend: Backend, act: SaveView, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        backend.do(act)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_nothing_of_the_record_changes(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    backend.do(RemoveView(backend.do(SaveView("One", SUBSCRIPTIONS)).id))
    backend.do(SaveView("Two", SUBSCRIPTIONS))
    assert changed_tables(before, everything(demo_db)) == {"saved_view"}


def test_fields_of_a_filter_become_operators(backend: Backend) -> None:
    today = backend.today
    query = joined("lopez", state="ending", product="Gold, bread", ends_by=today)
    assert query == "lopez status:ending product:Gold_bread ends:<=2026-03-02"
    assert len(parse(query, today=today).conditions) == 3
    assert joined("") == ""

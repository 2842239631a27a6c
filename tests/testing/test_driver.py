"""The program as a test of somebody else drives it: awaiting nothing, on their own seed file."""

import gc
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import enumerate as threads

import pytest

from subtui.app.screens.help import Help
from subtui.domain.errors import FileProblem, WrongInput
from subtui.flows.driver import Driver
from subtui.testing import App, AppFailed, OpenApp
from subtui.testing.environment import garbage_is_collected_seldom, neutral
from tests.seeds import small_seed, write_seed


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return write_seed(tmp_path, small_seed())


def test_keys_go_in_and_screens_come_out(subtui_app: OpenApp, seed: Path) -> None:
    app = subtui_app(seed, user="owner", route="/subscriptions/1")
    assert (app.route, app.focus) == ("/subscriptions/1", "status")
    app.press("x t", "ctrl+s")
    assert app.message.startswith("Saved. Monthly is Inactive")
    app.press("c")
    assert app.route == "/contacts/1"
    assert "Lee, Ann" in app.text
    assert "Lee,&#160;Ann" in app.svg
    app.resize("120x36")
    assert len(app.text.split("\n")) == 36
    app.resize(60, 24)
    assert len(app.text.split("\n")) == 24


def test_a_size_theme_day_and_text_can_be_given(subtui_app: OpenApp, seed: Path) -> None:
    app = subtui_app(seed, user="owner@shop.example", at=date(2026, 3, 5), size=(100, 30), theme="light")
    assert "Thu 5 Mar 2026" in app.text
    app.type("ann")
    app.press("enter")
    assert app.route == "/contacts/1"
    assert "Fri 6 Mar 2026" in subtui_app(seed, user="owner", at="2026-03-06").text


async def test_a_test_that_has_a_loop_of_its_own_drives_it_the_same_way(subtui_app: OpenApp, seed: Path) -> None:
    assert subtui_app(seed, user="owner").route == "/"


def test_the_demo_is_there_without_a_file_and_nobody_need_be_signed_in(subtui_app: OpenApp) -> None:
    assert "Demo accounts" in subtui_app(user=None).text


def test_each_app_has_a_copy_of_its_own(subtui_app: OpenApp, seed: Path) -> None:
    first, second = (subtui_app(seed, user="owner", route="/subscriptions/1") for _ in range(2))
    first.press("x t ctrl+s")
    assert "Inactive · paid through" in first.text
    assert "Active · paid through" in second.text


def test_a_file_that_was_changed_is_read_anew(subtui_app: OpenApp, seed: Path, tmp_path: Path) -> None:
    assert "Lee, Ann" in subtui_app(seed, user="owner", route="/contacts/1").text
    changed = small_seed()
    changed["contacts"][0]["first_name"] = "Roberta"
    write_seed(tmp_path, changed)
    assert "Lee, Roberta" in subtui_app(seed, user="owner", route="/contacts/1").text


def test_a_file_is_looked_for_beside_the_test(subtui_app: OpenApp) -> None:
    with pytest.raises(WrongInput, match=f"There is no file {Path(__file__).parent / 'none.json'}."):
        subtui_app("none.json")


def test_a_mistake_in_a_seed_file_is_told_by_file_and_place(subtui_app: OpenApp, tmp_path: Path) -> None:
    wrong = small_seed()
    wrong["subscriptions"][0]["plan_id"] = 9
    file = write_seed(tmp_path, wrong)
    with pytest.raises(FileProblem, match=r"seed.json: \$\.subscriptions\[0\]\.plan_id: there is no plan 9\."):
        subtui_app(file)


def test_a_file_without_a_day_signs_nobody_in(subtui_app: OpenApp, tmp_path: Path) -> None:
    wrong = small_seed()
    del wrong["day"]
    with pytest.raises(AppFailed, match=r"seed\.json: The data has no “day”"):
        subtui_app(write_seed(tmp_path, wrong), user="owner")


def test_who_is_not_in_the_file_is_told_with_who_is(subtui_app: OpenApp, seed: Path) -> None:
    with pytest.raises(AppFailed, match=r"No user “agent”\. The data has owner@shop\.example \(owner\)\."):
        subtui_app(seed)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"route": "/contact/1"}, "Did you mean /contacts/{id}?"),
        ({"at": "yesterday"}, "“yesterday” is not a date."),
        ({"size": "80"}, "is not a terminal size"),
        ({"size": (10, 10)}, "10x10 is too small"),
        ({"theme": "blue"}, "The themes are dark, light, high-contrast."),
    ],
)
def test_what_cannot_be_started_is_told(subtui_app: OpenApp, seed: Path, wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongInput) as raised:
        subtui_app(seed, **wrong)
    assert sentence in str(raised.value)


def test_a_key_that_is_none_is_told(subtui_app: OpenApp, seed: Path) -> None:
    app = subtui_app(seed, user="owner")
    with pytest.raises(WrongInput, match=r"“ctrl\+foo” is not a key\."):
        app.press("tab", "ctrl+foo")
    with pytest.raises(AppFailed, match="a blank is “space”"):
        app.press(" ")
    with pytest.raises(AppFailed, match="pass keys such as enter to press"):
        app.type("ann\n")
    assert app.focus == "search", "nothing was pressed before all keys were read"


def test_a_crash_is_told_with_what_a_test_needs(
    subtui_app: OpenApp, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose(_screen: Help) -> Iterator[object]:
        raise RuntimeError("the shelf is empty")

    app = subtui_app(seed, user="owner", route="/contacts/1")
    monkeypatch.setattr(Help, "compose", compose)
    with pytest.raises(AppFailed) as raised:
        app.press("?")
    assert "crashed (RuntimeError)" in str(raised.value)
    assert "RuntimeError: the shelf is empty" in str(raised.value)
    assert "in compose" in str(raised.value)
    assert app.last_words() == str(raised.value)


def test_a_crash_at_the_start_is_told_at_once(subtui_app: OpenApp, seed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compose(_screen: Help) -> Iterator[object]:
        raise RuntimeError("no shelf at all")

    monkeypatch.setattr(Help, "compose", compose)
    with pytest.raises(AppFailed, match="RuntimeError: no shelf at all"):
        subtui_app(seed, user="owner", route="/help")


def test_what_does_not_come_to_rest_is_given_up(
    subtui_app: OpenApp, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = subtui_app(seed, user="owner")
    monkeypatch.setattr(app, "_limit", 0.2)
    monkeypatch.setattr(Driver, "_messages_waiting", lambda _stage: True)
    with pytest.raises(AppFailed, match=r"0\.2 seconds after the key tab the program is still not ready\."):
        app.press("tab")
    with pytest.raises(AppFailed, match="has not been ready since"):
        app.press("tab")


def test_a_program_that_was_left_says_so(subtui_app: OpenApp, seed: Path) -> None:
    app = subtui_app(seed, user="owner", route="/contacts/1")
    assert not app.left
    app.press("q")
    assert app.left
    with pytest.raises(AppFailed, match="has been closed; it has no text any more"):
        assert app.text
    with pytest.raises(AppFailed, match="has been closed"):
        app.press("tab")


def test_closing_leaves_no_thread_and_can_be_done_twice(subtui_app: OpenApp, seed: Path) -> None:
    app: App = subtui_app(seed, user="owner")
    assert [thread for thread in threads() if thread.name == "subtui"]
    app.close()
    app.close()
    assert not [thread for thread in threads() if thread.name == "subtui"]
    assert app.left


def test_the_surroundings_are_neutral_while_it_is_open_and_as_before_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("SUBTUI_DB", "mine.db")
    monkeypatch.delenv("COLORTERM", raising=False)
    before = dict(os.environ)
    with neutral():
        assert "NO_COLOR" not in os.environ
        assert "SUBTUI_DB" not in os.environ
        os.environ["SUBTUI_AS"] = "set by the test"
    assert dict(os.environ) == before | {"SUBTUI_AS": "set by the test"}
    del os.environ["SUBTUI_AS"]


def test_what_textual_has_read_already_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_FILTERS", "dim")
    with pytest.raises(WrongInput, match="TEXTUAL_FILTERS is set"), neutral():
        pass
    monkeypatch.delitem(sys.modules, "textual")
    with neutral():
        assert "TEXTUAL_FILTERS" not in os.environ


@pytest.fixture
def thresholds() -> Iterator[None]:
    """The thresholds of the garbage collector are restored after the test."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [
        pytest.param((700, 10, 10), (20_000, 20, 50), id="Python's own"),
        pytest.param((50_000, 10, 10), (50_000, 10, 10), id="seldom already"),
        pytest.param((0, 10, 10), (0, 10, 10), id="never"),
    ],
)
def test_garbage_is_collected_seldom_while_it_is_open_and_as_before_afterwards(
    before: tuple[int, int, int], meanwhile: tuple[int, int, int]
) -> None:
    gc.set_threshold(*before)
    with garbage_is_collected_seldom():
        assert gc.get_threshold() == meanwhile
    assert gc.get_threshold() == before


@pytest.mark.usefixtures("thresholds")
def test_the_thresholds_that_a_test_sets_itself_stay() -> None:
    gc.set_threshold(700, 10, 10)
    with garbage_is_collected_seldom():
        gc.set_threshold(900, 10, 10)
    assert gc.get_threshold() == (900, 10, 10)


def test_copies_do_not_outlive_the_test(subtui_app: OpenApp, seed: Path) -> None:
    app = subtui_app(seed, user="owner")
    database = Path(app._app_config.where)
    assert database.exists()
    others = [file for file in database.parent.glob("copy-*.db") if file != database]
    assert not others, "of the tests before"
